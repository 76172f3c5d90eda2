-- What ended has had a phase, as in any real history: without those the planner takes the table for an empty one.
INSERT INTO deployment_task_phases (task_id, seq, phase, attempt, started_at, finished_at, outcome)
SELECT id, 0, 'restart', 1, started_at, finished_at, 'Done' FROM deployment_tasks
WHERE started_at IS NOT NULL AND finished_at IS NOT NULL;
