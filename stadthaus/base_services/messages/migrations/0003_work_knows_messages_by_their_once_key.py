from typing import Any

from django.db import migrations


def by_once_key(apps: Any, _: Any) -> None:
    """Mails that wait for their delivery were known by row number."""
    message, job = apps.get_model("messages", "Message"), apps.get_model("work", "Job")
    for waiting in job.objects.filter(kind="messages.deliver").iterator():
        known = message.objects.filter(pk=waiting.key).first() if waiting.key.isdecimal() else None
        if known:
            waiting.key = known.once_key
            waiting.save(update_fields=["key"])


def by_row_number(apps: Any, _: Any) -> None:
    message, job = apps.get_model("messages", "Message"), apps.get_model("work", "Job")
    for waiting in job.objects.filter(kind="messages.deliver").iterator():
        known = message.objects.filter(once_key=waiting.key).first()
        if known:
            waiting.key = str(known.pk)
            waiting.save(update_fields=["key"])


class Migration(migrations.Migration):
    dependencies = [("messages", "0002_defaults_in_the_program"), ("work", "0001_initial")]

    operations = [migrations.RunPython(by_once_key, by_row_number)]
