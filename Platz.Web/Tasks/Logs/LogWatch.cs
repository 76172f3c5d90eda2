namespace Platz.Web.Tasks.Logs;

/// <summary>One circuit's view of a log that others may watch too.</summary>
public sealed class LogWatch : IDisposable
{
    private readonly Func<Func<Task>, Task> _dispatch;
    private readonly Func<Task> _onChange;
    private readonly Action<LogWatch> _onClose;
    private int _told;
    private bool _closed;

    internal LogWatch(
        WatchedLog log, Func<Func<Task>, Task> dispatch, Func<Task> onChange, Action<LogWatch> onClose)
    {
        Log = log;
        _dispatch = dispatch;
        _onChange = onChange;
        _onClose = onClose;
    }

    public LogState Current => Log.Current;

    internal WatchedLog Log { get; }

    public void Dispose()
    {
        _closed = true;
        _onClose(this);
    }

    /// <summary>Says that there is something new; a circuit that has not come to the last time is told once.</summary>
    internal void Tell()
    {
        if (Interlocked.Exchange(ref _told, 1) == 0)
        {
            _ = DeliverAsync();
        }
    }

    private async Task DeliverAsync()
    {
        try
        {
            await _dispatch(() =>
            {
                Volatile.Write(ref _told, 0);
                return _closed ? Task.CompletedTask : _onChange();
            });
        }
        catch (ObjectDisposedException)
        {
            // the circuit has gone; its component will close the watch
        }
    }
}
