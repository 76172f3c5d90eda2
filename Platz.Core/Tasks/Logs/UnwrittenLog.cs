namespace Platz.Core.Tasks.Logs;

/// <summary>
/// What has been logged and is not stored yet, as the blocks it will be stored in. What will have fallen out of the tail
/// by then is let go at once, so that a burst takes no more memory than is kept of a log.
/// </summary>
/// <param name="seq">Of the last line there is.</param>
/// <param name="bytes">What the task has written so far.</param>
internal sealed class UnwrittenLog(TaskLogLimits limits, long seq, long bytes)
{
    private const int MostBytes = 16 * 1024;
    private const int LeastBytes = 512;

    // The tail is kept to a block: no coarser than a sixty-fourth of it.
    private readonly long _mostBytes = Math.Clamp(limits.Tail / 64, 1, MostBytes);
    private readonly List<UnwrittenBlock> _head = []; // closed, and kept whatever comes
    private readonly Queue<UnwrittenBlock> _tail = []; // closed
    private readonly Stack<UnwrittenBlock> _spare = [];
    private UnwrittenBlock? _open;
    private long _seq = seq;

    /// <summary>What the task has written, whether stored or not.</summary>
    public long Bytes { get; private set; } = bytes;

    /// <summary>Blocks that wait to be used again.</summary>
    internal int Spare => _spare.Count;

    public void Add(ReadOnlySpan<char> text, DateTimeOffset at, string phase, LogStream stream)
    {
        var size = TaskLogWriter.Size(text);
        var goesOn = _open is not null; // in a burst, the next one will be full as well
        if (_open is not null && !Fits(_open, size, phase, stream))
        {
            Close();
        }

        _seq++;
        _open ??= (_spare.TryPop(out var spare) ? spare : new UnwrittenBlock(goesOn ? (int)_mostBytes : LeastBytes))
            .Begin(_seq, Bytes, phase, stream);
        _open.Add(text, at);
        Bytes += size;
        DropWhatWouldBeTrimmed();
    }

    /// <summary>All of it, to be stored.</summary>
    public List<UnwrittenBlock> Take()
    {
        Close();
        List<UnwrittenBlock> blocks = [.. _head, .. _tail];
        _head.Clear();
        _tail.Clear();
        return blocks;
    }

    /// <summary>They have been stored: as many serve again as the next burst may need, were it like this one.</summary>
    public void Return(IReadOnlyCollection<UnwrittenBlock> blocks)
    {
        foreach (var block in blocks)
        {
            Spend(block);
        }

        while (_spare.Count > blocks.Count)
        {
            _spare.Pop();
        }
    }

    // A block is on one side of the head's end: what is kept for good, and what only for as long as it is in the tail.
    private bool Fits(UnwrittenBlock block, long size, string phase, LogStream stream) =>
        block.Phase == phase && block.Stream == stream && block.Lines < TaskLogBlock.MostLines
        && Bytes - block.BytesBefore + size <= _mostBytes && (block.BytesBefore >= limits.Head || Bytes < limits.Head);

    private void Close()
    {
        if (_open is null)
        {
            return;
        }

        if (_open.BytesBefore < limits.Head)
        {
            _head.Add(_open);
        }
        else
        {
            _tail.Enqueue(_open);
        }

        _open = null;
    }

    private void DropWhatWouldBeTrimmed()
    {
        while (_tail.TryPeek(out var first) && first.BytesAfter <= Bytes - limits.Tail)
        {
            Spend(_tail.Dequeue());
        }
    }

    private void Spend(UnwrittenBlock block)
    {
        if (block.Capacity <= 2 * MostBytes) // more has a line that is longer than a block
        {
            _spare.Push(block);
        }
    }
}
