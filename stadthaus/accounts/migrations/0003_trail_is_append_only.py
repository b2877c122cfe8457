"""The database itself refuses to change or delete a line of the audit trail, and a role that does not exist.

Only who did it may be forgotten: a person who is deleted leaves their name as it was then. On SQLite every change of a
table's constraints builds the table anew and loses its triggers: whoever changes the trail's table makes them again.
"""

from django.db import migrations, models

WORDS = "the audit trail is append-only"
COLUMNS = 'id, at, actor_kind, actor_label, about, event, fields, "values"'
# name → (what it refuses, table, in which case, what it says)
GUARDS = {
    "accounts_trail_unchanged": (f"UPDATE OF {COLUMNS}", "accounts_auditentry", "", WORDS),
    "accounts_trail_names_nobody_else": (
        "UPDATE OF actor_user_id",
        "accounts_auditentry",
        "NEW.actor_user_id IS NOT NULL",
        WORDS,
    ),
    "accounts_trail_is_kept": ("DELETE", "accounts_auditentry", "", WORDS),
}
AGAINST_DELETING = ["accounts_trail_is_kept"]


def statements(name, vendor):
    """What makes a guard."""
    event, table, condition, words = GUARDS[name]
    condition = condition and f"WHEN ({condition})"
    if vendor == "sqlite":
        yield f"CREATE TRIGGER {name} BEFORE {event} ON {table} {condition} BEGIN SELECT RAISE(ABORT, '{words}'); END"
        return
    yield f"""CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE integrity_constraint_violation USING MESSAGE = '{words}'; END; $$"""
    yield f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW {condition} EXECUTE FUNCTION {name}()"


def guard(_apps, schema_editor):
    for name in GUARDS:
        for statement in statements(name, schema_editor.connection.vendor):
            schema_editor.execute(statement)


def leave_unguarded(_apps, schema_editor):
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    for name, (_, table, _, _) in GUARDS.items():
        schema_editor.execute(f"DROP TRIGGER {name}" if is_sqlite else f"DROP TRIGGER {name} ON {table}")
        if not is_sqlite:
            schema_editor.execute(f"DROP FUNCTION {name}()")


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_codes_count_once"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="rolegrant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("role__in", ["clerk", "treasury", "waste_administration", "dispatcher", "administrator"])
                ),
                name="accounts_role_known",
            ),
        ),
        migrations.RunPython(guard, leave_unguarded),
    ]
