using Microsoft.Extensions.DependencyInjection;
using Platz.Core.Tasks;
using Platz.Runner.Dispatch;
using Platz.Sandbox.Faults;
using Platz.Tests.Support;

namespace Platz.Tests.Runner.Dispatch;

/// <summary>What a runner does with its leases when it loses touch, and when it leaves.</summary>
public sealed class LeaseTests(PostgresServer postgres, ChartRegistry registry) : ClusterTest(postgres, registry)
{
    private static readonly TimeSpan s_lease = TimeSpan.FromSeconds(4);

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Settings["Runner:LeaseDuration"] = $"{s_lease}";
    }

    [Fact]
    public async Task A_runner_that_cannot_renew_its_lease_stops_before_the_lease_ends()
    {
        Sandbox.Faults.Add(new HelmScript { Text = "working\n", Seconds = 60 });
        var runner = await StartRunnerAsync();
        await DeployAsync("hello-web", "1.0.0", "shop");
        await UntilAsync(_ => Task.FromResult(Sandbox.Ledger.Runs.Count > 0 ? "running" : null));
        var held = Assert.Single(runner.Services.GetRequiredService<TaskPool>().Held);
        var stopped = new TaskCompletionSource<TimeSpan>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var told = held.Stop.Register(() => stopped.TrySetResult(held.SinceRenewal));

        await CutDatabaseAsync();
        try
        {
            Assert.InRange(await stopped.Task.WaitAsync(s_lease * 5, Cancel), s_lease / 2, s_lease);
        }
        finally
        {
            await RestoreDatabaseAsync();
        }
    }

    [Fact]
    public async Task A_lease_whose_claim_was_answered_late_is_not_relied_on()
    {
        var (_, taskId, answerAsync) = await HoldClaimAsync();
        await Task.Delay(s_lease * 0.8, Cancel);
        await answerAsync();

        var task = await EndOfAsync(taskId);
        Assert.Equal((DeploymentTaskStatus.Done, 2), (task.Status, task.Attempt));
    }

    [Fact]
    public async Task What_a_runner_claims_while_it_is_asked_to_leave_is_handed_over()
    {
        Settings["Runner:LeaseDuration"] = "00:00:30"; // nobody may have to wait for its end
        var (runner, taskId, answerAsync) = await HoldClaimAsync();
        var leaving = runner.StopAsync();
        Assert.NotSame(leaving, await Task.WhenAny(leaving, Task.Delay(TimeSpan.FromSeconds(3), Cancel)));
        await answerAsync();
        await leaving;

        await StartRunnerAsync();

        var task = await EndOfAsync(taskId);
        Assert.Equal((DeploymentTaskStatus.Done, 1), (task.Status, task.Attempt));
    }

    [Fact]
    public async Task A_runner_that_leaves_takes_no_more()
    {
        var runner = await StartRunnerAsync();
        var pool = runner.Services.GetRequiredService<TaskPool>();
        Guid[] served = [(await ClusterAsync("sandbox")).Id];
        Assert.True(pool.Free(served).Total > 0);

        await runner.StopAsync();

        Assert.Equal(0, pool.Free(served).Total);
    }

    /// <returns>A runner, the task that it is just claiming, and how its claim is let go on.</returns>
    private async Task<(RunnerHost Runner, Guid? TaskId, Func<Task> AnswerAsync)> HoldClaimAsync()
    {
        await StartRunnerAsync();
        await ChartAsync("hello-web", "1.0.0");
        await StopRunnersAsync();
        var saved = await DeployAsync("hello-web", "1.0.0", "shop");
        var other = await Source.OpenConnectionAsync(Cancel);
        var transaction = await other.BeginTransactionAsync(Cancel);
        await using (var hold = other.CreateCommand())
        {
            hold.CommandText = "SELECT FROM deployment_tasks FOR UPDATE"; // the claim's last step, its lease counts already
            await hold.ExecuteNonQueryAsync(Cancel);
        }

        var runner = await StartRunnerAsync();
        await UntilAsync("""
            EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')
            """);
        return (runner, saved.TaskId, AnswerAsync);

        async Task AnswerAsync()
        {
            await transaction.RollbackAsync(Cancel);
            await other.DisposeAsync();
        }
    }
}
