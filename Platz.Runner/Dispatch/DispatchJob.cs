using System.Diagnostics;
using Microsoft.Extensions.Options;
using Npgsql;
using Platz.Core.Tasks;
using Platz.Runner.Clusters;
using Quartz;

namespace Platz.Runner.Dispatch;

/// <summary>
/// Claims up to the free places of the pool and starts them: every second, at once on a NOTIFY, and exactly when the
/// next scheduled task is due (queue.md 3).
/// </summary>
[DisallowConcurrentExecution]
internal sealed partial class DispatchJob(
    TaskQueue queue, TaskPool pool, DispatchBell bell, ClusterConnections clusters, RescueClock rescue,
    IOptions<RunnerOptions> options, ILogger<DispatchJob> log) : IJob
{
    public static readonly JobKey Key = new("dispatch");

    private static readonly TriggerKey s_nextDue = new("next-due");

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        do
        {
            bell.Answer();
            await LookAsync(context.Scheduler, cancellationToken);
        }
        while (!bell.Rest() && !cancellationToken.IsCancellationRequested);
    }

    private async Task LookAsync(IScheduler scheduler, CancellationToken cancel)
    {
        try
        {
            var served = await clusters.ServedAsync(cancel);
            await DispatchAsync(served); // first: what has woken us waits for one query, not three
            var due = await queue.PromoteDueAsync(cancel);
            if (due.NextIn is { } wait && wait < TimeSpan.FromMinutes(10))
            {
                await WakeInAsync(scheduler, wait, cancel);
            }

            if (due.Any)
            {
                await DispatchAsync(served);
            }
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException or InvalidOperationException)
        {
            LogFailed(e.Message);
        }
    }

    private async Task DispatchAsync(IReadOnlyCollection<Guid> served)
    {
        if (rescue.IsDue(options.Value.RescueInterval))
        {
            await TakeAsync(queue.RescueAsync, served);
        }

        await TakeAsync(queue.ClaimAsync, served); // all that there is room for: what frees a place or brings a task rings
    }

    private async Task TakeAsync(
        Func<ClaimRequest, CancellationToken, Task<List<DeploymentTask>>> claimAsync, IReadOnlyCollection<Guid> served)
    {
        try
        {
            await pool.TakeAsync(served, claimAsync);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.UniqueViolation)
        {
            // another runner has just started a task of the same deployment
        }
    }

    private static async Task WakeInAsync(IScheduler scheduler, TimeSpan wait, CancellationToken cancel)
    {
        var trigger = TriggerBuilder.Create().WithIdentity(s_nextDue).ForJob(Key)
            .StartAt(TimeProvider.System.GetUtcNow() + wait).Build();
        if (await scheduler.RescheduleJob(s_nextDue, trigger, cancel) is null)
        {
            await scheduler.ScheduleJob(trigger, cancellationToken: cancel);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Nothing could be claimed: {Reason}")]
    private partial void LogFailed(string reason);
}

/// <summary>When to look for expired leases again; with jitter, so that runners do not look in step.</summary>
internal sealed class RescueClock
{
    private long _lookedAt;
    private double _jitter = 1;

    public bool IsDue(TimeSpan interval)
    {
        if (_lookedAt != 0 && Stopwatch.GetElapsedTime(_lookedAt) < interval * _jitter)
        {
            return false;
        }

        _lookedAt = Stopwatch.GetTimestamp();
        _jitter = 0.75 + (Random.Shared.NextDouble() * 0.5);
        return true;
    }
}
