using System.Diagnostics;
using Microsoft.Extensions.Options;
using Npgsql;
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

    /// <summary>Stop acting this long before the lease ends: a quarter of it, five seconds by default.</summary>
    private TimeSpan TrustWindow => options.Value.LeaseDuration * 0.75;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _thread = new Thread(Beat) { Name = "heartbeat", IsBackground = true, Priority = ThreadPriority.AboveNormal };
        _thread.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _stop.Set();
        _thread?.Join(TimeSpan.FromSeconds(2));
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
        catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException)
        {
            LogFailed(e.Message);
            foreach (var task in held.Where(h => h.SinceRenewal > TrustWindow))
            {
                task.Lose();
            }
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
