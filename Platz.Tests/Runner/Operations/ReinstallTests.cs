using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Deployments;
using Platz.Core.Tasks;
using Platz.Tests.Support;

namespace Platz.Tests.Runner.Operations;

public sealed class ReinstallTests(PostgresServer postgres, ChartRegistry registry) : OperationTest(postgres, registry)
{
    private static readonly Reinstall s_secretChanged = new(
        "secret db/password changed", [new ReinstallCause("secret db/password changed", "Alice", DateTimeOffset.UnixEpoch)]);

    [Fact]
    public async Task What_is_installed_when_it_starts_is_installed_again_and_written_down()
    {
        await StartRunnerAsync();
        var saved = await DeployAsync("hello-web", "1.0.0", "shop", new JsonObject { ["replicas"] = 2 });
        await EndOfAsync(saved.TaskId);
        var deployment = await DeploymentAsync(saved.DeploymentId);
        await StopRunnersAsync();
        var upgrade = Assert.IsType<SaveResult.Saved>(await Editor.UpdateAsync(
            deployment.Id, new DeploymentEdit { Config = new JsonObject { ["replicas"] = 3 } }, Alice, Cancel));
        var first = await QueueAsync(deployment, s_secretChanged);
        var second = await QueueAsync(deployment, s_secretChanged);
        await SetConfigAsync(deployment.Id, new JsonObject { ["replicas"] = 4 }); // saved, not installed
        await StartRunnerAsync();

        foreach (var id in new[] { first, second })
        {
            var task = await EndOfAsync(id);
            Assert.Equal((DeploymentTaskStatus.Done, "secret db/password changed", "1.0.0"),
                (task.Status, task.Reason, task.ChartVersion));
            Assert.Equal(OperationPhases.Of(nameof(Reinstall)), await PhasesAsync(id));
            var recorded = Assert.IsType<Reinstall>(task.Operation);
            Assert.Equal((deployment.HelmChartId, 3), (recorded.HelmChartId, (int)recorded.ConfigInputs!["replicas"]!));
            Assert.Equal(s_secretChanged.Causes, recorded.Causes);
        }

        Assert.Equal(DeploymentTaskStatus.Done, (await EndOfAsync(upgrade.TaskId)).Status);
        var after = await DeploymentAsync(deployment.Id);
        Assert.Equal((DeploymentStatus.Running, (Guid?)second), (after.Status, after.RevisionId));
    }

    [Fact]
    public async Task Without_a_revision_the_deployments_own_inputs_are_installed()
    {
        await StartRunnerAsync();
        var saved = await DeployAsync("broken-template", "1.0.0", "legacy");
        Assert.Equal(DeploymentTaskStatus.Failed, (await EndOfAsync(saved.TaskId)).Status);
        await SetConfigAsync(saved.DeploymentId, new JsonObject { ["owner"] = "alice" });

        var task = await EndOfAsync(await QueueAsync(await DeploymentAsync(saved.DeploymentId), s_secretChanged));

        Assert.Equal((DeploymentTaskStatus.Done, DeploymentStatus.Running),
            (task.Status, (await DeploymentAsync(saved.DeploymentId)).Status));
        Assert.Contains("No revision is installed", await LogTextAsync(task.Id));
    }

    private async Task SetConfigAsync(Guid id, JsonObject config)
    {
        await using var db = await DbAsync();
        var deployment = await db.Deployments.SingleAsync(d => d.Id == id, Cancel);
        deployment.Config = config;
        await db.SaveChangesAsync(Cancel);
    }
}
