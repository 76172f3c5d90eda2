-- Back to where queue.sql left off, so that every round begins alike. For a superuser: tasks are history otherwise.
SET session_replication_role = replica;
UPDATE deployments SET revision_id = NULL, status = 'Running'
WHERE cluster_id = '0000000a-0000-7000-8000-000000000002';
DELETE FROM deployment_task_phases WHERE task_id IN (
    SELECT id FROM deployment_tasks WHERE deployment_id IN (
        SELECT id FROM deployments WHERE cluster_id = '0000000a-0000-7000-8000-000000000002'));
DELETE FROM task_queue WHERE run_cluster_id = '0000000a-0000-7000-8000-000000000002';
DELETE FROM deployment_tasks WHERE deployment_id IN (
    SELECT id FROM deployments WHERE cluster_id = '0000000a-0000-7000-8000-000000000002');
RESET session_replication_role;
