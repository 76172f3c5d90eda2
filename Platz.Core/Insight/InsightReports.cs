using Microsoft.EntityFrameworkCore;
using Npgsql;
using Platz.Core.Data;

namespace Platz.Core.Insight;

/// <summary>
/// Every read of Insight, from what <see cref="InsightRollup"/> wrote: some ninety rows for the figures of an env or a
/// deployment, whatever the size of the history. They are as old as <see cref="InsightReport.CountedAt"/> says, at
/// most a minute and a bit while a runner runs.
/// </summary>
public sealed class InsightReports(IDbContextFactory<PlatzDb> databases, NpgsqlDataSource database)
{
    /// <summary>The last day's timeline begins with a quarter of an hour, as counts do.</summary>
    private static readonly TimeSpan s_quarter = TimeSpan.FromMinutes(15);

    // The first day is seldom wanted whole: a reader's day begins at some quarter of one of UTC.
    internal const string BusiestSql = """
        WITH sums AS (
            SELECT deployment_id, sum(tasks) AS tasks, sum(failed) AS failed FROM insight_days
            WHERE env_id = @env AND deployment_id IS NOT NULL AND day > @day GROUP BY deployment_id
            UNION ALL
            SELECT deployment_id, first.tasks, first.failed FROM insight_days CROSS JOIN LATERAL (
                SELECT sum(counts[i + 2]) AS tasks, sum(counts[i + 2]) FILTER (WHERE counts[i + 1] = 1) AS failed
                FROM generate_series(1, cardinality(counts), 4) AS i WHERE counts[i] >= @quarter) AS first
            WHERE env_id = @env AND deployment_id IS NOT NULL AND day = @day),
        busiest AS (
            SELECT deployment_id, sum(tasks) AS tasks, sum(failed) AS failed, count(*) OVER () AS deployments
            FROM sums GROUP BY deployment_id HAVING sum(tasks) > 0
            ORDER BY sum(tasks) DESC, deployment_id LIMIT @most)
        SELECT b.deployment_id, coalesce(nullif(d.name, ''), d.namespace), k.name, b.tasks::int,
            coalesce(b.failed, 0)::int, b.deployments::int
        FROM busiest AS b JOIN deployments AS d ON d.id = b.deployment_id JOIN deployment_kinds AS k ON k.id = d.kind_id
        ORDER BY b.tasks DESC, b.deployment_id
        """;

    /// <param name="scopeId">Of an env or a deployment.</param>
    public async Task<InsightReport> OfAsync(Guid scopeId, InsightPeriod period, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var first = DateOnly.FromDateTime(period.From.UtcDateTime);
        var progress = await db.InsightProgress.AsNoTracking().SingleOrDefaultAsync(cancel);
        var days = await db.InsightDays.AsNoTracking().Where(d => d.ScopeId == scopeId && d.Day >= first)
            .ToListAsync(cancel);
        var newest = await db.InsightDays.AsNoTracking().Where(d => d.ScopeId == scopeId)
            .OrderByDescending(d => d.Day).ThenByDescending(d => d.EnvId)
            .Select(d => (int?)d.OpenOutages).FirstOrDefaultAsync(cancel);
        return new InsightReport(new InsightSummary(period, days), newest ?? 0, progress?.CountedAt);
    }

    /// <summary>The deployments of an env of which most tasks ended since then.</summary>
    public async Task<BusiestDeployments> BusiestAsync(
        Guid envId, DateTimeOffset since, int most, CancellationToken cancel)
    {
        var from = QuarterOf(since).UtcDateTime;
        await using var command = database.CreateCommand(BusiestSql);
        command.Parameters.AddWithValue("env", envId);
        command.Parameters.AddWithValue("day", DateOnly.FromDateTime(from));
        command.Parameters.AddWithValue("quarter", (int)(from.TimeOfDay.TotalHours * 4));
        command.Parameters.AddWithValue("most", most);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var items = new List<BusyDeployment>();
        var total = 0;
        while (await reader.ReadAsync(cancel))
        {
            items.Add(new BusyDeployment(
                reader.GetGuid(0), reader.GetString(1), reader.GetString(2), reader.GetInt32(3), reader.GetInt32(4)));
            total = reader.GetInt32(5);
        }

        return new BusiestDeployments(items, total);
    }

    internal static DateTimeOffset QuarterOf(DateTimeOffset time) =>
        time - TimeSpan.FromTicks(time.UtcTicks % s_quarter.Ticks);
}

/// <param name="OpenOutages">Deployments whose last change failed, now; see <see cref="Outages"/>.</param>
/// <param name="CountedAt">Everything that had ended by then is counted; null when nothing was counted yet.</param>
public sealed record InsightReport(InsightSummary Summary, int OpenOutages, DateTimeOffset? CountedAt);

/// <param name="Total">How many deployments had any.</param>
public sealed record BusiestDeployments(IReadOnlyList<BusyDeployment> Items, int Total);

public sealed record BusyDeployment(Guid Id, string Name, string Kind, int Tasks, int Failed);
