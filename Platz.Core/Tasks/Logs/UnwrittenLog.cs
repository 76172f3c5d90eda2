using System.Text;

namespace Platz.Core.Tasks.Logs;

/// <summary>
/// What has been logged and is not stored yet, as the blocks it will be stored in. What will have fallen out of the tail
/// by then is let go at once, so that a burst takes no more memory than is kept of a log.
/// </summary>
/// <param name="seq">Of the last line there is.</param>
/// <param name="bytes">What the task has written so far.</param>
internal sealed class UnwrittenLog(Guid taskId, TaskLogLimits limits, long seq, long bytes)
{
    private const int MostBytes = 16 * 1024;

    // The tail is kept to a block: no coarser than a sixty-fourth of it.
    private readonly long _mostBytes = Math.Clamp(limits.Tail / 64, 1, MostBytes);
    private readonly Queue<TaskLogBlock> _closed = [];
    private readonly StringBuilder _text = new();
    private readonly List<DateTimeOffset> _ats = [];
    private (string Phase, LogStream Stream) _kind;
    private long _seq = seq;
    private long _bytes = bytes;
    private long _openFrom;

    /// <summary>What the task has written, whether stored or not.</summary>
    public long Bytes => _bytes;

    public void Add(string text, DateTimeOffset at, string phase, LogStream stream)
    {
        var size = TaskLogWriter.Size(text);
        if (_ats.Count > 0 && !Fits(size, (phase, stream)))
        {
            Close();
        }

        if (_ats.Count == 0)
        {
            (_kind, _openFrom) = ((phase, stream), _bytes);
        }

        _text.Append(_ats.Count == 0 ? "" : "\n").Append(text);
        _ats.Add(at.ToUniversalTime());
        _seq++;
        _bytes += size;
        DropWhatWouldBeTrimmed();
    }

    /// <summary>All of it, to be stored.</summary>
    public List<TaskLogBlock> Take()
    {
        Close();
        List<TaskLogBlock> blocks = [.. _closed];
        _closed.Clear();
        return blocks;
    }

    // A block is on one side of the head's end: what is kept for good, and what only for as long as it is in the tail.
    private bool Fits(long size, (string, LogStream) kind) =>
        _kind == kind && _ats.Count < TaskLogBlock.MostLines && _bytes - _openFrom + size <= _mostBytes
        && (_openFrom >= limits.Head || _bytes < limits.Head);

    private void Close()
    {
        if (_ats.Count == 0)
        {
            return;
        }

        _closed.Enqueue(new TaskLogBlock
        {
            TaskId = taskId,
            Seq = _seq - _ats.Count + 1,
            Lines = _ats.Count,
            At = _ats[0],
            Ats = [.. _ats],
            Phase = _kind.Phase,
            Stream = _kind.Stream,
            Text = _text.ToString(),
            BytesBefore = _openFrom,
        });
        _text.Clear();
        _ats.Clear();
    }

    private void DropWhatWouldBeTrimmed()
    {
        while (_closed.TryPeek(out var first) && first.BytesBefore >= limits.Head && EndOf(first) <= _bytes - limits.Tail)
        {
            _closed.Dequeue();
        }
    }

    private long EndOf(TaskLogBlock block) =>
        _closed.Skip(1).FirstOrDefault()?.BytesBefore ?? (_ats.Count > 0 ? _openFrom : _bytes);
}
