using Platz.Core.Tasks;

namespace Platz.Core.Insight;

/// <summary>What the pages say of a period: rolled-up days (UTC) added up to the days of a reader.</summary>
public sealed class InsightSummary
{
    private readonly DayFigures[] _days;
    private readonly Dictionary<int, TimeHistogram> _runs = [];

    public InsightSummary(InsightPeriod period, IEnumerable<InsightDay> days)
    {
        Period = period;
        _days = [.. period.Days.Select(day => new DayFigures(day))];
        foreach (var day in days)
        {
            Add(day);
        }
    }

    public InsightPeriod Period { get; }

    /// <summary>One for each day of the period.</summary>
    public IReadOnlyList<DayFigures> Days => _days;

    /// <summary>How long what was done took, by operation; only of operations that were.</summary>
    public IEnumerable<(string Operation, TimeHistogram Times)> Runs =>
        _runs.OrderBy(r => r.Key).Select(r => (InsightDay.Operations[r.Key], r.Value));

    public TimeHistogram Waits { get; } = new();

    /// <summary>Of <see cref="Outages"/> that ended within the period, however long ago they began.</summary>
    public TimeHistogram Restores { get; } = new();

    public int Tasks => _days.Sum(d => d.Tasks);

    public int Changes => _days.Sum(d => d.Changes);

    public int FailedChanges => _days.Sum(d => d.FailedChanges);

    private void Add(InsightDay day)
    {
        for (var i = 0; i < day.Counts.Length; i += 4)
        {
            if (At(day.Day, day.Counts[i] * 15) is { } index)
            {
                _days[index].Count(InsightDay.Outcomes[day.Counts[i + 1]], day.Counts[i + 2], day.Counts[i + 3]);
            }
        }

        for (var i = 0; i < day.Runs.Length; i += 4)
        {
            if (At(day.Day, day.Runs[i] * 60) is not null)
            {
                Run(day.Runs[i + 1]).Add(day.Runs[i + 2], day.Runs[i + 3]);
            }
        }

        for (var i = 0; i < day.Waits.Length; i += 3)
        {
            if (At(day.Day, day.Waits[i] * 60) is { } index)
            {
                Waits.Add(day.Waits[i + 1], day.Waits[i + 2]);
                _days[index].Waits.Add(day.Waits[i + 1], day.Waits[i + 2]);
            }
        }

        for (var i = 0; i < day.Restores.Length; i += 3)
        {
            if (At(day.Day, day.Restores[i] * 60) is not null)
            {
                Restores.Add(day.Restores[i + 1], day.Restores[i + 2]);
            }
        }
    }

    private TimeHistogram Run(int operation) =>
        _runs.TryGetValue(operation, out var times) ? times : _runs[operation] = new TimeHistogram();

    private int? At(DateOnly day, int minutes) =>
        Period.IndexOf(new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue).AddMinutes(minutes), TimeSpan.Zero));
}

/// <summary>One day of a reader's calendar.</summary>
public sealed class DayFigures(DateOnly day)
{
    public DateOnly Day => day;

    public int Done { get; private set; }

    public int Failed { get; private set; }

    public int Canceled { get; private set; }

    public int Changes { get; private set; }

    public int FailedChanges { get; private set; }

    public TimeHistogram Waits { get; } = new();

    public int Tasks => Done + Failed + Canceled;

    internal void Count(DeploymentTaskStatus outcome, int tasks, int changes)
    {
        Changes += changes;
        switch (outcome)
        {
            case DeploymentTaskStatus.Done:
                Done += tasks;
                break;
            case DeploymentTaskStatus.Failed:
                Failed += tasks;
                FailedChanges += changes;
                break;
            default:
                Canceled += tasks;
                break;
        }
    }
}
