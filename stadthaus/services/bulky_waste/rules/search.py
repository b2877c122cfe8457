"""Finding items by the words people use."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeVar

from stadthaus.kernel.words import differ_by_one_slip, fold
from stadthaus.services.bulky_waste.rules.items import Item, NotBulky

Thing = TypeVar("Thing")
PART_FROM_LETTERS = 4  # shorter ones stand inside too many words ("Tür" in "Polstergarnitur")
FILLERS = frozenset({"alte", "alter", "altes", "defekt", "kaputt", "klein", "kleiner", "gross", "grosser", "ohne"})
SLIP_FROM_LETTERS = 5  # shorter words differ by one letter too easily ("Bett" and "Brett")

# The catalogue has a few thousand words; folding is pure, so nothing grows stale.
_fold = lru_cache(maxsize=16_384)(fold)


@dataclass(frozen=True)
class Found:
    """What a search found, best first: bulky items, and things that are not bulky waste.

    `not_bulky_first` says that the latter fit the words better; `rank` how well the best one fits (0: exactly).
    """

    items: tuple[Item, ...]
    not_bulky: tuple[NotBulky, ...]
    not_bulky_first: bool = False
    rank: int = field(default=0, compare=False)

    @property
    def is_guess(self) -> bool:
        """Whether nothing fits as it was typed."""
        return self.rank >= _CONTAINS_KNOWN


def search(text: str, items: Iterable[Item], not_bulky: Iterable[NotBulky], limit: int = 8) -> Found:
    """Find by name and synonyms; whole words first, then beginnings, then parts, then one typing error."""
    wanted = _fold(text)
    if len(wanted) < 2:  # noqa: PLR2004  one letter finds everything and helps nobody
        return Found((), (), rank=_NEVER)
    found = _search(wanted, list(items), list(not_bulky), limit)
    if found.is_guess and " " in wanted:
        # "alter Kühlschrank mit Gefrierfach": the words that name something, each on its own, the surest first.
        words = [word for word in wanted.split() if len(word) >= PART_FROM_LETTERS and word not in FILLERS]
        singly = [_search(word, list(items), list(not_bulky), limit) for word in words]
        found = min([found, *singly], key=lambda one: one.rank)
    return found


def _search(wanted: str, items: list[Item], not_bulky: list[NotBulky], limit: int) -> Found:
    ranked_items = _ranked(wanted, [(item, item.name, item.words) for item in items])
    ranked_not = _ranked(wanted, [(thing, thing.name, thing.words) for thing in not_bulky])
    best_item = min([rank for rank, _ in ranked_items], default=_NEVER)
    best_not = min([rank for rank, _ in ranked_not], default=_NEVER)
    return Found(
        items=_good_enough(ranked_items, best_item, best_not)[:limit],
        not_bulky=_good_enough(ranked_not, best_not, best_item)[:3],
        not_bulky_first=best_not < best_item,
        rank=min(best_item, best_not),
    )


def _good_enough(ranked: list[tuple[int, Thing]], best: int, best_other: int) -> tuple[Thing, ...]:
    """Leave out what fits clearly worse.

    A guess (a word that only contains another, a typing error) counts only where nothing fits as it
    was typed; a mere part of a word does not stand beside the other list's whole word.
    """
    worst = _PART if min(best, best_other) <= _PART else min(best, best_other)
    if best_other <= _FIRST_WORD < best:
        worst = _BEGINNING
    return tuple(thing for rank, thing in ranked if rank <= worst)


_WHOLE, _FIRST_WORD, _BEGINNING, _PART, _CONTAINS_KNOWN, _SLIP, _NEVER = range(7)


def _ranked(wanted: str, things: list[tuple[Thing, str, tuple[str, ...]]]) -> list[tuple[int, Thing]]:
    ranks = [(_rank(wanted, [_fold(name), *map(_fold, words)]), thing) for thing, name, words in things]
    return sorted([(rank, thing) for rank, thing in ranks if rank is not None], key=lambda pair: pair[0])


def _rank(wanted: str, words: list[str]) -> int | None:
    ranks = [rank for word in words if (rank := _rank_word(wanted, word)) is not None]
    return min(ranks, default=None)


def _rank_word(wanted: str, word: str) -> int | None:
    fits = (
        (_WHOLE, wanted == word),
        (_FIRST_WORD, wanted in word.split()),
        (_BEGINNING, word.startswith(wanted)),
        (_PART, len(wanted) >= PART_FROM_LETTERS and wanted in word),
        (_CONTAINS_KNOWN, len(word) >= SLIP_FROM_LETTERS and _ends_with_word(wanted, word)),
        (_SLIP, len(wanted) >= SLIP_FROM_LETTERS and _is_slip(wanted, word)),
    )
    return next((rank for rank, does_fit in fits if does_fit), None)


def _ends_with_word(wanted: str, word: str) -> bool:
    """A compound holds a known word: "Jugendbett" is a kind of "Bett"."""
    return any(part.startswith(word) or part.endswith(word) for part in wanted.split())


def _is_slip(wanted: str, word: str) -> bool:
    return any(differ_by_one_slip(wanted, part) for part in (word, *word.split()))
