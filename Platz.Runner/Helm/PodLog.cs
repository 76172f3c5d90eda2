using System.Globalization;
using System.Text;
using k8s;
using Platz.Core.Tasks;
using Platz.Runner.Dispatch;

namespace Platz.Runner.Helm;

/// <summary>
/// Reads a pod's log to its end, through broken connections and changes of runner, without losing or repeating a line.
/// Every line carries Kubernetes' timestamp: on a new connection the log is read again and lines up to the stored
/// position are skipped. <c>sinceTime</c> would save that, but it counts whole seconds only.
/// </summary>
internal sealed class PodLog(TaskRun run, string pod, string ns, Redactor redactor)
{
    private const int SummaryLines = 200;

    private readonly LogLines _text = new(redactor);
    private readonly Queue<string> _last = new();
    private readonly List<TimedText> _ready = [];
    private readonly byte[] _buffer = new byte[64 * 1024];
    private LogPosition _position = LogPosition.Start;
    private LogPosition _stored = LogPosition.Start; // lags while the end of a line may still become a secret
    private LogPosition _partOf = LogPosition.Start;
    private long _pushedOfPart;

    /// <summary>The end of the output, for the summary of a failure.</summary>
    public IReadOnlyCollection<string> LastLines => _last;

    /// <summary>Goes on where an earlier attempt stopped.</summary>
    public async Task ResumeAsync() =>
        _position = _stored = LogPosition.Parse(await run.Log.PositionAsync(run.Phase, run.Stop));

    /// <summary>One connection, until the server ends it.</summary>
    /// <param name="tail">Only the last lines; null for all.</param>
    /// <returns>Whether the first line read was one already known, so that nothing can be missing in between.</returns>
    public async Task<bool> ReadAsync(bool follow, int? tail)
    {
        await using var stream = await run.Place.Cluster.Client.CoreV1.ReadNamespacedPodLogAsync(
            pod, ns, follow: follow, tailLines: tail, timestamps: true, cancellationToken: run.Stop);
        var pass = new LogPass(this);
        while (await stream.ReadAsync(_buffer, run.Stop) is > 0 and var read)
        {
            pass.Feed(_buffer.AsSpan(0, read));
            Store();
        }

        return pass.Overlapped;
    }

    /// <summary>Stores what follows the last line break.</summary>
    public void Complete()
    {
        Collect(_text.Complete(), _position.At);
        Store();
    }

    private void Store()
    {
        if (_ready.Count == 0)
        {
            return;
        }

        run.Log.Output(run.Phase, _ready, _stored.ToString());
        _ready.Clear();
    }

    private void Collect(IEnumerable<string> lines, DateTimeOffset at)
    {
        foreach (var line in lines)
        {
            _ready.Add(new TimedText(line, at));
            _last.Enqueue(line);
            if (_last.Count > SummaryLines)
            {
                _last.Dequeue();
            }
        }
    }

    /// <summary>Takes one connection's bytes apart into timestamps and text.</summary>
    private sealed class LogPass(PodLog log)
    {
        private readonly StringBuilder _stamp = new();
        private int _seenAtPosition;
        private bool _inText;
        private bool _skip;
        private long _skipBytes;
        private bool _any;
        private LogPosition _line;

        public bool Overlapped { get; private set; } = log._position == LogPosition.Start;

        public void Feed(ReadOnlySpan<byte> bytes)
        {
            while (bytes.Length > 0)
            {
                bytes = _inText ? FeedText(bytes) : FeedStamp(bytes);
            }
        }

        private ReadOnlySpan<byte> FeedStamp(ReadOnlySpan<byte> bytes)
        {
            var end = bytes.IndexOf((byte)' ');
            _stamp.Append(Encoding.ASCII.GetString(end < 0 ? bytes : bytes[..end]));
            if (end < 0)
            {
                return [];
            }

            BeginLine(LogPosition.ParseStamp(_stamp.ToString(), log._position));
            _stamp.Clear();
            return bytes[(end + 1)..];
        }

        private void BeginLine(long ticks)
        {
            _inText = true;
            var known = log._position;
            _skip = _seenAtPosition != int.MaxValue
                && (ticks < known.Ticks || (ticks == known.Ticks && _seenAtPosition < known.Count));
            if (_skip && ticks == known.Ticks)
            {
                _seenAtPosition++;
            }

            Overlapped |= !_any && _skip;
            _any = true;
            _line = ticks > known.Ticks ? new LogPosition(ticks, 1) : known with { Count = known.Count + 1 };
            _seenAtPosition = _skip ? _seenAtPosition : int.MaxValue; // from the first new line on, every line is new
            _skipBytes = !_skip && _line == log._partOf ? log._pushedOfPart : 0;
        }

        private ReadOnlySpan<byte> FeedText(ReadOnlySpan<byte> bytes)
        {
            var end = bytes.IndexOf((byte)'\n');
            var text = end < 0 ? bytes : bytes[..end];
            if (!_skip)
            {
                Push(text);
            }

            if (end < 0)
            {
                return [];
            }

            if (!_skip)
            {
                log.Collect(log._text.Push("\n"u8), _line.At);
                log._position = _line;
                log._stored = log._text.IsEmpty ? _line : log._stored;
                (log._partOf, log._pushedOfPart) = (LogPosition.Start, 0);
            }

            _inText = false;
            return bytes[(end + 1)..];
        }

        private void Push(ReadOnlySpan<byte> text)
        {
            var known = (int)Math.Min(_skipBytes, text.Length);
            _skipBytes -= known;
            text = text[known..];
            log._pushedOfPart = (_line == log._partOf ? log._pushedOfPart : 0) + text.Length;
            log._partOf = _line;
            log.Collect(log._text.Push(text), _line.At);
        }
    }
}

/// <summary>A place in a pod's log: how many lines bear the latest timestamp.</summary>
/// <param name="Ticks">UTC, in units of 100 ns.</param>
internal readonly record struct LogPosition(long Ticks, int Count)
{
    public static readonly LogPosition Start = new(0, 0);

    public DateTimeOffset At => new(Ticks, TimeSpan.Zero);

    public static LogPosition Parse(string? stored)
    {
        var parts = stored?.Split(':') ?? [];
        return parts.Length == 2
            ? new(long.Parse(parts[0], CultureInfo.InvariantCulture), int.Parse(parts[1], CultureInfo.InvariantCulture))
            : Start;
    }

    /// <summary>RFC 3339 with nanoseconds; what is none keeps the time of the line before.</summary>
    public static long ParseStamp(string stamp, LogPosition before) =>
        DateTimeOffset.TryParse(stamp, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? at.UtcTicks
            : before.Ticks;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Ticks}:{Count}");
}
