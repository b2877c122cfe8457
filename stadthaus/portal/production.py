"""Refuses a production start that would rest on placeholders, with a list of what is missing."""

from datetime import date

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from stadthaus.town import queries as town


def refuse_placeholders() -> None:
    """Raise ImproperlyConfigured outside demo mode while rules or texts are not confirmed."""
    if settings.DEMO:
        return
    missing = what_is_missing(town.current(), timezone.localdate())
    if missing:
        lines = "\n".join(f"  - {line}" for line in missing)
        raise ImproperlyConfigured(
            f"Stadthaus startet noch nicht: Diese Angaben der Stadt sind Platzhalter.\n{lines}\n"
            "Wie man sie bestätigt, steht in docs/how-to/change-a-fee.md."
        )


def what_is_missing(current: town.Town, today: date) -> list[str]:
    """Every value that counts today or later and that nobody has confirmed, one line each."""
    rules = [
        f"Regel {rule.key}, gilt ab {rule.valid_from:%d.%m.%Y}: {rule.value}" for rule in current.unconfirmed(today)
    ]
    texts = [f"Text {key}: {' '.join(current.text(key).split())[:60]}" for key in sorted(current.placeholder_texts)]
    return rules + texts or ([] if current.rules else ["Es ist keine Stadt geladen: manage.py load_town"])
