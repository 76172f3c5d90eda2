using System.Diagnostics;
using Platz.Core.Tasks;

namespace Platz.Runner.Dispatch;

/// <summary>A task this runner holds the lease of.</summary>
/// <param name="trust">How long after a renewal was sent the lease is relied on; shorter than the lease.</param>
/// <param name="sentAt">When the claim was sent, on the monotonic clock: its answer may have come late.</param>
internal sealed class HeldTask(DeploymentTask task, TimeSpan trust, long sentAt, CancellationToken stopping) : IDisposable
{
    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(stopping);
    private long _renewed = sentAt;

    public DeploymentTask Task => task;

    /// <summary>The cluster of the current phase: whose places the task takes.</summary>
    public Guid ClusterId { get; set; } = task.RunClusterId;

    /// <summary>
    /// Ends when the lease is lost or the drain time is over: stop at once and write nothing more. Whoever asks for it
    /// is about to act, so the lease is looked at first: after a standstill the watch may not have come to it yet.
    /// </summary>
    public CancellationToken Stop
    {
        get
        {
            StopIfOverdue();
            return _stop.Token;
        }
    }

    public bool LeaseLost
    {
        get => field || SinceRenewal > trust;
        private set;
    }

    /// <summary>Since the last renewal was sent, on the monotonic clock (faults.md 2).</summary>
    public TimeSpan SinceRenewal => Stopwatch.GetElapsedTime(Interlocked.Read(ref _renewed));

    public void Renewed(long sentAt) => Interlocked.Exchange(ref _renewed, sentAt);

    /// <summary>For the watch on the leases: stops a run whose lease is not to be relied on any more.</summary>
    public void StopIfOverdue()
    {
        if (SinceRenewal > trust)
        {
            Lose();
        }
    }

    public void Lose()
    {
        LeaseLost = true;
        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // the run has just ended
        }
    }

    public void Dispose() => _stop.Dispose();
}
