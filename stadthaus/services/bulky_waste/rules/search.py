"""Finding items by the words people use."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from enum import IntEnum
from itertools import takewhile
from typing import Any, Generic, TypeVar

from stadthaus.kernel.words import begins_but_for_a_slip, differ_by_one_slip, fold, fold_letters, singulars
from stadthaus.services.bulky_waste.rules.items import Item, NotBulky

Thing = TypeVar("Thing", bound=Item | NotBulky)
FitOf = Callable[["Name[Any]"], "Fit"]
PART_FROM_LETTERS = 4  # shorter ones stand inside too many words ("Tür" in "Polstergarnitur")
SLIP_FROM_LETTERS = 3  # and one of both words longer: three letters with a slip are any other three letters
UNFINISHED_FROM_LETTERS = 6  # a slip in the beginning of a word still leaves enough of it
KIND_FROM_LETTERS = 4  # shorter ones end too many words by chance ("Tor" in "Motor")
STEM_FROM_LETTERS = 5  # and still more words begin with them ("Rest" in "Restaurant")
COUNTS = "ein eine einen einer eines zwei drei vier fünf sechs sieben acht neun zehn elf zwölf paar mehrere viele"
LOOKS = "alt defekt kaputt klein groß neu"
FILLERS = frozenset(map(fold, COUNTS.split())) | {
    fold(word + end) for word in LOOKS.split() for end in ("", "e", "er", "es", "en")
}
# What stands behind them only says more about the thing: "Stuhl aus Plastik", "Schrank ohne Türen".
PREPOSITIONS = frozenset({"aus", "fur", "im", "in", "mit", "ohne", "vom", "von", "zum"})


ELECTRICAL_APPLIANCE = fold("Elektrogerät")
ELECTRICAL_PARTS = frozenset(map(fold, ["Akku", "Batterie", "Beleuchtung", "LED", "Motor", "Stecker", "Strom"]))


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
    known: frozenset[str]
    electrical: tuple[NotBulky, ...]  # what is said of an electrical appliance that nobody entered


def index(items: Iterable[Item], not_bulky: Iterable[NotBulky]) -> Index:
    """Fold all names once: they change rarely and are searched with each letter somebody types."""
    bulky, other = _names(items), _names(not_bulky)
    known = frozenset(name.folded for name in bulky) | {name.folded for name in other}
    return Index(bulky, other, known, tuple(name.thing for name in other if name.folded == ELECTRICAL_APPLIANCE))


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
    found = _search(text, names)
    if len(text.split()) > 1:
        for words in _before_and_behind(text):
            if found.fit > Fit.SLIP:
                found = min(found, _search_words(words, names), key=lambda one: one.fit)
    if says_electrical(text) and not found.not_bulky_first and fold(text) not in names.known:
        found = replace(found, not_bulky=(*names.electrical, *found.not_bulky), not_bulky_first=True)
    return replace(found, items=found.items[:limit], not_bulky=found.not_bulky[:3])


def says_electrical(text: str) -> bool:
    """Whether the words tell of an electrical appliance: "Elektrobett", "E-Grill", "Schrank mit Beleuchtung"."""
    words = fold(text).split()
    tells = any(word.startswith("elektr") or word in ELECTRICAL_PARTS for word in words) or "e" in words[:-1]
    return tells and "ohne" not in words


def _before_and_behind(text: str) -> tuple[list[str], list[str]]:
    """The words of "2 alte Schränke ohne Türen" that name the thing, and those that only say more about it."""
    words = _naming(text)
    before = list(takewhile(lambda word: word not in PREPOSITIONS, words))
    return before, [word for word in words[len(before) :] if word not in PREPOSITIONS]


def _naming(text: str) -> list[str]:
    """The words of a text but for how many there are and what they look like."""
    return [word for word in fold(text).split() if word not in FILLERS and not word.isdigit()]


def _search_words(words: list[str], names: Index) -> Found:
    """All words together, then each on its own, longer ones first: a slip is surer there."""
    texts = dict.fromkeys([" ".join(words), *sorted(words, key=len, reverse=True)])
    asked = [text for text in texts if len(text) >= PART_FROM_LETTERS or text in names.known]
    singly = [_search_as_typed(text, names) for text in asked]
    if min((one.fit for one in singly), default=Fit.NONE) > Fit.BEGINNING:
        singly = [_search(text, names) for text in asked]
    best = min(singly, key=lambda one: one.fit, default=Found((), ()))
    return replace(best, items=_fitting_more_first(best.items, [one.items for one in singly if not one.is_guess]))


def _fitting_more_first(items: tuple[Item, ...], singly: list[tuple[Item, ...]]) -> tuple[Item, ...]:
    """Of "Schrank Küche", the cupboards of a kitchen come before other cupboards."""
    ranks = [{item.key: rank for rank, item in enumerate(found)} for found in singly]

    def place(item: Item) -> tuple[int, int]:
        its_ranks = [of_part[item.key] for of_part in ranks if item.key in of_part]
        return -len(its_ranks), sum(its_ranks)

    return tuple(sorted(items, key=place))


def names_it(text: str, found: Found) -> bool:
    """Whether the text is the name of what was found, but for small words and one typing error, and no more."""
    return len(_naming(text)) == 1 and found.fit in {Fit.WHOLE, Fit.SLIP}


def named_first(text: str, names: Index) -> NotBulky | None:
    """What is no bulky waste and stands before a brand or a colour: "Waschmaschine Miele".

    A "Fernseher Tisch" is a table, and a "Reifen aus Holz" may be a toy: that is asked, not refused.
    """
    first, *rest = _naming(text) or [""]
    if not rest or rest[0] in PREPOSITIONS or any(word in names.known for word in rest):
        return None
    found = search(first, names)
    return found.not_bulky[0] if found.not_bulky_first and names_it(first, found) else None


def _search(text: str, names: Index) -> Found:
    as_typed = _search_as_typed(text, names)
    if as_typed.fit <= Fit.BEGINNING:
        return as_typed
    ways = _ways_to_fold(text)
    with_slip = _fitting(_with_slip(ways), names)
    if with_slip.fit == Fit.NONE == as_typed.fit:  # "Kleiderschrenke"
        with_slip = _fitting(_with_slip(_long_singulars(ways)), names)
    if with_slip.fit != Fit.NONE:
        return with_slip
    return as_typed if as_typed.fit != Fit.NONE else _fitting(_unknown(fold(text), names.known), names)


def _long_singulars(ways: set[str]) -> set[str]:
    return {one for way in ways for one in singulars(way) if len(one) >= UNFINISHED_FROM_LETTERS}


def _search_as_typed(text: str, names: Index) -> Found:
    return _fitting(_as_typed(_forms(fold(text), names.known)), names)


def _forms(typed: str, known: frozenset[str]) -> set[str]:
    """What was typed, and the known names that it is the plural of or writes in two words ("Büro Stühle")."""
    joined = typed.replace(" ", "")
    return {typed} | known & {joined, *singulars(typed), *singulars(joined)}


def _fitting(fit_of: FitOf, names: Index) -> Found:
    items, not_bulky = _fits(fit_of, names.items), _fits(fit_of, names.not_bulky)
    best_item = min([fit for fit, _ in items], default=Fit.NONE)
    best_not = min([fit for fit, _ in not_bulky], default=Fit.NONE)
    if best_item == Fit.WHOLE and best_not > Fit.WORD:
        not_bulky = []  # who has a "Koffer" needs no word about a "Kofferradio"
    return Found(
        items=_good_enough(items, best_item, best_not),
        not_bulky=_good_enough(not_bulky, best_not, best_item),
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


def _as_typed(forms: set[str]) -> FitOf:
    def fit(name: Name[Any]) -> Fit:
        best = Fit.NONE
        for typed in forms:
            if typed in name.folded:  # of most names nothing: quick to see
                best = min(best, _fit_as_typed(typed, name))
        return best

    return fit


def _fit_as_typed(typed: str, name: Name[Any]) -> Fit:
    known = name.folded
    if typed == known:
        return Fit.WHOLE
    if typed in name.words:
        return Fit.WORD
    if known.startswith(typed):
        return Fit.BEGINNING
    # Letters amid a word are there by chance: "Eiche" in "Nachtspeicher".
    at_an_edge = f" {typed}" in known or f"{typed} " in f"{known} "
    return Fit.PART if at_an_edge and len(typed) >= PART_FROM_LETTERS else Fit.NONE


def _with_slip(ways: set[str]) -> FitOf:
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


def _unknown(typed: str, known: frozenset[str]) -> FitOf:
    """How well a word that nobody entered fits the longest it ends or begins with: "Pflegerollstuhl" → "Rollstuhl"."""
    kind = _first_known(_ends(typed), known)
    kinds = {kind} if kind else {_first_known(_ends(one), known) for one in singulars(typed)}
    stem = _first_known((typed[:to] for to in range(len(typed) - 1, STEM_FROM_LETTERS - 1, -1)), known)

    def fit(name: Name[Any]) -> Fit:
        if name.folded in kinds:
            return Fit.KIND_OF
        if len(typed) >= UNFINISHED_FROM_LETTERS and begins_but_for_a_slip(name.folded, typed):
            return Fit.BEGINNING_WITH_SLIP
        return Fit.BEGINS_WITH if name.folded == stem else Fit.NONE

    return fit


def _ends(word: str) -> Iterable[str]:
    return (word[start:] for start in range(1, len(word) - KIND_FROM_LETTERS + 1))


def _first_known(words: Iterable[str], known: frozenset[str]) -> str | None:
    return next((word for word in words if word in known), None)
