"""The database refuses values that no action writes, another amount or Kassenzeichen, and a number range that shrinks.

On SQLite every change of a table's constraints builds the table anew and loses its triggers: those of 0004 are made
again, and whoever changes one of these tables later makes the ones below again too.
"""

from importlib import import_module

from django.db import migrations, models

books = import_module("stadthaus.base_services.payments.migrations.0004_books_are_kept_for_good")

# name → (what it refuses, table, in which case, what it says)
GUARDS = {
    "payments_request_unchanged": (
        "UPDATE",
        "payments_paymentrequest",
        # In its first moments, before it has its number, it has its public id for a Kassenzeichen.
        "NEW.amount_cents <> OLD.amount_cents"
        " OR (NEW.kassenzeichen <> OLD.kassenzeichen AND OLD.kassenzeichen <> OLD.public_id)",
        "what was asked for stays",
    ),
    "payments_numbers_grow": (
        "UPDATE",
        "payments_numberrange",
        "NEW.last < OLD.last OR NEW.name <> OLD.name",
        "a number range only grows",
    ),
    "payments_numbers_are_kept": ("DELETE", "payments_numberrange", "", "a number range only grows"),
}
AGAINST_DELETING = ["payments_numbers_are_kept"]


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
        ("payments", "0007_reasons_of_a_refund"),
    ]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, books.guard),  # the last step backwards
        migrations.RemoveConstraint(
            model_name="ledgerentry",
            name="payments_ledger_not_negative",
        ),
        migrations.RemoveConstraint(
            model_name="paymentattempt",
            name="payments_attempt_not_negative",
        ),
        migrations.RemoveConstraint(
            model_name="paymentrequest",
            name="payments_amount_not_negative",
        ),
        migrations.AddConstraint(
            model_name="ledgerentry",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_cents__gt", 0)), name="payments_ledger_of_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="ledgerentry",
            constraint=models.CheckConstraint(
                condition=models.Q(("means__in", ["", "online", "transfer", "cash", "card", "paper_card"])),
                name="payments_ledger_means",
            ),
        ),
        migrations.AddConstraint(
            model_name="paymentattempt",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("amount_cents__gt", 0),
                    models.Q(("received_cents__isnull", True), ("received_cents__gt", 0), _connector="OR"),
                ),
                name="payments_attempt_of_something",
            ),
        ),
        migrations.AddConstraint(
            model_name="paymentrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_cents__gt", 0)), name="payments_of_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="receipt",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__gt", 0), models.Q(("amount_cents", 0), _negated=True)),
                name="payments_receipt_of_something",
            ),
        ),
        migrations.AddConstraint(
            model_name="refundorder",
            constraint=models.CheckConstraint(
                condition=models.Q(("way__in", ["online", "transfer", "counter", "paper_card"])),
                name="payments_refund_way",
            ),
        ),
        migrations.AddConstraint(
            model_name="refundorder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("reason__in", ["cancelled", "reduced", "our_fault", "duplicate", "without_date", "wrong_amount"])
                ),
                name="payments_refund_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="waiver",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_cents__gt", 0)), name="payments_waiver_of_something"
            ),
        ),
        migrations.RunPython(books.guard, migrations.RunPython.noop),
        migrations.RunPython(guard, leave_unguarded),
    ]
