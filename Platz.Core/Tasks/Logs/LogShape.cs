namespace Platz.Core.Tasks.Logs;

/// <summary>Kept lines with consecutive numbers and one phase.</summary>
/// <param name="BytesBefore">How much the task had written before its first line.</param>
/// <param name="BytesAfter">How much it had written after its last line.</param>
public sealed record LogRun(
    string Phase, long First, long Last, DateTimeOffset From, DateTimeOffset To, long BytesBefore, long BytesAfter)
{
    public long Count => Last - First + 1;

    public bool Has(long seq) => seq >= First && seq <= Last;

    /// <summary>The next run is the same phase, going on.</summary>
    internal bool IsContinuedBy(LogRun next) => next.First == Last + 1 && next.Phase == Phase;
}

/// <summary>What is kept of a log: which lines, of which phases, and where something was left out.</summary>
public sealed record LogShape(IReadOnlyList<LogRun> Runs)
{
    public static readonly LogShape Empty = new([]);

    public long First => Runs.Count == 0 ? 1 : Runs[0].First;

    /// <summary>0 when there are no lines.</summary>
    public long Last => Runs.Count == 0 ? 0 : Runs[^1].Last;

    public long Lines => Runs.Sum(run => run.Count);

    public long Bytes => Runs.Count == 0 ? 0 : Runs[^1].BytesAfter;

    public bool Has(long seq) => Runs.Any(run => run.Has(seq));

    /// <summary>What was not kept right before a run; null where it follows on.</summary>
    public LogGap? GapBefore(int run)
    {
        var (end, bytes) = run == 0 ? (0, 0) : (Runs[run - 1].Last, Runs[run - 1].BytesAfter);
        var next = Runs[run];
        return next.First == end + 1 ? null : new LogGap(end, next.First - end - 1, next.BytesBefore - bytes);
    }

    /// <summary>With the lines that have come since.</summary>
    public LogShape With(LogShape later)
    {
        if (Runs.Count == 0 || later.Runs.Count == 0)
        {
            return Runs.Count == 0 ? later : this;
        }

        var (last, next) = (Runs[^1], later.Runs[0]);
        if (!last.IsContinuedBy(next))
        {
            return new([.. Runs, .. later.Runs]);
        }

        var joined = last with { Last = next.Last, To = next.To, BytesAfter = next.BytesAfter };
        return new([.. Runs.SkipLast(1), joined, .. later.Runs.Skip(1)]);
    }

    /// <summary>The same lines are left out in both: what was counted in one holds in the other.</summary>
    public bool HasSameGapsAs(LogShape other) => Gaps().SequenceEqual(other.Gaps());

    private IEnumerable<LogGap> Gaps() => Enumerable.Range(0, Runs.Count).Select(GapBefore).OfType<LogGap>();
}
