-- A history of $rows tasks over 400 days, of which one deployment has $big; as uneven as real ones are. For a fresh,
-- migrated database and a superuser: triggers and foreign keys are off meanwhile.
SET session_replication_role = replica;
SET synchronous_commit = off;
SELECT setseed(0.42);

CREATE FUNCTION pg_temp.id(what int, n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS $f$
    SELECT ('0000000' || what || '-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid
$f$;

INSERT INTO envs (id, name, auto_add_new_users) SELECT pg_temp.id(1, n), 'env-' || n, false FROM generate_series(1, 6) n;

INSERT INTO k8s_clusters (id, env_id, provider_id, last_seen_at, name, region_name, is_ok, ignore, is_sandbox)
SELECT pg_temp.id(2, n), pg_temp.id(1, 1 + (n - 1) % 6), 'seed:' || n, now(), 'cluster-' || n, 'eu', true, false, false
FROM generate_series(1, 15) n;

INSERT INTO deployment_kinds (id, name) SELECT pg_temp.id(3, n), 'Kind' || n FROM generate_series(1, 12) n;

INSERT INTO helm_registries (id, domain_name, repo_name, kind_id, available, fa_icon, provider, source_name, plain_http)
SELECT pg_temp.id(4, n), 'registry.test', 'seed-' || n, pg_temp.id(3, n), true, 'question', 'Oci', 'seed', false
FROM generate_series(1, 12) n;

INSERT INTO helm_charts (id, created_at, helm_registry_id, image_digest, image_tag, available, chart_name)
SELECT pg_temp.id(5, n), now(), pg_temp.id(4, n), 'sha256:' || n, '1.0.' || n, true, 'chart-' || n
FROM generate_series(1, 12) n;

INSERT INTO users (id, display_name, email, is_admin, is_active)
SELECT pg_temp.id(6, n), 'User ' || n, 'user-' || n || '@example.org', n = 1, true FROM generate_series(1, 40) n;

INSERT INTO bots (id, display_name) SELECT pg_temp.id(7, n), 'bot-' || n FROM generate_series(1, 3) n;

INSERT INTO deployments (id, name, kind_id, cluster_id, namespace, enabled, status, helm_chart_id, version)
SELECT pg_temp.id(8, n), 'app-' || n, pg_temp.id(3, kind), pg_temp.id(2, cluster), 'app-' || n, true, 'Running',
    pg_temp.id(5, kind), 0
FROM (SELECT n, 1 + floor(12 * power(random(), 2))::int AS kind, 1 + floor(15 * power(random(), 1.7))::int AS cluster
    FROM generate_series(1, 600) n OFFSET 0) AS d;

CREATE TEMP TABLE placed AS
SELECT row_number() OVER (ORDER BY d.id) AS n, d.id, d.name, d.namespace, d.cluster_id, c.env_id,
    c.name AS cluster_name, k.name AS kind_name
FROM deployments AS d JOIN k8s_clusters AS c ON c.id = d.cluster_id JOIN deployment_kinds AS k ON k.id = d.kind_id
WHERE d.namespace LIKE 'app-%' AND c.provider_id LIKE 'seed:%';
ANALYZE placed;

INSERT INTO deployment_tasks (id, deployment_id, env_id, cluster_id, run_cluster_id, operation, op_kind, status, reason,
    effect, phase, attempt, fence, lease_owner, created_at, execute_at, started_at, first_attempted_at, finished_at,
    acting_user_id, acting_bot_id, acting_deployment_id, actor_name, kind_name, deployment_name, cluster_name,
    namespace, chart_version, prev_chart_version)
SELECT (lpad(to_hex((extract(epoch FROM t.at) * 1000)::bigint), 12, '0') || '7' || substr(md5(t.n::text), 1, 19))::uuid,
    p.id, p.env_id, p.cluster_id, p.cluster_id,
    jsonb_build_object(t.op, CASE
        WHEN t.op = 'Uninstall' THEN '{}'::jsonb
        WHEN t.op = 'Reinstall' THEN '{"reason": "A secret changed", "causes": []}'::jsonb
        WHEN t.op = 'RestartK8sResource' THEN jsonb_build_object('resource_id', p.id, 'resource_name', 'web')
        WHEN t.op = 'InvokeAction' THEN jsonb_build_object(
            'helm_chart_id', pg_temp.id(5, 1), 'action_id', 'flush', 'body', '{}'::jsonb)
        WHEN t.op = 'Recreate' THEN jsonb_build_object('old_cluster_id', p.cluster_id, 'old_namespace', p.namespace,
            'new_cluster_id', p.cluster_id, 'new_namespace', p.namespace, 'helm_chart_id', pg_temp.id(5, 1),
            'config_inputs', '{}'::jsonb, 'values_override', NULL)
        ELSE jsonb_build_object('helm_chart_id', pg_temp.id(5, 1), 'prev_helm_chart_id', pg_temp.id(5, 2),
            'config_inputs', jsonb_build_object('replicas', t.n % 9, 'image', md5(t.n::text),
                'host', p.name || '.example.org', 'note', repeat('as it was agreed with the team; ', 8)),
            'config_delta', '{"replicas": [1, 2]}'::jsonb) END),
    t.op, t.status,
    CASE
        WHEN t.status = 'Failed' THEN (ARRAY[
            'Error: UPGRADE FAILED: timed out waiting for the condition',
            'Error: UPGRADE FAILED: another operation (install/upgrade/rollback) is in progress',
            'Error: INSTALLATION FAILED: cannot re-use a name that is still in use',
            'Error: UPGRADE FAILED: cannot patch "web" with kind Deployment: field is immutable',
            'Error: UPGRADE FAILED: pods "web" is forbidden: exceeded quota: compute',
            'Error: UPGRADE FAILED: failed to create resource: admission webhook "policy" denied the request',
            'Error: UPGRADE FAILED: no matches for kind "ServiceMonitor" in version "monitoring.coreos.com/v1"',
            'Error: chart requires kubeVersion: >=1.30'])[1 + floor(8 * t.why * t.why)::int]
            || ' (release ' || p.name || ', build ' || t.n || ')' || E'\n\n'
            || repeat('wait.go:48] beginning wait for 7 resources with timeout of 5m0s' || E'\n', 12)
        WHEN t.op = 'Reinstall' THEN 'A secret changed: db/password' END,
    CASE t.status WHEN 'Done' THEN 'Complete' WHEN 'Failed' THEN 'Partial' ELSE 'None' END,
    'helm-upgrade', 1, 1, 'runner-1', t.at, t.at, t.at + interval '1 s', t.at + interval '1 s', t.at + interval '30 s',
    CASE WHEN t.who < 0.35 THEN pg_temp.id(6, 1 + floor(40 * power(t.who / 0.35, 4))::int) END,
    CASE WHEN t.who >= 0.35 AND t.who < 0.9
        THEN pg_temp.id(7, CASE WHEN t.who < 0.3502 THEN 3 WHEN t.who < 0.36 THEN 2 ELSE 1 END) END,
    CASE WHEN t.who >= 0.9 THEN pg_temp.id(8, 1 + floor(600 * power((t.who - 0.9) * 10, 3))::int) END,
    'Somebody', p.kind_name, p.name, p.cluster_name, p.namespace, '1.0.1', '1.0.0'
FROM (
    SELECT n, now() - interval '400 days' * (($rows - n + 1)::float8 / $rows) AS at, random() AS who, random() AS why,
        CASE WHEN outcome < 0.88 THEN 'Done' WHEN outcome < 0.97 THEN 'Failed' ELSE 'Canceled' END AS status,
        CASE WHEN what < 0.7 THEN 'Upgrade' WHEN what < 0.82 THEN 'Reinstall' WHEN what < 0.9 THEN 'InvokeAction'
            WHEN what < 0.955 THEN 'RestartK8sResource' WHEN what < 0.98 THEN 'Install'
            WHEN what < 0.998 THEN 'Uninstall' ELSE 'Recreate' END AS op,
        CASE WHEN n % ($rows / $big) = 0 THEN 1 ELSE 2 + floor(599 * power(random(), 3))::int END AS of_deployment
    FROM (SELECT n, random() AS outcome, random() AS what FROM generate_series(1, $rows) n OFFSET 0) AS drawn
    OFFSET 0) AS t
JOIN placed AS p ON p.n = t.of_deployment;

-- What is going on now: 20 tasks run, 30 are behind them, 10 are ready, 10 are for later.
WITH live AS (
    INSERT INTO deployment_tasks (id, deployment_id, env_id, cluster_id, run_cluster_id, operation, op_kind, status,
        attempt, fence, created_at, execute_at, started_at, first_attempted_at, acting_user_id, actor_name, kind_name,
        deployment_name, cluster_name, namespace)
    SELECT pg_temp.id(9, i), p.id, p.env_id, p.cluster_id, p.cluster_id, '{"Uninstall": {}}', 'Uninstall',
        CASE WHEN i <= 20 THEN 'Started' ELSE 'Pending' END, CASE WHEN i <= 20 THEN 1 ELSE 0 END,
        CASE WHEN i <= 20 THEN 1 ELSE 0 END, now() + i * interval '1 ms',
        now() + i * interval '1 ms' + CASE WHEN i > 60 THEN interval '1 day' ELSE interval '0' END,
        CASE WHEN i <= 20 THEN now() END, CASE WHEN i <= 20 THEN now() END, pg_temp.id(6, 1 + i % 3), 'Somebody',
        p.kind_name, p.name, p.cluster_name, p.namespace
    FROM generate_series(1, 70) AS i JOIN placed AS p ON p.n = CASE WHEN i <= 50 THEN 1 + i % 20 ELSE i END
    RETURNING *)
INSERT INTO task_queue (task_id, deployment_id, run_cluster_id, op_kind, created_at, execute_at, state, ready_at, fence,
    lease_owner, lease_until)
SELECT id, deployment_id, run_cluster_id, op_kind, created_at, execute_at,
    CASE WHEN n <= 20 THEN 'Started' WHEN n <= 50 THEN 'Blocked' WHEN n <= 60 THEN 'Ready' ELSE 'Scheduled' END,
    CASE WHEN n <= 20 OR n BETWEEN 51 AND 60 THEN created_at END, fence,
    CASE WHEN n <= 20 THEN 'runner-1' END, CASE WHEN n <= 20 THEN now() + interval '1 day' END
FROM (SELECT *, row_number() OVER (ORDER BY created_at) AS n FROM live) AS numbered;

RESET session_replication_role;
RESET synchronous_commit;
