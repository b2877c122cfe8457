"""Finding streets and places."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stadthaus.base_services.addresses import queries
from stadthaus.base_services.addresses.tests.factories import (
    SPLIT_LATITUDE,
    TODAY,
    a_house,
    a_street,
    a_town,
)

pytestmark = pytest.mark.django_db


def labels(text: str, limit: int = 10) -> list[str]:
    return [street.label for street in queries.find_streets(text, limit)]


def test_names_that_begin_like_the_text_come_before_words_and_parts() -> None:
    for name in ("Amtsmarktweg", "Am Markt", "Marktstraße", "Markt"):
        a_street(name)
    assert labels("markt") == ["Markt", "Marktstraße", "Am Markt", "Amtsmarktweg"]


def test_two_streets_of_one_name_both_come_with_what_tells_them_apart() -> None:
    a_street("Kiwitzheidweg", hint="südlicher Teil")
    a_street("Kiwitzheidweg", hint="nördlicher Teil")
    assert labels("kiwitz") == ["Kiwitzheidweg (nördlicher Teil)", "Kiwitzheidweg (südlicher Teil)"]


def test_a_typing_error_is_forgiven_when_nothing_begins_like_the_text() -> None:
    a_street("Münsterstraße")
    a_street("Berliner Straße")
    assert labels("Mnüsterstr") == ["Münsterstraße"]


def test_a_house_number_behind_the_street_does_no_harm() -> None:
    a_street("Markt")
    a_street("An den 12 Bäumen")
    assert labels("Markt 12a") == ["Markt"]
    assert labels("An den 12 B") == ["An den 12 Bäumen"]


def test_a_label_finds_its_street() -> None:
    a_street("Kiwitzheidweg", hint="nördlicher Teil")
    assert labels("Kiwitzheidweg (nördlicher Teil)") == ["Kiwitzheidweg (nördlicher Teil)"]


def test_no_more_streets_come_than_asked_for() -> None:
    for number in range(12):
        a_street(f"Am Weg {number:02d}")
    assert len(labels("am")) == 10
    assert labels("am", 2) == ["Am Weg 00", "Am Weg 01"]


@pytest.mark.parametrize("text", ["", " ", "-", "%", "_", "\x00", "(", "😀"])
def test_a_text_without_letters_finds_nothing(text: str) -> None:
    a_street("Markt")
    assert labels(text) == []
    assert queries.exact_streets(text) == []


def test_finding_takes_two_statements() -> None:
    a_street("Markt")
    with CaptureQueriesContext(
        connection,
    ) as statements:
        assert labels("Makrt") == ["Markt"]
    assert len(statements) == 2


def test_a_very_long_text_is_answered_like_any_other() -> None:
    a_street("Markt")
    for text in ("a" + " " * 100_000 + "b", "a " * 100_000, "1" * 100_000):
        assert labels(text) == []
        assert queries.exact_streets(text) == []


def test_a_new_street_is_found_at_once() -> None:
    a_street("Markt")
    assert labels("Ostring") == []
    a_street("Ostring")
    assert labels("Ostring") == ["Ostring"]


def test_a_short_name_with_a_slip_is_found_though_longer_ones_begin_so() -> None:
    a_street("Markt")
    a_street("Martinsweg")
    assert labels("Mart") == ["Martinsweg", "Markt"]


@pytest.mark.parametrize("text", ["Bockumeri Straße", "Bockmer Str.", "Bokcumer Straße"])
def test_a_slip_in_the_whole_name_comes_before_one_inside_a_longer_name(text: str) -> None:
    a_street("Alte Bockumer Straße")
    a_street("Bockumer Straße")
    assert labels(text) == ["Bockumer Straße", "Alte Bockumer Straße"]


def test_a_full_name_finds_exactly_its_streets() -> None:
    a_street("Münsterstraße")
    a_street("Alte Münsterstraße")
    for written in ("münsterstr.", "Muensterstrasse", "Münster-Straße", "Münsterstraße 12 a"):
        assert [street.name for street in queries.exact_streets(written)] == ["Münsterstraße"]
    assert queries.exact_streets("Münster") == []


def test_a_full_name_that_occurs_twice_finds_both_and_with_its_hint_the_one() -> None:
    a_street("Wesseler Straße", hint="nördlicher Teil")
    south = a_street("Wesseler Straße", hint="südlicher Teil")
    assert len(queries.exact_streets("wesseler str.")) == 2
    assert queries.exact_streets("Wesseler Straße (südlicher Teil)") == [south]


def test_without_a_list_of_houses_a_number_lies_at_its_street_and_nobody_knows_it() -> None:
    street = a_street(lat=SPLIT_LATITUDE - 0.001, lon=7.6)
    place = queries.place(street, "12 A", a_town(), TODAY)
    assert place == queries.Place(street.lat, 7.6, "sued", known=None)


def test_a_house_of_the_list_lies_at_its_own_point_and_in_its_own_district() -> None:
    street = a_street(lat=SPLIT_LATITUDE - 0.001)
    a_house(street, 12, "a", lat=SPLIT_LATITUDE + 0.001, lon=7.61)
    place = queries.place(street, "12a", a_town(), TODAY)
    assert place == queries.Place(SPLIT_LATITUDE + 0.001, 7.61, "nord", known=True)


def test_a_number_missing_in_the_list_is_questioned_and_lies_at_the_nearest_number() -> None:
    street = a_street()
    a_house(street, 1, lat=51.60)
    a_house(street, 11, lat=51.61)
    place = queries.place(street, "12", a_town(), TODAY)
    assert (place.lat, place.known) == (51.61, False)


@pytest.mark.parametrize(("text", "known"), [("12-14", True), ("12a-c", True), ("12b", False), ("14-16", False)])
def test_a_range_is_known_by_its_first_house(text: str, known: bool) -> None:
    street = a_street()
    a_house(street, 12)
    a_house(street, 12, "a")
    assert queries.place(street, text, a_town(), TODAY).known is known


def test_without_a_day_the_newest_rule_says_the_district() -> None:
    assert queries.place(a_street(lat=SPLIT_LATITUDE), "12", a_town()).district == "nord"


def test_houses_of_another_street_say_nothing_about_this_one() -> None:
    a_house(a_street("Markt"), 12)
    assert queries.place(a_street("Ostring"), "12", a_town(), TODAY).known is None


def test_what_is_no_house_number_has_no_place() -> None:
    with pytest.raises(queries.NoHouseNumber, match="12a"):
        queries.place(a_street(), "zwölf", a_town(), TODAY)
