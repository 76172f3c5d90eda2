using System.Collections.Immutable;
using Platz.Core.Tasks;
using Platz.Core.Tasks.Logs;
using Platz.Web.Live;

namespace Platz.Web.Tasks.Logs;

/// <summary>One log that somebody watches: read when it changes, once for all who do.</summary>
internal sealed class WatchedLog(DeploymentTask task, TaskHistory history, LogReader reader, TimeProvider clock)
    : IDisposable
{
    /// <summary>How long lines that were dropped from the middle may go unnoticed.</summary>
    private static readonly TimeSpan s_wholeEvery = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _turn = new(1);
    private readonly CancellationTokenSource _disposed = new();
    private ImmutableList<LogWatch> _watches = [];
    private IDisposable? _subscription;
    private DateTimeOffset _wholeAt;

    public Guid TaskId => task.Id;

    public LogState Current { get; private set; } = new(task, [], LogShape.Empty, default);

    public Task FirstRead { get; private set; } = Task.CompletedTask;

    public void Start(ChangeFeed feed)
    {
        _subscription = feed.Subscribe(new Topic.OneTask(task.EnvId, task.Id), FollowAsync);
        FirstRead = ReadAsync();
    }

    public void Add(LogWatch watch) => _watches = _watches.Add(watch);

    /// <returns>True when nobody watches any more.</returns>
    public bool Remove(LogWatch watch)
    {
        var before = _watches;
        _watches = before.Remove(watch);
        return !before.IsEmpty && _watches.IsEmpty;
    }

    public void Dispose()
    {
        _subscription?.Dispose();
        _disposed.Cancel();
    }

    private async Task FollowAsync()
    {
        await ReadAsync();
        foreach (var watch in _watches)
        {
            watch.Tell();
        }
    }

    /// <summary>The task first: once it has ended, the lines read after that are all there will be.</summary>
    private async Task ReadAsync()
    {
        await _turn.WaitAsync(_disposed.Token);
        try
        {
            var now = await history.FindAsync(task.Id, _disposed.Token) ?? Current.Task;
            var phases = await history.PhasesAsync(task.Id, _disposed.Token);
            var state = Current with { Task = now, Phases = phases };
            var shape = await ShapeAsync(state);
            Current = state with { Shape = shape, Tail = await TailAsync(shape) };
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<LogShape> ShapeAsync(LogState state)
    {
        var time = clock.GetUtcNow();
        if (state.IsLive && time - _wholeAt < s_wholeEvery)
        {
            var known = state.Shape;
            return known.With(await reader.ShapeAsync(task.Id, known.Last, _disposed.Token));
        }

        _wholeAt = time;
        return await reader.ShapeAsync(task.Id, 0, _disposed.Token);
    }

    private async Task<ReadOnlyMemory<KeptLine>> TailAsync(LogShape shape)
    {
        var known = Current.Tail;
        var last = known.IsEmpty ? 0 : known.Span[^1].Seq;
        if (shape.Last <= last)
        {
            return known;
        }

        var added = await reader.LinesAsync(task.Id, last + 1, shape.Last, LogState.TailLines, _disposed.Token);
        var kept = Math.Min(known.Length, LogState.TailLines - added.Length);
        return (KeptLine[])[.. known.Span[^kept..], .. added];
    }
}
