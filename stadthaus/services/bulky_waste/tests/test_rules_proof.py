import pytest

from stadthaus.services.bulky_waste.rules.proof import knows_the_order


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
    ],
)
def test_names_of_every_kind_are_recognised(name: str, typed: str) -> None:
    assert knows(typed, "12a", names=(name,))


def test_orderer_and_debtor_both_know_the_order() -> None:
    names = ("Erika Beispiel", "Otto Anders")
    assert knows("Anders", "12a", names=names) and knows("Beispiel", "12a", names=names)


def test_an_order_without_name_or_house_is_known_by_nobody() -> None:
    assert not knows("Heide", "12a", names=("", "  "))
    assert not knows("Heide", "12a", houses=("", " "))
