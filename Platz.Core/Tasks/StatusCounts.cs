using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;
using Platz.Core.Data;

namespace Platz.Core.Tasks;

/// <summary>How many of a deployment's tasks there are of each status.</summary>
public sealed class StatusCounts(IDbContextFactory<PlatzDb> databases)
{
    // The index of the history tells failed and canceled ones from the rest, and the queue which of those have not ended.
    private const string Sql = """
        WITH newest AS (
            SELECT trouble FROM deployment_tasks
            WHERE deployment_id = @deployment AND (@envs::uuid[] IS NULL OR env_id = ANY (@envs))
            ORDER BY created_at DESC, id DESC LIMIT @most),
        live AS (
            SELECT CASE q.state WHEN 'Started' THEN 'Started' ELSE 'Pending' END AS status, count(*) AS tasks
            FROM task_queue AS q JOIN deployment_tasks AS t ON t.id = q.task_id
            WHERE q.deployment_id = @deployment AND (@envs::uuid[] IS NULL OR t.env_id = ANY (@envs)) GROUP BY 1),
        ended AS (
            SELECT coalesce(trouble, 'Done') AS status, count(*)
                - CASE WHEN trouble IS NULL THEN (SELECT coalesce(sum(tasks), 0) FROM live) ELSE 0 END AS tasks
            FROM newest GROUP BY trouble)
        SELECT status AS "Status", greatest(tasks, 0)::int AS "Tasks" FROM ended UNION ALL SELECT status, tasks::int FROM live
        """;

    /// <summary>Of the newest <see cref="TaskHistory.CountLimit"/>; statuses that there are none of are left out.</summary>
    /// <param name="envs">Those whose tasks may be seen; null for all.</param>
    public async Task<IReadOnlyDictionary<DeploymentTaskStatus, int>> OfAsync(
        Guid deploymentId, IReadOnlyList<Guid>? envs, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var rows = await db.Database.SqlQueryRaw<Row>(
            Sql, new NpgsqlParameter("deployment", deploymentId), new NpgsqlParameter("most", TaskHistory.CountLimit),
            new NpgsqlParameter("envs", NpgsqlDbType.Array | NpgsqlDbType.Uuid) { Value = (object?)envs?.ToArray() ?? DBNull.Value })
            .ToListAsync(cancel);
        return rows.Where(row => row.Tasks > 0)
            .ToDictionary(row => Enum.Parse<DeploymentTaskStatus>(row.Status), row => row.Tasks);
    }

    private sealed record Row(string Status, int Tasks);
}
