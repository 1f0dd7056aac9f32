"""The function by which PostgreSQL refuses to change or delete an entry of the audit log; only its actor may be forgotten.

A dump of tables holds the trigger that calls it, but not the function itself: it is made before a dump is restored.
"""

FUNCTION = """
CREATE OR REPLACE FUNCTION people_auditentry_is_append_only() RETURNS trigger AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.actor_id IS NULL
        AND to_jsonb(NEW) - 'actor_id' = to_jsonb(OLD) - 'actor_id' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'The audit log is append-only.';
END $$ LANGUAGE plpgsql;
"""
