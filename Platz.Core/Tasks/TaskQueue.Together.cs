using Npgsql;
using Platz.Core.Deployments;

namespace Platz.Core.Tasks;

/// <summary>
/// Phases and ends that are ready at the same instant are written together (queue.md 2). What somebody else has locked
/// is left out, to be written alone, so one deployment holds up its own task only. Queue rows and open phases are
/// waited for: who holds those is one short statement, and locks queue rows in the same order.
/// </summary>
public sealed partial class TaskQueue
{
    /// <summary>Of more, no notification names which they were: listeners would have to read all again.</summary>
    internal const int MostTogether = 160;

    /// <summary>Seconds. Others wait for the batch; what takes longer goes on alone.</summary>
    private const int Patience = 5;

    internal const string EnterTogetherSql = """
        WITH entry AS MATERIALIZED (
            SELECT * FROM unnest(@tasks, @deployments, @fences, @phases, @statuses)
                AS e(task_id, deployment_id, fence, phase, status)),
        showing AS MATERIALIZED (
            SELECT d.id FROM deployments AS d JOIN entry ON entry.deployment_id = d.id
            WHERE entry.status IS NOT NULL FOR NO KEY UPDATE OF d SKIP LOCKED),
        free AS MATERIALIZED (
            SELECT t.id, entry.phase, entry.status FROM deployment_tasks AS t JOIN entry ON entry.task_id = t.id
            WHERE t.fence = entry.fence AND t.status = 'Started' AND t.cancel_requested_at IS NULL
                AND (entry.status IS NULL OR EXISTS (SELECT FROM showing WHERE showing.id = entry.deployment_id))
            FOR NO KEY UPDATE OF t SKIP LOCKED),
        task AS (
            UPDATE deployment_tasks AS t SET phase = free.phase
            FROM free WHERE t.id = free.id
            RETURNING t.id, t.deployment_id, t.fence, t.attempt, free.phase, free.status),
        closed AS (
            UPDATE deployment_task_phases AS p SET finished_at = clock_timestamp(), outcome = 'Done'
            FROM task WHERE p.task_id = task.id AND p.finished_at IS NULL),
        opened AS (
            INSERT INTO deployment_task_phases (task_id, seq, phase, attempt, started_at)
            SELECT task.id, (SELECT coalesce(max(p.seq) + 1, 0) FROM deployment_task_phases AS p
                WHERE p.task_id = task.id), task.phase, task.attempt, clock_timestamp()
            FROM task),
        shown AS (
            UPDATE deployments AS d SET status = task.status, reason = NULL
            FROM task WHERE d.id = task.deployment_id AND task.status IS NOT NULL
                AND d.status <> 'Deleting' AND (d.status <> task.status OR d.reason IS NOT NULL))
        SELECT id, fence FROM task
        """;

    // Those whose lines and rows nobody else changes right now, and whom no other deployment follows. Kept for the
    // statements after it, which see what was committed before the locks: all three are one round trip and one commit.
    // Planned once, as PromoteSql is.
    private const string TakeFreeSql = $"""
        WITH line AS MATERIALIZED (
            SELECT result.deployment_id FROM (SELECT pg_try_advisory_xact_lock_shared(0) AS free) AS every
            CROSS JOIN unnest((SELECT @deployments), (SELECT @reinstalls)) AS result(deployment_id, reinstalls)
            WHERE every.free
                AND NOT (result.reinstalls AND EXISTS (SELECT {DependentsOf} = result.deployment_id))
                AND pg_try_advisory_xact_lock(hashtextextended(result.deployment_id::text, 0))),
        untouched AS MATERIALIZED (
            SELECT d.id FROM deployments AS d JOIN line ON line.deployment_id = d.id
            FOR NO KEY UPDATE OF d SKIP LOCKED)
        SELECT set_config('platz.free', coalesce((SELECT string_agg(id::text, ',') FROM untouched), ''), true)
        """;

    private const string Free = "string_to_array(current_setting('platz.free'), ',')::uuid[]";

    private const string FinishFreeSql = $"{FinishStart} AND q.deployment_id = ANY({Free}) {FinishRest}";

    private const string PromoteFreeSql = $"{PromoteStart} unnest({Free}) {PromoteRest}";

    private readonly GroupCommit<PhaseStart> _phases = new(starts => EnterTogetherAsync(database, starts), MostTogether);

    private readonly GroupCommit<TaskResult> _ends =
        new(results => FinishTogetherAsync(database, results), MostTogether);

    private static async Task<IReadOnlySet<PhaseStart>> EnterTogetherAsync(
        NpgsqlDataSource database, IReadOnlyList<PhaseStart> starts)
    {
        await using var command = database.CreateCommand(EnterTogetherSql);
        command.CommandTimeout = Patience;
        command.Parameters.AddWithValue("tasks", starts.Select(s => s.Task.Id).ToArray());
        command.Parameters.AddWithValue("deployments", starts.Select(s => s.Task.DeploymentId).ToArray());
        command.Parameters.AddWithValue("fences", starts.Select(s => s.Task.Fence).ToArray());
        command.Parameters.AddWithValue("phases", starts.Select(s => s.Phase).ToArray());
        command.Parameters.AddWithValue("statuses", Text, starts.Select(s => s.Status?.ToString()).ToArray());
        await using var reader = await command.ExecuteReaderAsync(CancellationToken.None);
        var entered = await ReadHeldAsync(reader);
        return starts.Where(s => entered.Contains((s.Task.Id, s.Task.Fence))).ToHashSet();
    }

    private static async Task<IReadOnlySet<TaskResult>> FinishTogetherAsync(
        NpgsqlDataSource database, IReadOnlyList<TaskResult> results)
    {
        var takeFree = new NpgsqlBatchCommand(TakeFreeSql);
        takeFree.Parameters.AddWithValue("deployments", results.Select(r => r.DeploymentId).ToArray());
        takeFree.Parameters.AddWithValue("reinstalls", results.Select(r => r.ReinstallsDependents).ToArray());
        var finish = new NpgsqlBatchCommand(FinishFreeSql);
        AddResults(finish.Parameters, results);
        await using var batch = database.CreateBatch(); // one transaction, that never waits for us while it holds locks
        batch.Timeout = Patience;
        batch.BatchCommands.Add(takeFree);
        batch.BatchCommands.Add(finish);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(PromoteFreeSql));
        await using var reader = await batch.ExecuteReaderAsync(CancellationToken.None);
        await reader.NextResultAsync(CancellationToken.None);
        var finished = await ReadHeldAsync(reader);
        return results.Where(r => finished.Contains((r.TaskId, r.Fence))).ToHashSet();
    }

    /// <summary>Reads to the very end, where an error of what follows is told, and that of the commit.</summary>
    private static async Task<HashSet<(Guid TaskId, long Fence)>> ReadHeldAsync(NpgsqlDataReader reader)
    {
        var held = new HashSet<(Guid, long)>();
        while (await reader.ReadAsync(CancellationToken.None))
        {
            held.Add((reader.GetGuid(0), reader.GetInt64(1)));
        }

        while (await reader.NextResultAsync(CancellationToken.None))
        {
        }

        return held;
    }

    private sealed record PhaseStart(DeploymentTask Task, string Phase, DeploymentStatus? Status);
}
