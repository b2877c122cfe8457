import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """The office finds an order by every word of its names, and no longer only by how name or surname begin."""

    dependencies = [("bulky_waste", "0009_orders_of_a_contact")]

    operations = [
        migrations.RemoveField(model_name="order", name="name_folded"),
        migrations.RemoveField(model_name="order", name="surname_folded"),
        migrations.CreateModel(
            name="OrderName",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "order_id", "word", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("word", models.CharField(max_length=60)),
                (
                    "order",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="names",
                        to="bulky_waste.order",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["word", "order"],
                        name="order_by_name",
                        opclasses=["varchar_pattern_ops", "int8_ops"],
                    )
                ]
            },
        ),
    ]
