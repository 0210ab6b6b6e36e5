"""The database itself refuses to change the ledger, whoever asks."""

from django.db import migrations

CREATE = """
CREATE FUNCTION register_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'El registro no se cambia ni se borra: % en %', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE FUNCTION register_check_link() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.seq = 1 THEN
        RETURN NEW;  -- That there is no other first entry is the unique constraint's business.
    END IF;
    PERFORM FROM register_ledgerentry
      WHERE case_id = NEW.case_id AND seq = NEW.seq - 1 AND digest = NEW.previous;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'El asiento % del caso % no sigue al anterior', NEW.seq, NEW.case_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER ledger_append_only BEFORE UPDATE OR DELETE ON register_ledgerentry
    FOR EACH ROW EXECUTE FUNCTION register_refuse_change();
CREATE TRIGGER ledger_no_truncate BEFORE TRUNCATE ON register_ledgerentry
    FOR EACH STATEMENT EXECUTE FUNCTION register_refuse_change();
CREATE TRIGGER ledger_follows BEFORE INSERT ON register_ledgerentry
    FOR EACH ROW EXECUTE FUNCTION register_check_link();
CREATE TRIGGER checkpoint_append_only BEFORE UPDATE OR DELETE ON register_checkpoint
    FOR EACH ROW EXECUTE FUNCTION register_refuse_change();
CREATE TRIGGER checkpoint_no_truncate BEFORE TRUNCATE ON register_checkpoint
    FOR EACH STATEMENT EXECUTE FUNCTION register_refuse_change();
"""
DROP = """
DROP TRIGGER ledger_append_only ON register_ledgerentry;
DROP TRIGGER ledger_no_truncate ON register_ledgerentry;
DROP TRIGGER ledger_follows ON register_ledgerentry;
DROP TRIGGER checkpoint_append_only ON register_checkpoint;
DROP TRIGGER checkpoint_no_truncate ON register_checkpoint;
DROP FUNCTION register_check_link();
DROP FUNCTION register_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("register", "0001_initial")]
    operations = [migrations.RunSQL(CREATE, DROP)]
