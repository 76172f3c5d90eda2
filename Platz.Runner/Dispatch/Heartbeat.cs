using System.Diagnostics;
using Microsoft.Extensions.Options;
using Platz.Core.Tasks;

namespace Platz.Runner.Dispatch;

/// <summary>
/// Keeps the leases alive, on a thread of its own. A run whose lease could not be renewed in time is stopped before
/// another runner may take its task over.
/// </summary>
internal sealed partial class Heartbeat(
    TaskPool pool, TaskQueue queue, IOptions<RunnerOptions> options, ILogger<Heartbeat> log) : IHostedService, IDisposable
{
    private readonly ManualResetEventSlim _stop = new();
    private Thread? _thread;
    private Thread? _watch;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _thread = new Thread(Beat) { Name = "heartbeat", IsBackground = true, Priority = ThreadPriority.AboveNormal };
        _thread.Start();
        _watch = new Thread(Watch) { Name = "lease-watch", IsBackground = true, Priority = ThreadPriority.AboveNormal };
        _watch.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _stop.Set();
        _thread?.Join(TimeSpan.FromSeconds(2));
        _watch?.Join(TimeSpan.FromSeconds(2));
        return Task.CompletedTask;
    }

    public void Dispose() => _stop.Dispose();

    private void Beat()
    {
        while (!_stop.Wait(options.Value.HeartbeatInterval))
        {
            var held = pool.Held;
            if (held.Count > 0)
            {
                Renew(held);
            }
        }
    }

    /// <summary>A call to the database may hang for longer than a lease; this thread never waits for one.</summary>
    private void Watch()
    {
        while (!_stop.Wait(TimeSpan.FromMilliseconds(100)))
        {
            foreach (var task in pool.Held)
            {
                task.StopIfOverdue();
            }
        }
    }

    private void Renew(IReadOnlyCollection<HeldTask> held)
    {
        try
        {
            var sentAt = Stopwatch.GetTimestamp();
            var kept = queue.Heartbeat(
                [.. held.Select(h => (h.Task.Id, h.Task.Fence))], options.Value.LeaseDuration);
            foreach (var task in held)
            {
                Judge(task, kept.Contains(task.Task.Id), sentAt);
            }
        }
        catch (Exception e)
        {
            LogFailed(e.Message); // nothing may end this thread; the next beat tries again
        }
    }

    private void Judge(HeldTask task, bool kept, long sentAt)
    {
        if (kept)
        {
            task.Renewed(sentAt);
        }
        else if (pool.Held.Contains(task))
        {
            task.Lose(); // taken over; a task that has just ended is in nobody's hands
        }
    }

    [LoggerMessage(LogLevel.Warning, "Leases could not be renewed: {Reason}")]
    private partial void LogFailed(string reason);
}
