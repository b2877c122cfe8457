"""House numbers as people write them."""

import random

import pytest

from stadthaus.base_services.addresses.rules.house_numbers import HouseNumber, read_house_number, with_number_apart


@pytest.mark.parametrize(
    ("text", "number", "suffix"),
    [
        ("1", 1, ""),
        ("12", 12, ""),
        (" 12 ", 12, ""),
        ("12,", 12, ""),
        ("012", 12, ""),
        ("9999", 9999, ""),
        ("12a", 12, "a"),
        ("12 A", 12, "a"),
        ("12\u00a0a", 12, "a"),
        ("12 a-c", 12, "a-c"),
        ("12A - C", 12, "a-c"),
        ("12a-12c", 12, "a-c"),
        ("12-14", 12, "-14"),
        ("12–14", 12, "-14"),
        ("12 — 14", 12, "-14"),
        ("12‑14", 12, "-14"),
        ("12 bis 14", 12, "-14"),
        ("12 + 14", 12, "-14"),
        ("12 u. 14", 12, "-14"),
        ("12a/b", 12, "a-b"),
        ("12a/12b", 12, "a-b"),
        ("12 a bis c", 12, "a-c"),
        ("12-14a", 12, "-14a"),
        ("12a-14b", 12, "a-14b"),
        ("1/2", 1, "/2"),
        ("1 / 2", 1, "/2"),
        ("12/3a", 12, "/3a"),
        ("12 1/2", 12, " 1/2"),
        ("12½", 12, " 1/2"),
        ("Nr. 12", 12, ""),
        ("12.", 12, ""),
        ("Nr.12a", 12, "a"),
        ("Hausnummer 7", 7, ""),
    ],
)
def test_a_house_number_is_read_however_it_is_written(text: str, number: int, suffix: str) -> None:
    assert read_house_number(text) == HouseNumber(number, suffix)


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "0", "00", "0a", "10000", "99999999999999999999", "a", "a12", "-12", "12-", "12/", "/2", "1/0",
        "12-10", "12-12", "12-10000", "12c-a", "12a-a", "12-c", "12a-12a", "12ab", "12 Hinterhaus", "zwölf", "12.5",
        "12,14", "1/2/3", "12 2/1", "1²", "١٢", "１２", "12\x00", "12ß", "Nr.", "🏠", "12\n14", "1" * 40,
    ],
)  # fmt: skip
def test_what_is_no_house_number_is_not_read(text: str) -> None:
    assert read_house_number(text) is None


@pytest.mark.parametrize("text", ["12", "12a", "12a-c", "12-14", "12a-14b", "1/2", "12/3a", "12 1/2"])
def test_a_house_number_is_written_in_one_way_that_can_be_read_again(text: str) -> None:
    number = read_house_number(text)
    assert number is not None
    assert str(number) == text
    assert read_house_number(text.upper()) == number


@pytest.mark.parametrize(("text", "first"), [("12-14", "12"), ("12a-c", "12a"), ("12a-14b", "12a"), ("12a", "12a")])
def test_the_first_house_of_a_range_is_known(text: str, first: str) -> None:
    number = read_house_number(text)
    assert number is not None
    assert str(number.first) == first


def test_every_number_that_exists_is_read() -> None:
    assert all(read_house_number(str(number)) == HouseNumber(number) for number in range(1, 10_000))


def test_random_garbage_never_raises() -> None:
    chance = random.Random(20261123)
    for _ in range(300):
        text = "".join(chance.choices("0123456789abcABC -–/½.,;\x00ä😀\u202e", k=chance.randrange(12)))
        number = read_house_number(text)
        assert number is None or read_house_number(str(number)) == number, text


@pytest.mark.parametrize(
    ("typed", "street", "number"),
    [
        ("Markt 12", "Markt", "12"),
        ("Mozart str. 12 a", "Mozart str.", "12 a"),
        ("Am Hagen 12 - 14", "Am Hagen", "12 - 14"),
        ("Am Hagen 12 bis 14", "Am Hagen", "12 bis 14"),
        ("Markt Nr. 7", "Markt", "Nr. 7"),
        ("Markt12a", "Markt", "12a"),
        ("Mozartstr.12", "Mozartstr.", "12"),
        ("An den 12 Bäumen", "An den 12 Bäumen", ""),
        ("An den 12 Bäumen 5", "An den 12 Bäumen", "5"),
        ("Straße des 17. Juni", "Straße des 17. Juni", ""),
        ("Markt", "Markt", ""),
        ("12", "12", ""),
        ("", "", ""),
    ],
)
def test_a_number_typed_behind_its_street_is_told_apart(typed: str, street: str, number: str) -> None:
    assert with_number_apart(typed) == (street, number)
