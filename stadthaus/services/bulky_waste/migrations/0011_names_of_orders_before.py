from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from stadthaus.services.bulky_waste.rules.names import name_words

AT_ONCE = 1000
WORD_LENGTH = 60


def write_names(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001  as it is called
    """Write the words of the names of orders that were placed before."""
    names = apps.get_model("bulky_waste", "OrderName")
    known = apps.get_model("bulky_waste", "Order").objects.values_list("pk", "name", "for_name")
    words = (
        names(order_id=pk, word=word)
        for pk, *written in known.iterator()
        for word in {word[:WORD_LENGTH] for word in name_words(*written)}
    )
    names.objects.bulk_create(words, batch_size=AT_ONCE)


class Migration(migrations.Migration):
    """A migration of its own: PostgreSQL indexes no table whose rows it has still to check."""

    dependencies = [("bulky_waste", "0010_names_of_an_order")]

    operations = [migrations.RunPython(write_names, migrations.RunPython.noop)]
