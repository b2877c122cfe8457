"""Lines of the official building references."""

import random

import pytest

from stadthaus.base_services.addresses.rules.gebref import Building, NoAddress, NotOurs, Refusal, read_line
from stadthaus.base_services.addresses.rules.house_numbers import HouseNumber
from stadthaus.base_services.addresses.tests.factories import MUNICIPALITY, a_new_line, an_old_line

OURS = frozenset({MUNICIPALITY})
RATINGEN = "N;DENW000002207504;A;05;1;58;028;0000;12741;6;;32349925,060;5685090,386;Minoritenstraße;2022-01-01"


def test_the_published_example_is_read() -> None:
    building = read_line(RATINGEN, frozenset({"051580000028"}))
    assert isinstance(building, Building)
    assert building.street_key == "05158000002812741"
    assert building.number == HouseNumber(6)
    assert (building.lat, building.lon) == pytest.approx((51.29733, 6.84736), abs=1e-5)


def test_both_forms_of_a_line_give_the_same_building() -> None:
    old, new = read_line(an_old_line("12", "a"), OURS), read_line(a_new_line("12", "a"), OURS)
    assert old == new
    assert isinstance(old, Building)
    assert (old.street_key, str(old.number)) == ("05978000004002500", "12a")
    assert (old.lat, old.lon) == pytest.approx((51.66794, 7.62629), abs=1e-5)


def test_a_line_of_another_municipality_is_not_ours() -> None:
    assert read_line(RATINGEN, OURS) == NotOurs()


@pytest.mark.parametrize("line", [an_old_line(quality="B"), an_old_line(quality="C"), an_old_line(kind="L")])
def test_parcels_internal_numbers_and_deletions_are_no_addresses(line: str) -> None:
    assert read_line(line, OURS) == NoAddress()


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("", "Spalten"),
        ("a;b;c", "Spalten"),
        (an_old_line(municipality="40"), "Gemeindeschlüssel"),
        (an_old_line(municipality="٠٤٠"), "Gemeindeschlüssel"),
        (an_old_line(street="abc"), "Straßenschlüssel"),
        (an_old_line(number=""), "Hausnummer"),
        (an_old_line(number="0"), "Hausnummer"),
        (an_old_line(east=""), "Koordinaten"),
        (an_old_line(east="5725000,0", north="32405000,0"), "Koordinaten"),
        (an_old_line(east="32205000,060"), "Koordinaten"),
        (a_new_line(east="205000,060"), "Koordinaten"),
        (an_old_line(north="nan"), "Koordinaten"),
        (an_old_line(north="9" * 400), "Koordinaten"),
        (a_new_line(zone="33"), "Zone"),
    ],
)
def test_a_line_that_cannot_be_used_is_refused_with_its_reason(line: str, word: str) -> None:
    answer = read_line(line, OURS)
    assert isinstance(answer, Refusal)
    assert word in answer.reason


def test_random_garbage_is_answered_and_never_raises() -> None:
    chance = random.Random(20261123)
    for _ in range(300):
        columns = (an_old_line() if chance.random() < 0.5 else a_new_line()).split(";")
        garbage = "".join(chance.choices("0123456789,.;aß-\x00٣", k=chance.randrange(9)))
        columns[chance.randrange(len(columns))] = garbage
        read_line(";".join(columns), OURS)
