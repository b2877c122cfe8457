"""Which rules and texts the program asks a town for."""

from collections.abc import Mapping

from stadthaus.town.rules.asked import Value
from stadthaus.town.rules.dated import RuleVersion
from stadthaus.town.rules.values import Reader, Unusable

VALUES: dict[str, Value] = {}
TEXTS: dict[str, Reader] = {}


def asks_for(values: Mapping[str, Value], texts: Mapping[str, Reader] | None = None) -> None:
    """Register what an app asks for, each key by one app only; called while Django starts."""
    if double := (VALUES.keys() & values.keys()) | (TEXTS.keys() & (texts or {}).keys()):
        raise ValueError(f"Asked for by two apps: {', '.join(sorted(double))}")
    VALUES.update(values)
    TEXTS.update(texts or {})


def in_words(rule: RuleVersion) -> tuple[str, str]:
    """What people call a rule, and its value in German with its unit; as data if no app asks for it (any more)."""
    asked = VALUES.get(rule.key)
    if asked is None:
        return rule.key, str(rule.value)
    try:
        asked.read(rule.value)
    except Unusable:
        return asked.name, str(rule.value)
    return asked.name, asked.say(rule.value)
