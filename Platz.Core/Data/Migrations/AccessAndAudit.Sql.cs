namespace Platz.Core.Data.Migrations;

/// <summary>What EF Core has no words for: the guard of the audit trail, notifications that say what was done.</summary>
public partial class AccessAndAudit
{
    // The chain finds what somebody does who switches this off; see AuditChain.
    private const string Guard = """
        CREATE FUNCTION audit_guard() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_TABLE_NAME = 'audit_heads' AND TG_OP = 'UPDATE' THEN
                IF (NEW.chain_day, NEW.seq, NEW.hash) IS NOT DISTINCT FROM (OLD.chain_day, OLD.seq, OLD.hash) THEN
                    RETURN NEW;
                END IF;
            END IF;

            RAISE EXCEPTION 'what is in % stays as it is', TG_TABLE_NAME USING ERRCODE = 'check_violation';
        END $$;

        CREATE TRIGGER audit_events_guard BEFORE UPDATE OR DELETE ON audit_events
            FOR EACH ROW EXECUTE FUNCTION audit_guard();
        CREATE TRIGGER audit_events_guard_all BEFORE TRUNCATE ON audit_events
            FOR EACH STATEMENT EXECUTE FUNCTION audit_guard();
        CREATE TRIGGER audit_heads_guard BEFORE UPDATE OR DELETE ON audit_heads
            FOR EACH ROW EXECUTE FUNCTION audit_guard();
        CREATE TRIGGER audit_heads_guard_all BEFORE TRUNCATE ON audit_heads
            FOR EACH STATEMENT EXECUTE FUNCTION audit_guard();
        """;

    // Of the tokens there are, the hash alone is known; so the list can show no more than what they all begin with.
    private const string Rows = """
        UPDATE api_tokens SET created_by_user_id = user_id, shown = 'pltz_u_…';
        ALTER TABLE api_tokens ALTER COLUMN shown DROP DEFAULT;

        CREATE UNIQUE INDEX ix_helm_tag_formats_pattern ON helm_tag_formats (md5(pattern));
        INSERT INTO helm_tag_formats (id, pattern) VALUES
            (gen_random_uuid(), '^v?(?<version>[0-9]+\.[0-9]+\.[0-9]+)$'),
            (gen_random_uuid(),
                '^v?(?<version>[0-9]+\.[0-9]+\.[0-9]+)-(?<branch>.+)-(?<revision>[0-9]+)-(?<commit>[0-9a-f]{7,40})$');
        """;

    // Upstream deletes for good what is only marked here, so for its clients that is a deletion: what they would read
    // next does not exist. A cluster that goes to another env is news in both.
    private const string Notify = """
        CREATE FUNCTION platz_notify(tbl text, op text, env uuid, ids json) RETURNS void LANGUAGE sql AS $$
            SELECT pg_notify('platz', json_build_object('t', tbl, 'o', op, 'e', env, 'ids', ids)::text)
        $$;

        CREATE OR REPLACE FUNCTION notify_deployment_tasks() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM platz_notify('deployment_tasks', TG_OP, env_id, CASE WHEN count(*) <= 40
                THEN json_agg(json_build_array(deployment_id, id)) END)
            FROM changed GROUP BY env_id;
            RETURN NULL;
        END $$;

        CREATE OR REPLACE FUNCTION notify_deployments() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM platz_notify('deployments', op, env_id, CASE WHEN count(*) <= 60
                THEN json_agg(json_build_array(NULL, id)) END)
            FROM (
                SELECT changed.id, c.env_id, CASE WHEN changed.deleted_at IS NULL THEN TG_OP ELSE 'DELETE' END AS op
                FROM changed JOIN k8s_clusters AS c ON c.id = changed.cluster_id) AS rows
            GROUP BY env_id, op;
            RETURN NULL;
        END $$;

        CREATE OR REPLACE FUNCTION notify_rows() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM platz_notify(TG_TABLE_NAME, TG_OP, NULL, CASE WHEN count(*) <= 60
                THEN json_agg(json_build_array(NULL, id)) END)
            FROM changed HAVING count(*) > 0;
            RETURN NULL;
        END $$;

        CREATE OR REPLACE FUNCTION notify_env_rows() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM platz_notify(TG_TABLE_NAME, TG_OP, env_id, CASE WHEN count(*) <= 60
                THEN json_agg(json_build_array(NULL, id)) END)
            FROM changed GROUP BY env_id;
            RETURN NULL;
        END $$;

        CREATE OR REPLACE FUNCTION notify_k8s_resources() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM platz_notify('k8s_resources', TG_OP, env_id, CASE
                WHEN count(*) <= 60 THEN json_agg(jsonb_build_array(changed.deployment_id, changed.id))
                WHEN count(DISTINCT changed.deployment_id) <= 60
                    THEN json_agg(DISTINCT jsonb_build_array(changed.deployment_id, changed.deployment_id)) END)
            FROM changed JOIN k8s_clusters AS c ON c.id = changed.cluster_id GROUP BY env_id;
            RETURN NULL;
        END $$;

        DROP FUNCTION platz_notify(text, uuid, json);

        CREATE FUNCTION notify_envs() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM platz_notify('envs', TG_OP, id, json_build_array(json_build_array(NULL, id))) FROM changed;
            RETURN NULL;
        END $$;

        CREATE FUNCTION notify_bots() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM platz_notify('bots', op, NULL, CASE WHEN count(*) <= 60
                THEN json_agg(json_build_array(NULL, id)) END)
            FROM (
                SELECT id, CASE WHEN deleted_at IS NULL THEN TG_OP ELSE 'DELETE' END AS op FROM changed) AS rows
            GROUP BY op;
            RETURN NULL;
        END $$;

        CREATE FUNCTION notify_k8s_clusters() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM platz_notify('k8s_clusters', op, env_id, CASE WHEN count(*) <= 60
                THEN json_agg(json_build_array(NULL, id)) END)
            FROM (
                SELECT id, env_id, CASE WHEN deleted_at IS NULL THEN TG_OP ELSE 'DELETE' END AS op FROM changed) AS rows
            GROUP BY env_id, op;
            RETURN NULL;
        END $$;

        CREATE FUNCTION notify_k8s_clusters_moved() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM platz_notify('k8s_clusters', 'UPDATE', before.env_id, CASE WHEN count(*) <= 60
                THEN json_agg(json_build_array(NULL, before.id)) END)
            FROM before JOIN changed ON changed.id = before.id
            WHERE before.env_id IS NOT NULL AND changed.env_id IS DISTINCT FROM before.env_id
            GROUP BY before.env_id;
            RETURN NULL;
        END $$;

        CREATE FUNCTION notify_deployment_resources() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM platz_notify('deployment_resources', TG_OP, t.env_id, CASE WHEN count(*) <= 60
                THEN json_agg(json_build_array(NULL, changed.id)) END)
            FROM changed JOIN deployment_resource_types AS t ON t.id = changed.type_id GROUP BY t.env_id;
            RETURN NULL;
        END $$;

        CREATE FUNCTION notify_audit_events() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM platz_notify('audit_events', TG_OP, env_id, NULL) FROM changed GROUP BY env_id;
            RETURN NULL;
        END $$;

        CREATE TRIGGER audit_events_inserted AFTER INSERT ON audit_events
            REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION notify_audit_events();
        CREATE TRIGGER k8s_clusters_moved AFTER UPDATE ON k8s_clusters
            REFERENCING OLD TABLE AS before NEW TABLE AS changed
            FOR EACH STATEMENT EXECUTE FUNCTION notify_k8s_clusters_moved();

        DO $$
        DECLARE
            told record;
            verb text;
        BEGIN
            FOR told IN SELECT * FROM (VALUES
                ('envs', 'notify_envs'), ('k8s_clusters', 'notify_k8s_clusters'), ('deployment_kinds', 'notify_rows'),
                ('helm_registries', 'notify_rows'), ('helm_charts', 'notify_rows'), ('helm_tag_formats', 'notify_rows'),
                ('deployment_resources', 'notify_deployment_resources'), ('users', 'notify_rows'), ('bots', 'notify_bots'),
                ('env_user_permissions', 'notify_env_rows'), ('deployment_permissions', 'notify_env_rows'))
                AS v(tbl, teller) LOOP
                FOREACH verb IN ARRAY ARRAY['inserted', 'updated', 'insert', 'update', 'delete'] LOOP
                    EXECUTE format('DROP TRIGGER IF EXISTS %1$s_%2$s ON %1$s', told.tbl, verb);
                END LOOP;
                FOREACH verb IN ARRAY ARRAY['INSERT', 'UPDATE', 'DELETE'] LOOP
                    EXECUTE format('CREATE TRIGGER %1$s_%2$s AFTER %3$s ON %1$s REFERENCING %4$s TABLE AS changed
                        FOR EACH STATEMENT EXECUTE FUNCTION %5$s()', told.tbl, lower(verb), verb,
                        CASE verb WHEN 'DELETE' THEN 'OLD' ELSE 'NEW' END, told.teller);
                END LOOP;
            END LOOP;
        END $$;
        """;
}
