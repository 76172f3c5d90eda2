-- A place for tasks that do nothing: $deployments deployments on a cluster of their own. For a migrated database.
INSERT INTO envs (id, name, auto_add_new_users) VALUES ('0000000a-0000-7000-8000-000000000001', 'queue', false)
ON CONFLICT DO NOTHING;

INSERT INTO k8s_clusters (id, env_id, provider_id, last_seen_at, name, region_name, is_ok, ignore, is_sandbox)
VALUES ('0000000a-0000-7000-8000-000000000002', '0000000a-0000-7000-8000-000000000001', 'queue', now(), 'queue', 'eu',
    true, false, false)
ON CONFLICT DO NOTHING;

INSERT INTO deployment_kinds (id, name) VALUES ('0000000a-0000-7000-8000-000000000003', 'Queue')
ON CONFLICT DO NOTHING;

INSERT INTO helm_registries (id, domain_name, repo_name, kind_id, available, fa_icon, provider, source_name, plain_http)
VALUES ('0000000a-0000-7000-8000-000000000004', 'registry.test', 'queue', '0000000a-0000-7000-8000-000000000003', true,
    'question', 'Oci', 'seed', false)
ON CONFLICT DO NOTHING;

INSERT INTO helm_charts (id, created_at, helm_registry_id, image_digest, image_tag, available, chart_name)
VALUES ('0000000a-0000-7000-8000-000000000005', now(), '0000000a-0000-7000-8000-000000000004', 'sha256:queue', '1.0.0',
    true, 'queue')
ON CONFLICT DO NOTHING;

INSERT INTO users (id, display_name, email, is_admin, is_active)
VALUES ('0000000a-0000-7000-8000-000000000006', 'Queue', 'queue@example.org', false, true)
ON CONFLICT DO NOTHING;

INSERT INTO deployments (id, name, kind_id, cluster_id, namespace, enabled, status, helm_chart_id, version)
SELECT ('0000000b-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'queue-' || n,
    '0000000a-0000-7000-8000-000000000003', '0000000a-0000-7000-8000-000000000002', 'queue-' || n, true, 'Running',
    '0000000a-0000-7000-8000-000000000005', 0
FROM generate_series(1, $deployments) AS n
ON CONFLICT DO NOTHING;
