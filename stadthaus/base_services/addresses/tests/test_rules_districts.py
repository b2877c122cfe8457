"""Districts by latitude."""

from stadthaus.base_services.addresses.rules.districts import district_of


def test_at_or_north_of_the_line_is_north_and_below_it_is_south() -> None:
    assert district_of(51.67, 51.669) == "nord"
    assert district_of(51.669, 51.669) == "nord"
    assert district_of(51.66899, 51.669) == "sued"
