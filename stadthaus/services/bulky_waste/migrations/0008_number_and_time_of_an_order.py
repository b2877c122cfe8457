import django.db.models.functions.comparison
import django.db.models.functions.text
import django.db.models.lookups
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("addresses", "0001_initial"),
        ("bulky_waste", "0007_catalogue_without_groups"),
        ("collection_tours", "0001_initial"),
        ("payments", "0008_no_value_that_no_action_writes"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    django.db.models.lookups.GreaterThanOrEqual(
                        django.db.models.functions.comparison.Cast("number", models.BigIntegerField()), 100000000
                    ),
                    django.db.models.lookups.Exact(django.db.models.functions.text.Length("number"), 9),
                ),
                name="order_number_nine_digits",
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["placed", "lapsed", "cancelled"]), ("confirmed_at__isnull", False), _connector="OR"
                ),
                name="order_confirmed_has_its_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="orderitem",
            constraint=models.CheckConstraint(
                condition=models.Q(("litres_each__gt", 0)), name="order_item_has_volume"
            ),
        ),
    ]
