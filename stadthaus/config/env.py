"""Settings come from the environment; what is missing or wrong stops the start with one list that helps."""

import os

from django.core.exceptions import ImproperlyConfigured

SECRET_LENGTH = 32
_YES = {"1", "true", "yes", "on"}
_faults: list[str] = []


def text(name: str, default: str | None = None) -> str:
    """A setting as text; without a default it must be set."""
    value = os.environ.get(name, default)
    if value is None or (default is None and not value.strip()):
        _faults.append(f"Die Einstellung {name} fehlt.")
        return ""
    return value


def flag(name: str, *, default: bool = False) -> bool:
    """A setting that is on or off."""
    value = os.environ.get(name)
    return default if value is None else value.lower() in _YES


def number(name: str, default: int) -> int:
    """A setting that is a whole number."""
    value = text(name, str(default))
    if not value.isdecimal():
        _faults.append(f"Die Einstellung {name} muss eine ganze Zahl sein, 0 oder mehr, nicht {value!r}.")
        return default
    return int(value)


def words(name: str, default: str = "") -> list[str]:
    """A setting that is a list, separated by commas."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def secret(name: str) -> str:
    """A secret of at least 32 characters; it never has a default."""
    value = text(name)
    if value and len(value) < SECRET_LENGTH:
        _faults.append(f"Der Schlüssel {name} ist zu kurz: mindestens {SECRET_LENGTH} zufällige Zeichen.")
    return value


def refuse_faults() -> None:
    """Raise ImproperlyConfigured with everything that was missing or wrong since the start."""
    if _faults:
        lines = "\n".join(f"  - {fault}" for fault in _faults)
        _faults.clear()  # Django reads settings that failed once more
        raise ImproperlyConfigured(
            f"Stadthaus startet noch nicht:\n{lines}\nJede Einstellung erklärt docs/how-to/deploy.md."
        )
