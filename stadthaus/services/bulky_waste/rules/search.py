"""Finding items by the words people use."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, Generic, TypeVar

from stadthaus.kernel.words import begins_but_for_a_slip, differ_by_one_slip, fold, fold_letters
from stadthaus.services.bulky_waste.rules.items import Item, NotBulky

Thing = TypeVar("Thing", bound=Item | NotBulky)
FitOf = Callable[["Name[Any]"], "Fit"]
PART_FROM_LETTERS = 4  # shorter ones stand inside too many words ("Tür" in "Polstergarnitur")
SLIP_FROM_LETTERS = 3  # and one of both words longer: three letters with a slip are any other three letters
UNFINISHED_FROM_LETTERS = 6  # a slip in the beginning of a word still leaves enough of it
KIND_FROM_LETTERS = 4  # shorter ones end too many words by chance ("Tor" in "Motor")
STEM_FROM_LETTERS = 5  # and still more words begin with them ("Rest" in "Restaurant")
FILLERS = frozenset({"alte", "alter", "altes", "defekt", "kaputt", "klein", "kleiner", "gross", "grosser", "ohne"})


class Fit(IntEnum):
    """How well a thing's name fits what was typed, best first."""

    WHOLE = 0
    WORD = 1
    BEGINNING = 2
    SLIP = 3  # the whole name but for one typing error: surer than letters that stand inside another word
    WORD_WITH_SLIP = 4
    PART = 5
    KIND_OF = 6  # a German compound is a kind of its last part: a "Messingbett" is a "Bett"
    BEGINNING_WITH_SLIP = 7
    BEGINS_WITH = 8  # "Teppichrest": the first part says little
    NONE = 9


_AS_TYPED = frozenset({Fit.WHOLE, Fit.WORD, Fit.BEGINNING, Fit.PART})


@dataclass(frozen=True)
class Name(Generic[Thing]):
    """One name of a thing, folded; `spellings` are what a typing error is looked for in."""

    thing: Thing
    folded: str
    words: frozenset[str]
    spellings: tuple[tuple[Fit, str], ...]
    lengths: frozenset[int]


@dataclass(frozen=True)
class Index:
    """All names of the catalogue, ready for searching."""

    items: tuple[Name[Item], ...]
    not_bulky: tuple[Name[NotBulky], ...]


def index(items: Iterable[Item], not_bulky: Iterable[NotBulky]) -> Index:
    """Fold all names once: they change rarely and are searched with each letter somebody types."""
    return Index(_names(items), _names(not_bulky))


def _names(things: Iterable[Thing]) -> tuple[Name[Thing], ...]:
    return tuple(_name(thing, text) for thing in things for text in (thing.name, *thing.words))


def _name(thing: Thing, text: str) -> Name[Thing]:
    whole, words = _ways_to_fold(text), _words_of(text)
    spellings = [*((Fit.SLIP, way) for way in sorted(whole)), *((Fit.WORD_WITH_SLIP, word) for word in sorted(words))]
    return Name(thing, fold(text), frozenset(words), tuple(spellings), frozenset(len(word) for word in whole | words))


def _ways_to_fold(text: str) -> set[str]:
    return {fold(text), fold_letters(text)}


def _words_of(text: str) -> set[str]:
    """The words inside a name of several."""
    whole = _ways_to_fold(text)
    return {word for way in whole for word in way.split()} - whole


@dataclass(frozen=True)
class Found:
    """What a search found, best first: bulky items, and things that are not bulky waste.

    `not_bulky_first` says that the latter fit the words better; `fit` how well the best one fits.
    """

    items: tuple[Item, ...]
    not_bulky: tuple[NotBulky, ...]
    not_bulky_first: bool = False
    fit: Fit = field(default=Fit.NONE, compare=False)

    @property
    def is_guess(self) -> bool:
        """Whether what was found does not fit as it was typed."""
        return self.fit not in {*_AS_TYPED, Fit.NONE}


def search(text: str, names: Index, limit: int = 8) -> Found:
    """Find by name and synonyms, forgiving one typing error."""
    if len(fold(text)) < 2:  # noqa: PLR2004  one letter finds everything and helps nobody
        return Found((), ())
    found = _search(text, names, limit)
    if found.fit > Fit.SLIP and len(text.split()) > 1:
        # "alter Kühlschrank mit Gefrierfach": the words that name something, each on its own, the surest
        # first (a slip is surer in a longer word).
        words = [word for word in fold(text).split() if len(word) >= PART_FROM_LETTERS and word not in FILLERS]
        singly = [_search(word, names, limit) for word in sorted(words, key=len, reverse=True)]
        found = min([found, *singly], key=lambda one: one.fit)
    return found


def names_it(text: str, found: Found) -> bool:
    """Whether the text is the name of what was found, but for small words and one typing error, and no more."""
    words = [word for word in fold(text).split() if word not in FILLERS]
    return len(words) == 1 and found.fit in {Fit.WHOLE, Fit.SLIP}


def _search(text: str, names: Index, limit: int) -> Found:
    as_typed = _fitting(_as_typed(fold(text)), names, limit)
    if as_typed.fit <= Fit.BEGINNING:
        return as_typed
    with_slip = _fitting(_with_slip(text), names, limit)
    if with_slip.fit != Fit.NONE:
        return with_slip
    return as_typed if as_typed.fit != Fit.NONE else _fitting(_unknown(fold(text)), names, limit)


def _fitting(fit_of: FitOf, names: Index, limit: int) -> Found:
    items, not_bulky = _fits(fit_of, names.items), _fits(fit_of, names.not_bulky)
    best_item = min([fit for fit, _ in items], default=Fit.NONE)
    best_not = min([fit for fit, _ in not_bulky], default=Fit.NONE)
    if best_item == Fit.WHOLE and best_not > Fit.WORD:
        not_bulky = []  # who has a "Koffer" needs no word about a "Kofferradio"
    return Found(
        items=_good_enough(items, best_item, best_not)[:limit],
        not_bulky=_good_enough(not_bulky, best_not, best_item)[:3],
        not_bulky_first=best_not < best_item,
        fit=min(best_item, best_not),
    )


def _fits(fit_of: FitOf, names: Iterable[Name[Thing]]) -> list[tuple[Fit, Thing]]:
    """All things that fit, each by its best name, best first."""
    best: dict[str, tuple[Fit, Thing]] = {}
    for name in names:
        fit = fit_of(name)
        if fit is not Fit.NONE and (name.thing.key not in best or fit < best[name.thing.key][0]):
            best[name.thing.key] = (fit, name.thing)
    return sorted(best.values(), key=lambda pair: pair[0])


def _good_enough(fits: list[tuple[Fit, Thing]], best: Fit, best_other: Fit) -> tuple[Thing, ...]:
    """Leave out what fits clearly worse.

    A guess counts only where nothing fits as it was typed; a mere part of a word does not stand beside the other
    list's whole word.
    """
    good = {min(best, best_other)}
    if min(best, best_other) <= Fit.BEGINNING:
        good = {Fit.WHOLE, Fit.WORD, Fit.BEGINNING} if best_other <= Fit.WORD < best else set(_AS_TYPED)
    return tuple(thing for fit, thing in fits if fit in good)


def _as_typed(typed: str) -> FitOf:
    def fit(name: Name[Any]) -> Fit:
        if typed not in name.folded:
            return Fit.NONE
        if typed == name.folded:
            return Fit.WHOLE
        if typed in name.words:
            return Fit.WORD
        if name.folded.startswith(typed):
            return Fit.BEGINNING
        return Fit.PART if len(typed) >= PART_FROM_LETTERS else Fit.NONE

    return fit


def _with_slip(text: str) -> FitOf:
    ways = _ways_to_fold(text)
    slips = [_slip(typed) for typed in ways]
    lengths = {len(typed) + more for typed in ways for more in (-1, 0, 1)}

    def fit(name: Name[Any]) -> Fit:
        if lengths.isdisjoint(name.lengths):  # most names: quick to see
            return Fit.NONE
        for kind, spelling in name.spellings:
            for is_slip in slips:
                if is_slip(spelling):
                    return kind
        return Fit.NONE

    return fit


def _slip(typed: str) -> Callable[[str], bool]:
    length, half = len(typed), len(typed) // 2
    before, behind = typed[: half - 1], typed[half:]  # a slip leaves one of them as it is: quick to see

    def is_slip(word: str) -> bool:
        return (
            (word.startswith(before) or word.endswith(behind))
            and min(length, len(word)) >= SLIP_FROM_LETTERS < max(length, len(word))
            and differ_by_one_slip(typed, word)
        )

    return is_slip


def _unknown(typed: str) -> FitOf:
    """How well a word that nobody entered fits a known one."""

    def fit(name: Name[Any]) -> Fit:
        known = name.folded
        if len(known) >= KIND_FROM_LETTERS and typed.endswith(known):
            return Fit.KIND_OF
        if len(typed) >= UNFINISHED_FROM_LETTERS and begins_but_for_a_slip(known, typed):
            return Fit.BEGINNING_WITH_SLIP
        return Fit.BEGINS_WITH if len(known) >= STEM_FROM_LETTERS and typed.startswith(known) else Fit.NONE

    return fit
