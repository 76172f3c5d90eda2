using System.Diagnostics;
using Platz.Core.Tasks;

namespace Platz.Runner.Dispatch;

/// <summary>A task this runner holds the lease of.</summary>
internal sealed class HeldTask(DeploymentTask task, CancellationToken stopping) : IDisposable
{
    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(stopping);
    private long _renewed = Stopwatch.GetTimestamp();

    public DeploymentTask Task => task;

    /// <summary>Ends when the lease is lost or the drain time is over: stop at once and write nothing more.</summary>
    public CancellationToken Stop => _stop.Token;

    public bool LeaseLost { get; private set; }

    /// <summary>Since the last renewal was sent, on the monotonic clock (faults.md 2).</summary>
    public TimeSpan SinceRenewal => Stopwatch.GetElapsedTime(Interlocked.Read(ref _renewed));

    public void Renewed(long sentAt) => Interlocked.Exchange(ref _renewed, sentAt);

    public void Lose()
    {
        LeaseLost = true;
        _stop.Cancel();
    }

    public void Dispose() => _stop.Dispose();
}
