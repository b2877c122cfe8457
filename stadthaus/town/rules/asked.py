"""What the program asks a town for: each rule value with who may set it and what a usable value is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from stadthaus.town.rules.dated import RuleKind
from stadthaus.town.rules.values import Reader
from stadthaus.town.rules.words import Sayer, plainly


@dataclass(frozen=True)
class Value:
    """A rule value (Regelwert) the program asks for.

    `name`: what people call it. `kind`: set by statute (Satzungswert) or by the administration (Betriebswert).
    `read` raises `Unusable`, and so does `fits`, which gets the value and that of the rule `beside` on the same day.
    `say` says it in German, with its unit.
    """

    name: str
    kind: RuleKind
    read: Reader
    say: Sayer = plainly
    beside: str = ""
    fits: Callable[[Any, Any], None] | None = None


def statute(name: str, read: Reader, say: Sayer = plainly) -> Value:
    """Declare a value that the council sets by statute."""
    return Value(name, "statute", read, say)


def operational(name: str, read: Reader, say: Sayer = plainly) -> Value:
    """Declare a value that the administration sets."""
    return Value(name, "operational", read, say)
