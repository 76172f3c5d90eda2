namespace Platz.Core.Data.Migrations;

/// <summary>What EF Core has no words for: the guard of the state machine, the notifications, storage settings.</summary>
public partial class Initial
{
    // The same table as DeploymentTaskTransitions; it holds whatever client, tool or bug writes.
    private const string Guard = """
        CREATE FUNCTION deployment_tasks_guard() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'INSERT' THEN
                IF NEW.status <> 'Pending' THEN
                    RAISE EXCEPTION 'a task begins as Pending, not as %', NEW.status USING ERRCODE = 'check_violation';
                END IF;
                RETURN NEW;
            END IF;

            IF TG_OP = 'DELETE' THEN
                IF OLD.status NOT IN ('Done', 'Failed', 'Canceled') THEN
                    RAISE EXCEPTION 'task % is % and cannot be deleted', OLD.id, OLD.status
                        USING ERRCODE = 'check_violation';
                END IF;
                RETURN OLD;
            END IF;

            IF OLD.status IN ('Done', 'Failed', 'Canceled') THEN
                RAISE EXCEPTION 'task % is % and never changes again', OLD.id, OLD.status
                    USING ERRCODE = 'check_violation';
            END IF;

            IF (NEW.id, NEW.deployment_id, NEW.env_id, NEW.cluster_id, NEW.op_kind, NEW.created_at, NEW.execute_at,
                NEW.acting_user_id, NEW.acting_bot_id, NEW.acting_deployment_id, NEW.actor_name, NEW.idempotency_key)
                IS DISTINCT FROM
               (OLD.id, OLD.deployment_id, OLD.env_id, OLD.cluster_id, OLD.op_kind, OLD.created_at, OLD.execute_at,
                OLD.acting_user_id, OLD.acting_bot_id, OLD.acting_deployment_id, OLD.actor_name, OLD.idempotency_key)
                OR (OLD.op_kind <> 'Reinstall' AND NEW.operation IS DISTINCT FROM OLD.operation)
                OR (OLD.started_at IS NOT NULL AND NEW.started_at IS DISTINCT FROM OLD.started_at)
                OR (OLD.cancel_requested_at IS NOT NULL
                    AND NEW.cancel_requested_at IS DISTINCT FROM OLD.cancel_requested_at)
                OR NEW.fence < OLD.fence OR NEW.attempt < OLD.attempt THEN
                RAISE EXCEPTION 'what task % is about never changes', OLD.id USING ERRCODE = 'check_violation';
            END IF;

            IF NEW.status <> OLD.status AND (OLD.status, NEW.status) NOT IN (
                ('Pending', 'Started'), ('Pending', 'Canceled'),
                ('Started', 'Done'), ('Started', 'Failed'), ('Started', 'Canceled')) THEN
                RAISE EXCEPTION 'task % is % and cannot become %', OLD.id, OLD.status, NEW.status
                    USING ERRCODE = 'check_violation';
            END IF;

            IF NEW.status = 'Started' AND OLD.status = 'Pending' AND NOT EXISTS (
                SELECT FROM task_queue WHERE task_id = NEW.id AND state = 'Started' AND fence = NEW.fence) THEN
                RAISE EXCEPTION 'task % was started without being claimed', OLD.id USING ERRCODE = 'check_violation';
            END IF;

            RETURN NEW;
        END $$;

        CREATE TRIGGER deployment_tasks_guard BEFORE INSERT OR UPDATE OR DELETE ON deployment_tasks
            FOR EACH ROW EXECUTE FUNCTION deployment_tasks_guard();
        """;

    // One notification per env and statement, ids only: 8,000 bytes would abort the writer (queue.md 4).
    private const string Notify = """
        CREATE FUNCTION platz_notify(tbl text, env uuid, ids json) RETURNS void LANGUAGE sql AS $$
            SELECT pg_notify('platz', json_build_object('t', tbl, 'e', env, 'ids', ids)::text)
        $$;

        CREATE FUNCTION notify_deployment_tasks() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM platz_notify('deployment_tasks', env_id, CASE WHEN count(*) <= 40
                THEN json_agg(json_build_array(deployment_id, id)) END)
            FROM changed GROUP BY env_id;
            RETURN NULL;
        END $$;

        CREATE TRIGGER deployment_tasks_inserted AFTER INSERT ON deployment_tasks
            REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION notify_deployment_tasks();
        CREATE TRIGGER deployment_tasks_updated AFTER UPDATE ON deployment_tasks
            REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION notify_deployment_tasks();
        CREATE TRIGGER deployment_tasks_deleted AFTER DELETE ON deployment_tasks
            REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION notify_deployment_tasks();

        CREATE FUNCTION notify_deployments() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM platz_notify('deployments', env_id, CASE WHEN count(*) <= 60
                THEN json_agg(json_build_array(NULL, changed.id)) END)
            FROM changed JOIN k8s_clusters AS c ON c.id = changed.cluster_id GROUP BY env_id;
            RETURN NULL;
        END $$;

        CREATE TRIGGER deployments_inserted AFTER INSERT ON deployments
            REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION notify_deployments();
        CREATE TRIGGER deployments_updated AFTER UPDATE ON deployments
            REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION notify_deployments();

        CREATE FUNCTION notify_rows() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM platz_notify(TG_TABLE_NAME, NULL, CASE WHEN count(*) <= 60
                THEN json_agg(json_build_array(NULL, id)) END)
            FROM changed HAVING count(*) > 0;
            RETURN NULL;
        END $$;

        DO $$
        DECLARE tbl text;
        BEGIN
            FOREACH tbl IN ARRAY ARRAY['envs', 'k8s_clusters', 'deployment_kinds', 'helm_registries', 'helm_charts'] LOOP
                EXECUTE format('CREATE TRIGGER %1$s_inserted AFTER INSERT ON %1$s REFERENCING NEW TABLE AS changed
                    FOR EACH STATEMENT EXECUTE FUNCTION notify_rows()', tbl);
                EXECUTE format('CREATE TRIGGER %1$s_updated AFTER UPDATE ON %1$s REFERENCING NEW TABLE AS changed
                    FOR EACH STATEMENT EXECUTE FUNCTION notify_rows()', tbl);
            END LOOP;
        END $$;
        """;

    // Hot tables are vacuumed by dead rows, not by a share of ten million (queue.md 1); room for heap-only updates.
    private const string Storage = """
        ALTER TABLE deployment_tasks SET (fillfactor = 90, autovacuum_vacuum_scale_factor = 0,
            autovacuum_vacuum_threshold = 20000, autovacuum_analyze_scale_factor = 0.02);
        ALTER TABLE task_queue SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0,
            autovacuum_vacuum_threshold = 2000, autovacuum_analyze_scale_factor = 0.2);
        ALTER TABLE deployment_task_phases SET (fillfactor = 90);
        ALTER TABLE deployment_task_logs SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 50000);
        CREATE UNIQUE INDEX ix_envs_lower_name ON envs (lower(name));
        CREATE UNIQUE INDEX ix_users_lower_email ON users (lower(email));
        """;
}
