using Platz.Core.Tasks;

namespace Platz.Chaos.Judging;

/// <summary>Holds what a campaign left behind against what is promised (contract 2.1, faults.md 1).</summary>
internal static class Judge
{
    public static Verdict Of(Evidence evidence)
    {
        var rows = evidence.Tasks.ToDictionary(t => t.Id);
        var runs = evidence.Runs.ToLookup(r => r.Task);
        var (overlaps, excused) = Overlaps.Of(evidence.Runs);
        return new Verdict(
            [
                .. Lost(evidence, rows),
                .. evidence.Tasks.SelectMany(t => Twice(t, [.. runs[t.Id]])),
                .. evidence.Moves.Where(m => m.To.IsTerminal).GroupBy(m => m.Task).Where(m => m.Count() > 1)
                    .Select(m => new Breach(Promise.Once, m.Key, $"ended {m.Count()} times")),
                .. evidence.Moves.Where(m => !m.From.CanBecome(m.To))
                    .Select(m => new Breach(Promise.Once, m.Task, $"went from {m.From} to {m.To}")),
                .. overlaps,
                .. OutOfOrder(evidence.Tasks),
                .. evidence.Tasks.Where(t => !t.Status.IsTerminal)
                    .Select(t => new Breach(Promise.Ended, t.Id, $"is {t.Status} ({t.Queued} in the queue) long after the last fault")),
                .. evidence.Tasks.Where(t => t.Status is DeploymentTaskStatus.Failed)
                    .Select(t => new Breach(Promise.Unharmed, t.Id, "Failed, and nothing but faults of ours happened to it")),
                .. Cancels.Wrong(evidence, rows, runs),
            ],
            excused);
    }

    private static IEnumerable<Breach> Lost(Evidence evidence, Dictionary<Guid, TaskRow> rows) =>
    [
        .. evidence.Enqueued.Where(id => !rows.ContainsKey(id))
            .Select(id => new Breach(Promise.Kept, id, "was queued and has no row")),
        .. evidence.Tasks.Where(t => !t.Status.IsTerminal && t.Queued is null)
            .Select(t => new Breach(Promise.Kept, t.Id, $"is {t.Status} and in no queue: nobody will take it")),
        .. evidence.Tasks.Where(t => t.Status is DeploymentTaskStatus.Done && !evidence.Effects.Contains(t.Id))
            .Select(t => new Breach(Promise.Kept, t.Id, "is Done and had no effect")),
    ];

    private static IEnumerable<Breach> Twice(TaskRow task, List<Run> runs)
    {
        if (runs.Count(r => r.Made) is > 1 and var made)
        {
            yield return new Breach(Promise.Once, task.Id, $"had its effect {made} times");
        }

        foreach (var again in runs.GroupBy(r => r.Fence).Where(r => r.Count() > 1))
        {
            yield return new Breach(Promise.Once, task.Id, $"was given twice with fence {again.Key}");
        }

        if (task.FinishedAt is not { } end)
        {
            yield break;
        }

        foreach (var late in runs.Where(r => r.Begin > end && !Overlaps.IsWaking(r, end, r.End)))
        {
            yield return new Breach(Promise.Once, task.Id, $"was begun again after its end, with fence {late.Fence}");
        }

        // Whoever holds the last fence must have come to its end before the row did.
        if (task.Status is DeploymentTaskStatus.Done && !runs.Exists(r => r.Fence == task.Fence && r.Ended && r.End <= end))
        {
            yield return new Breach(
                Promise.Once, task.Id, $"is Done, but not by whoever held it last (fence {task.Fence})");
        }
    }

    /// <summary>Of two tasks of a deployment that were both started, the one that is first in line started first.</summary>
    public static IEnumerable<Breach> OutOfOrder(IEnumerable<TaskRow> tasks) =>
        from line in tasks.Where(t => t.StartedAt is not null).GroupBy(t => t.Deployment)
        let order = line.OrderBy(t => t.ExecuteAt).ThenBy(t => t.CreatedAt).ThenBy(t => t.Id, PostgresOrder.Instance)
            .ToList()
        from pair in order.Zip(order.Skip(1))
        where pair.Second.StartedAt < pair.First.StartedAt
        select new Breach(
            Promise.InOrder, pair.Second.Id, $"started before {pair.First.Id}, which is before it in the line");
}

/// <summary>As PostgreSQL orders uuids: by their bytes as they are written.</summary>
internal sealed class PostgresOrder : IComparer<Guid>
{
    public static PostgresOrder Instance { get; } = new();

    public int Compare(Guid x, Guid y) =>
        x.ToByteArray(bigEndian: true).AsSpan().SequenceCompareTo(y.ToByteArray(bigEndian: true));
}
