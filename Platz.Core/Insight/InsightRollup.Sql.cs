namespace Platz.Core.Insight;

public sealed partial class InsightRollup
{
    // Whoever holds this row counts; a runner that comes meanwhile waits, and goes on from what was committed.
    private const string BeginSql = """
        INSERT INTO insight_progress (id, open_from)
        SELECT 1, (coalesce(min(first.created_at), @now) AT TIME ZONE 'UTC')::date
        FROM envs AS e CROSS JOIN LATERAL (
            SELECT created_at FROM deployment_tasks WHERE env_id = e.id ORDER BY created_at LIMIT 1) AS first
        WHERE NOT EXISTS (SELECT FROM insight_progress)
        HAVING NOT EXISTS (SELECT FROM insight_progress)
        ON CONFLICT DO NOTHING;
        SELECT open_from, least(@now, clock_timestamp()) FROM insight_progress FOR UPDATE
        """;

    // Each env by its own index; what was created earlier is in the list of late tasks.
    internal const string EndedSql = """
        WITH ended AS (
            SELECT t.* FROM envs AS e JOIN deployment_tasks AS t ON t.env_id = e.id
            WHERE t.created_at >= @from - interval '1 day' AND t.created_at < @to
                AND t.finished_at >= @from AND t.finished_at < @to
            UNION ALL
            SELECT t.* FROM insight_late_tasks AS late JOIN deployment_tasks AS t ON t.id = late.task_id
            WHERE t.created_at < @from - interval '1 day' AND t.finished_at >= @from AND t.finished_at < @to)
        SELECT deployment_id, env_id, op_kind, status, acting_deployment_id IS NOT NULL, execute_at, started_at,
            finished_at
        FROM ended ORDER BY finished_at, id
        """;

    private const string CountedSql =
        "SELECT scope_id, day, env_id, tasks FROM insight_days WHERE day >= @from AND day < @to";

    private const string RemoveSql = """
        DELETE FROM insight_days AS d USING unnest(@scopes, @days, @envs) AS changed(scope_id, day, env_id)
        WHERE d.scope_id = changed.scope_id AND d.day = changed.day AND d.env_id = changed.env_id
        """;

    private const string WriteSql = """
        COPY insight_days (scope_id, env_id, deployment_id, day, tasks, failed, open_outages, counts, runs, waits,
            restores) FROM STDIN (FORMAT BINARY)
        """;

    // Kept for one day longer than the counting needs them: the timeline of the last day reads them too.
    private const string SealSql = """
        DELETE FROM insight_late_tasks AS late WHERE NOT EXISTS (
            SELECT FROM deployment_tasks AS t WHERE t.id = late.task_id
                AND (t.finished_at IS NULL OR t.finished_at >= @to - interval '1 day'));
        INSERT INTO insight_late_tasks (task_id, deployment_id)
        SELECT t.id, t.deployment_id FROM envs AS e JOIN deployment_tasks AS t ON t.env_id = e.id
        WHERE t.created_at >= @from - interval '1 day' AND t.created_at < @to - interval '1 day'
            AND (t.finished_at IS NULL OR t.finished_at >= @to - interval '1 day')
        ON CONFLICT DO NOTHING;
        DELETE FROM insight_outages WHERE deployment_id <> ALL(@deployments);
        INSERT INTO insight_outages (deployment_id, env_id, failed_at)
        SELECT * FROM unnest(@deployments, @envs, @failed)
        ON CONFLICT (deployment_id) DO UPDATE SET env_id = excluded.env_id, failed_at = excluded.failed_at
            WHERE insight_outages.failed_at <> excluded.failed_at
        """;

    private const string EndSql = "UPDATE insight_progress SET open_from = @open_from, counted_at = @now";
}
