using System.Collections.Concurrent;
using System.Diagnostics;
using Npgsql;
using Platz.Core.Tasks;
using Platz.Tests.Support;

namespace Platz.Tests.Core.Tasks;

/// <summary>Two who write at the same instant: one is kept in the middle of it, so that they always meet.</summary>
public sealed class QueueRaceTests(PostgresServer postgres) : DatabaseTest(postgres)
{
    [Fact]
    public async Task Racing_claimers_start_each_task_once_and_whoever_started_it_ends_it()
    {
        const int deployments = 20, line = 4;
        for (var i = 0; i < deployments; i++)
        {
            var deployment = await AddDeploymentAsync($"app-{i}");
            for (var n = 0; n < line; n++)
            {
                await EnqueueAsync(deployment);
            }
        }

        var ends = new ConcurrentBag<(Guid Task, bool IsEnded)>();
        var racing = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(n => RunAsync(Claims(total: 5, owner: $"runner-{n}"))));

        Assert.All(ends, end => Assert.True(end.IsEnded));
        Assert.Equal(deployments * line, ends.Select(end => end.Task).Distinct().Count());
        Assert.Equal(deployments * line, ends.Count);

        async Task RunAsync(ClaimRequest request)
        {
            while (ends.Count < deployments * line && ends.All(end => end.IsEnded)
                && racing.Elapsed < TimeSpan.FromMinutes(1))
            {
                foreach (var task in await Queue.ClaimAsync(request, Cancel))
                {
                    ends.Add((task.Id, await Queue.FinishAsync(Done(task))));
                }
            }
        }
    }

    [Fact]
    public async Task What_comes_due_while_another_is_queued_goes_first()
    {
        var deployment = await AddDeploymentAsync();
        var scheduled = await EnqueueAsync(
            TaskFor(deployment) with { ExecuteAt = TimeProvider.System.GetUtcNow().AddMilliseconds(700) });
        await using var other = await Source.OpenConnectionAsync(Cancel);
        await using var transaction = await other.BeginTransactionAsync(Cancel);
        await ExecuteAsync(other, "LOCK deployment_tasks IN SHARE ROW EXCLUSIVE MODE"); // lets all but the insert happen

        var queueing = EnqueueAsync(deployment);
        await UntilAsync("EXISTS (SELECT FROM pg_locks WHERE NOT granted AND relation = 'deployment_tasks'::regclass)");
        await UntilAsync("(SELECT execute_at < clock_timestamp() FROM task_queue)");
        await transaction.CommitAsync(Cancel);
        var queued = await queueing;
        await Queue.PromoteDueAsync(Cancel);

        var first = Assert.Single(await Queue.ClaimAsync(Claims(), Cancel));
        Assert.Equal(scheduled, first.Id);
        await Queue.FinishAsync([Done(first)]);
        Assert.Equal(queued, Assert.Single(await Queue.ClaimAsync(Claims(), Cancel)).Id);
    }

    [Fact]
    public async Task A_task_that_somebody_holds_holds_up_no_claim()
    {
        await EnqueueAsync(await AddDeploymentAsync("held"));
        await using var other = await Source.OpenConnectionAsync(Cancel);
        await using var transaction = await other.BeginTransactionAsync(Cancel);
        await ExecuteAsync(other, "SELECT FROM task_queue FOR UPDATE");
        var free = await EnqueueAsync(await AddDeploymentAsync("free"));

        var claim = Queue.ClaimAsync(Claims(), Cancel);

        Assert.Equal(free, Assert.Single(await claim.WaitAsync(TimeSpan.FromSeconds(10), Cancel)).Id);
    }

    [Fact]
    public async Task Tasks_queued_at_once_stand_in_one_line()
    {
        var deployment = await AddDeploymentAsync();
        await using var db = await DbAsync();
        await using var transaction = await db.Database.BeginTransactionAsync(Cancel);
        var first = await TaskQueue.EnqueueAsync(db, TaskFor(deployment), Cancel);
        var queueing = EnqueueAsync(deployment);
        await UntilItWaitsAsync(queueing);
        await transaction.CommitAsync(Cancel);
        var second = await queueing;

        var claimed = Assert.Single(await Queue.ClaimAsync(Claims(), Cancel));
        Assert.Equal(first, claimed.Id);
        await Queue.FinishAsync(Done(claimed));
        Assert.Equal(second, Assert.Single(await Queue.ClaimAsync(Claims(), Cancel)).Id);
    }

    [Fact]
    public async Task A_task_queued_while_the_one_before_it_ends_is_not_forgotten()
    {
        var deployment = await AddDeploymentAsync();
        await EnqueueAsync(deployment);
        var running = Assert.Single(await Queue.ClaimAsync(Claims(), Cancel));
        await using var db = await DbAsync();
        await using var transaction = await db.Database.BeginTransactionAsync(Cancel);
        var next = await TaskQueue.EnqueueAsync(db, TaskFor(deployment), Cancel);

        var end = Queue.FinishAsync(Done(running));
        await UntilItWaitsAsync(end);
        await transaction.CommitAsync(Cancel);

        Assert.True(await end);
        Assert.Equal(next, Assert.Single(await Queue.ClaimAsync(Claims(), Cancel)).Id);
    }

    [Fact]
    public async Task A_cancel_that_meets_a_claim_asks_the_task_to_stop()
    {
        var id = await EnqueueAsync(await AddDeploymentAsync());
        await using var claimer = await Source.OpenConnectionAsync(Cancel);
        await using var transaction = await claimer.BeginTransactionAsync(Cancel);
        await ExecuteAsync(claimer, """
            UPDATE task_queue SET state = 'Started', fence = 1, lease_owner = 'runner-1', lease_until = now();
            UPDATE deployment_tasks SET status = 'Started', started_at = now(), attempt = 1, fence = 1
            """);

        var cancel = Queue.CancelAsync(id, Alice, null, Cancel);
        await UntilItWaitsAsync(cancel);
        await transaction.CommitAsync(Cancel);

        Assert.Equal(CancelOutcome.StopRequested, await cancel);
    }

    /// <summary>For a lock; or has not waited for any, and is over.</summary>
    private async Task UntilItWaitsAsync(Task write)
    {
        await using var waits = Source.CreateCommand("""
            SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')
            """);
        while (!write.IsCompleted && await waits.ExecuteScalarAsync(Cancel) is false)
        {
            await Task.Delay(10, Cancel);
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Cancel);
    }
}
