-- Every change of a status as it was committed, whoever made it.
CREATE TABLE chaos_moves (
    seq bigserial PRIMARY KEY, task_id uuid NOT NULL, old_status text NOT NULL, new_status text NOT NULL,
    owner text, at timestamptz NOT NULL DEFAULT clock_timestamp());

CREATE FUNCTION chaos_note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO chaos_moves (task_id, old_status, new_status, owner)
    VALUES (NEW.id, OLD.status, NEW.status, NEW.lease_owner);
    RETURN NULL;
END $$;

CREATE TRIGGER chaos_moves AFTER UPDATE ON deployment_tasks
    FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION chaos_note();
