namespace Platz.Core.Tasks;

/// <summary>
/// The statements of the queue. Times come from <c>clock_timestamp()</c>: the database's clock alone decides what is
/// due and whose lease has ended, and the order of enqueues is the order of commits.
/// </summary>
public sealed partial class TaskQueue
{
    // One transaction that changes very many deployments locks the key 0 for itself alone; all others share it.
    private const string LockAllSql = "SELECT pg_advisory_xact_lock(0)";

    // Ascending keys: two transactions that lock several deployments never wait for each other.
    internal const string LockSql = """
        SELECT pg_advisory_xact_lock_shared(0);
        SELECT pg_advisory_xact_lock(key) FROM (
            SELECT DISTINCT hashtextextended(id::text, 0) AS key FROM unnest(@deployments) AS id ORDER BY key) AS keys
        """;

    // The oldest due task of each deployment that has none ready or started (order: contract 2.1). What is due is decided
    // once: one that comes due while the line is walked must not be left behind for the one after it. The array is behind a
    // SELECT, so that a plan does not depend on its length: otherwise PostgreSQL plans anew each time, which takes longer
    // than to do it.
    internal const string PromoteSql = $"{PromoteStart} unnest((SELECT @deployments)) {PromoteRest}";

    private const string PromoteStart = """
        UPDATE task_queue AS q SET state = 'Ready', ready_at = clock_timestamp() FROM
        """;

    private const string PromoteRest = """
        AS d(id)
        CROSS JOIN LATERAL (
            SELECT w.task_id FROM task_queue AS w
            WHERE w.deployment_id = d.id AND w.state IN ('Blocked', 'Scheduled')
                AND w.execute_at <= (SELECT clock_timestamp())
            ORDER BY w.execute_at, w.created_at, w.task_id LIMIT 1) AS head
        WHERE q.task_id = head.task_id AND NOT EXISTS (
            SELECT FROM task_queue AS a WHERE a.deployment_id = d.id AND a.state IN ('Ready', 'Started'))
        """;

    // Behind what has come due since the line was looked at, too: that goes first as soon as somebody looks again.
    private const string PlaceOfDue = """
        CASE WHEN EXISTS (SELECT FROM task_queue AS a
                WHERE a.deployment_id = task.deployment_id AND a.state IN ('Ready', 'Started'))
            OR EXISTS (SELECT FROM task_queue AS w
                WHERE w.deployment_id = task.deployment_id AND w.state IN ('Blocked', 'Scheduled')
                    AND w.execute_at <= task.created_at)
            THEN 'Blocked' ELSE 'Ready' END
        """;

    private const string EnqueueSql = $"""
        WITH clock AS MATERIALIZED (SELECT clock_timestamp() AS now),
        task AS (
            INSERT INTO deployment_tasks (
                id, deployment_id, env_id, cluster_id, run_cluster_id, operation, op_kind, status, attempt, fence,
                created_at, execute_at, acting_user_id, acting_bot_id, acting_deployment_id, actor_name,
                kind_name, deployment_name, cluster_name, namespace, chart_version, prev_chart_version,
                idempotency_key, idempotency_request, retry_of_task_id, rollback_of_task_id, group_id, message, reason)
            SELECT @id, @deployment, @env, @cluster, @cluster, @operation, @op_kind, 'Pending', 0, 0,
                clock.now, greatest(@execute_at::timestamptz, clock.now), @user, @bot, @acting, @actor_name,
                @kind_name, @deployment_name, @cluster_name, @namespace, @chart_version, @prev_chart_version,
                @idempotency_key, @idempotency_request, @retry_of, @rollback_of, @group, @message, @reason
            FROM clock
            RETURNING id, deployment_id, run_cluster_id, op_kind, created_at, execute_at),
        placed AS (
            SELECT task.*, CASE
                WHEN execute_at > created_at THEN 'Scheduled'
                ELSE {PlaceOfDue} END AS state
            FROM task)
        INSERT INTO task_queue (
            task_id, deployment_id, run_cluster_id, op_kind, created_at, execute_at, state, ready_at, fence)
        SELECT id, deployment_id, run_cluster_id, op_kind, created_at, execute_at, state,
            CASE WHEN state = 'Ready' THEN created_at END, 0
        FROM placed
        """;

    // A statement of its own: the next one must see what a claim that held this row has written.
    private const string LockTaskSql = "SELECT FROM task_queue WHERE task_id = @task FOR UPDATE";

    private const string CancelSql = """
        WITH live AS (SELECT task_id FROM task_queue WHERE task_id = @task),
        canceled AS (
            UPDATE deployment_tasks AS t SET status = 'Canceled', finished_at = clock_timestamp(), effect = 'None',
                canceled_by_user_id = @user, canceled_by_bot_id = @bot, canceled_by_deployment_id = @acting,
                canceled_by_name = @name, cancel_reason = @reason
            FROM live WHERE t.id = live.task_id AND t.status = 'Pending'
            RETURNING t.id),
        gone AS (DELETE FROM task_queue AS q USING canceled WHERE q.task_id = canceled.id),
        requested AS (
            UPDATE deployment_tasks AS t SET cancel_requested_at = clock_timestamp(),
                canceled_by_user_id = @user, canceled_by_bot_id = @bot, canceled_by_deployment_id = @acting,
                canceled_by_name = @name, cancel_reason = @reason
            FROM live WHERE t.id = live.task_id AND t.status = 'Started' AND t.cancel_requested_at IS NULL AND @also_started
            RETURNING t.id)
        SELECT CASE
            WHEN EXISTS (SELECT FROM canceled) THEN 'Canceled'
            WHEN EXISTS (SELECT FROM requested) THEN 'StopRequested'
            WHEN EXISTS (SELECT FROM live) AND NOT @also_started THEN 'HasStarted'
            WHEN EXISTS (SELECT FROM live) THEN 'AlreadyRequested'
            ELSE 'AlreadyFinished' END
        """;

    // A deployment whose last waiting task was taken away is what is installed now (contract 2.3).
    private const string AfterCancelSql = PromoteSql + """
        ;
        UPDATE deployments AS d
        SET status = CASE WHEN d.revision_id IS NULL THEN 'Uninstalled' ELSE 'Running' END
        WHERE d.id = ANY(@deployments) AND d.status IN ('Unknown', 'Deleting')
            AND NOT EXISTS (SELECT FROM task_queue AS q WHERE q.deployment_id = d.id)
        """;

    // A walk along the ready index of each cluster, as far as there are places (queue.md 2). The state of what was picked
    // is asked for once more in words that fit no index: the plan is a probe for each, however many are ready.
    internal const string ClaimSql = """
        WITH picked AS MATERIALIZED (
            SELECT ready.task_id FROM unnest(@clusters, @places) AS c(id, places)
            CROSS JOIN LATERAL (
                SELECT task_id FROM task_queue
                WHERE state = 'Ready' AND run_cluster_id = c.id AND op_kind = ANY(@kinds)
                ORDER BY ready_at, task_id LIMIT c.places FOR UPDATE SKIP LOCKED) AS ready
            LIMIT @total),
        claimed AS (
            UPDATE task_queue AS q SET state = 'Started', fence = q.fence + 1, lease_owner = @owner,
                lease_until = clock_timestamp() + @lease
            FROM picked WHERE q.task_id = picked.task_id AND q.state || '' = 'Ready'
            RETURNING q.task_id, q.fence, clock_timestamp() AS now)
        UPDATE deployment_tasks AS t SET status = 'Started', started_at = claimed.now, first_attempted_at = claimed.now,
            attempt = t.attempt + 1, fence = claimed.fence, lease_owner = @owner
        FROM claimed WHERE t.id = claimed.task_id AND t.status = 'Pending'
        RETURNING t.*
        """;

    // Same row, next fence, never back to Pending: that would let another task of the deployment in (faults.md 2).
    private const string RescueSql = """
        WITH expired AS MATERIALIZED (
            SELECT task_id, lease_owner FROM task_queue
            WHERE state = 'Started' AND lease_until <= clock_timestamp()
                AND run_cluster_id = ANY(@clusters) AND op_kind = ANY(@kinds)
            ORDER BY lease_until LIMIT @total FOR UPDATE SKIP LOCKED),
        taken AS (
            UPDATE task_queue AS q SET fence = q.fence + 1, lease_owner = @owner,
                lease_until = clock_timestamp() + @lease
            FROM expired WHERE q.task_id = expired.task_id AND q.state = 'Started'
            RETURNING q.task_id, q.fence, CASE WHEN expired.lease_owner IS NULL THEN 0 ELSE 1 END AS lost),
        interrupted AS (
            UPDATE deployment_task_phases AS p SET finished_at = clock_timestamp(), outcome = 'Interrupted'
            FROM taken WHERE p.task_id = taken.task_id AND p.finished_at IS NULL)
        UPDATE deployment_tasks AS t SET attempt = t.attempt + taken.lost, fence = taken.fence, lease_owner = @owner
        FROM taken WHERE t.id = taken.task_id AND t.status = 'Started'
        RETURNING t.*
        """;

    // Locked in the order in which ends lock theirs: two statements of many rows each never wait for each other.
    private const string HeartbeatSql = """
        WITH alive AS MATERIALIZED (
            SELECT q.task_id FROM task_queue AS q JOIN unnest(@tasks, @fences) AS held(task_id, fence) USING (task_id)
            WHERE q.fence = held.fence AND q.state = 'Started' AND q.lease_owner IS NOT NULL
            ORDER BY q.task_id FOR NO KEY UPDATE OF q)
        UPDATE task_queue AS q SET lease_until = clock_timestamp() + @lease
        FROM alive WHERE q.task_id = alive.task_id
        RETURNING q.task_id
        """;

    private const string ReleaseSql = """
        WITH released AS (
            UPDATE task_queue AS q SET lease_owner = NULL, lease_until = clock_timestamp(), run_cluster_id =
                coalesce(@cluster, q.run_cluster_id)
            WHERE q.task_id = @task AND q.fence = @fence AND q.state = 'Started'
            RETURNING q.task_id, q.run_cluster_id)
        UPDATE deployment_tasks AS t SET run_cluster_id = released.run_cluster_id
        FROM released WHERE t.id = released.task_id
        """;
}
