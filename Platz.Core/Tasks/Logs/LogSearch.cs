namespace Platz.Core.Tasks.Logs;

/// <summary>
/// Finds a text in one log, whatever its case, and counts it exactly; goes on with the log as it grows. Holds one number
/// for each chunk that has any, no lines.
/// </summary>
public sealed class LogSearch(LogChunks chunks, Guid taskId, string text)
{
    /// <summary>Longer texts are none that somebody types.</summary>
    public const int LongestText = 500;

    private readonly SortedDictionary<long, int> _counts = [];
    private readonly Lock _lock = new();
    private Task _turn = Task.CompletedTask;
    private LogShape _shape = LogShape.Empty;
    private long _countedTo;

    public string Text => text;

    public long Total { get; private set; }

    /// <summary>Counts what is new; may be called off, and goes on from there when it is called again.</summary>
    public Task CountAsync(LogShape shape, CancellationToken cancel) => InTurnAsync(async () =>
    {
        if (!_shape.HasSameGapsAs(shape))
        {
            _counts.Clear();
            (Total, _countedTo) = (0, 0);
        }

        _shape = shape;
        foreach (var run in shape.Runs.Where(run => run.Last > _countedTo))
        {
            await foreach (var chunk in chunks.ReadAsync(taskId, Math.Max(run.First, _countedTo + 1), run.Last, cancel))
            {
                Count(chunk, run);
            }
        }

        return Total;
    });

    /// <summary>The first match behind a place, or from the beginning when there is none behind it.</summary>
    public Task<LogMatch?> NextAsync(long seq, int start, CancellationToken cancel) => InTurnAsync(
        async () =>
            await FirstAsync(match => (match.Seq, match.Start).CompareTo((seq, start)) > 0, LogChunk.IndexOf(seq), cancel)
            ?? await FirstAsync(_ => true, 0, cancel));

    /// <summary>The last match before a place, or the very last when there is none before it.</summary>
    public Task<LogMatch?> PreviousAsync(long seq, int start, CancellationToken cancel) => InTurnAsync(
        async () =>
            await LastAsync(match => (match.Seq, match.Start).CompareTo((seq, start)) < 0, LogChunk.IndexOf(seq), cancel)
            ?? await LastAsync(_ => true, long.MaxValue, cancel));

    private Task<T> InTurnAsync<T>(Func<Task<T>> work)
    {
        lock (_lock)
        {
            var turn = AfterAsync(_turn, work);
            _turn = turn;
            return turn;
        }
    }

    private static async Task<T> AfterAsync<T>(Task before, Func<Task<T>> work)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return await work();
    }

    private void Count(LogChunk chunk, LogRun run)
    {
        foreach (var line in chunk.Lines)
        {
            if (line.Seq <= _countedTo || !run.Has(line.Seq))
            {
                continue;
            }

            var count = LogMatch.Starts(TerminalSequence.Strip(line.Text), text).Count();
            if (count > 0)
            {
                var index = LogChunk.IndexOf(line.Seq);
                _counts[index] = _counts.GetValueOrDefault(index) + count;
                Total += count;
            }

            _countedTo = line.Seq;
        }
    }

    private async Task<LogMatch?> FirstAsync(Predicate<LogMatch> wanted, long from, CancellationToken cancel)
    {
        foreach (var index in _counts.Keys.Where(index => index >= from))
        {
            if ((await MatchesAsync(index, cancel)).Find(wanted) is { } match)
            {
                return match;
            }
        }

        return null;
    }

    private async Task<LogMatch?> LastAsync(Predicate<LogMatch> wanted, long to, CancellationToken cancel)
    {
        foreach (var index in _counts.Keys.Where(index => index <= to).Reverse())
        {
            if ((await MatchesAsync(index, cancel)).FindLast(wanted) is { } match)
            {
                return match;
            }
        }

        return null;
    }

    private async Task<List<LogMatch>> MatchesAsync(long index, CancellationToken cancel)
    {
        var number = _counts.Where(count => count.Key < index).Sum(count => (long)count.Value);
        var chunk = await chunks.GetAsync(taskId, index, cancel);
        return [.. from line in chunk.Lines
                   where line.Seq <= _countedTo && _shape.Has(line.Seq)
                   from start in LogMatch.Starts(TerminalSequence.Strip(line.Text), text)
                   select new LogMatch(line.Seq, start, text.Length, ++number)];
    }
}
