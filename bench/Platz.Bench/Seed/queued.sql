-- $tasks tasks, in turn of each of the queue's deployments, as TaskQueue.EnqueueAsync leaves them.
WITH place AS MATERIALIZED (
    SELECT *, row_number() OVER (ORDER BY id) - 1 AS n, count(*) OVER () AS deployments
    FROM deployments WHERE cluster_id = '0000000a-0000-7000-8000-000000000002'),
drawn AS MATERIALIZED (
    SELECT n, clock_timestamp() AS at FROM generate_series(0, $tasks - 1) AS n),
task AS (
    INSERT INTO deployment_tasks (id, deployment_id, env_id, cluster_id, run_cluster_id, operation, op_kind, status,
        attempt, fence, created_at, execute_at, acting_user_id, actor_name, kind_name, deployment_name, cluster_name,
        namespace)
    SELECT (lpad(to_hex((extract(epoch FROM d.at) * 1000)::bigint), 12, '0') || '70008' || lpad(to_hex(d.n), 15, '0'))::uuid,
        p.id, '0000000a-0000-7000-8000-000000000001', p.cluster_id, p.cluster_id,
        jsonb_build_object('RestartK8sResource', jsonb_build_object('resource_id', p.id, 'resource_name', 'web')),
        'RestartK8sResource', 'Pending', 0, 0, d.at, d.at, '0000000a-0000-7000-8000-000000000006', 'Queue', 'Queue',
        p.name, 'queue', p.namespace
    FROM drawn AS d JOIN place AS p ON p.n = d.n % p.deployments ORDER BY d.n
    RETURNING id, deployment_id, run_cluster_id, op_kind, created_at, execute_at),
line AS (
    SELECT *, row_number() OVER (PARTITION BY deployment_id ORDER BY created_at, id) = 1 AS is_first FROM task)
INSERT INTO task_queue (
    task_id, deployment_id, run_cluster_id, op_kind, created_at, execute_at, state, ready_at, fence)
SELECT id, deployment_id, run_cluster_id, op_kind, created_at, execute_at,
    CASE WHEN is_first THEN 'Ready' ELSE 'Blocked' END, CASE WHEN is_first THEN created_at END, 0
FROM line ORDER BY created_at, id;
