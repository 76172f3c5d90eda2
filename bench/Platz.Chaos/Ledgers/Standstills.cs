using System.Diagnostics;
using Microsoft.Extensions.Hosting;

namespace Platz.Chaos.Ledgers;

/// <summary>
/// Notes when the whole process has not been running, as after SIGSTOP or on a machine that is too busy: what it did in
/// the moment of waking is told apart from what it did when it could have known better.
/// </summary>
internal sealed class Standstills(EffectLedger ledger) : IHostedService, IDisposable
{
    /// <summary>Between two looks at the clock.</summary>
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(50);

    private readonly ManualResetEventSlim _stop = new();
    private Thread? _thread;

    /// <summary>What is shorter than this is not noted.</summary>
    public static TimeSpan Shortest { get; } = TimeSpan.FromMilliseconds(300);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _thread = new Thread(Watch) { Name = "standstills", IsBackground = true, Priority = ThreadPriority.AboveNormal };
        _thread.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _stop.Set();
        return Task.CompletedTask;
    }

    public void Dispose() => _stop.Dispose();

    private void Watch()
    {
        var last = Stopwatch.GetTimestamp();
        while (!_stop.Wait(s_tick))
        {
            var now = Stopwatch.GetTimestamp();
            if (Stopwatch.GetElapsedTime(last, now) is var gap && gap >= Shortest)
            {
                ledger.NoteStandstill(gap);
            }

            last = now;
        }
    }
}
