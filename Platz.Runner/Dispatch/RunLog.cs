using Platz.Core.Tasks;

namespace Platz.Runner.Dispatch;

/// <summary>
/// A running task's log: lines are collected and stored at most four times a second (queue.md 4), so that a chatty
/// Helm run neither floods the database nor keeps readers waiting. Nor does the database keep the run waiting: lines
/// come in while others are being stored.
/// </summary>
internal sealed partial class RunLog : IAsyncDisposable
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(250);

    private readonly TaskLogWriter _writer;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly Action _leaseLost;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly CancellationTokenSource _end = new();
    private readonly Task _flushing;

    public RunLog(TaskLogWriter writer, TimeProvider clock, Action leaseLost, ILogger log)
    {
        (_writer, _clock, _leaseLost, _log) = (writer, clock, leaseLost, log);
        _flushing = FlushRegularlyAsync();
    }

    /// <summary>What the runner has to say.</summary>
    public void Note(string phase, string text) => _writer.AddNote(text, _clock.GetUtcNow(), phase);

    /// <summary>What the pod wrote, and where its log stands afterwards.</summary>
    public void Output(string phase, TimedLines lines, string? position) =>
        _writer.AddOutput(lines, phase, position);

    public Task<string?> PositionAsync(string phase, CancellationToken cancel) =>
        DatabaseRetry.RunAsync(() => _writer.PositionAsync(phase, cancel), cancel);

    /// <summary>Stores what is left and cuts the log to its limits.</summary>
    public async Task CompleteAsync(CancellationToken cancel)
    {
        await _turn.WaitAsync(cancel);
        try
        {
            await DatabaseRetry.RunAsync(
                async () =>
                {
                    await _writer.CompleteAsync(cancel);
                    return true;
                },
                cancel);
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _flushing;
        await StoreAsync(_writer.FlushAsync); // also when the task is let go: the next runner goes on from here
        _end.Dispose();
        _turn.Dispose();
    }

    private async Task FlushRegularlyAsync()
    {
        using var timer = new PeriodicTimer(s_interval, _clock);
        try
        {
            while (await timer.WaitForNextTickAsync(_end.Token))
            {
                await StoreAsync(_writer.StoreAsync);
            }
        }
        catch (OperationCanceledException)
        {
            // the run has ended
        }
    }

    private async Task StoreAsync(Func<CancellationToken, Task<bool>> storeAsync)
    {
        await _turn.WaitAsync(CancellationToken.None);
        try
        {
            if (!await storeAsync(CancellationToken.None))
            {
                _leaseLost();
            }
        }
        catch (Exception e) when (e is Npgsql.NpgsqlException or TimeoutException or IOException)
        {
            LogFailed(e.Message); // kept in the writer; the next tick stores it
        }
        finally
        {
            _turn.Release();
        }
    }

    [LoggerMessage(LogLevel.Warning, "Log lines could not be stored yet: {Reason}")]
    private partial void LogFailed(string reason);
}
