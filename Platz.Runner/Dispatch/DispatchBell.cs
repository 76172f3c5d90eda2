using Platz.Core.Data;
using Quartz;

namespace Platz.Runner.Dispatch;

/// <summary>Wakes the dispatch job at once when there may be work: on a NOTIFY, and when a place becomes free.</summary>
internal sealed class DispatchBell(ISchedulerFactory schedulers, Changes changes) : BackgroundService
{
    private int _rung;

    /// <summary>A burst of rings wakes the job once.</summary>
    public void Ring()
    {
        if (Interlocked.Exchange(ref _rung, 1) == 0)
        {
            _ = WakeAsync();
        }
    }

    /// <summary>The job says that it has woken: later rings wake it again.</summary>
    public void Answer() => Interlocked.Exchange(ref _rung, 0);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        changes.ListenAsync(Hear, stoppingToken);

    private void Hear(Change? change)
    {
        if (change is null or { Table: "deployment_tasks" or "k8s_clusters" })
        {
            Ring();
        }
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
            Answer(); // not started yet, or shut down: the trigger of every second serves as well
        }
    }
}
