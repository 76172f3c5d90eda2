using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platz.Core.Charts.Extensions;
using Platz.Core.Deployments;
using Platz.Core.Resources;
using Platz.Core.Tasks;
using Platz.Runner.Resources;
using Platz.Tests.Support;

namespace Platz.Tests.Runner.Resources;

public sealed class ResourceSyncJobTests(PostgresServer postgres, ChartRegistry registry) : OperationTest(postgres, registry)
{
    private DeploymentResourceEditor Resources => Services.GetRequiredService<DeploymentResourceEditor>();

    [Fact]
    public async Task A_resource_is_created_changed_and_deleted_by_its_chart_and_its_users_follow()
    {
        await StartRunnerAsync();
        var provider = await InstallAsync("shop");
        var type = await TypeAsync();
        var id = Saved(await Resources.CreateAsync(
            new NewResource(type.Id, provider.Id, "orders", Props("alice")), Alice, Cancel));

        var created = await ReadyAsync(id);

        Assert.DoesNotContain("hunter-2-secret", created.Props.ToJsonString());
        var call = Sandbox.IngressCalls.Single();
        Assert.Equal(("POST", "/platz/databases", $"{id}-1"), (call.Method, call.Path, call.Headers["Idempotency-Key"]));
        var body = JsonNode.Parse(call.Body)!;
        Assert.Equal(("orders", "Creating", "hunter-2-secret"),
            ((string?)body["name"], (string?)body["sync_status"], (string?)body["props"]!["password"]));

        var user = await InstallAsync("blog");
        await UseAsync(user, id);
        Saved(await Resources.UpdateAsync(id, null, new JsonObject { ["owner"] = "bob" }, seen: null, Alice, Cancel));
        await ReadyAsync(id);

        var changed = JsonNode.Parse(Sandbox.IngressCalls.Single(c => c.Method == "PUT").Body)!["props"]!;
        Assert.Equal(("bob", "hunter-2-secret"), ((string?)changed["owner"], (string?)changed["password"]));
        var reinstall = await UntilAsync(db => db.Tasks.AsNoTracking()
            .SingleOrDefaultAsync(t => t.DeploymentId == user.Id && t.OpKind == nameof(Reinstall), Cancel));
        Assert.Equal(("Database orders updated", provider.Id), (((Reinstall)reinstall.Operation).Reason, reinstall.Actor.DeploymentId));

        var refused = Assert.IsType<ResourceResult.Conflict>(await Resources.DeleteAsync(id, Alice, Cancel));
        Assert.Contains(user.Namespace, refused.Message);
        await ExecuteAsync("DELETE FROM deployment_dependencies");
        Saved(await Resources.DeleteAsync(id, Alice, Cancel));
        Assert.False((await ReadyAsync(id)).Exists);
        Assert.Single(Sandbox.IngressCalls, c => c.Method == "DELETE");
        Assert.IsType<ResourceResult.Conflict>(await Resources.DeleteAsync(id, Alice, Cancel));
    }

    [Fact]
    public async Task What_the_chart_refuses_is_an_error_with_its_words_and_can_be_tried_again_by_an_edit()
    {
        await StartRunnerAsync();
        await CreateAtAsync("/platz/nowhere");
        var provider = await InstallAsync("shop");
        var type = await TypeAsync();
        var id = Saved(await Resources.CreateAsync(
            new NewResource(type.Id, provider.Id, "orders", Props("alice")), Alice, Cancel));

        var failed = await UntilAsync(db => db.Resources.AsNoTracking()
            .SingleOrDefaultAsync(r => r.Id == id && r.SyncStatus == ResourceSyncStatus.Error, Cancel));

        Assert.Equal((ResourceSyncStatus.Creating, null), (failed.FailedSync, failed.SyncAt));
        Assert.StartsWith("The chart answered 404 Not Found", failed.SyncReason);
        await CreateAtAsync("/platz/databases");
        Saved(await Resources.UpdateAsync(id, "orders-2", null, seen: null, Alice, Cancel));
        Assert.Equal("orders-2", (await ReadyAsync(id)).Name);
        Assert.Equal("POST", Sandbox.IngressCalls[^1].Method);
    }

    [Fact]
    public async Task A_chart_that_is_ill_is_asked_again_a_few_times()
    {
        await StartRunnerAsync();
        await CreateAtAsync("/platz/explode");
        var provider = await InstallAsync("shop");
        var id = Saved(await Resources.CreateAsync(
            new NewResource((await TypeAsync()).Id, provider.Id, "orders", Props("alice")), Alice, Cancel));

        var waiting = await UntilAsync(db => db.Resources.AsNoTracking()
            .SingleOrDefaultAsync(r => r.Id == id && r.SyncAttempts == 1, Cancel));

        Assert.Equal(ResourceSyncStatus.Creating, waiting.SyncStatus);
        Assert.NotNull(waiting.SyncAt);
        Assert.Contains("the index is locked by another writer", waiting.SyncReason);
        for (var attempt = 1; attempt < 5; attempt++)
        {
            await ExecuteAsync("UPDATE deployment_resources SET sync_at = now() WHERE sync_at IS NOT NULL");
            var next = attempt + 1;
            await UntilAsync(db => db.Resources.AsNoTracking().SingleOrDefaultAsync(r => r.Id == id && r.SyncAttempts == next, Cancel));
        }

        await using var end = await DbAsync();
        Assert.Equal(ResourceSyncStatus.Error, (await end.Resources.SingleAsync(r => r.Id == id, Cancel)).SyncStatus);
        Assert.Single(Sandbox.IngressCalls.Select(c => c.Headers["Idempotency-Key"]).Distinct());
    }

    [Fact]
    public async Task What_does_not_fit_is_refused_with_its_field()
    {
        await StartRunnerAsync();
        var provider = await InstallAsync("shop");
        var type = await TypeAsync();

        var wrong = Assert.IsType<ResourceResult.Invalid>(await Resources.CreateAsync(
            new NewResource(type.Id, provider.Id, " ", new JsonObject { ["gigabytes"] = 1000 }), Alice, Cancel));
        Assert.Equal(["name", "props.gigabytes", "props.owner"], wrong.Errors.Select(e => e.Field).Order());
        Saved(await Resources.CreateAsync(new NewResource(type.Id, provider.Id, "orders", Props("alice")), Alice, Cancel));
        Assert.IsType<ResourceResult.Conflict>(await Resources.CreateAsync(
            new NewResource(type.Id, provider.Id, "orders", Props("bob")), Alice, Cancel));
        await ExecuteAsync("UPDATE users SET is_active = false");
        Assert.IsType<ResourceResult.NotFound>(await Resources.CreateAsync(
            new NewResource(type.Id, provider.Id, "others", Props("bob")), Alice, Cancel));
    }

    [Theory]
    [InlineData(1, 5)]
    [InlineData(2, 20)]
    [InlineData(4, 320)]
    [InlineData(5, null)]
    public void Pauses_grow_and_end(int attempts, int? seconds) => Assert.Equal(
        seconds, (int?)SyncOutcome.NotNow("It is gone.").Pause(attempts)?.TotalSeconds);

    private static JsonObject Props(string owner) =>
        new() { ["owner"] = owner, ["gigabytes"] = 5, ["password"] = "hunter-2-secret" };

    private static Guid Saved(ResourceResult result) => Assert.IsType<ResourceResult.Saved>(result).Id;

    private Task<DeploymentResourceType> TypeAsync() =>
        UntilAsync(db => db.ResourceTypes.AsNoTracking().FirstOrDefaultAsync(t => t.Key == "database", Cancel));

    private Task<DeploymentResource> ReadyAsync(Guid id) => UntilAsync(db => db.Resources.AsNoTracking()
        .SingleOrDefaultAsync(r => r.Id == id && r.SyncStatus == ResourceSyncStatus.Ready, Cancel));

    /// <summary>As its config would, had its form such an input.</summary>
    private async Task UseAsync(Deployment user, Guid resourceId)
    {
        await using var db = await DbAsync();
        db.Add(new DeploymentDependency { DeploymentId = user.Id, Kind = DependencyKind.Resource, TargetId = resourceId });
        await db.SaveChangesAsync(Cancel);
    }

    /// <summary>Has the chart name this path for the creation of databases.</summary>
    private async Task CreateAtAsync(string path)
    {
        var chart = await ChartAsync("kitchen-sink", "1.0.0");
        await using var db = await DbAsync();
        db.Attach(chart);
        var schema = ChartSchema.Of(chart);
        ChartSchemaJson.Write(chart, schema with
        {
            ResourceTypes = [.. schema.ResourceTypes.Select(t => t with { Create = new LifecycleAction(null, new HttpTarget(path, HttpVerb.POST)) })],
        });
        await db.SaveChangesAsync(Cancel);
    }
}
