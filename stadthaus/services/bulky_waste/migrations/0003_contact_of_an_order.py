from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.db.models.functions import Lower


def find_contacts(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001  as it is called
    """Give unpaid orders their contact; those by telephone are left out, they are over within a week."""
    apps.get_model("bulky_waste", "Order").objects.filter(state="placed").update(contact_key=Lower("email"))


class Migration(migrations.Migration):
    """Unpaid orders are counted by one key for all ways to write a contact, and no longer by address."""

    dependencies = [
        ("bulky_waste", "0002_place_of_a_draft"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="order",
            name="order_unpaid_email",
        ),
        migrations.RemoveIndex(
            model_name="order",
            name="order_unpaid_phone",
        ),
        migrations.RemoveIndex(
            model_name="order",
            name="order_unpaid_address",
        ),
        migrations.AddField(
            model_name="order",
            name="contact_key",
            field=models.CharField(blank=True, default="", max_length=254),
            preserve_default=False,
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                condition=models.Q(("contact_key__gt", ""), ("state", "placed")),
                fields=["contact_key"],
                name="order_unpaid_contact",
            ),
        ),
        migrations.RunPython(find_contacts, migrations.RunPython.noop),
    ]
