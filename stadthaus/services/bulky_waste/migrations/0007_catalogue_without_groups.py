from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("bulky_waste", "0006_constraints_of_an_order")]

    operations = [
        migrations.RemoveField(model_name="catalogueitem", name="group"),
        migrations.RemoveField(model_name="notbulkything", name="kind"),
    ]
