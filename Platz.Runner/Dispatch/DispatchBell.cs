using Platz.Core.Data;
using Quartz;

namespace Platz.Runner.Dispatch;

/// <summary>
/// Wakes the dispatch job when there may be work: at once on the NOTIFY of a new task and when a place becomes free, a
/// moment after any other change of tasks, of which most are claims and phases that free nothing.
/// </summary>
internal sealed class DispatchBell(ISchedulerFactory schedulers, Changes changes, TimeProvider clock) : BackgroundService
{
    private const int Quiet = 0;
    private const int Rung = 1;
    private const int Answered = 2;
    private const int RungAgain = 3;

    private static readonly TimeSpan s_moment = TimeSpan.FromMilliseconds(25);

    private int _state;
    private int _isWaiting;

    /// <summary>A burst of rings wakes the job once; one that is looking looks once more.</summary>
    public void Ring()
    {
        while (true)
        {
            switch (Volatile.Read(ref _state))
            {
                case Quiet when Interlocked.CompareExchange(ref _state, Rung, Quiet) == Quiet:
                    _ = WakeAsync();
                    return;
                case Answered when Interlocked.CompareExchange(ref _state, RungAgain, Answered) == Answered:
                case Rung or RungAgain:
                    return;
            }
        }
    }

    /// <summary>The job looks from now on.</summary>
    public void Answer() => Interlocked.Exchange(ref _state, Answered);

    /// <summary>The job has looked.</summary>
    /// <returns>False when somebody has rung meanwhile: look again, without waiting for the scheduler.</returns>
    public bool Rest() => Interlocked.CompareExchange(ref _state, Quiet, Answered) == Answered;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        changes.ListenAsync(change => Hear(change, stoppingToken), stoppingToken);

    private void Hear(Change? change, CancellationToken cancel)
    {
        switch (change)
        {
            case null or { Table: "k8s_clusters" } or { Table: "deployment_tasks", Operation: ChangeOperation.Insert }:
                Ring();
                break;
            case { Table: "deployment_tasks" } when Interlocked.Exchange(ref _isWaiting, 1) == 0:
                _ = RingInAMomentAsync(cancel);
                break;
        }
    }

    private async Task RingInAMomentAsync(CancellationToken cancel)
    {
        await Task.Delay(s_moment, clock, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Interlocked.Exchange(ref _isWaiting, 0);
        Ring();
    }

    private async Task WakeAsync()
    {
        try
        {
            var scheduler = await schedulers.GetScheduler(CancellationToken.None);
            await scheduler.TriggerJob(DispatchJob.Key, [], CancellationToken.None);
        }
        catch (SchedulerException)
        {
            // Not started yet, or shut down: the trigger of every second serves as well.
            Interlocked.CompareExchange(ref _state, Quiet, Rung);
        }
    }
}
