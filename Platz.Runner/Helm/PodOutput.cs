using System.Buffers;
using Platz.Core.Tasks;

namespace Platz.Runner.Helm;

/// <summary>
/// What a pod wrote, as lines: out of one or several readings of its log with Kubernetes' timestamps, each of which
/// begins at the first line, or at some later one, and may be cut anywhere. What is known already is passed over.
/// </summary>
internal sealed class PodOutput(Redactor redactor, LogPosition start)
{
    private const int SummaryLines = 200;

    private readonly LogLines _text = new(redactor);
    private readonly LastLines _last = new(SummaryLines);
    private readonly Queue<LogPosition> _ended = new(); // lines that may be part of a secret, and so are not given out
    private LogPosition _position = start;
    private LogPosition _partOf = LogPosition.Start;
    private long _pushedOfPart;
    private DateTimeOffset _at; // when what is being pushed was written

    /// <summary>Lines that have come and were not taken yet: whoever stores them clears it.</summary>
    public TimedLines Ready { get; } = new();

    /// <summary>After the last line that was given out: lags while the end of a line may still become a secret.</summary>
    public LogPosition Stored { get; private set; } = start;

    /// <summary>The end of the output, for the summary of a failure.</summary>
    public List<string> LastLines => _last.ToList();

    /// <summary>Begins to read a log again.</summary>
    /// <param name="isTail">It begins somewhere: nothing is taken of it unless that is known to be before what is missing.</param>
    public Reading Read(bool isTail = false) => new(this, isTail);

    /// <summary>What follows the last line break is a line too.</summary>
    public void Complete()
    {
        _at = _position.At;
        _text.Complete(Collect);
        Settle();
    }

    private void Settle()
    {
        for (var held = _ended.Count == 0 ? 0 : _text.HeldLineEnds; _ended.Count > held;)
        {
            Stored = _ended.Dequeue();
        }
    }

    private void Collect(ReadOnlySpan<char> line)
    {
        Ready.Add(line, _at);
        _last.Add(line);
    }

    /// <summary>Takes one connection's bytes apart into timestamps and text.</summary>
    internal sealed class Reading(PodOutput output, bool isTail)
    {
        private readonly Action<ReadOnlySpan<char>> _collect = output.Collect;
        private readonly StampReader _stamps = new();
        private readonly ArrayBufferWriter<byte> _stamp = new(64); // what has come of the one that is being read
        private int _seenAtPosition;
        private bool _inText;
        private bool _skip;
        private long _skipBytes;
        private bool _any;
        private LogPosition _line;

        /// <summary>Nothing can be missing between what was known and this reading. A tail that does not overlap is not taken.</summary>
        public bool Overlaps { get; private set; } = !isTail;

        public void Feed(ReadOnlySpan<byte> bytes)
        {
            while (bytes.Length > 0 && (Overlaps || !_any))
            {
                bytes = _inText ? FeedText(bytes) : FeedStamp(bytes);
            }
        }

        private ReadOnlySpan<byte> FeedStamp(ReadOnlySpan<byte> bytes)
        {
            var end = bytes.IndexOf((byte)' ');
            if (end < 0)
            {
                _stamp.Write(bytes);
                return [];
            }

            _stamp.Write(bytes[..end]);
            BeginLine(_stamps.Read(_stamp.WrittenSpan) ?? output._position.Ticks);
            _stamp.ResetWrittenCount();
            return bytes[(end + 1)..];
        }

        private void BeginLine(long ticks)
        {
            _inText = true;
            var known = output._position;
            if (!_any)
            {
                _any = true;
                Overlaps |= ticks < known.Ticks; // of those of the same time nobody knows how many came before the tail
            }

            _skip = _seenAtPosition != int.MaxValue
                && (ticks < known.Ticks || (ticks == known.Ticks && _seenAtPosition < known.Count));
            if (_skip && ticks == known.Ticks)
            {
                _seenAtPosition++;
            }

            _line = ticks > known.Ticks ? new LogPosition(ticks, 1) : known with { Count = known.Count + 1 };
            _seenAtPosition = _skip ? _seenAtPosition : int.MaxValue; // from the first new line on, every line is new
            _skipBytes = !_skip && _line == output._partOf ? output._pushedOfPart : 0;
        }

        private ReadOnlySpan<byte> FeedText(ReadOnlySpan<byte> bytes)
        {
            var end = bytes.IndexOf((byte)'\n');
            if (!_skip)
            {
                Push(end < 0 ? bytes : bytes[..end], withEnd: end < 0 ? bytes : bytes[..(end + 1)]);
            }

            if (end < 0)
            {
                return [];
            }

            if (!_skip)
            {
                output._position = _line;
                output._ended.Enqueue(_line);
                output.Settle();
                (output._partOf, output._pushedOfPart) = (LogPosition.Start, 0);
            }

            _inText = false;
            return bytes[(end + 1)..];
        }

        private void Push(ReadOnlySpan<byte> text, ReadOnlySpan<byte> withEnd)
        {
            var known = (int)Math.Min(_skipBytes, text.Length);
            _skipBytes -= known;
            output._pushedOfPart = (_line == output._partOf ? output._pushedOfPart : 0) + text.Length - known;
            output._partOf = _line;
            output._at = _line.At;
            output._text.Push(withEnd[known..], _collect);
            output.Settle();
        }
    }
}
