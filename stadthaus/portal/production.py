"""Refuses a production start that would rest on placeholders, with a list of what is missing."""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from stadthaus.town import queries as town


def refuse_placeholders() -> None:
    """Raise ImproperlyConfigured outside demo mode while rules or texts are not confirmed."""
    if settings.DEMO:
        return
    missing = what_is_missing(town.current())
    if missing:
        lines = "\n".join(f"  - {line}" for line in missing)
        raise ImproperlyConfigured(
            f"Stadthaus startet noch nicht: Diese Angaben der Stadt sind Platzhalter.\n{lines}\n"
            "Wie man sie bestätigt, steht in docs/how-to/change-a-fee.md."
        )


def what_is_missing(current: town.Town) -> list[str]:
    """Every value that counts and that nobody has confirmed, one line each."""
    rules = [
        f"Regel {rule.key}, gilt ab {rule.valid_from:%d.%m.%Y}: {rule.value}"
        for rule in sorted(current.unconfirmed, key=lambda rule: (rule.key, rule.valid_from))
    ]
    texts = [f"Text {key}: {' '.join(current.text(key).split())[:60]}" for key in sorted(current.placeholder_texts)]
    return rules + texts or ([] if current.rules else ["Es ist keine Stadt geladen: manage.py load_town"])


def _one_line(text: str) -> str:
    return " ".join(text.split())[:60]
