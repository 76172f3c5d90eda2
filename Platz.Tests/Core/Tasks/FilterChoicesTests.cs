using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platz.Core.Activity;
using Platz.Core.Catalog;
using Platz.Core.Identity;
using Platz.Core.Tasks;
using Platz.Tests.Support;

namespace Platz.Tests.Core.Tasks;

public sealed class FilterChoicesTests(PostgresServer postgres) : DatabaseTest(postgres)
{
    private readonly Env _elsewhere = new() { Name = "elsewhere" };
    private readonly Bot _ours = new() { DisplayName = "ci-bot" };
    private readonly Bot _theirs = new() { DisplayName = "other-bot" };
    private readonly User _bob = new() { DisplayName = "Bob", Email = "bob@example.org" };

    private FilterChoices Choices => Services.GetRequiredService<FilterChoices>();

    private IReadOnlyList<Guid> Here => [Env.Id];

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await using var db = await DbAsync();
        db.AddRange(_elsewhere, _ours, _theirs, _bob);
        await db.SaveChangesAsync(Cancel);
        db.AddRange(
            new EnvPermission { EnvId = Env.Id, BotId = _ours.Id, Role = EnvRole.User },
            new EnvPermission { EnvId = _elsewhere.Id, BotId = _theirs.Id, Role = EnvRole.User },
            new DeploymentPermission { EnvId = _elsewhere.Id, KindId = Kind.Id, UserId = _bob.Id, Role = KindRole.Owner },
            new Cluster { EnvId = _elsewhere.Id, ProviderId = "test-2", Name = "two", RegionName = "local" });
        await db.SaveChangesAsync(Cancel);
    }

    [Fact]
    public async Task Actors_are_those_who_may_do_something_there_and_site_admins()
    {
        Assert.Equal(["Alice", "Bob", "ci-bot", "other-bot"], await ActorsAsync(envs: null, ""));
        Assert.Equal(["Alice", "ci-bot"], await ActorsAsync(Here, ""));
        Assert.Equal(["Bob", "other-bot"], await ActorsAsync([_elsewhere.Id], "o"));
    }

    [Fact]
    public async Task What_bots_did_is_asked_of_those_too_that_may_do_nothing_any_more()
    {
        await using var db = await DbAsync();
        await db.EnvPermissions.ExecuteDeleteAsync(Cancel);

        Assert.Contains(new ActorRef(ActorKind.Bot, _ours.Id), await Choices.BotsAsync(Cancel));
    }

    [Fact]
    public async Task Deployments_are_actors_too_once_their_name_is_typed()
    {
        var shop = await AddDeploymentAsync("shop");

        var found = Assert.Single(await Choices.ActorsAsync(Here, "SHO", Cancel));

        Assert.Equal((new ActorRef(ActorKind.Deployment, shop.Id), "shop"), (found.Actor, found.Name));
        Assert.Empty(await Choices.ActorsAsync([_elsewhere.Id], "sho", Cancel));
    }

    [Fact]
    public async Task Clusters_and_deployments_are_those_of_the_envs_the_gone_ones_last()
    {
        var gone = await AddDeploymentAsync("alpha");
        await ExecuteAsync($"UPDATE deployments SET deleted_at = now() WHERE id = '{gone.Id}'");
        await AddDeploymentAsync("shop");

        Assert.Equal(["one"], (await Choices.ClustersAsync(Here, "", Cancel)).Select(c => c.Name));
        Assert.Equal(["one", "two"], (await Choices.ClustersAsync(envs: null, "", Cancel)).Select(c => c.Name));
        var found = await Choices.DeploymentsAsync(Here, "web-", Cancel);
        Assert.Equal([("shop", "Web · demo"), ("alpha", "Web · demo · deleted")], found.Select(d => (d.Name, d.Detail)));
        Assert.Empty(await Choices.DeploymentsAsync(Here, "%", Cancel));
        Assert.Empty(await Choices.DeploymentsAsync([], "", Cancel));
        Assert.Equal(["Web"], await Choices.KindsAsync("we", Cancel));
    }

    [Fact]
    public async Task Names_of_what_may_not_be_seen_are_not_told()
    {
        var shop = await AddDeploymentAsync("shop");
        var filter = new TaskFilter
        {
            Actors = [ActorRef.Of(Alice), new ActorRef(ActorKind.Bot, _ours.Id)],
            DeploymentIds = [shop.Id],
            ClusterIds = [Cluster.Id],
        };

        Assert.Equal(["Alice", "ci-bot", "one", "shop"], await NamesAsync(filter, Here));
        Assert.Equal(["Alice", "ci-bot"], await NamesAsync(filter, [_elsewhere.Id]));
    }

    private async Task<IEnumerable<string>> NamesAsync(TaskFilter filter, IReadOnlyList<Guid> envs) =>
        (await Choices.NamesAsync(filter, envs, Cancel)).ById.Values.Order(StringComparer.OrdinalIgnoreCase);

    private async Task<IEnumerable<string>> ActorsAsync(IReadOnlyList<Guid>? envs, string text) =>
        (await Choices.ActorsAsync(envs, text, Cancel)).Select(actor => actor.Name);
}
