namespace Platz.Core.Data.Migrations;

/// <summary>Of deployments, moves alone are looked at for the env that was left.</summary>
public partial class MovesByRow
{
    // MovesAndSharedTypes made a trigger for each statement at first, which runs at each phase of a task. Databases
    // that have that one get the one that it makes now; the others have it already.
    private const string Trigger = """
        DROP TRIGGER IF EXISTS deployments_moved ON deployments;

        CREATE OR REPLACE FUNCTION notify_deployments_moved() RETURNS trigger LANGUAGE plpgsql AS $$
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
        """;
}
