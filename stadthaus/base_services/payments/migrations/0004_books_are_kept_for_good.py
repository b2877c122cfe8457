"""The database itself refuses to delete a ledger entry, and to change or delete a receipt.

Neither names anybody, so nothing has to go when a retention term is over. On SQLite every change of a table's
constraints builds the table anew and loses its triggers, the one of 0002 among them: whoever changes one of these two
tables later makes its triggers again.
"""

from django.db import migrations

# name → (table, what it refuses, what it says)
GUARDS = {
    "payments_ledger_append_only": ("payments_ledgerentry", "UPDATE", "the ledger is append-only"),
    "payments_ledger_is_kept": ("payments_ledgerentry", "DELETE", "the ledger is append-only"),
    "payments_receipts_unchanged": ("payments_receipt", "UPDATE", "receipts are append-only"),
    "payments_receipts_are_kept": ("payments_receipt", "DELETE", "receipts are append-only"),
}
AGAINST_DELETING = [name for name, (_, refused, _) in GUARDS.items() if refused == "DELETE"]


def statements(name, vendor):
    """What makes a guard; one that is there already (0002 on PostgreSQL) is made anew."""
    table, refused, words = GUARDS[name]
    if vendor == "sqlite":
        yield f"DROP TRIGGER IF EXISTS {name}"
        yield f"CREATE TRIGGER {name} BEFORE {refused} ON {table} BEGIN SELECT RAISE(ABORT, '{words}'); END"
        return
    yield f"""CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE integrity_constraint_violation USING MESSAGE = '{words}'; END; $$"""
    yield f"""CREATE OR REPLACE TRIGGER {name} BEFORE {refused} ON {table}
        FOR EACH ROW EXECUTE FUNCTION {name}()"""


def guard(_apps, schema_editor):
    for name in GUARDS:
        for statement in statements(name, schema_editor.connection.vendor):
            schema_editor.execute(statement)


def leave_unguarded(_apps, schema_editor):
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    for name, (table, _, _) in GUARDS.items():
        if name != "payments_ledger_append_only":  # belongs to 0002
            schema_editor.execute(f"DROP TRIGGER {name}" if is_sqlite else f"DROP TRIGGER {name} ON {table}")
            if not is_sqlite:
                schema_editor.execute(f"DROP FUNCTION {name}()")


class Migration(migrations.Migration):
    dependencies = [("payments", "0003_corrections_and_accounts")]

    operations = [migrations.RunPython(guard, leave_unguarded)]
