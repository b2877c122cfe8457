"""Settings come from the environment; a missing one stops the start with a sentence that helps."""

import os

from django.core.exceptions import ImproperlyConfigured

SECRET_LENGTH = 32
_YES = {"1", "true", "yes", "on"}


def text(name: str, default: str | None = None) -> str:
    """A setting as text; without a default it must be set."""
    value = os.environ.get(name, default)
    if value is None:
        raise ImproperlyConfigured(f"The setting {name} is missing. docs/how-to/deploy.md explains each setting.")
    return value


def flag(name: str, *, default: bool = False) -> bool:
    """A setting that is on or off."""
    value = os.environ.get(name)
    return default if value is None else value.lower() in _YES


def number(name: str, default: int) -> int:
    """A setting that is a whole number."""
    value = text(name, str(default))
    if not value.isdecimal():
        raise ImproperlyConfigured(f"The setting {name} must be a whole number, not {value!r}.")
    return int(value)


def words(name: str, default: str = "") -> list[str]:
    """A setting that is a list, separated by commas."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def secret(name: str) -> str:
    """A secret of at least 32 characters; it never has a default."""
    value = text(name)
    if len(value) < SECRET_LENGTH:
        raise ImproperlyConfigured(f"The secret {name} is too short: {SECRET_LENGTH} random characters at least.")
    return value
