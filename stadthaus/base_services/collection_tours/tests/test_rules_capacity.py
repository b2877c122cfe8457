from dataclasses import replace

import pytest

from stadthaus.base_services.collection_tours.rules.capacity import Room, fits, may_have

ROOM = Room(capacity_litres=25_000, booked_litres=22_000, capacity_stops=40, booked_stops=38)


def test_free_is_what_nobody_has_booked() -> None:
    assert (ROOM.free_litres, ROOM.free_stops) == (3000, 2)


@pytest.mark.parametrize(("litres", "expected"), [(2999, True), (3000, True), (3001, False)])
def test_the_last_litre_fits_and_no_more(litres: int, expected: bool) -> None:
    assert fits(ROOM, litres) is expected


@pytest.mark.parametrize(("booked_stops", "expected"), [(39, True), (40, False)])
def test_the_last_stop_fits_and_no_more(booked_stops: int, expected: bool) -> None:
    assert fits(replace(ROOM, booked_stops=booked_stops), 1) is expected


def test_nothing_fits_on_a_closed_day() -> None:
    assert not fits(replace(ROOM, closed=True), 1)


@pytest.mark.parametrize(
    ("litres", "stops", "expected"), [(22_000, 38, True), (21_999, 40, False), (30_000, 37, False)]
)
def test_capacity_never_falls_below_what_is_promised(litres: int, stops: int, expected: bool) -> None:
    assert may_have(ROOM, litres, stops) is expected
