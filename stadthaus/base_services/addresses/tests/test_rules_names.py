"""Street names as people type them."""

import random

import pytest

from stadthaus.base_services.addresses.rules.names import (
    Nearness,
    fold_name,
    is_one_slip_away,
    nearness,
    street_name,
    typed,
    without_house_number,
)


def near(text: str, name: str) -> Nearness | None:
    what = typed(text)
    return nearness(what, street_name(name)) if what else None


def one_slip(text: str, name: str) -> bool:
    what = typed(text)
    return what is not None and is_one_slip_away(what, street_name(name))


@pytest.mark.parametrize(
    "text",
    [
        "Kardinal-von-Galen-Straße",
        "kardinal von galen str",
        "Kardinal von Galen Str.",
        "KARDINAL-VON-GALEN-STRASSE",
        "Kardinal v. Galen-Str",
        "kardinalvongalenstrasse",
        "  Kardinal  von–Galen Straße ",
    ],
)
def test_all_ways_of_writing_a_street_meet(text: str) -> None:
    assert fold_name(text) == fold_name("Kardinal-von-Galen-Straße")


@pytest.mark.parametrize("text", ["Münsterstr", "münsterstr.", "muensterstrasse", "Munsterstrasse", "Münster Straße"])
def test_umlauts_and_the_word_for_street_are_written_in_any_way(text: str) -> None:
    assert near(text, "Münsterstraße") == Nearness.SAME


@pytest.mark.parametrize("text", ["St. Johannes", "Sankt Johannes", "st johannes"])
def test_saints_are_found_short_and_long(text: str) -> None:
    assert near(text, "St. Johannes") == Nearness.SAME


@pytest.mark.parametrize("name", ["Münsterstraße", "An den 12 Bäumen", "Straße der Freiheit", "Ostring", "Aue"])
def test_every_beginning_of_a_name_finds_it(name: str) -> None:
    for length in range(1, len(name) + 1):
        found = near(name[:length], name)
        assert found is not None, name[:length]
        assert found <= Nearness.BEGINS, name[:length]


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("galen", "Kardinal-von-Galen-Straße", Nearness.WORD_BEGINS),
        ("Galenstr.", "Kardinal-von-Galen-Straße", Nearness.WORD_BEGINS),
        ("Kard.-v.-Galen", "Kardinal-von-Galen-Straße", Nearness.ABBREVIATED),
        ("K Galen", "Kardinal-von-Galen-Straße", Nearness.ABBREVIATED),
        ("von Droste", "v.-Droste-Hülshoff-Straße", Nearness.BEGINS),
        ("drostenstr", "Amtsdrostenstraße", Nearness.CONTAINS),
        ("dr", "Amtsdrostenstraße", None),
        ("Berliner", "Münsterstraße", None),
    ],
)
def test_words_abbreviations_and_parts_are_found_in_this_order(text: str, name: str, expected: Nearness) -> None:
    assert near(text, name) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Münstrestr",
        "Mnsterstraße",
        "Munnsterstr",
        "Münsterstrase",
        "Münsterstarße",
        "Münsterstrßae",
        "Mxnster",
    ],
)
def test_one_typing_error_is_allowed(text: str) -> None:
    assert one_slip(text, "Münsterstraße")


@pytest.mark.parametrize("text", ["Numster", "Mxnxter", "Münsterallee"])
def test_two_typing_errors_are_too_many(text: str) -> None:
    assert not one_slip(text, "Münsterstraße")


def test_a_slip_that_puts_o_and_e_together_is_one_slip() -> None:
    assert one_slip("Roenweg", "Rosenweg")
    assert one_slip("Bonoheffer", "Dietrich-Bonhoeffer-Straße")
    assert one_slip("Dt. Hövener", "Dr.-Hövener-Straße")


def test_three_letters_are_too_few_for_a_slip() -> None:
    assert not one_slip("Mar", "Moorweg")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Markt 12", "Markt"),
        ("Markt 12 a", "Markt"),
        ("Markt", "Markt"),
        ("12", "12"),
        ("An den 12 Bäumen", "An den 12 Bäumen"),
    ],
)
def test_a_house_number_at_the_end_is_left_out(text: str, expected: str) -> None:
    assert without_house_number(text) == expected


def test_random_garbage_never_raises() -> None:
    chance = random.Random(20261123)
    name = street_name("Kardinal-von-Galen-Straße")
    for _ in range(300):
        text = "".join(chr(chance.choice([chance.randrange(128), chance.randrange(0xD7FF)])) for _ in range(40))
        what = typed(text)
        if what is not None:
            nearness(what, name)
            is_one_slip_away(what, name)
