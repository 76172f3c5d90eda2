namespace Platz.Core.Data.Migrations;

/// <summary>Notifications of rows in the envs of those who see them, and who saw them before.</summary>
public partial class MovesAndSharedTypes
{
    // A deployment that goes to another env is news in both. A resource is where its deployment is, whatever the env of
    // its type: a type that all envs share has none.
    private const string Notify = """
        CREATE FUNCTION notify_deployments_moved() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM platz_notify('deployments', 'UPDATE', gone.env_id, CASE WHEN count(*) <= 60
                THEN json_agg(json_build_array(NULL, before.id)) END)
            FROM before JOIN changed ON changed.id = before.id AND changed.cluster_id <> before.cluster_id
                JOIN k8s_clusters AS gone ON gone.id = before.cluster_id
                JOIN k8s_clusters AS come ON come.id = changed.cluster_id
            WHERE gone.env_id IS NOT NULL AND come.env_id IS DISTINCT FROM gone.env_id
            GROUP BY gone.env_id;
            RETURN NULL;
        END $$;

        CREATE TRIGGER deployments_moved AFTER UPDATE ON deployments
            REFERENCING OLD TABLE AS before NEW TABLE AS changed
            FOR EACH STATEMENT EXECUTE FUNCTION notify_deployments_moved();

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
