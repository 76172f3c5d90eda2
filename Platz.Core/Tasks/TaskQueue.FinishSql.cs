namespace Platz.Core.Tasks;

public sealed partial class TaskQueue
{
    // Zero rows in "task": the lease was lost, or somebody wants the task canceled. The answer says which. A successor
    // still enters the phase in which its predecessor may have acted: a cancel never touches a Helm pod (contract 2.1),
    // and only who looks can say how much had happened.
    private const string EnterPhaseSql = """
        WITH task AS (
            UPDATE deployment_tasks SET phase = @phase
            WHERE id = @task AND fence = @fence AND status = 'Started' AND (cancel_requested_at IS NULL
                OR (phase = @phase AND @phase IN ('helm-upgrade', 'helm-uninstall', 'restart', 'call')))
            RETURNING id, deployment_id, attempt),
        closed AS (
            UPDATE deployment_task_phases AS p SET finished_at = clock_timestamp(), outcome = 'Done'
            FROM task WHERE p.task_id = task.id AND p.finished_at IS NULL),
        opened AS (
            INSERT INTO deployment_task_phases (task_id, seq, phase, attempt, started_at)
            SELECT task.id, (SELECT coalesce(max(p.seq) + 1, 0) FROM deployment_task_phases AS p
                WHERE p.task_id = task.id), @phase, task.attempt, clock_timestamp()
            FROM task),
        shown AS (
            UPDATE deployments AS d SET status = @status, reason = NULL
            FROM task WHERE d.id = task.deployment_id AND @status IS NOT NULL
                AND d.status <> 'Deleting' AND (d.status <> @status OR d.reason IS NOT NULL))
        SELECT CASE
            WHEN EXISTS (SELECT FROM task) THEN 'Entered'
            WHEN EXISTS (SELECT FROM deployment_tasks
                WHERE id = @task AND fence = @fence AND status = 'Started') THEN 'CancelRequested'
            ELSE 'LeaseLost' END
        """;

    // One statement for any number of tasks: task, phases, queue row and deployment change together or not at all.
    internal const string FinishSql = $"{FinishStart} {FinishRest}";

    private const string FinishStart = """
        WITH result AS (
            SELECT * FROM unnest(@tasks, @fences, @statuses, @reasons, @effects, @deployment_statuses, @revisions,
                @deletes) AS r(task_id, fence, status, reason, effect, deployment_status, revision, deleted)),
        live AS MATERIALIZED (
            SELECT q.task_id FROM task_queue AS q JOIN result USING (task_id)
            WHERE q.fence = result.fence AND q.state = 'Started'
        """;

    private const string FinishRest = """
        ORDER BY q.task_id FOR UPDATE OF q),
        task AS (
            UPDATE deployment_tasks AS t SET finished_at = clock_timestamp(),
                status = CASE WHEN result.status = 'Done' AND t.cancel_requested_at IS NOT NULL
                    THEN 'Canceled' ELSE result.status END,
                effect = CASE WHEN result.status = 'Done' AND t.cancel_requested_at IS NOT NULL
                    THEN 'Complete' ELSE result.effect END,
                reason = coalesce(result.reason, t.reason)
            FROM live JOIN result USING (task_id)
            WHERE t.id = live.task_id AND t.status = 'Started' AND t.fence = result.fence
            RETURNING t.id, t.deployment_id, t.fence),
        phases AS (
            UPDATE deployment_task_phases AS p SET finished_at = clock_timestamp(),
                outcome = CASE WHEN result.status = 'Failed' THEN 'Failed' ELSE 'Done' END
            FROM task JOIN result ON result.task_id = task.id AND result.fence = task.fence
            WHERE p.task_id = task.id AND p.finished_at IS NULL),
        gone AS (DELETE FROM task_queue AS q USING task WHERE q.task_id = task.id),
        shown AS (
            UPDATE deployments AS d SET
                status = CASE WHEN d.status = 'Deleting' AND EXISTS (SELECT FROM task_queue AS behind
                        WHERE behind.deployment_id = d.id AND behind.task_id <> task.id) THEN d.status
                    ELSE coalesce(result.deployment_status, d.status) END,
                reason = CASE WHEN result.deployment_status IS NULL THEN d.reason
                    WHEN result.deployment_status = 'Error' THEN result.reason END,
                revision_id = CASE result.revision WHEN 'Record' THEN task.id WHEN 'Clear' THEN NULL
                    ELSE d.revision_id END,
                deleted_at = CASE WHEN result.deleted THEN clock_timestamp() ELSE d.deleted_at END
            FROM task JOIN result ON result.task_id = task.id AND result.fence = task.fence
            WHERE d.id = task.deployment_id AND (result.deployment_status IS NOT NULL OR result.revision <> 'Keep'
                OR result.deleted))
        SELECT id, fence FROM task
        """;

    // Said again after a commit whose answer was lost: it is ours, for a fence is one runner's.
    private const string HasEndedSql = """
        SELECT EXISTS (SELECT FROM deployment_tasks
            WHERE id = @task AND fence = @fence AND status IN ('Done', 'Failed', 'Canceled'))
        """;

    private const string DueSql = """
        SELECT DISTINCT deployment_id FROM (
            SELECT deployment_id FROM task_queue WHERE state = 'Scheduled' AND execute_at <= clock_timestamp()
            ORDER BY execute_at LIMIT 500) AS due
        """;

    // Due: out of the index of scheduled tasks, into its deployment's line. Before the first of the line is made ready, or
    // one that comes due in between would be in a line that nobody looks at any more.
    private const string BlockDueSql = """
        UPDATE task_queue SET state = 'Blocked'
        WHERE deployment_id = ANY(@deployments) AND state = 'Scheduled' AND execute_at <= clock_timestamp()
        """;

    private const string NextDueSql = """
        SELECT greatest(execute_at - clock_timestamp(), interval '0') FROM task_queue
        WHERE state = 'Scheduled' ORDER BY execute_at LIMIT 1
        """;
}
