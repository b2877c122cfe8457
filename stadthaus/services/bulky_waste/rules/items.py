"""What an order consists of: catalogue items, own items, limits per piece."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from stadthaus.kernel.measures import box_litres

MAX_COUNT = 50
MAX_LINES = 60
# What is collected most often: shown before anybody searched, and as examples.
EVERYDAY = ("sofa-3-seater", "wardrobe-3-door", "mattress-90", "table-dining", "carpet-2x3", "chair")


class ListFull(ValueError):
    """The order holds as many lines, or as many pieces of one thing, as it can."""


@dataclass(frozen=True)
class LongerKind:
    """A kind of thing that may be longer in one piece (Ausnahme von der Länge): longest side in cm, catalogue keys."""

    name: str
    length_cm: int
    keys: frozenset[str]


@dataclass(frozen=True)
class Limits:
    """Limits per piece (Höchstmaße je Stück): longest side in cm, weight in kg, and what may be longer."""

    length_cm: int
    weight_kg: int
    longer: tuple[LongerKind, ...] = ()

    def length_of(self, key: str) -> int:
        """The longest that one thing of the catalogue may be in one piece."""
        return max([self.length_cm, *(kind.length_cm for kind in self.longer if key in kind.keys)])


class Offer(StrEnum):
    """In which form a thing of the catalogue is taken (Abholform)."""

    ANY = "any"
    DISMANTLED = "dismantled"
    NONE = "none"


@dataclass(frozen=True)
class Item:
    """A catalogue item. `litres_dismantled` is None where taking it apart saves no room."""

    key: str
    name: str
    drawing: str
    litres: int
    litres_dismantled: int | None
    fraction: str
    asks_electrical: bool
    longest_cm: int
    words: tuple[str, ...]

    def is_too_long(self, limits: Limits) -> bool:
        """In one piece it is longer than it may be; dismantled it is not, if it comes apart."""
        return self.longest_cm > limits.length_of(self.key)

    def offer(self, limits: Limits) -> Offer:
        """In which form a piece is taken."""
        if not self.is_too_long(limits):
            return Offer.ANY
        return Offer.NONE if self.litres_dismantled is None else Offer.DISMANTLED


def choices(found: Iterable[Item], limits: Limits) -> list[tuple[Item, Offer]]:
    """Things, each with the form in which it is taken."""
    return [(item, item.offer(limits)) for item in found]


@dataclass(frozen=True)
class NotBulky:
    """A thing that is not bulky waste: why not, and where it goes instead."""

    key: str
    name: str
    reason: str
    where: str
    words: tuple[str, ...]


OWN = "own"  # the key of a thing that the catalogue does not know


@dataclass(frozen=True)
class Line:
    """One line of an order: so many of one item, whole or dismantled.

    `key` is the catalogue key, or OWN with `name`, `size_cm` (length, width, height) and `own_id`.
    """

    key: str
    count: int
    dismantled: bool = False
    name: str = ""
    size_cm: tuple[int, int, int] | None = None
    own_id: str = ""

    @property
    def ref(self) -> str:
        """What a page calls this line: the same for as long as it is on the list, wherever it stands there."""
        if self.size_cm is not None:
            return f"{OWN}-{self.own_id}"
        return f"{self.key}_zerlegt" if self.dismantled else self.key

    def as_data(self) -> dict[str, Any]:
        """The line as it is kept in a draft."""
        return {
            "key": self.key,
            "count": self.count,
            "dismantled": self.dismantled,
            "name": self.name,
            "size_cm": list(self.size_cm) if self.size_cm else None,
            "own_id": self.own_id,
        }


def lines_from_data(data: Iterable[dict[str, Any]]) -> list[Line]:
    """Read the lines back from a draft; own items without a name of their own are called by their place."""
    return [line_from_data({**line, "own_id": line.get("own_id") or str(place)}) for place, line in enumerate(data)]


def line_from_data(data: dict[str, Any]) -> Line:
    """Read a line back from a draft."""
    size = data.get("size_cm")
    return Line(
        key=data["key"],
        count=data["count"],
        dismantled=data.get("dismantled", False),
        name=data.get("name", ""),
        size_cm=(size[0], size[1], size[2]) if size else None,
        own_id=data.get("own_id", "") if size else "",
    )


@dataclass(frozen=True)
class PricedLine:
    """A line with what the catalogue says about it; litres are for one piece."""

    line: Line
    name: str
    drawing: str
    fraction: str
    litres_each: int
    litres_other_form: int | None
    too_long: bool = False

    @property
    def litres(self) -> int:
        """Volume of the whole line."""
        return self.litres_each * self.line.count


def price_line(line: Line, catalogue: dict[str, Item], limits: Limits) -> PricedLine | None:
    """Look a line up; None if the catalogue no longer has the item. A form that is too long is no other form."""
    if line.size_cm is not None:
        too_long = max(line.size_cm) > limits.length_cm
        return PricedLine(line, line.name, "own", "bulky", max(1, box_litres(*line.size_cm)), None, too_long)
    item = catalogue.get(line.key)
    if item is None:
        return None
    apart, too_long = item.litres_dismantled, item.is_too_long(limits)
    if line.dismantled and apart is not None:
        other = None if too_long else item.litres
        return PricedLine(line, item.name, item.drawing, item.fraction, apart, other)
    return PricedLine(line, item.name, item.drawing, item.fraction, item.litres, apart, too_long)


def price_lines(lines: Iterable[Line], catalogue: dict[str, Item], limits: Limits) -> list[PricedLine]:
    """All lines that the catalogue knows, with their volume."""
    priced = (price_line(line, catalogue, limits) for line in lines)
    return [line for line in priced if line is not None]


def change_in_words(before: Iterable[PricedLine], after: Iterable[PricedLine]) -> str:
    """What is new, counted anew or gone, for those who do not see the list."""
    old, new = {line.line.ref: line for line in before}, {line.line.ref: line for line in after}
    for ref, line in new.items():
        if ref not in old or old[ref].line.count != line.line.count:
            return f"{line.line.count} × {line.name}{', zerlegt' if line.line.dismantled else ''}."
    gone = [line.name for ref, line in old.items() if ref not in new]
    return f"{gone[0]} entfernt." if gone else "Unverändert."


def total_litres(lines: Iterable[PricedLine]) -> int:
    """Volume of an order in litres."""
    return sum(line.litres for line in lines)


def with_added(lines: Sequence[Line], new: Line) -> list[Line]:
    """Add a line; the same catalogue item in the same form is counted up instead."""
    index = _index(lines, new.ref)
    if index is not None and new.size_cm is None:
        return with_count(lines, index, lines[index].count + new.count)
    if len(lines) >= MAX_LINES:
        raise ListFull
    return [*lines, new]


def with_counted(lines: Sequence[Line], ref: str, step: int, seen: str) -> list[Line]:
    """One more (1) or one less (−1) of a line; one that is gone changes nothing.

    `seen` is the count that stood on the page. Taking away counts only from there, so that a nervous finger or an
    old page never removes more than was meant; adding always does: two taps are two pieces, also from two tabs.
    """
    index = _index(lines, ref)
    if index is None or (step < 0 and seen != str(lines[index].count)):
        return list(lines)
    count = lines[index].count + step
    if count > MAX_COUNT:
        raise ListFull
    return with_count(lines, index, count)


def _index(lines: Sequence[Line], ref: str) -> int | None:
    return next((index for index, line in enumerate(lines) if line.ref == ref), None)


def with_count(lines: Sequence[Line], index: int, count: int) -> list[Line]:
    """Set the number of pieces; none removes the line."""
    changed = [*lines]
    if count < 1:
        del changed[index]
    else:
        changed[index] = replace(changed[index], count=min(count, MAX_COUNT))
    return changed


def with_other_form(lines: Sequence[Line], ref: str) -> list[Line]:
    """Switch a line between whole and dismantled; meets an equal line, both become one."""
    index = _index(lines, ref)
    if index is None:
        return list(lines)
    rest = [*lines[:index], *lines[index + 1 :]]
    turned = replace(lines[index], dismantled=not lines[index].dismantled)
    if _index(rest, turned.ref) is not None:
        return with_added(rest, turned)
    return [*lines[:index], turned, *lines[index + 1 :]]


def everyday(items: Iterable[Item], limits: Limits) -> list[Item]:
    """What is often collected and can be taken as it is, whole or dismantled, by volume."""
    return sorted((item for item in items if item.key in EVERYDAY and item.offer(limits) is Offer.ANY), key=_litres)


def example_that_fits(free_litres: int, everyday: Sequence[Item]) -> Item | None:
    """The largest everyday item that still fits on the card, as an example."""
    fitting = bisect_right(everyday, free_litres, key=_litres)
    return everyday[fitting - 1] if fitting else None


def _litres(item: Item) -> int:
    return item.litres
