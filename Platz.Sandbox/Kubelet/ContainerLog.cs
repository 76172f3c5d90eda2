using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace Platz.Sandbox.Kubelet;

/// <summary>
/// The output of one container: its raw bytes on disk, and beside them an index of when the lines began. Whatever the
/// size or the shape of the output, memory holds sixteen bytes for each time something was written.
/// </summary>
public sealed class ContainerLog : IDisposable
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _clock;
    private readonly List<LogMark> _marks = [];
    private readonly FileStream _index;
    private readonly FileStream _data;
    private TaskCompletionSource _changed = NewSignal();
    private bool _atLineStart = true;
    private long _nextTime;

    private ContainerLog(string file, TimeProvider clock, FileMode mode)
    {
        File = file;
        _clock = clock;
        _data = Open(file, mode);
        _index = Open(file + ".idx", mode);
    }

    public string File { get; }

    public bool IsComplete { get; private set; }

    /// <summary>Completes when bytes are added or the log ends; take it before reading.</summary>
    public Task Changed
    {
        get
        {
            lock (_gate)
            {
                return _changed.Task;
            }
        }
    }

    /// <summary>The last mark at or before an offset, and where the next one stands.</summary>
    public (LogMark Mark, long Next) MarkFor(long offset)
    {
        lock (_gate)
        {
            var index = Search(mark => mark.Offset <= offset);
            var next = index + 1 < _marks.Count ? _marks[index + 1].Offset : long.MaxValue;
            return (index < 0 ? default : _marks[index], next);
        }
    }

    /// <summary>Where to start looking for lines written at a time or later.</summary>
    public long OffsetBefore(long time)
    {
        lock (_gate)
        {
            var index = Search(mark => mark.Time <= time);
            return index < 0 ? 0 : _marks[index].Offset;
        }
    }

    public static ContainerLog Create(string file, TimeProvider clock) => new(file, clock, FileMode.Create);

    /// <summary>A log left by an earlier process: nobody writes to it any more.</summary>
    public static ContainerLog Reopen(string file, TimeProvider clock)
    {
        var log = new ContainerLog(file, clock, FileMode.Append);
        var bytes = System.IO.File.ReadAllBytes(file + ".idx").AsSpan();
        for (; bytes.Length >= LogMark.Size; bytes = bytes[LogMark.Size..])
        {
            log._marks.Add(LogMark.Read(bytes));
        }

        log.Complete();
        return log;
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return;
        }

        lock (_gate)
        {
            if (IsComplete)
            {
                return;
            }

            Mark(bytes);
            _data.Write(bytes);
            _data.Flush();
            Signal();
        }
    }

    public void Complete()
    {
        lock (_gate)
        {
            if (IsComplete)
            {
                return;
            }

            IsComplete = true;
            _data.Dispose();
            _index.Dispose();
            Signal();
        }
    }

    public void Dispose() => Complete();

    /// <summary>The end of the output, at most so many bytes of it.</summary>
    public byte[] Tail(int bytes)
    {
        using var handle = OpenRead();
        var length = RandomAccess.GetLength(handle);
        var tail = new byte[Math.Min(bytes, length)];
        var read = RandomAccess.Read(handle, tail, length - tail.Length);
        return tail[..read];
    }

    public SafeFileHandle OpenRead() => System.IO.File.OpenHandle(
        File, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    /// <summary>Notes when the lines beginning in these bytes began; each line counts one nanosecond on.</summary>
    private void Mark(ReadOnlySpan<byte> bytes)
    {
        var first = _atLineStart ? 0 : bytes.IndexOf((byte)'\n') + 1;
        var begins = (_atLineStart || first > 0) && first < bytes.Length;
        _atLineStart = bytes[^1] == '\n';
        if (!begins)
        {
            return;
        }

        var mark = new LogMark(_data.Position + first, Math.Max(Now(), _nextTime));
        _marks.Add(mark);
        _nextTime = mark.Time + bytes[first..].Count((byte)'\n') + 1;
        Span<byte> entry = stackalloc byte[LogMark.Size];
        mark.Write(entry);
        _index.Write(entry);
        _index.Flush();
    }

    /// <summary>The last mark for which a condition that holds up to some point holds; -1 for none.</summary>
    private int Search(Func<LogMark, bool> holds)
    {
        var (low, high) = (0, _marks.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = holds(_marks[middle]) ? (middle + 1, high) : (low, middle);
        }

        return low - 1;
    }

    private long Now() => (_clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100;

    private void Signal()
    {
        var changed = _changed;
        _changed = NewSignal();
        changed.SetResult();
    }

    private static FileStream Open(string file, FileMode mode) =>
        new(file, mode, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>From this offset on, lines began at this time (nanoseconds since 1970), one nanosecond apart.</summary>
public readonly record struct LogMark(long Offset, long Time)
{
    public const int Size = 16;

    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteInt64LittleEndian(bytes, Offset);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[8..], Time);
    }

    public static LogMark Read(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadInt64LittleEndian(bytes), BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]));
}
