using Platz.Core.Tasks;

namespace Platz.Core.Insight;

/// <summary>Sums up tasks, told in the order in which they ended, by day, env and deployment.</summary>
/// <param name="outages">As they were when the first day began.</param>
internal sealed class DayTallies(Outages outages)
{
    private readonly Dictionary<(Guid EnvId, Guid? DeploymentId, DateOnly Day), (DayTally Tally, int Open)> _tallies =
        [];

    public IEnumerable<InsightDay> Days => _tallies.Select(t =>
        t.Value.Tally.ToDay(t.Key.EnvId, t.Key.DeploymentId, t.Key.Day, t.Value.Open));

    public void Add(EndedTask task)
    {
        var restored = outages.Follow(task);
        Add(task, deploymentId: null, restored, outages.Of(task.EnvId));
        Add(task, task.DeploymentId, restored, outages.Has(task.DeploymentId) ? 1 : 0);
    }

    private void Add(EndedTask task, Guid? deploymentId, TimeSpan? restored, int open)
    {
        var key = (task.EnvId, deploymentId, DateOnly.FromDateTime(task.FinishedAt.UtcDateTime));
        var tally = _tallies.TryGetValue(key, out var known) ? known.Tally : new DayTally();
        tally.Add(task, restored);
        _tallies[key] = (tally, open);
    }
}

/// <summary>Sums up one day of one scope, task by task.</summary>
internal sealed class DayTally
{
    private readonly SortedDictionary<(int Quarter, int Outcome), (int Tasks, int Changes)> _counts = [];
    private readonly SortedDictionary<(int Hour, int Operation, int Bucket), int> _runs = [];
    private readonly SortedDictionary<(int Hour, int Bucket), int> _waits = [];
    private readonly SortedDictionary<(int Hour, int Bucket), int> _restores = [];

    public int Tasks { get; private set; }

    public int Failed { get; private set; }

    public void Add(EndedTask task, TimeSpan? restored)
    {
        var time = task.FinishedAt.UtcDateTime.TimeOfDay;
        var cell = ((int)(time.TotalHours * 4), InsightDay.Outcomes.IndexOf(task.Outcome));
        var (tasks, changes) = _counts.GetValueOrDefault(cell);
        _counts[cell] = (tasks + 1, changes + (task.IsChange ? 1 : 0));
        Tasks++;
        Failed += task.Outcome is DeploymentTaskStatus.Failed ? 1 : 0;
        if (task.Ran is { } ran)
        {
            Increase(_runs, (time.Hours, OperationOf(task.OpKind), TimeHistogram.BucketOf(ran)));
        }

        if (task.Waited is { } waited)
        {
            Increase(_waits, (time.Hours, TimeHistogram.BucketOf(waited)));
        }

        if (restored is { } outage)
        {
            Increase(_restores, (time.Hours, TimeHistogram.BucketOf(outage)));
        }
    }

    public InsightDay ToDay(Guid envId, Guid? deploymentId, DateOnly day, int openOutages) => new()
    {
        ScopeId = deploymentId ?? envId,
        EnvId = envId,
        DeploymentId = deploymentId,
        Day = day,
        Tasks = Tasks,
        Failed = Failed,
        OpenOutages = openOutages,
        Counts = [.. _counts.SelectMany(c =>
            new[] { c.Key.Quarter, c.Key.Outcome, c.Value.Tasks, c.Value.Changes })],
        Runs = [.. _runs.SelectMany(c => new[] { c.Key.Hour, c.Key.Operation, c.Key.Bucket, c.Value })],
        Waits = [.. _waits.SelectMany(c => new[] { c.Key.Hour, c.Key.Bucket, c.Value })],
        Restores = [.. _restores.SelectMany(c => new[] { c.Key.Hour, c.Key.Bucket, c.Value })],
    };

    private static int OperationOf(string kind) => InsightDay.Operations.IndexOf(kind) switch
    {
        < 0 => InsightDay.Operations.Length - 1,
        var known => known,
    };

    private static void Increase<T>(SortedDictionary<T, int> cells, T cell)
        where T : notnull => cells[cell] = cells.GetValueOrDefault(cell) + 1;
}
