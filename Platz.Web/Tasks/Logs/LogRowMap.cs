using Platz.Core.Tasks;
using Platz.Core.Tasks.Logs;

namespace Platz.Web.Tasks.Logs;

/// <summary>Consecutive runs of one phase: what folds together under one heading.</summary>
/// <param name="First">Its first line: what tells it from other groups.</param>
/// <param name="Number">How many groups of the same phase come before it.</param>
public sealed record LogGroup(string Phase, long First, long Lines, int Number);

/// <summary>What stands in one row: a heading, what was left out, or else a line.</summary>
/// <param name="Seq">The line; for the others the first line that they stand before or for.</param>
public readonly record struct LogPlace(long Seq, LogGroup? Heading = null, LogGap? Gap = null)
{
    public bool IsLine => Heading is null && Gap is null;
}

/// <summary>Which row shows what: lines under the headings of their phases, less what is folded up.</summary>
public sealed class LogRowMap
{
    /// <summary>More rows than this are higher than browsers can make an element; the earliest lines are left out.</summary>
    public const long MostRows = 500_000;

    private readonly List<Part> _parts = [];

    /// <param name="folded">The first lines of the groups that show no more than their heading.</param>
    public LogRowMap(LogShape shape, IReadOnlySet<long> folded)
    {
        var hidden = Math.Max(0, shape.Lines - MostRows);
        foreach (var (group, runs) in Groups(shape))
        {
            if (shape.GapBefore(runs[0]) is { } gap)
            {
                Add(new(gap.AfterSeq + 1, Gap: gap), 1);
            }

            Add(new(group.First, group), 1);
            if (!folded.Contains(group.First))
            {
                hidden = AddLines(shape, runs, hidden);
            }
        }
    }

    public long Rows => _parts.Count == 0 ? 0 : _parts[^1].Row + _parts[^1].Rows;

    /// <param name="row">From 0; below <see cref="Rows"/>.</param>
    public LogPlace At(long row)
    {
        var part = _parts.FindLast(part => part.Row <= row);
        return part.First.IsLine ? new LogPlace(part.First.Seq + row - part.Row) : part.First;
    }

    /// <summary>Where a line stands, or else whatever hides it: its phase's heading, or the gap.</summary>
    public long RowOf(long seq)
    {
        var part = _parts.FindLast(part => part.First.Seq <= seq);
        return part.Row + Math.Clamp(seq - part.First.Seq, 0, Math.Max(0, part.Rows - 1));
    }

    /// <summary>Groups in order, each with the indexes of its runs.</summary>
    private static List<(LogGroup Group, List<int> Runs)> Groups(LogShape shape)
    {
        var groups = new List<(LogGroup Group, List<int> Runs)>();
        for (var i = 0; i < shape.Runs.Count; i++)
        {
            var run = shape.Runs[i];
            if (groups.Count > 0 && groups[^1].Group is var last && last.Phase == run.Phase)
            {
                groups[^1].Runs.Add(i);
                groups[^1] = groups[^1] with { Group = last with { Lines = last.Lines + run.Count } };
                continue;
            }

            var number = groups.Count(g => g.Group.Phase == run.Phase);
            groups.Add((new LogGroup(run.Phase, run.First, run.Count, number), [i]));
        }

        return groups;
    }

    /// <returns>How many lines are still to be left out.</returns>
    private long AddLines(LogShape shape, List<int> runs, long hidden)
    {
        foreach (var index in runs)
        {
            if (index != runs[0] && shape.GapBefore(index) is { } gap)
            {
                Add(new(gap.AfterSeq + 1, Gap: gap), 1);
            }

            var run = shape.Runs[index];
            var cut = Math.Min(hidden, run.Count);
            hidden -= cut;
            if (cut > 0 && hidden == 0)
            {
                Add(new(shape.First, Gap: new LogGap(0, shape.Lines - MostRows, 0)), 1);
            }

            Add(new(run.First + cut), run.Count - cut);
        }

        return hidden;
    }

    private void Add(LogPlace first, long rows)
    {
        if (rows > 0)
        {
            _parts.Add(new Part(Rows, rows, first));
        }
    }

    private readonly record struct Part(long Row, long Rows, LogPlace First);
}
