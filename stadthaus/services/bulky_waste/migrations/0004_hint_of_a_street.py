from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def find_hints(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001  as it is called
    """Give the orders in streets of one name what tells these streets apart."""
    order, street = apps.get_model("bulky_waste", "Order"), apps.get_model("addresses", "Street")
    hinted = street.objects.exclude(hint="")
    hint = hinted.filter(pk=models.OuterRef("street_id")).values("hint")
    order.objects.filter(street__in=hinted).update(street_hint=models.Subquery(hint))


class Migration(migrations.Migration):
    """An order says in which of several streets of one name it is."""

    dependencies = [("addresses", "0001_initial"), ("bulky_waste", "0003_contact_of_an_order")]

    operations = [
        migrations.AddField(
            model_name="order",
            name="street_hint",
            field=models.CharField(blank=True, default="", max_length=100),
            preserve_default=False,
        ),
        migrations.RunPython(find_hints, migrations.RunPython.noop),
    ]
