using System.Buffers;
using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Platz.Sandbox.Kubelet;

/// <summary>
/// Streams a log in pieces of bounded size: from where the query says, with timestamps if wanted, to its end.
/// </summary>
internal sealed class LogReader(ContainerLog log, LogQuery query, Func<ReadOnlyMemory<byte>, Task> write)
{
    private const int PieceSize = 64 * 1024;
    private const long NanosecondsPerSecond = 1_000_000_000;

    private readonly byte[] _buffer = new byte[PieceSize];
    private readonly ArrayBufferWriter<byte> _out = new();
    private long _left = query.LimitBytes ?? long.MaxValue;
    private long _position;
    private bool _atLineStart = true;
    private bool _skipping;
    private LogMark _mark = new(-1, 0);
    private long _nextMark;
    private long _lineInMark;
    private readonly byte[] _stamp = new byte["2026-01-01T00:00:00.000000000Z ".Length];
    private long _stampedSecond = -1;

    public async Task RunAsync(CancellationToken cancel)
    {
        using var handle = log.OpenRead();
        _position = Start(handle);
        while (_left > 0)
        {
            var changed = log.Changed;
            var isComplete = log.IsComplete;
            var read = await RandomAccess.ReadAsync(handle, _buffer, _position, cancel);
            if (read > 0)
            {
                Take(handle, _buffer.AsSpan(0, read));
                await FlushAsync();
            }
            else if (!query.Follow || isComplete)
            {
                return;
            }
            else
            {
                await changed.WaitAsync(cancel);
            }
        }
    }

    private long Start(SafeFileHandle handle)
    {
        var bySince = query.Since is { } since ? log.OffsetBefore(since) : 0;
        return Math.Max(bySince, query.TailLines is { } lines ? TailStart(handle, lines) : 0);
    }

    /// <summary>Where the last so many lines begin, found from the end.</summary>
    private long TailStart(SafeFileHandle handle, long lines)
    {
        var end = RandomAccess.GetLength(handle);
        if (lines == 0)
        {
            return end;
        }

        var seen = -1L; // the newline that ends the last line begins nothing
        for (var from = end; from > 0;)
        {
            var size = (int)Math.Min(PieceSize, from);
            from -= size;
            var piece = _buffer.AsSpan(0, RandomAccess.Read(handle, _buffer.AsSpan(0, size), from));
            if (from + size == end && piece[^1] != '\n')
            {
                seen = 0;
            }

            for (var index = piece.LastIndexOf((byte)'\n'); index >= 0; index = piece[..index].LastIndexOf((byte)'\n'))
            {
                if (++seen >= lines)
                {
                    return from + index + 1;
                }
            }
        }

        return 0;
    }

    private void Take(SafeFileHandle handle, ReadOnlySpan<byte> piece)
    {
        if (!query.Timestamps && query.Since is null)
        {
            Put(piece);
            _position += piece.Length;
            return;
        }

        while (!piece.IsEmpty)
        {
            if (_atLineStart)
            {
                BeginLine(handle);
            }

            var newline = piece.IndexOf((byte)'\n');
            var length = newline < 0 ? piece.Length : newline + 1;
            if (!_skipping)
            {
                Put(piece[..length]);
            }

            _atLineStart = newline >= 0;
            _position += length;
            piece = piece[length..];
        }
    }

    private void BeginLine(SafeFileHandle handle)
    {
        var time = TimeHere(handle);
        _skipping = query.Since > time;
        if (query.Timestamps && !_skipping)
        {
            Put(Stamp(time));
        }
    }

    private long TimeHere(SafeFileHandle handle)
    {
        if (_position >= _nextMark || _nextMark == long.MaxValue)
        {
            var (mark, next) = log.MarkFor(_position);
            if (mark != _mark)
            {
                _lineInMark = CountLines(handle, mark.Offset);
            }

            (_mark, _nextMark) = (mark, next);
        }

        return _mark.Time + _lineInMark++;
    }

    /// <summary>How many lines lie between a mark and here; not zero only where a tail begins within a mark.</summary>
    private long CountLines(SafeFileHandle handle, long from)
    {
        var lines = 0L;
        var piece = new byte[Math.Min(PieceSize, _position - from)];
        while (from < _position)
        {
            var read = RandomAccess.Read(handle, piece.AsSpan(0, (int)Math.Min(piece.Length, _position - from)), from);
            lines += piece.AsSpan(0, read).Count((byte)'\n');
            from += Math.Max(read, 1);
        }

        return lines;
    }

    private void Put(ReadOnlySpan<byte> bytes)
    {
        var fitting = bytes[..(int)Math.Min(bytes.Length, _left)];
        _left -= fitting.Length;
        _out.Write(fitting);
    }

    private async Task FlushAsync()
    {
        if (_out.WrittenCount > 0)
        {
            await write(_out.WrittenMemory);
            _out.ResetWrittenCount();
        }
    }

    /// <summary>RFC 3339 with nanoseconds, and a space.</summary>
    private ReadOnlySpan<byte> Stamp(long time)
    {
        var second = time / NanosecondsPerSecond;
        if (second != _stampedSecond)
        {
            DateTimeOffset.FromUnixTimeSeconds(second).UtcDateTime.TryFormat(
                _stamp, out _, "yyyy-MM-dd'T'HH:mm:ss'.000000000Z '", CultureInfo.InvariantCulture);
            _stampedSecond = second;
        }

        (time % NanosecondsPerSecond).TryFormat(_stamp.AsSpan(20), out _, "D9", CultureInfo.InvariantCulture);
        return _stamp;
    }
}
