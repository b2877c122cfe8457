"""Loading streets, correcting them, taking houses in."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from stadthaus.accounts import queries as accounts
from stadthaus.base_services.addresses import actions
from stadthaus.base_services.addresses.actions import OfficialStreet
from stadthaus.base_services.addresses.models import House, Street
from stadthaus.base_services.addresses.tests.factories import (
    MUNICIPALITY,
    NOW,
    a_house,
    a_new_line,
    a_street,
    an_old_line,
)
from stadthaus.kernel.actors import SYSTEM

pytestmark = pytest.mark.django_db

KEY = f"{MUNICIPALITY}02500"
CENTRE = (51.66266, 7.63644)
LATER = NOW + timedelta(days=1)


def load(*streets: OfficialStreet) -> actions.StreetReport:
    return actions.load_streets(streets=streets, centre=CENTRE, now=LATER)


def take_in(*lines: str) -> actions.Report:
    return actions.import_houses(lines=lines, now=LATER, actor=SYSTEM)


def test_a_new_street_is_added_and_can_be_found_by_its_folded_name() -> None:
    assert load(OfficialStreet(KEY, "Ackerstr.", "", (51.67, 7.63))) == actions.StreetReport(1, 0, 0)
    street = Street.objects.get()
    assert (street.folded, street.lat, street.at_centre) == ("ackerstrasse", 51.67, False)


def test_a_street_without_a_point_lies_marked_at_the_centre_until_it_has_one() -> None:
    load(OfficialStreet(KEY, "Borg", "", None))
    street = Street.objects.get()
    assert (street.lat, street.lon, street.at_centre) == (*CENTRE, True)
    load(OfficialStreet(KEY, "Borg", "", (51.7, 7.7)))
    street.refresh_from_db()
    assert (street.lat, street.lon, street.at_centre) == (51.7, 7.7, False)


def test_loading_again_changes_nothing() -> None:
    official = OfficialStreet(KEY, "Ackerstraße", "", (51.67, 7.63))
    load(official)
    assert actions.load_streets(streets=[official], centre=CENTRE, now=NOW) == actions.StreetReport(0, 0, 1)
    assert Street.objects.get().changed_at == LATER


def test_a_changed_name_is_taken_over() -> None:
    a_street("Ackerweg", key=KEY)
    assert load(OfficialStreet(KEY, "Ackerstraße", "", (51.67, 7.63))).updated == 1
    assert Street.objects.get().folded == "ackerstrasse"


def test_a_street_that_left_the_list_stays() -> None:
    a_street("Ackerweg", key=KEY)
    load()
    assert Street.objects.count() == 1


def test_the_database_refuses_a_street_outside_germany_and_a_key_twice() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        a_street(lat=7.6, lon=51.6)
    a_street(key=KEY)
    with pytest.raises(IntegrityError), transaction.atomic():
        a_street(key=KEY)


def test_the_database_refuses_a_house_number_twice() -> None:
    street = a_street()
    a_house(street, 12, "a")
    with pytest.raises(IntegrityError), transaction.atomic():
        a_house(street, 12, "a")


def test_houses_of_both_forms_are_taken_in() -> None:
    street = a_street(key=KEY)
    report = take_in(an_old_line("12", "A"), a_new_line("14"))
    assert (report.accepted, report.refused) == (2, [])
    assert [str(house) for house in street.houses.all()] == ["12a", "14"]


def test_lines_of_others_and_no_addresses_are_counted_and_not_refused() -> None:
    a_street(key=KEY)
    report = take_in(an_old_line(municipality="020"), an_old_line(quality="C"), "\n")
    assert (report.accepted, report.not_ours, report.no_address, report.refused) == (0, 1, 1, [])


def test_bad_lines_are_refused_with_number_and_reason_and_good_ones_kept() -> None:
    a_street(key=KEY)
    report = take_in(an_old_line("12"), "???", an_old_line(street="99999"), an_old_line("012"), an_old_line("0"))
    assert report.accepted == House.objects.count() == 1
    assert [number for number, _ in report.refused] == [2, 3, 4, 5]
    reasons = " ".join(reason for _, reason in report.refused)
    for word in ("Spalten", f"{MUNICIPALITY}99999", "schon in Zeile 1", "keine Hausnummer"):
        assert word in reasons


def test_taking_in_again_moves_a_house_and_keeps_the_ones_that_left_the_list() -> None:
    street = a_street(key=KEY)
    a_house(street, 12, lat=51.6)
    a_house(street, 13)
    assert take_in(an_old_line("12")).accepted == 1
    assert street.houses.count() == 2
    assert street.houses.get(number=12).lat == pytest.approx(51.66794, abs=1e-5)


def test_without_streets_no_house_is_taken_in() -> None:
    with pytest.raises(actions.NoStreets, match="Zuerst die Straßen"):
        take_in(an_old_line())


def test_the_trail_tells_of_an_import() -> None:
    a_street(key=KEY)
    take_in(an_old_line())
    assert accounts.trail("addresses/houses").get().event == "houses.imported"


def test_twenty_thousand_lines_are_taken_in_with_few_statements(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    a_street(key=KEY)
    lines = [an_old_line(str(number), suffix) for number in range(1, 5001) for suffix in ("", "a", "b", "c")]
    with django_assert_max_num_queries(200):
        assert take_in(*lines).accepted == 20_000
