"""Which rules and texts the program asks a town for."""

from collections.abc import Mapping

from stadthaus.town.rules.asked import Value
from stadthaus.town.rules.values import Reader

VALUES: dict[str, Value] = {}
TEXTS: dict[str, Reader] = {}


def asks_for(values: Mapping[str, Value], texts: Mapping[str, Reader] | None = None) -> None:
    """Register what an app asks for, each key by one app only; called while Django starts."""
    if double := (VALUES.keys() & values.keys()) | (TEXTS.keys() & (texts or {}).keys()):
        raise ValueError(f"Asked for by two apps: {', '.join(sorted(double))}")
    VALUES.update(values)
    TEXTS.update(texts or {})
