using System.Collections.Concurrent;
using Platz.Core.Data;

namespace Platz.Web.Live;

/// <summary>
/// Tells open pages that what they show has changed: one listener in the process, one subscription per page part. The
/// first change is told at once, a burst at most four times a second, and its last change always.
/// </summary>
public sealed partial class TaskFeed(Changes changes, TimeProvider clock, ILogger<TaskFeed> log) : BackgroundService
{
    /// <summary>Four refreshes a second for each subscription.</summary>
    internal static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly ConcurrentDictionary<Subscription, Topic> _subscriptions = new();

    private TimeProvider Clock => clock;

    /// <param name="onChange">Reads again and shows; never called twice at a time, nor once disposed.</param>
    public IDisposable Subscribe(Topic topic, Func<Task> onChange)
    {
        var subscription = new Subscription(this, onChange);
        _subscriptions[subscription] = topic;
        _ = subscription.DeliverAsync(); // ends when the subscription is disposed
        return subscription;
    }

    /// <param name="change">Null after a (re)connect: anything may have changed meanwhile.</param>
    internal void Publish(Change? change)
    {
        foreach (var (subscription, topic) in _subscriptions)
        {
            if (change is null || topic.Includes(change))
            {
                subscription.Signal();
            }
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        changes.ListenAsync(Publish, stoppingToken);

    [LoggerMessage(LogLevel.Error, "A page could not show a change")]
    private partial void LogFailed(Exception e);

    private sealed class Subscription(TaskFeed feed, Func<Task> onChange) : IDisposable
    {
        private readonly CancellationTokenSource _disposed = new();
        private readonly SemaphoreSlim _bell = new(0, 1);

        public void Signal()
        {
            lock (_bell)
            {
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
                    await TellAsync();
                    await Task.Delay(Pause, feed.Clock, _disposed.Token); // a change meanwhile rings the bell again
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
                await onChange();
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
