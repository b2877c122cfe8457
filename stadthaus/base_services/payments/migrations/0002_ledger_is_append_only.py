"""The database itself refuses to change a ledger entry.

Deleting stays possible for the database owner, who empties the tables between tests; the model refuses
it to everybody else. An entry names nobody, so nothing has to go when a retention term is over.
"""

from django.db import migrations

SQLITE = """
CREATE TRIGGER payments_ledger_append_only BEFORE UPDATE ON payments_ledgerentry
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
"""
POSTGRESQL = """
CREATE FUNCTION payments_ledger_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE integrity_constraint_violation USING MESSAGE = 'the ledger is append-only'; END; $$;
CREATE TRIGGER payments_ledger_append_only BEFORE UPDATE ON payments_ledgerentry
FOR EACH ROW EXECUTE FUNCTION payments_ledger_append_only();
"""
POSTGRESQL_BACK = """
DROP TRIGGER payments_ledger_append_only ON payments_ledgerentry;
DROP FUNCTION payments_ledger_append_only();
"""


def guard(_apps, schema_editor):
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    schema_editor.execute(SQLITE if is_sqlite else POSTGRESQL)


def leave_unguarded(_apps, schema_editor):
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    schema_editor.execute("DROP TRIGGER payments_ledger_append_only" if is_sqlite else POSTGRESQL_BACK)


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_initial")]

    operations = [migrations.RunPython(guard, leave_unguarded)]
