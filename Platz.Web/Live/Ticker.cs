namespace Platz.Web.Live;

/// <summary>One timer per circuit: ticks each second while anything on the page shows how long ago it was.</summary>
public sealed class Ticker(TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private Action? _onTick;
    private ITimer? _timer;

    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>While nobody can see the page. What ticks is set right at once when that is over.</summary>
    public bool IsPaused
    {
        get;
        set
        {
            field = value;
            Tick();
        }
    }

    public IDisposable Subscribe(Action onTick)
    {
        lock (_lock)
        {
            _onTick += onTick;
            _timer ??= clock.CreateTimer(_ => Tick(), null, s_second, s_second);
        }

        return new Subscription(this, onTick);
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _onTick = null;
            _timer?.Dispose();
            _timer = null;
        }
    }

    private void Tick()
    {
        if (!IsPaused)
        {
            _onTick?.Invoke();
        }
    }

    private void Unsubscribe(Action onTick)
    {
        lock (_lock)
        {
            _onTick -= onTick;
            if (_onTick is null)
            {
                _timer?.Dispose();
                _timer = null;
            }
        }
    }

    private sealed class Subscription(Ticker ticker, Action onTick) : IDisposable
    {
        public void Dispose() => ticker.Unsubscribe(onTick);
    }
}
