using Microsoft.EntityFrameworkCore;
using Npgsql;
using Platz.Core.Data;

namespace Platz.Core.Tasks;

/// <summary>Where in the queue a task stands that has not ended.</summary>
/// <param name="Ahead">
/// Those that come first: of its own deployment while it is blocked, of its cluster while it waits for a runner. At most
/// <see cref="Most"/>.
/// </param>
/// <param name="Head">What its deployment's line waits for, while it is blocked.</param>
public sealed record QueuePlace(QueueState State, int Ahead = 0, LineHead? Head = null)
{
    /// <summary>A longer line is not counted to its end.</summary>
    public const int Most = 1_000;

    private const string Sql = """
        SELECT q.task_id AS id, q.state AS state, head.task_id AS head_id, head.op_kind AS head_kind,
            coalesce(head.state = 'Started', false) AS head_runs, CASE q.state
                WHEN 'Blocked' THEN num_nonnulls(head.task_id) + (SELECT count(*) FROM (
                    SELECT FROM task_queue AS a WHERE a.deployment_id = q.deployment_id
                        AND a.state IN ('Blocked', 'Scheduled') AND a.state = 'Blocked'
                        AND (a.execute_at, a.created_at, a.task_id) < (q.execute_at, q.created_at, q.task_id)
                    LIMIT @most) AS c)
                WHEN 'Ready' THEN (SELECT count(*) FROM (
                    SELECT FROM task_queue AS a WHERE a.run_cluster_id = q.run_cluster_id AND a.state = 'Ready'
                        AND (a.ready_at, a.task_id) < (q.ready_at, q.task_id)
                    LIMIT @most) AS c)
                ELSE 0 END::int AS ahead
        FROM task_queue AS q LEFT JOIN task_queue AS head ON q.state = 'Blocked'
            AND head.deployment_id = q.deployment_id AND head.state IN ('Ready', 'Started')
        WHERE q.task_id = ANY (@tasks)
        """;

    /// <summary>Of those that have not ended.</summary>
    internal static async Task<Dictionary<Guid, QueuePlace>> OfAsync(
        PlatzDb db, IEnumerable<DeploymentTask> tasks, CancellationToken cancel)
    {
        Guid[] live = [.. tasks.Where(t => !t.Status.IsTerminal).Select(t => t.Id)];
        if (live.Length == 0)
        {
            return [];
        }

        return await db.Database.SqlQueryRaw<Row>(Sql, new NpgsqlParameter("tasks", live), new NpgsqlParameter("most", Most))
            .ToDictionaryAsync(row => row.Id, row => row.Place, cancel);
    }

    private sealed record Row(Guid Id, string State, Guid? HeadId, string? HeadKind, bool HeadRuns, int Ahead)
    {
        public QueuePlace Place => new(Enum.Parse<QueueState>(State), Math.Min(Ahead, Most), HeadId is { } id
            ? new LineHead(id, HeadKind!, HeadRuns)
            : null);
    }
}

/// <summary>The first of a deployment's line.</summary>
/// <param name="Runs">Or else it waits for a runner.</param>
public sealed record LineHead(Guid TaskId, string OpKind, bool Runs);
