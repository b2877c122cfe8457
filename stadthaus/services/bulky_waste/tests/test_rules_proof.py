import random

import pytest
from django.core.exceptions import ValidationError

from stadthaus.kernel.words import fold
from stadthaus.services.bulky_waste.rules.proof import knows_the_order
from stadthaus.ui.forms import NameField, PlainTextField


def knows(
    surname: str, house: str, names: tuple[str, ...] = ("Erika von der Heide",), houses: tuple[str, ...] = ("12a",)
) -> bool:
    return knows_the_order(surname, house, names=names, houses=houses)


@pytest.mark.parametrize(
    "surname", ["Heide", "heide", "HEIDE", "von der Heide", " von  der Heide ", "Erika von der Heide"]
)
def test_the_surname_is_the_end_of_the_name(surname: str) -> None:
    assert knows(surname, "12a")


@pytest.mark.parametrize("surname", ["", " ", "-", "e", "eide", "Erika", "von der", "Heid", "Heide Erika", "%", "*"])
def test_anything_else_is_not_the_surname(surname: str) -> None:
    assert not knows(surname, "12a")


@pytest.mark.parametrize("house", ["12a", "12 a", "12A", " 12a "])
def test_the_house_number_is_read_in_any_usual_way(house: str) -> None:
    assert knows("Heide", house)


@pytest.mark.parametrize("surname", ["Frau Heide", "frau von der Heide", "Fr. Dr. Heide", "Familie Heide"])
def test_a_form_of_address_is_no_part_of_the_surname(surname: str) -> None:
    assert knows(surname, "12a")


@pytest.mark.parametrize("surname", ["Frau", "Herr", "Dr.", "Fraudulent Heidemann"])
def test_a_form_of_address_alone_knows_nothing(surname: str) -> None:
    assert not knows(surname, "12a")


def test_a_person_can_be_called_herr() -> None:
    assert knows("Herr", "12a", names=("Anna Herr",))


def test_the_house_number_may_stand_behind_its_street() -> None:
    assert knows("Heide", "Steinstraße 12a")


def test_one_answer_is_one_guess_of_a_house_number() -> None:
    assert not knows("Heide", "12a 13 14")


@pytest.mark.parametrize("house", ["", "12", "12b", "1", "2a", "-", "a", "112a"])
def test_another_house_number_is_refused(house: str) -> None:
    assert not knows("Heide", house)


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Jürgen Müller", "Mueller"),
        ("Anna Weiß", "Weiss"),
        ("Seán O’Neill", "O'Neill"),
        ("Anna Müller-Lüdenscheid", "Müller Lüdenscheid"),
        ("Анна Иванова", "иванова"),
        ("Łukasz Żak", "zak"),
        ("Madonna", "Madonna"),
        ("Seán O’Neill", "ONeill"),
        ("Beispiel, Erika", "Beispiel"),
        ("Beispiel, Erika", "Beispiel, Erika"),
        ("Erika Beispiel, geb. Heide", "Beispiel"),
        ("Erika Beispiel, geb. Heide", "Heide"),
        ("Łukasz Łęcki", "Lecki"),
        ("Bjørn Sørensen", "Sorensen"),
        ("ʿAbd ar-Raḥmān", "ar-Rahman"),
    ],
)
def test_names_of_every_kind_are_recognised(name: str, typed: str) -> None:
    assert knows(typed, "12a", names=(name,))


def test_every_name_that_an_order_takes_is_known_by_its_last_word() -> None:
    chance = random.Random(2026)
    signs = [chr(code) for code in (*range(0x20, 0x250), *range(0x2B0, 0x370), *range(0x1E00, 0x1F00))]
    accepted = 0
    for _ in range(2000):
        name = " ".join("".join(chance.choices(signs, k=chance.randint(1, 6))) for _ in range(chance.randint(1, 3)))
        try:
            kept = NameField().clean(name)
        except ValidationError:
            continue
        accepted += 1
        last = next(word for word in reversed(kept.split()) if fold(word))
        assert knows(PlainTextField().clean(last), "12a", names=(kept,)), kept
    assert accepted > 500


def test_orderer_and_debtor_both_know_the_order() -> None:
    names = ("Erika Beispiel", "Otto Anders")
    assert knows("Anders", "12a", names=names) and knows("Beispiel", "12a", names=names)


def test_an_order_without_name_or_house_is_known_by_nobody() -> None:
    assert not knows("Heide", "12a", names=("", "  "))
    assert not knows("Heide", "12a", houses=("", " "))
