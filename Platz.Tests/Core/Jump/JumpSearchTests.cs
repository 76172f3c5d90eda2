using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platz.Core.Catalog;
using Platz.Core.Deployments;
using Platz.Core.Identity;
using Platz.Core.Jump;
using Platz.Core.Tasks;
using Platz.Tests.Support;

namespace Platz.Tests.Core.Jump;

public sealed class JumpSearchTests(PostgresServer postgres) : DatabaseTest(postgres)
{
    private readonly Env _elsewhere = new() { Name = "elsewhere" };

    private JumpSearch Search => Services.GetRequiredService<JumpSearch>();

    [Fact]
    public async Task The_name_itself_comes_before_beginnings_and_those_before_parts()
    {
        foreach (var name in new[] { "my-shop", "workshop", "shop-two", "shop" })
        {
            await AddDeploymentAsync(name);
        }

        Assert.Equal(["shop", "shop-two", "my-shop", "workshop"], await NamesAsync("Shop"));
    }

    [Fact]
    public async Task Words_are_found_in_name_namespace_kind_and_env_and_all_must_be()
    {
        await AddDeploymentAsync("shop");
        var other = await AddElsewhereAsync("shop");

        Assert.Equal(["shop", "shop"], await NamesAsync("web"));
        Assert.Equal([other.Id], (await FindAsync("elsewhere shop")).Deployments.Select(d => d.Id));
        Assert.Equal(["shop", "shop"], await NamesAsync("web-sh"));
        Assert.Empty(await NamesAsync("shop nowhere"));
    }

    [Theory]
    [InlineData("%")]
    [InlineData("_hop")]
    [InlineData("sh\\op")]
    [InlineData("\0")]
    public async Task Signs_of_patterns_mean_themselves(string text)
    {
        await AddDeploymentAsync("shop");

        Assert.Empty(await NamesAsync(text));
    }

    [Fact]
    public async Task Deleted_deployments_are_not_offered()
    {
        var shop = await AddDeploymentAsync("shop");
        await ExecuteAsync($"UPDATE deployments SET deleted_at = now() WHERE id = '{shop.Id}'");

        Assert.Empty(await NamesAsync("shop"));
    }

    [Fact]
    public async Task What_somebody_may_not_see_is_not_found()
    {
        await AddDeploymentAsync("shop");
        var task = await EnqueueAsync(TaskFor(await AddElsewhereAsync("shop")) with { EnvId = _elsewhere.Id });
        await using (var db = await DbAsync())
        {
            await db.Users.ExecuteUpdateAsync(set => set.SetProperty(u => u.IsAdmin, false), Cancel);
            db.Add(new EnvPermission { EnvId = Env.Id, UserId = Alice.Id, Role = EnvRole.User });
            await db.SaveChangesAsync(Cancel);
        }

        var found = await FindAsync("shop");
        Assert.Equal("demo", Assert.Single(found.Deployments).Env);
        Assert.Equal(["demo"], found.Places.Envs.Select(e => e.Name));
        Assert.Empty((await FindAsync(task.ToString())).Tasks);
        Assert.Equal(JumpResults.None, await Search.FindAsync(new Actor.User(Guid.NewGuid(), "Eve"), "shop", Cancel));
    }

    [Fact]
    public async Task A_task_is_found_by_its_id_and_by_the_beginning_of_it()
    {
        var id = await EnqueueAsync(await AddDeploymentAsync("shop"));

        Assert.Equal(id, Assert.Single((await FindAsync(id.ToString())).Tasks).Id);
        Assert.Equal(id, Assert.Single((await FindAsync(id.ToString()[..20].ToUpperInvariant())).Tasks).Id);
        Assert.Empty((await FindAsync("ffffffff")).Tasks);
    }

    [Fact]
    public async Task Failed_beside_a_name_finds_what_failed_there_newest_first()
    {
        var shop = await AddDeploymentAsync("shop");
        var other = await AddDeploymentAsync("other");
        var failed = new List<Guid>();
        foreach (var deployment in new[] { shop, shop, other })
        {
            failed.Add(await EnqueueAsync(deployment));
            var task = Assert.Single(await Queue.ClaimAsync(Claims(), Cancel));
            await Queue.FinishAsync([Done(task) with { Status = DeploymentTaskStatus.Failed, Reason = "no" }]);
        }

        await EnqueueAsync(shop);

        var found = await FindAsync("failed shop");
        Assert.Equal([failed[1], failed[0]], found.Tasks.Select(t => t.Id));
        Assert.All(found.Tasks, t => Assert.Equal(("Install", "Failed", "shop"), (t.OpKind, t.Status, t.DeploymentName)));
        Assert.Equal(shop.Id, Assert.Single(found.Deployments).Id);
    }

    [Fact]
    public async Task Nothing_typed_finds_no_rows_but_the_envs_whose_pages_there_are()
    {
        await AddDeploymentAsync("shop");

        var found = await FindAsync("  ");

        Assert.Empty(found.Deployments);
        Assert.Equal(["demo"], found.Places.Envs.Select(e => e.Name));
    }

    private Task<JumpResults> FindAsync(string text) => Search.FindAsync(Alice, text, Cancel);

    private async Task<IEnumerable<string>> NamesAsync(string text) =>
        (await FindAsync(text)).Deployments.Select(d => d.Name);

    private async Task<Deployment> AddElsewhereAsync(string name)
    {
        await using var db = await DbAsync();
        var cluster = new Cluster { EnvId = _elsewhere.Id, ProviderId = "test-2", Name = "two", RegionName = "local" };
        var deployment = new Deployment
        {
            Name = name,
            KindId = Kind.Id,
            ClusterId = cluster.Id,
            Namespace = Location.Name(Kind.Name, name),
            HelmChartId = Chart.Id,
        };
        db.Add(_elsewhere);
        await db.SaveChangesAsync(Cancel);
        db.Add(cluster);
        await db.SaveChangesAsync(Cancel);
        db.Add(deployment);
        await db.SaveChangesAsync(Cancel);
        return deployment;
    }
}
