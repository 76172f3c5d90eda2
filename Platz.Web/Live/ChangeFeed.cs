using System.Collections.Concurrent;
using Platz.Core.Data;

namespace Platz.Web.Live;

/// <summary>
/// Tells open pages that what they show has changed: one listener in the process, one subscription per page part. The
/// first change is told at once, a burst at most four times a second, and its last change always; less often where a
/// refresh takes long, so that many open pages do not leave a busy server without time for anything else. Pages
/// subscribe through their circuit's <see cref="TaskFeed"/>.
/// </summary>
public sealed partial class ChangeFeed(Changes changes, TimeProvider clock, ILogger<ChangeFeed> log) : BackgroundService
{
    /// <summary>Four refreshes a second for each subscription.</summary>
    internal static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<Subscription, Topic> _subscriptions = new();

    private long _sequence;

    /// <summary>The number of the change that was told last.</summary>
    public long Sequence => Interlocked.Read(ref _sequence);

    /// <summary>Whether the database does not answer: what open pages show may be old.</summary>
    public bool IsCut { get; private set; }

    /// <summary><see cref="IsCut"/> has changed; may come from any thread.</summary>
    public event Action? CutChanged;

    /// <summary>
    /// A change, as the database tells it; null after a (re)connect, when some may have been missed. Must not block.
    /// </summary>
    public event Action<Change?>? Heard;

    private TimeProvider Clock => clock;

    /// <summary>For what serves many circuits at once.</summary>
    public IDisposable Subscribe(Topic topic, Func<Task> onChange) =>
        Subscribe(topic, new Visibility(), Sequence, _ => onChange());

    /// <param name="visibility">While nobody can see the page it is told nothing, and all at once afterwards.</param>
    /// <param name="since">The last change that is seen already: later ones are told, also those before this call.</param>
    /// <param name="onChange">
    /// Reads again and shows; takes the number of the last change. Never called twice at a time, nor once disposed.
    /// </param>
    /// <param name="pause">Between two of a burst, at least; null for <see cref="Pause"/>.</param>
    public IDisposable Subscribe(
        Topic topic, Visibility visibility, long since, Func<long, Task> onChange, TimeSpan? pause = null)
    {
        var subscription = new Subscription(this, visibility, onChange, pause ?? Pause);
        _subscriptions[subscription] = topic;
        if (Sequence > since)
        {
            subscription.Signal(Sequence); // it may have been about this
        }

        _ = subscription.DeliverAsync(); // ends when the subscription is disposed
        return subscription;
    }

    /// <param name="change">Null after a (re)connect: anything may have changed meanwhile.</param>
    internal void Publish(Change? change)
    {
        var sequence = Interlocked.Increment(ref _sequence);
        foreach (var (subscription, topic) in _subscriptions)
        {
            if (change is null || topic.Includes(change))
            {
                subscription.Signal(sequence);
            }
        }
    }

    /// <summary>
    /// A page is refreshed for a third of the time at most, as long as that takes less than a second: what takes long is
    /// what waits for a processor.
    /// </summary>
    /// <param name="took">The refresh before.</param>
    internal static TimeSpan PauseAfter(TimeSpan took, TimeSpan least) =>
        TimeSpan.FromTicks(Math.Clamp(2 * took.Ticks, least.Ticks, s_longestPause.Ticks));

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        changes.ListenAsync(Hear, () => Cut(isCut: true), stoppingToken);

    internal void Hear(Change? change)
    {
        Publish(change);
        Heard?.Invoke(change);
        Cut(isCut: false);
    }

    private void Cut(bool isCut)
    {
        if (isCut != IsCut)
        {
            IsCut = isCut;
            CutChanged?.Invoke();
        }
    }

    [LoggerMessage(LogLevel.Error, "A page could not show a change")]
    private partial void LogFailed(Exception e);

    private sealed class Subscription(ChangeFeed feed, Visibility visibility, Func<long, Task> onChange, TimeSpan least)
        : IDisposable
    {
        private readonly CancellationTokenSource _disposed = new();
        private readonly SemaphoreSlim _bell = new(0, 1);
        private long _last;

        public void Signal(long sequence)
        {
            lock (_bell)
            {
                _last = sequence;
                if (_bell.CurrentCount == 0)
                {
                    _bell.Release();
                }
            }
        }

        public async Task DeliverAsync()
        {
            try
            {
                while (true)
                {
                    await _bell.WaitAsync(_disposed.Token);
                    await visibility.WhenVisibleAsync(_disposed.Token);
                    _bell.Wait(0, CancellationToken.None); // what came while it was hidden is told in one go
                    var began = feed.Clock.GetTimestamp();
                    await TellAsync();
                    var pause = PauseAfter(feed.Clock.GetElapsedTime(began), least);
                    await Task.Delay(pause, feed.Clock, _disposed.Token); // a change meanwhile rings the bell again
                }
            }
            catch (OperationCanceledException) when (_disposed.IsCancellationRequested)
            {
                // The page has gone.
            }
        }

        public void Dispose()
        {
            feed._subscriptions.TryRemove(this, out _);
            _disposed.Cancel();
        }

        private async Task TellAsync()
        {
            try
            {
                await onChange(Interlocked.Read(ref _last));
            }
            catch (Exception) when (_disposed.IsCancellationRequested)
            {
                // The page went while it was reading.
            }
            catch (Exception e)
            {
                feed.LogFailed(e); // the next change is another chance
            }
        }
    }
}
