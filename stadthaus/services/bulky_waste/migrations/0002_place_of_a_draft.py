import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.db.models.functions import Concat


def find_places(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001  as it is called
    """Point each draft at the place it holds, which was looked up by its reference before."""
    draft, booking = apps.get_model("bulky_waste", "Draft"), apps.get_model("collection_tours", "Booking")
    reference = Concat(models.Value("bulky-waste-draft/"), models.OuterRef("public_id"))
    held = booking.objects.filter(reference=reference, state="held").order_by("-pk").values("pk")[:1]
    draft.objects.update(booking=models.Subquery(held))


class Migration(migrations.Migration):
    """A draft points at its place; indexes that hold only the rows somebody looks for by them."""

    dependencies = [
        ("addresses", "0001_initial"),
        ("bulky_waste", "0001_initial"),
        ("collection_tours", "0001_initial"),
        ("payments", "0004_books_are_kept_for_good"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="order",
            name="order_place_photo",
        ),
        migrations.RemoveIndex(
            model_name="order",
            name="order_unpaid_phone",
        ),
        migrations.AddField(
            model_name="draft",
            name="booking",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="collection_tours.booking",
            ),
        ),
        migrations.AlterField(
            model_name="order",
            name="street",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="addresses.street"
            ),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                condition=models.Q(("place_photo__gt", "")), fields=["ended_at"], name="order_photo_to_erase"
            ),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                condition=models.Q(("phone__gt", ""), ("state", "placed")),
                fields=["phone"],
                name="order_unpaid_phone",
            ),
        ),
    ]
