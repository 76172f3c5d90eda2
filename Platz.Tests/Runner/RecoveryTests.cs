using System.Diagnostics;
using System.Text.Json.Nodes;
using Platz.Core.Deployments;
using Platz.Core.Tasks;
using Platz.Sandbox.Faults;
using Platz.Tests.Support;

namespace Platz.Tests.Runner;

/// <summary>Runners that die; the judge is the sandbox's own ledger of Helm runs.</summary>
public sealed class RecoveryTests(PostgresServer postgres, ChartRegistry registry) : ClusterTest(postgres, registry)
{
    [Fact]
    public async Task Another_runner_finishes_the_task_of_one_that_was_killed_while_helm_ran()
    {
        var doomed = StartRunnerProcess();
        var saved = await DeployAsync("slow-start", "1.0.0", "billing", Slow(seconds: 4));
        await UntilHelmRunsAsync();
        await doomed.KillAsync();

        await StartRunnerAsync();
        var task = await EndOfAsync(saved.TaskId);

        Assert.Equal((DeploymentTaskStatus.Done, 2), (task.Status, task.Attempt));
        Assert.Single(Sandbox.Ledger.Runs);
        Assert.Equal(1, (await History.PageAsync(saved.DeploymentId, 1, Cancel)).Total);
        Assert.Contains("Going on with the Helm pod", await LogTextAsync(task.Id));
        Assert.Equal(DeploymentStatus.Running, (await DeploymentAsync(saved.DeploymentId)).Status);
    }

    [Fact]
    public async Task A_draining_runner_hands_its_task_over_and_it_counts_as_no_attempt()
    {
        var leaving = StartRunnerProcess();
        var saved = await DeployAsync("slow-start", "1.0.0", "billing", Slow(seconds: 6));
        await UntilHelmRunsAsync();

        var took = await leaving.TerminateAsync(); // DrainTimeout is 2 s here
        Assert.InRange(took, TimeSpan.Zero, TimeSpan.FromSeconds(7));
        await StartRunnerAsync();

        var task = await EndOfAsync(saved.TaskId);
        Assert.Equal((DeploymentTaskStatus.Done, 1), (task.Status, task.Attempt));
        Assert.Single(Sandbox.Ledger.Runs);
    }

    [Fact]
    public async Task A_runner_leaves_in_time_also_when_it_cannot_let_its_task_go()
    {
        var leaving = StartRunnerProcess();
        var saved = await DeployAsync("slow-start", "1.0.0", "billing", Slow(seconds: 6));
        await UntilHelmRunsAsync();
        await CutDatabaseAsync();

        await leaving.TerminateAsync().WaitAsync(TimeSpan.FromSeconds(60), Cancel); // 2 s, and 5 for what is left

        await RestoreDatabaseAsync();
        await StartRunnerAsync();
        Assert.Equal(DeploymentTaskStatus.Done, (await EndOfAsync(saved.TaskId)).Status);
        Assert.Single(Sandbox.Ledger.Runs);
    }

    [Fact]
    public async Task Connections_that_break_all_the_time_fail_no_task()
    {
        StartRunnerProcess();
        var saved = await DeployAsync("slow-start", "1.0.0", "billing", Slow(seconds: 2));
        for (var cut = 0; cut < 250; cut++)
        {
            await BreakConnectionsAsync();
            await Task.Delay(20, Cancel);
        }

        Source.Clear();
        Assert.Equal(DeploymentTaskStatus.Done, (await EndOfAsync(saved.TaskId)).Status);
        Assert.Single(Sandbox.Ledger.Runs);
    }

    [Fact]
    public async Task The_log_has_every_line_once_after_a_kill_and_cut_connections()
    {
        const int lines = 20_000;
        var script = string.Concat(Enumerable.Range(0, lines).Select(i => $"line {i:00000} sesame-street\n"));
        Sandbox.Faults.Add(new HelmScript { Text = script, Seconds = 5 });
        var doomed = StartRunnerProcess();
        var saved = await DeployAsync("kitchen-sink", "1.1.0", "shop", new JsonObject
        {
            ["title"] = "Pantry",
            ["replicas"] = 1,
            ["memory"] = 64,
            ["admin_password"] = "sesame-street",
        });
        await UntilAsync(async _ => (await LogTextAsync(saved.TaskId!.Value)).Contains("line 02000", StringComparison.Ordinal)
            ? "seen" : null);
        Sandbox.Faults.DropLogs();
        await UntilAsync(async _ => (await LogTextAsync(saved.TaskId!.Value)).Contains("line 05000", StringComparison.Ordinal)
            ? "seen" : null);
        await doomed.KillAsync();
        await StartRunnerAsync();
        await EndOfAsync(saved.TaskId);

        var stored = (await Log.AfterAsync(saved.TaskId!.Value, 0, 100_000, Cancel)).Lines
            .Where(l => l.Stream is LogStream.Pod).Select(l => l.Text).ToList();
        Assert.Equal(Enumerable.Range(0, lines).Select(i => $"line {i:00000} •••"), stored); // also by the second runner
    }

    [Fact]
    public async Task A_release_left_locked_by_a_killed_helm_is_unlocked()
    {
        await StartRunnerAsync();
        var saved = await DeployAsync("slow-start", "1.0.0", "billing", Slow(seconds: 0));
        await EndOfAsync(saved.TaskId);
        var interrupted = await UpdateAsync(saved, Slow(seconds: 30));
        await Sandbox.UntilAsync(
            "/api/v1/namespaces/slowstart-billing/secrets?labelSelector=status%3Dpending-upgrade",
            list => list["items"]!.AsArray().Count == 1, Cancel);
        KillHelm();

        var failed = await EndOfAsync(interrupted.TaskId);
        Assert.Equal(DeploymentTaskStatus.Failed, failed.Status);

        var next = await EndOfAsync((await UpdateAsync(saved, Slow(seconds: 0))).TaskId);
        Assert.Equal((DeploymentTaskStatus.Done, null), (next.Status, next.Reason));
        Assert.Contains("rolling back to revision 1", await LogTextAsync(next.Id));
    }

    /// <summary>As a lost node does: no chance for Helm to let go of its lock.</summary>
    private void KillHelm()
    {
        foreach (var process in Process.GetProcessesByName("helm"))
        {
            if (File.ReadAllText($"/proc/{process.Id}/cmdline").Contains(Sandbox.Folder, StringComparison.Ordinal))
            {
                process.Kill();
            }
        }
    }

    private static JsonObject Slow(int seconds) => new() { ["warmUpSeconds"] = seconds, ["jobSeconds"] = 0, ["logLines"] = 3 };

    private async Task<SaveResult.Saved> UpdateAsync(SaveResult.Saved deployment, JsonObject config) =>
        Assert.IsType<SaveResult.Saved>(await Editor.UpdateAsync(
            deployment.DeploymentId, new DeploymentEdit { Config = config }, Alice, Cancel));

    private async Task UntilHelmRunsAsync() =>
        await UntilAsync(_ => Task.FromResult(Sandbox.Ledger.Runs.Count > 0 ? "running" : null));
}
