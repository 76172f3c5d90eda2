using System.Text.Json.Nodes;
using Platz.Core.Deployments;
using Platz.Core.Tasks;
using Platz.Sandbox.Faults;
using Platz.Tests.Support;

namespace Platz.Tests.Runner.Helm;

/// <summary>What is found where a Helm pod is to be made: Helm runs once for a task, whatever came before.</summary>
public sealed class HelmRunTests(PostgresServer postgres, ChartRegistry registry) : ClusterTest(postgres, registry)
{
    private const string Pods = "/api/v1/namespaces/platz/pods";

    [Fact]
    public async Task A_pod_whose_making_nobody_was_told_of_is_gone_on_with()
    {
        Sandbox.Faults.Add(new CallFault(AnswerLost: true, Method: "POST", Path: Pods));
        await StartRunnerAsync();

        var task = await EndOfAsync((await DeployAsync("hello-web", "1.0.0", "shop")).TaskId);

        Assert.Equal((DeploymentTaskStatus.Done, 1, null), (task.Status, task.Attempt, task.Reason));
        Assert.Single(Sandbox.Ledger.Runs);
    }

    [Fact]
    public async Task A_pod_of_that_name_which_was_made_for_something_else_is_left_alone()
    {
        await StartRunnerAsync();
        await ChartAsync("hello-web", "1.0.0");
        await StopRunnersAsync();
        var saved = await DeployAsync("hello-web", "1.0.0", "shop");
        var phase = OperationPhases.Of(nameof(Install)).ToList().IndexOf(Phase.HelmUpgrade);
        await Sandbox.CreateNamespaceAsync("platz", Cancel);
        await Sandbox.CreatePodAsync("platz", $"task-{saved.TaskId}-{phase}", Cancel, script: "true");

        await StartRunnerAsync();
        var task = await EndOfAsync(saved.TaskId);

        Assert.Equal(DeploymentTaskStatus.Failed, task.Status);
        Assert.Contains("was not made for this task", task.Reason);
        Assert.Single((await Sandbox.GetAsync(Pods, Cancel))["items"]!.AsArray());
        Assert.Empty(Sandbox.Ledger.Runs);
    }

    [Fact]
    public async Task A_pod_is_made_when_all_is_there_that_it_waits_for()
    {
        Sandbox.Faults.Add(new CallFault(DelaySeconds: 0.5, Method: "POST", Path: "/serviceaccounts/platz-helm/token"));
        await StartRunnerAsync();

        var task = await EndOfAsync((await DeployAsync("hello-web", "1.0.0", "shop")).TaskId);

        Assert.Equal(DeploymentTaskStatus.Done, task.Status);
        var events = (await Sandbox.GetAsync("/api/v1/namespaces/platz/events", Cancel))["items"]!.AsArray();
        Assert.Contains("Started", events.Select(e => (string?)e!["reason"]));
        Assert.DoesNotContain("FailedMount", events.Select(e => (string?)e!["reason"])); // it costs a second
    }

    [Fact]
    public async Task What_helm_wrote_between_a_broken_connection_and_its_end_is_in_the_log()
    {
        string[] lines = [.. Enumerable.Range(0, 3_000).Select(i => $"line {i:0000}")];
        Sandbox.Faults.Add(new HelmScript { Text = string.Concat(lines.Select(line => $"{line}\n")) });
        Sandbox.Faults.CutNextLog(afterBytes: 1_000);
        await StartRunnerAsync();

        var task = await EndOfAsync((await DeployAsync("hello-web", "1.0.0", "shop")).TaskId);

        var stored = (await Log.AfterAsync(task.Id, 0, 100_000, Cancel)).Lines.Where(line => line.Stream is LogStream.Pod);
        Assert.Equal(lines, stored.Select(line => line.Text));
    }

    [Fact]
    public async Task What_helm_has_done_is_not_done_again_when_its_pod_is_gone()
    {
        var doomed = StartRunnerProcess();
        var saved = await DeployAsync("slow-start", "1.0.0", "billing", new JsonObject
        {
            ["warmUpSeconds"] = 3,
            ["jobSeconds"] = 0,
            ["logLines"] = 3,
        });
        await UntilAsync(_ => Task.FromResult(Sandbox.Ledger.Runs.Count > 0 ? "running" : null));
        await doomed.KillAsync();
        var pods = await Sandbox.UntilAsync(Pods, list => PhasesOf(list) is ["Succeeded"], Cancel);
        await Sandbox.DeleteAsync($"{Pods}/{pods["items"]![0]!["metadata"]!["name"]}", Cancel);
        await Sandbox.UntilAsync(Pods, list => list["items"]!.AsArray().Count == 0, Cancel);

        await StartRunnerAsync();
        var task = await EndOfAsync(saved.TaskId);

        Assert.Equal((DeploymentTaskStatus.Done, 2, null), (task.Status, task.Attempt, task.Reason));
        Assert.Contains("it is not run again", await LogTextAsync(task.Id));
        Assert.Single(Sandbox.Ledger.Runs);
        Assert.Equal(DeploymentStatus.Running, (await DeploymentAsync(saved.DeploymentId)).Status);
    }

    private static string?[] PhasesOf(JsonNode pods) =>
        [.. pods["items"]!.AsArray().Select(pod => (string?)pod!["status"]?["phase"])];
}
