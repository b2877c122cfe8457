"""Refuses a start that could not do its work, in words for whoever starts it."""

from datetime import date

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from stadthaus.base_services.payments.providers import PROVIDERS
from stadthaus.town import queries as town

_NOT_YET = "Stadthaus startet noch nicht:"


def refuse_unready() -> None:
    """Raise ImproperlyConfigured without tables; in production also while the town's values are not all there."""
    if migrations_are_missing():
        raise ImproperlyConfigured(
            f"{_NOT_YET} Die Datenbank ist nicht auf dem Stand des Programms: manage.py migrate"
        )
    if settings.DEMO:
        return
    if settings.PAYMENT_PROVIDER and settings.PAYMENT_PROVIDER not in PROVIDERS:
        raise ImproperlyConfigured(
            f"{_NOT_YET} Den Zahlungsdienst „{settings.PAYMENT_PROVIDER}“ (STADTHAUS_PAYMENT_PROVIDER) gibt es nicht."
        )
    missing = what_is_missing(town.current(), timezone.localdate())
    if missing:
        lines = "\n".join(f"  - {line}" for line in missing)
        raise ImproperlyConfigured(
            f"{_NOT_YET} Diese Angaben der Stadt fehlen oder sind Platzhalter.\n{lines}\n"
            "Wie man sie nachträgt und bestätigt, steht in docs/how-to/change-a-fee.md."
        )


def migrations_are_missing() -> bool:
    """Whether the database is older than the program. Raises DatabaseError if it does not answer."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def what_is_missing(current: town.Town, today: date) -> list[str]:
    """Every value that is missing, unusable or, counting today or later, confirmed by nobody; one line each."""
    if not current.rules:
        return ["Es ist keine Stadt geladen: manage.py load_town"]
    rules = [
        f"Regel {rule.key}, gilt ab {rule.valid_from:%d.%m.%Y}: {rule.value}" for rule in current.unconfirmed(today)
    ]
    texts = [f"Text {key}: {' '.join(current.text(key).split())[:60]}" for key in sorted(current.placeholder_texts)]
    return town.faults(current, today) + rules + texts
