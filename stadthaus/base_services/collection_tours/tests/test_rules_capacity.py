import pytest

from stadthaus.base_services.collection_tours.rules.capacity import Room, may_have

ROOM = Room(capacity_litres=25_000, booked_litres=22_000, capacity_stops=40, booked_stops=38)


def test_free_is_what_nobody_has_booked() -> None:
    assert (ROOM.free_litres, ROOM.free_stops) == (3000, 2)


@pytest.mark.parametrize(
    ("litres", "stops", "expected"), [(22_000, 38, True), (21_999, 40, False), (30_000, 37, False)]
)
def test_capacity_never_falls_below_what_is_promised(litres: int, stops: int, expected: bool) -> None:
    assert may_have(ROOM, litres, stops) is expected
