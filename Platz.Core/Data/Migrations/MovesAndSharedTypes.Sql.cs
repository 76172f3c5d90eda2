namespace Platz.Core.Data.Migrations;

/// <summary>Notifications of rows in the envs of those who see them, and who saw them before.</summary>
public partial class MovesAndSharedTypes
{
    // A deployment that goes to another env is news in both. Rows are written at each phase of a task and move almost
    // never, so the trigger is one for the rows that do. A resource is where its deployment is, whatever the env of
    // its type: a type that all envs share has none.
    private const string Notify = """
        CREATE FUNCTION notify_deployments_moved() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM platz_notify('deployments', 'UPDATE', gone.env_id, json_build_array(json_build_array(NULL, NEW.id)))
            FROM k8s_clusters AS gone, k8s_clusters AS come
            WHERE gone.id = OLD.cluster_id AND come.id = NEW.cluster_id
                AND gone.env_id IS NOT NULL AND come.env_id IS DISTINCT FROM gone.env_id;
            RETURN NULL;
        END $$;

        CREATE TRIGGER deployments_moved AFTER UPDATE OF cluster_id ON deployments
            FOR EACH ROW WHEN (OLD.cluster_id IS DISTINCT FROM NEW.cluster_id)
            EXECUTE FUNCTION notify_deployments_moved();

        CREATE OR REPLACE FUNCTION notify_deployment_resources() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM platz_notify('deployment_resources', TG_OP, env_id, CASE WHEN count(*) <= 60
                THEN json_agg(json_build_array(NULL, id)) END)
            FROM (
                SELECT changed.id, coalesce(c.env_id, t.env_id) AS env_id
                FROM changed JOIN deployment_resource_types AS t ON t.id = changed.type_id
                    LEFT JOIN deployments AS d ON d.id = changed.deployment_id
                    LEFT JOIN k8s_clusters AS c ON c.id = d.cluster_id) AS rows
            GROUP BY env_id;
            RETURN NULL;
        END $$;
        """;
}
