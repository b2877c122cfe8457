"""Which version of a rule is in force on a day."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

RuleKind = Literal["statute", "operational"]

# What a source has to name before anybody may confirm the value, in the words of the office.
SOURCE_WORDS = {
    "statute": "Satzung",
    "paragraph": "Paragraf",
    "resolution": "Beschluss",
    "publication": "Bekanntmachung",
}


@dataclass(frozen=True)
class Source:
    """Where a statute value (Satzungswert) stands: statute, paragraph, resolution, publication.

    An empty paragraph means that the place has not been confirmed yet; pages then show none.
    """

    statute: str
    paragraph: str = ""
    resolution: str = ""
    publication: str = ""


@dataclass(frozen=True)
class RuleVersion:
    """One version of a dated rule, valid from a day until the next version begins."""

    id: int
    key: str
    kind: RuleKind
    value: Any
    valid_from: date
    source: Source | None
    confirmed: bool


def missing_in(kind: RuleKind, source: Source | None) -> list[str]:
    """What a source still has to name before the value may be confirmed; the in-force date is `valid_from`.

    A statute value (Satzungswert) binds people only if they can look it up; an operational value needs no source.
    """
    if kind != "statute":
        return []
    return [word for name, word in SOURCE_WORDS.items() if not getattr(source, name, "").strip()]


def in_force(versions: Iterable[RuleVersion], on: date) -> RuleVersion | None:
    """The version in force on a day: the latest that has begun; of two with one day the later entered."""
    begun = [version for version in versions if version.valid_from <= on]
    return max(begun, key=lambda version: (version.valid_from, version.id), default=None)


def in_force_from(versions: Collection[RuleVersion], on: date) -> list[RuleVersion]:
    """The versions that count on a day or later, by first day; what another has replaced by then is left out."""
    days = {on, *(version.valid_from for version in versions if version.valid_from > on)}
    return [version for day in sorted(days) if (version := in_force(versions, day))]
