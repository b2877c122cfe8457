"""Refuses a start that could not do its work, in words for whoever starts it."""

from datetime import date
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http.request import validate_host
from django.utils import timezone

from stadthaus.accounts.models import User
from stadthaus.base_services.payments.providers import PROVIDERS
from stadthaus.town import queries as town

DEMO_DOMAIN = "@demo.example"  # nobody can have a real address there (RFC 2606)
_NOT_YET = "Stadthaus startet noch nicht:"
_MAKE_ANOTHER = "Machen Sie für jeden Schlüssel einen eigenen, wie docs/how-to/deploy.md es zeigt."
_THIS_MACHINE = {"localhost", "127.0.0.1"}
_VARIETY = 5  # different characters, as Django's own check asks


def refuse_unready() -> None:
    """Raise ImproperlyConfigured without tables; in production also with a list of all that is not safe or true."""
    if migrations_are_missing():
        raise ImproperlyConfigured(
            f"{_NOT_YET} Die Datenbank ist nicht auf dem Stand des Programms: manage.py migrate"
        )
    if settings.DEMO:
        return
    reasons = unsafe_settings() + demo_accesses() + what_is_missing(town.current(), timezone.localdate())
    if reasons:
        lines = "\n".join(f"  - {line}" for line in reasons)
        raise ImproperlyConfigured(
            f"{_NOT_YET} Das ist vorher zu richten; Regeln und Texte fehlen oder sind Platzhalter.\n{lines}\n"
            "Einstellungen erklärt docs/how-to/deploy.md. Wie man Regeln und Texte nachträgt und bestätigt, steht in "
            "docs/how-to/change-a-fee.md."
        )


def why_not_start() -> str | None:
    """Why a web process cannot start now, in words; None if it can."""
    try:
        refuse_unready()
    except ImproperlyConfigured as refusal:
        return str(refusal)
    except DatabaseError as error:
        return f"{_NOT_YET} Die Datenbank antwortet nicht. {error}"
    return None


def unsafe_settings() -> list[str]:
    """Every setting that is fine for a demo and not for real people, one line each."""
    wrong = []
    if not settings.HTTPS and urlsplit(settings.PUBLIC_URL).hostname not in _THIS_MACHINE:
        wrong.append(
            f"STADTHAUS_URL ist {settings.PUBLIC_URL}: Nur mit https:// sind Anmeldung und Angaben geschützt."
        )
    if "*" in settings.ALLOWED_HOSTS:
        wrong.append("STADTHAUS_HOSTS lässt mit * jeden Namen zu. Schreiben Sie den Namen der Seite hinein.")
    elif not validate_host(host := urlsplit(settings.PUBLIC_URL).hostname or "", settings.ALLOWED_HOSTS):
        wrong.append(f"In STADTHAUS_HOSTS fehlt {host}, der Name aus STADTHAUS_URL: Keine Seite würde sich öffnen.")
    if settings.HTTPS and not settings.TRUSTED_PROXIES:
        wrong.append(
            "STADTHAUS_TRUSTED_PROXIES ist 0: Hinter dem Proxy, der https:// spricht, zählten die Grenzen "
            "alle Menschen als einen."
        )
    if settings.DEBUG:
        wrong.append("STADTHAUS_DEBUG ist an: Fehlerseiten würden Daten zeigen. Lassen Sie die Einstellung weg.")
    keys = {"STADTHAUS_SECRET_KEY": settings.SECRET_KEY, "STADTHAUS_LINK_KEY": settings.LINK_KEY.decode()}
    wrong += [f"{name} ist zu eintönig: {_MAKE_ANOTHER}" for name, key in keys.items() if len(set(key)) < _VARIETY]
    if len(set(keys.values())) < len(keys):
        wrong.append(f"{' und '.join(keys)} sind gleich: {_MAKE_ANOTHER}")
    provider = settings.PAYMENT_PROVIDER
    if provider and provider not in PROVIDERS:
        wrong.append(f"Den Zahlungsdienst „{provider}“ (STADTHAUS_PAYMENT_PROVIDER) gibt es nicht.")
    return wrong


def demo_accesses() -> list[str]:
    """The open accesses that fill_demo made; one line, or none."""
    people = User.objects.filter(is_active=True, email__endswith=DEMO_DOMAIN).order_by("email")
    emails = ", ".join(people.values_list("email", flat=True))
    if not emails:
        return []
    return [
        f"Das ist die Datenbank einer Demo, und ihr Passwort kennt jeder: {emails}. Nehmen Sie eine neue Datenbank "
        "(DATABASE_URL oder STADTHAUS_VAR)."
    ]


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
