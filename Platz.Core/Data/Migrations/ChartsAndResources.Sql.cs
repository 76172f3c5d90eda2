namespace Platz.Core.Data.Migrations;

/// <summary>The notifications of what came with chart extensions; ids only, as in the first migration.</summary>
public partial class ChartsAndResources
{
    private const string Notify = """
        CREATE FUNCTION notify_k8s_resources() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM platz_notify('k8s_resources', env_id, CASE WHEN count(DISTINCT changed.deployment_id) <= 60
                THEN json_agg(DISTINCT jsonb_build_array(changed.deployment_id, changed.deployment_id)) END)
            FROM changed JOIN k8s_clusters AS c ON c.id = changed.cluster_id GROUP BY env_id;
            RETURN NULL;
        END $$;

        CREATE FUNCTION notify_env_rows() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM platz_notify(TG_TABLE_NAME, env_id, CASE WHEN count(*) <= 60
                THEN json_agg(json_build_array(NULL, id)) END)
            FROM changed GROUP BY env_id;
            RETURN NULL;
        END $$;

        DO $$
        DECLARE
            tbl text;
            verb text;
        BEGIN
            FOREACH tbl IN ARRAY ARRAY['k8s_resources', 'secrets', 'deployment_resources', 'deployment_resource_types'] LOOP
                FOREACH verb IN ARRAY ARRAY['INSERT', 'UPDATE', 'DELETE'] LOOP
                    EXECUTE format('CREATE TRIGGER %1$s_%2$s AFTER %3$s ON %1$s REFERENCING %4$s TABLE AS changed
                        FOR EACH STATEMENT EXECUTE FUNCTION %5$s()', tbl, lower(verb), verb,
                        CASE verb WHEN 'DELETE' THEN 'OLD' ELSE 'NEW' END,
                        CASE tbl WHEN 'k8s_resources' THEN 'notify_k8s_resources'
                            WHEN 'deployment_resources' THEN 'notify_rows' ELSE 'notify_env_rows' END);
                END LOOP;
            END LOOP;
        END $$;
        """;
}
