namespace Platz.Core.Data.Migrations;

/// <summary>History is kept for ever (contract 1): nothing of ours deletes a task, and nobody else may.</summary>
public partial class TasksStay
{
    private const string Keep = """
        CREATE FUNCTION history_stays() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'what is in % stays: it is the history', TG_TABLE_NAME USING ERRCODE = 'check_violation';
        END $$;

        CREATE TRIGGER deployment_tasks_stay BEFORE DELETE OR TRUNCATE ON deployment_tasks
            FOR EACH STATEMENT EXECUTE FUNCTION history_stays();
        CREATE TRIGGER deployment_task_phases_stay BEFORE DELETE OR TRUNCATE ON deployment_task_phases
            FOR EACH STATEMENT EXECUTE FUNCTION history_stays();
        """;
}
