using Platz.Core.Deployments;
using Platz.Core.Tasks;
using Platz.Tests.Support;

namespace Platz.Tests.Runner.Operations;

public sealed class RecreateTests(PostgresServer postgres, ChartRegistry registry) : OperationTest(postgres, registry)
{
    private static readonly string[] s_phases =
        ["validate", "helm-uninstall", "delete-namespace", "namespace", "credentials", "helm-upgrade"];

    [Fact]
    public async Task A_deployment_moves_to_another_cluster_and_to_another_namespace_there()
    {
        await StartRunnerAsync();
        var deployment = await InstallAsync("shop");

        var move = await EndOfAsync(await MoveAsync(deployment, "other", deployment.Namespace));

        Assert.Equal((DeploymentTaskStatus.Done, null, 1), (move.Status, move.Reason, move.Attempt));
        Assert.Equal(s_phases, await PhasesAsync(move.Id));
        Assert.False(await IsThereAsync(Sandbox, deployment.Namespace));
        Assert.True(await IsThereAsync(Other, deployment.Namespace));
        var moved = await DeploymentAsync(deployment.Id);
        Assert.Equal((DeploymentStatus.Running, (Guid?)move.Id), (moved.Status, moved.RevisionId));

        var rename = await EndOfAsync(await MoveAsync(moved, "other", "kitchensink-store"));

        Assert.Equal((DeploymentTaskStatus.Done, null), (rename.Status, rename.Reason));
        Assert.False(await IsThereAsync(Other, deployment.Namespace));
        Assert.True(await IsThereAsync(Other, "kitchensink-store"));
    }

    [Fact]
    public async Task Each_phase_runs_on_the_runner_that_serves_its_cluster()
    {
        Settings["Runner:Clusters:0"] = "sandbox";
        var here = await StartRunnerAsync();
        Settings["Runner:Clusters:0"] = "other";
        var there = await StartRunnerAsync();
        Assert.NotSame(here, there);
        var deployment = await InstallAsync("shop");

        var move = await EndOfAsync(await MoveAsync(deployment, "other", deployment.Namespace));

        Assert.Equal((DeploymentTaskStatus.Done, null, 1), (move.Status, move.Reason, move.Attempt));
        Assert.Equal(s_phases, await PhasesAsync(move.Id));
        Assert.InRange(move.Fence, 3, 4); // claimed there, handed over to here, and back
        Assert.False(await IsThereAsync(Sandbox, deployment.Namespace));
        Assert.True(await IsThereAsync(Other, deployment.Namespace));
    }

    [Fact]
    public async Task A_cluster_that_is_down_leaves_the_old_place_untouched()
    {
        Settings["Runner:ClusterPatience"] = "00:00:02";
        await StartRunnerAsync();
        var deployment = await InstallAsync("shop");
        var runs = Sandbox.Ledger.Runs.Count;
        await Other.StopAsync();

        var move = await EndOfAsync(await MoveAsync(deployment, "other", deployment.Namespace));

        Assert.Equal((DeploymentTaskStatus.Failed, TaskEffect.None, Phase.Validate), (move.Status, move.Effect, move.Phase));
        Assert.StartsWith("The cluster other cannot be reached:", move.Reason);
        Assert.Equal(runs, Sandbox.Ledger.Runs.Count);
        Assert.True(await IsThereAsync(Sandbox, deployment.Namespace));
        var after = await DeploymentAsync(deployment.Id);
        Assert.Equal((DeploymentStatus.Error, deployment.RevisionId), (after.Status, after.RevisionId));
    }

    [Fact]
    public async Task A_namespace_of_somebody_else_at_the_new_place_leaves_the_old_one_untouched()
    {
        await StartRunnerAsync();
        var deployment = await InstallAsync("shop");
        await Other.CreateNamespaceAsync("kitchensink-store", Cancel);

        var move = await EndOfAsync(await MoveAsync(deployment, "other", "kitchensink-store"));

        Assert.Equal((DeploymentTaskStatus.Failed, TaskEffect.None, Phase.Validate), (move.Status, move.Effect, move.Phase));
        Assert.Contains("kitchensink-store exists already on other", move.Reason);
        Assert.True(await IsThereAsync(Sandbox, deployment.Namespace));
    }

    [Fact]
    public async Task An_old_place_that_is_gone_already_is_no_obstacle()
    {
        await StartRunnerAsync();
        var deployment = await InstallAsync("shop");
        await Sandbox.DeleteAsync($"/api/v1/namespaces/{deployment.Namespace}", Cancel);

        var move = await EndOfAsync(await MoveAsync(deployment, "other", deployment.Namespace));

        Assert.Equal((DeploymentTaskStatus.Done, null), (move.Status, move.Reason));
        Assert.True(await IsThereAsync(Other, deployment.Namespace));
    }
}
