from django.db import migrations, models

ENDED = ["cancelled", "collected", "lapsed", "not_collected", "partly_collected"]


class Migration(migrations.Migration):
    dependencies = [("bulky_waste", "0005_for_whom")]

    operations = [
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(channel__in=["email", "phone", "letter"]), name="order_channel_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(state__in=ENDED, ended_at__isnull=False)
                | (~models.Q(state__in=ENDED) & models.Q(ended_at__isnull=True)),
                name="order_ended_has_its_time",
            ),
        ),
    ]
