using Platz.Core.Data;
using Platz.Web.Live;

namespace Platz.Web.Events;

/// <summary>Up to where somebody has heard: the number of an event, and the stream that it is of.</summary>
public sealed record EventPosition(Guid Stream, long Sequence);

/// <summary>
/// What this process has heard of rows that change, numbered from 1 on without gaps; the last of them are kept. Another
/// process has another stream, and a new one begins when events may have been missed.
/// </summary>
internal sealed class EventStream : IDisposable
{
    /// <summary>Some 2 MB.</summary>
    private const int Kept = 10_000;

    private readonly Lock _lock = new();
    private readonly NumberedEvent[] _kept;
    private readonly ChangeFeed _changes;
    private EventPosition _end = new(Guid.NewGuid(), 0);

    public EventStream(ChangeFeed changes)
        : this(changes, Kept)
    {
    }

    internal EventStream(ChangeFeed changes, int kept)
    {
        (_changes, _kept) = (changes, new NumberedEvent[kept]);
        _changes.Heard += Hear;
    }

    /// <summary>
    /// The rights of somebody may have changed, of anybody with null: told before what comes after it. Must not block.
    /// </summary>
    public event Action<Change?>? RightsChanged;

    /// <summary>Something was added, or another stream has begun. Must not block.</summary>
    public event Action? Moved;

    /// <summary>The last event there is.</summary>
    public EventPosition End
    {
        get
        {
            lock (_lock)
            {
                return _end;
            }
        }
    }

    /// <returns>The next events, none at the end; null where they are not kept any more, or never were of this stream.</returns>
    public IReadOnlyList<NumberedEvent>? After(EventPosition position, int most)
    {
        lock (_lock)
        {
            var missing = _end.Sequence - position.Sequence;
            if (position.Stream != _end.Stream || position.Sequence < 0 || missing < 0 || missing > _kept.Length)
            {
                return null;
            }

            return [.. Enumerable.Range(1, (int)Math.Min(missing, most)).Select(i => _kept[Place(position.Sequence + i)])];
        }
    }

    /// <summary>Whether somebody who has got there only cannot be told of all that came since.</summary>
    public bool LeavesBehind(EventPosition position)
    {
        lock (_lock)
        {
            return position.Stream == _end.Stream && _end.Sequence - position.Sequence > _kept.Length;
        }
    }

    public void Dispose() => _changes.Heard -= Hear;

    /// <summary>On the thread that listens.</summary>
    private void Hear(Change? change)
    {
        if (change is null || EventScope.IsAboutRights(change.Table))
        {
            RightsChanged?.Invoke(change);
        }

        lock (_lock)
        {
            if (change is null)
            {
                Array.Clear(_kept);
                _end = new(Guid.NewGuid(), 0);
            }
            else if (EventScope.Has(change.Table))
            {
                Add(RowEvent.Of(change) ?? [RowEvent.OfMany(change)]);
            }
        }

        Moved?.Invoke();
    }

    private void Add(IReadOnlyList<RowEvent> events)
    {
        foreach (var one in events)
        {
            _end = _end with { Sequence = _end.Sequence + 1 };
            _kept[Place(_end.Sequence)] = new(_end.Stream, _end.Sequence, one.Operation, one.Table, one.EnvId, one.Data);
        }
    }

    private int Place(long sequence) => (int)(sequence % _kept.Length);
}
