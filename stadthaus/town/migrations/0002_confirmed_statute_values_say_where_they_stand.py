"""The database refuses a confirmed statute value that names no paragraph, resolution or publication.

Those confirmed so far without are placeholders again: nobody could look them up.
"""

from typing import ClassVar

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

NOWHERE_TO_LOOK = models.Q(paragraph="") | models.Q(resolution="") | models.Q(publication="")


def take_confirmations_back(apps: Apps, _schema_editor: BaseDatabaseSchemaEditor) -> None:
    confirmed = apps.get_model("town", "Rule").objects.filter(kind="statute", confirmed=True)
    confirmed.filter(NOWHERE_TO_LOOK).update(confirmed=False)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("town", "0001_initial")]

    operations: ClassVar = [
        migrations.RunPython(take_confirmations_back, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="rule",
            constraint=models.CheckConstraint(
                condition=~models.Q(kind="statute", confirmed=True) | ~NOWHERE_TO_LOOK,
                name="town_rule_confirmed_statute_has_full_source",
            ),
        ),
    ]
