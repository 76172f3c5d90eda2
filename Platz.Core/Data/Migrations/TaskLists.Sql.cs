namespace Platz.Core.Data.Migrations;

public partial class TaskLists
{
    // In one statement: each on its own would write the whole table anew.
    private const string Columns = """
        ALTER TABLE deployment_tasks
            ADD COLUMN actor_id uuid
                GENERATED ALWAYS AS (coalesce(acting_user_id, acting_bot_id, acting_deployment_id)) STORED,
            ADD COLUMN summary text COLLATE "C"
                GENERATED ALWAYS AS (lower(left(split_part(reason, E'\n\n', 1), 500))) STORED,
            ADD COLUMN trouble text
                GENERATED ALWAYS AS (CASE WHEN status IN ('Failed', 'Canceled') THEN status END) STORED
        """;
}
