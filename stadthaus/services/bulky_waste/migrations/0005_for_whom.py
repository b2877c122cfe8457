from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def take_the_debtor(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001  as it is called
    """Of the orders so far only those say for whom they are in which that person pays."""
    others = apps.get_model("bulky_waste", "Order").objects.exclude(debtor_name=models.F("name"))
    others.update(for_name=models.F("debtor_name"))


class Migration(migrations.Migration):
    """An order says for whom it is, if not for the orderer."""

    dependencies = [("bulky_waste", "0004_hint_of_a_street")]

    operations = [
        migrations.AddField(
            model_name="order",
            name="for_name",
            field=models.CharField(blank=True, default="", max_length=200),
            preserve_default=False,
        ),
        migrations.RunPython(take_the_debtor, migrations.RunPython.noop),
    ]
