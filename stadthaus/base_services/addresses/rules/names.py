"""Street names (Straßennamen) as people type them, and which of the town's streets they can mean."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from stadthaus.kernel.words import begins_but_for_a_slip, differ_by_one_slip, fold

# Name and hint at their longest; what is longer is no street and would only take time.
LONGEST_TEXT = 210
_SHORTEST_INSIDE = 3
_SHORTEST_WITH_SLIP = 4
_ABBREVIATIONS = {"dr": "doktor", "frh": "freiherr", "frhr": "freiherr", "pl": "platz", "st": "sankt", "v": "von"}
_ROAD = re.compile(r"str(?= |$)")
_KIND = re.compile(r"(?<=...)(strasse|weg|platz|allee|ring|gasse|pfad|stiege|kamp|hof|damm|ufer)$")
_DOUBLED = re.compile(r"(.)\1")
_HOUSE_NUMBER = re.compile(r"(?<=\D)\s+[0-9]{1,4}\s?[a-zA-Z]?\s*$")


class Nearness(IntEnum):
    """How near a street's name comes to what was typed; smaller is nearer."""

    SAME = 0
    BEGINS = 1
    WORD_BEGINS = 2
    ABBREVIATED = 3
    CONTAINS = 4
    ONE_SLIP_OF_ALL = 5
    ONE_SLIP = 6
    OTHER_KIND = 7


@dataclass(frozen=True)
class StreetName:
    """A street's name, prepared for many comparisons.

    `words` are folded, `joined` stands without blanks. `tails` run from each word to the end, each
    behind a "|"; `careless_tails` are the same in every reading that a slip can start from.
    """

    words: str
    joined: str
    tails: str
    careless_tails: str


@dataclass(frozen=True)
class Typed:
    """What somebody typed, in every reading that can be meant."""

    readings: tuple[str, ...]
    careless_readings: tuple[str, ...]
    abbreviated: re.Pattern[str] | None


def fold_name(name: str) -> str:
    """Fold a street's name so that all ways of writing it meet, without blanks.

    "Kardinal von Galen Str.", "Kardinal-von-Galen-Straße" → "kardinalvongalenstrasse"; abbreviations
    are written out ("St. Johannes" → "sanktjohannes").
    """
    return _written_out(fold(name)).replace(" ", "")


def street_name(name: str) -> StreetName:
    """Prepare a street's name."""
    words = _written_out(fold(name))
    careless = [tail for written in _careless_ways(name) for tail in _tails(written)]
    return StreetName(
        words=f" {words}",
        joined=words.replace(" ", ""),
        tails=_barred(_tails(words)),
        careless_tails=_barred((*careless, *map(_single_letters, careless))),
    )


def typed(text: str) -> Typed | None:
    """Prepare what somebody typed; None if there is no letter or digit in it."""
    short = without_hint(text)[:LONGEST_TEXT]
    plain = fold(short)
    if not plain:
        return None
    careless = [written.replace(" ", "") for written in _careless_ways(short)]
    return Typed(
        readings=_joined(_written_out(plain), plain),
        careless_readings=tuple(dict.fromkeys((*careless, *map(_single_letters, careless)))),
        abbreviated=_abbreviated(plain),
    )


def without_house_number(text: str) -> str:
    """Leave out a house number at the end: "Markt 12 a" → "Markt"."""
    return _HOUSE_NUMBER.sub("", text)


def address_line(street: str, house: str, hint: str = "") -> str:
    """Write an address in one line, with what tells streets of one name apart: "Markt 3 (östlicher Teil)"."""
    return f"{street} {house} ({hint})" if hint else f"{street} {house}"


def without_hint(text: str) -> str:
    """Leave out what stands in brackets: "Wesseler Straße (südlicher Teil)" → "Wesseler Straße"."""
    return text.partition("(")[0]


def nearness(what: Typed, name: StreetName) -> Nearness | None:
    """How near a name comes without any typing error; None if it does not."""
    readings = what.readings
    if name.joined == readings[0]:
        return Nearness.SAME
    if name.joined.startswith(readings):
        return Nearness.BEGINS
    if any(f"|{reading}" in name.tails for reading in readings):
        return Nearness.WORD_BEGINS
    if what.abbreviated is not None and what.abbreviated.search(name.words):
        return Nearness.ABBREVIATED
    if any(len(reading) >= _SHORTEST_INSIDE and reading in name.joined for reading in readings):
        return Nearness.CONTAINS
    return None


def is_one_slip_of_all(what: Typed, name: StreetName) -> bool:
    """Whether what was typed is the whole name but for one slip: "Mart" is "Markt", though "Martinsweg" begins so."""
    return any(
        differ_by_one_slip(reading, name.joined)
        for reading in what.readings
        if len(reading) >= _SHORTEST_WITH_SLIP and abs(len(reading) - len(name.joined)) <= 1
    )


def is_one_slip_away(what: Typed, name: StreetName) -> bool:
    """Whether the name, or the name from one of its words on, begins with what was typed but for one slip.

    A slip is one letter too many, missing, wrong, or two neighbours swapped, in at least four letters.
    """
    return any(
        begins_but_for_a_slip(tail, reading)
        for reading in what.careless_readings
        if len(reading) >= _SHORTEST_WITH_SLIP and _shares_a_half(name.careless_tails, reading)
        for tail in name.careless_tails[1:].split("|")
    )


def is_of_another_kind(what: Typed, name: StreetName) -> bool:
    """Whether only the kind of road differs: "Schillerweg" where there is a "Schillerstraße"."""
    stem = _KIND.sub("", what.readings[0])
    return stem != what.readings[0] and stem == _KIND.sub("", name.joined)


def _written_out(folded: str) -> str:
    words = " ".join(_ABBREVIATIONS.get(word, word) for word in folded.split())
    return _ROAD.sub("strasse", words)


def _careless_ways(text: str) -> tuple[str, ...]:
    """Every way of folding that a slip can start from.

    Letter by letter "oe" stays "oe": "Roenweg" is one slip away from "Rosenweg", "ronweg" is two.
    With and without abbreviations written out, a slip may stand inside one ("Dt. Hövener").
    """
    letter_by_letter = "".join(fold(letter) or " " for letter in text)
    plain = fold(text)
    return tuple(dict.fromkeys((_written_out(plain), plain, _written_out(letter_by_letter), letter_by_letter)))


def _tails(words: str) -> list[str]:
    parts = words.split()
    return ["".join(parts[start:]) for start in range(len(parts))]


def _barred(tails: Iterable[str]) -> str:
    return "".join(f"|{tail}" for tail in dict.fromkeys(tails))


def _joined(*texts: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text.replace(" ", "") for text in texts))


def _single_letters(word: str) -> str:
    """Write doubled letters once: a slip beside "ß" counts once, not twice because of "ss"."""
    return _DOUBLED.sub(r"\1", word)


def _abbreviated(plain: str) -> re.Pattern[str] | None:
    words = plain.split()
    return re.compile(" " + ".* ".join(words)) if len(words) > 1 else None


def _shares_a_half(tails: str, reading: str) -> bool:
    """Whether a half of the reading stands in a tail: of two halves a slip leaves one as it is. Quick."""
    half = len(reading) // 2
    return f"|{reading[: half - 1]}" in tails or reading[half:] in tails
