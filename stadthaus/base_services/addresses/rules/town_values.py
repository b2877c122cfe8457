"""What addresses ask of a town: its centre, and where its districts part."""

from typing import Any

from stadthaus.base_services.addresses.rules.districts import LATITUDES, LONGITUDES
from stadthaus.town.rules.asked import operational
from stadthaus.town.rules.values import number, parts


def read_centre(value: Any) -> tuple[float, float]:
    """Read `{"lat": 51.66266, "lon": 7.63644}`: the point (WGS 84) of streets that have none of their own."""
    point = parts(value, {"lat": number(*LATITUDES), "lon": number(*LONGITUDES)})
    return point["lat"], point["lon"]


VALUES = {
    "addresses.centre": operational(read_centre),
    "addresses.district_split_latitude": operational(number(*LATITUDES)),
}
