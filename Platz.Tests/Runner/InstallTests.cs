using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Platz.Core.Deployments;
using Platz.Core.Explain;
using Platz.Core.Tasks;
using Platz.Tests.Support;

namespace Platz.Tests.Runner;

public sealed class InstallTests(PostgresServer postgres, ChartRegistry registry) : ClusterTest(postgres, registry)
{
    [Fact]
    public async Task A_chart_in_the_registry_becomes_a_release_and_goes_again()
    {
        await StartRunnerAsync();
        var saved = await DeployAsync("hello-web", "1.0.0", "shop", new JsonObject { ["replicas"] = 2 });
        var install = await EndOfAsync(saved.TaskId);

        Assert.Equal((DeploymentTaskStatus.Done, null), (install.Status, install.Reason));
        Assert.Equal(["validate", "namespace", "credentials", "helm-upgrade"],
            (await History.PhasesAsync(install.Id, Cancel)).Select(p => p.Phase));
        Assert.Contains("STATUS: deployed", await LogTextAsync(install.Id));
        var deployment = await DeploymentAsync(saved.DeploymentId);
        Assert.Equal((DeploymentStatus.Running, (Guid?)install.Id), (deployment.Status, deployment.RevisionId));
        var run = Assert.Single(Sandbox.Ledger.Runs);
        Assert.DoesNotContain(run.Arguments, a => a.Contains("replicas", StringComparison.Ordinal));

        var newer = await ChartAsync("hello-web", "1.1.0");
        var upgrade = await SavedAsync(Editor.UpdateAsync(
            saved.DeploymentId, new DeploymentEdit { HelmChartId = newer.Id }, Alice, Cancel));
        Assert.Equal(DeploymentTaskStatus.Done, (await EndOfAsync(upgrade.TaskId)).Status);

        var delete = await SavedAsync(Editor.DeleteAsync(saved.DeploymentId, Alice, null, Cancel));
        Assert.Equal(DeploymentTaskStatus.Done, (await EndOfAsync(delete.TaskId)).Status);
        Assert.NotNull((await DeploymentAsync(saved.DeploymentId)).DeletedAt);
        Assert.Equal(3, (await History.PageAsync(saved.DeploymentId, 1, Cancel)).Total);
        using var client = Sandbox.Client();
        Assert.Equal(404, (int)(await client.GetAsync("/api/v1/namespaces/helloweb-shop", Cancel)).StatusCode);
        await Sandbox.UntilAsync("/api/v1/namespaces/platz/pods", pods => pods["items"]!.AsArray().Count == 0, Cancel);
        Assert.Empty((await Sandbox.UntilAsync("/api/v1/namespaces/platz/secrets", _ => true, Cancel))["items"]!.AsArray());
    }

    [Fact]
    public async Task A_template_that_fails_fails_the_task_with_helms_own_words()
    {
        await StartRunnerAsync();
        var saved = await DeployAsync("broken-template", "1.0.0", "legacy");

        var task = await EndOfAsync(saved.TaskId);

        Assert.Equal((DeploymentTaskStatus.Failed, TaskEffect.Partial), (task.Status, task.Effect));
        Assert.Contains("config.owner is missing", task.Reason);
        var deployment = await DeploymentAsync(saved.DeploymentId);
        Assert.Equal((DeploymentStatus.Error, task.Reason, null),
            (deployment.Status, deployment.Reason, deployment.RevisionId));
        Assert.Contains("config.owner is missing", await LogTextAsync(task.Id));
        var explained = await Services.GetRequiredService<FailedTasks>().ExplainAsync(task.Id, task.Reason, Cancel);
        Assert.Equal("chart-refuses", explained?.Failure.Name);
        var line = (await Log.AfterAsync(task.Id, explained!.Seq!.Value - 1, 1, Cancel)).Lines.Single();
        Assert.Contains("config.owner is missing", line.Text);
        Assert.Equal(LogStream.Pod, line.Stream);
    }

    private static async Task<SaveResult.Saved> SavedAsync(Task<SaveResult> save) =>
        Assert.IsType<SaveResult.Saved>(await save);
}
