from importlib import import_module

from django.db import migrations, models
from django.db.models import Q


def guard_the_ledger_again(apps, schema_editor):
    """The way back, too, builds the table anew, and on SQLite its trigger is lost with the old one."""
    if schema_editor.connection.vendor == "sqlite":
        import_module("stadthaus.base_services.payments.migrations.0002_ledger_is_append_only").guard(
            apps, schema_editor
        )


def forget_accounts_nobody_is_paid_to(apps, _schema_editor):
    orders = apps.get_model("payments", "RefundOrder").objects.exclude(iban="", account_holder="")
    orders.exclude(way="transfer", state__in=["open", "approved"]).update(iban="", account_holder="")


class Migration(migrations.Migration):
    dependencies = [("payments", "0002_ledger_is_append_only")]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, guard_the_ledger_again),
        migrations.RemoveConstraint(model_name="ledgerentry", name="payments_ledger_kind"),
        migrations.AlterField(
            model_name="ledgerentry",
            name="kind",
            field=models.CharField(
                choices=[
                    ("claim", "Forderung"),
                    ("payment", "Zahlung"),
                    ("refund", "Erstattung"),
                    ("reversal", "Rückbuchung"),
                    ("waiver", "Erlass"),
                    ("withdrawal", "Absetzung der Forderung"),
                ],
                max_length=12,
            ),
        ),
        migrations.AddConstraint(
            model_name="ledgerentry",
            constraint=models.CheckConstraint(
                condition=Q(kind__in=["claim", "payment", "refund", "reversal", "waiver", "withdrawal"]),
                name="payments_ledger_kind",
            ),
        ),
        migrations.RunPython(forget_accounts_nobody_is_paid_to, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="refundorder",
            constraint=models.CheckConstraint(
                condition=Q(iban="", account_holder="") | Q(way="transfer", state__in=["open", "approved"]),
                name="payments_account_only_for_transfers_to_do",
            ),
        ),
    ]
