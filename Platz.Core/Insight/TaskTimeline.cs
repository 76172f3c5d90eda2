using Microsoft.EntityFrameworkCore;
using Npgsql;
using Platz.Core.Data;
using Platz.Core.Tasks;

namespace Platz.Core.Insight;

/// <summary>
/// What ran in the last day, one lane for each deployment: the lanes from the rolled-up counts, the tasks of each lane
/// by the index of its history, so that the cost follows from what is drawn alone.
/// </summary>
public sealed class TaskTimeline(
    InsightReports reports, IDbContextFactory<PlatzDb> databases, NpgsqlDataSource database, TimeProvider clock)
{
    public const int MostLanes = 20;

    /// <summary>So many bars are drawn in a lane, the newest.</summary>
    public const int MostBars = 100;

    // 36 hours before: what was created even earlier is in the list of late tasks (see InsightLateTask).
    internal const string BarsSql = """
        SELECT t.deployment_id, t.id, t.op_kind, t.status, t.cancel_requested_at IS NOT NULL, t.execute_at,
            t.started_at, t.finished_at
        FROM unnest(@lanes) AS lane(id) CROSS JOIN LATERAL (
            SELECT * FROM (
                SELECT id FROM deployment_tasks WHERE deployment_id = lane.id
                    AND created_at >= @from - interval '36 hours'
                ORDER BY created_at DESC, id DESC LIMIT @most) AS recent
            UNION SELECT task_id FROM insight_late_tasks WHERE deployment_id = lane.id) AS wanted
        JOIN deployment_tasks AS t ON t.id = wanted.id
        WHERE t.finished_at >= @from OR (t.finished_at IS NULL AND t.execute_at <= @now)
        ORDER BY t.execute_at, t.id
        """;

    public async Task<Timeline> OfEnvAsync(Guid envId, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var from = InsightReports.QuarterOf(now.AddDays(-1));
        var busiest = await reports.BusiestAsync(envId, from, MostLanes, cancel);
        var lanes = busiest.Items.Select(d => (d.Id, d.Name, d.Kind)).ToList();
        var others = (await BusyNowAsync(envId, now, cancel)).ExceptBy(lanes.Select(l => l.Id), l => l.Id);
        lanes.AddRange(others.Take(MostLanes - lanes.Count));
        var bars = await BarsAsync([.. lanes.Select(l => l.Id)], from, now, cancel);
        var drawn = lanes.Where(l => bars.Contains(l.Id))
            .Select(l => new TimelineLane(l.Id, l.Name, l.Kind, [.. bars[l.Id]]));
        return new Timeline(from, now, [.. drawn], Math.Max(0, busiest.Total - busiest.Items.Count));
    }

    public async Task<Timeline> OfDeploymentAsync(
        Guid deploymentId, string name, string kind, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var from = InsightReports.QuarterOf(now.AddDays(-1));
        var bars = await BarsAsync([deploymentId], from, now, cancel);
        return new Timeline(
            from, now,
            bars.Contains(deploymentId) ? [new TimelineLane(deploymentId, name, kind, [.. bars[deploymentId]])] : [],
            Hidden: 0);
    }

    /// <summary>Deployments with tasks that are due or run: none of these is counted yet.</summary>
    private async Task<List<(Guid Id, string Name, string Kind)>> BusyNowAsync(
        Guid envId, DateTimeOffset now, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var busy = await (
            from queued in db.Set<QueuedTask>()
            join task in db.Tasks on queued.TaskId equals task.Id
            where task.EnvId == envId && queued.ExecuteAt <= now
            orderby queued.ExecuteAt
            select new { task.DeploymentId, task.DeploymentName, task.Namespace, task.KindName }).Take(1_000)
            .ToListAsync(cancel);
        return [.. busy.DistinctBy(t => t.DeploymentId).Select(t =>
            (t.DeploymentId, t.DeploymentName.Length == 0 ? t.Namespace : t.DeploymentName, t.KindName))];
    }

    private async Task<ILookup<Guid, TimelineBar>> BarsAsync(
        Guid[] lanes, DateTimeOffset from, DateTimeOffset now, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(BarsSql);
        command.Parameters.AddWithValue("lanes", lanes);
        command.Parameters.AddWithValue("from", from);
        command.Parameters.AddWithValue("now", now);
        command.Parameters.AddWithValue("most", MostBars);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var bars = new List<(Guid, TimelineBar)>();
        while (await reader.ReadAsync(cancel))
        {
            bars.Add((reader.GetGuid(0), new TimelineBar(
                reader.GetGuid(1), reader.GetString(2), Enum.Parse<DeploymentTaskStatus>(reader.GetString(3)),
                reader.GetBoolean(4), reader.GetFieldValue<DateTimeOffset>(5),
                await reader.IsDBNullAsync(6, cancel) ? null : reader.GetFieldValue<DateTimeOffset>(6),
                await reader.IsDBNullAsync(7, cancel) ? null : reader.GetFieldValue<DateTimeOffset>(7))));
        }

        return bars.ToLookup(b => b.Item1, b => b.Item2);
    }
}

/// <param name="Hidden">How many deployments more had tasks in this time.</param>
public sealed record Timeline(DateTimeOffset From, DateTimeOffset Now, IReadOnlyList<TimelineLane> Lanes, int Hidden);

public sealed record TimelineLane(Guid DeploymentId, string Name, string Kind, IReadOnlyList<TimelineBar> Bars);

/// <summary>One task: from when it was due until it began it waited, from then until it ended it ran.</summary>
public sealed record TimelineBar(
    Guid TaskId,
    string OpKind,
    DeploymentTaskStatus Status,
    bool CancelRequested,
    DateTimeOffset DueAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? FinishedAt);
