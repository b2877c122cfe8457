"""What addresses ask of a town: its centre, and where its districts part."""

from typing import Any

from stadthaus.base_services.addresses.rules.districts import LATITUDES, LONGITUDES
from stadthaus.town.rules.asked import operational
from stadthaus.town.rules.values import number, parts


def read_centre(value: Any) -> tuple[float, float]:
    """Read `{"lat": 51.66266, "lon": 7.63644}`: the point (WGS 84) of streets that have none of their own."""
    point = parts(value, {"lat": number(*LATITUDES), "lon": number(*LONGITUDES)})
    return point["lat"], point["lon"]


def say_centre(value: dict[str, float]) -> str:
    """Say so: "51,66266° Nord, 7,63644° Ost"."""
    return f"{say_degrees(value['lat'])} Nord, {say_degrees(value['lon'])} Ost"


def say_degrees(degrees: float) -> str:
    """Say so: "51,669°"."""
    return f"{degrees}°".replace(".", ",")


VALUES = {
    "addresses.centre": operational("Ortsmitte, für Straßen ohne eigenen Punkt", read_centre, say_centre),
    "addresses.district_split_latitude": operational(
        "Grenze zwischen den Bezirken Nord und Süd",
        number(*LATITUDES),
        lambda degrees: f"{say_degrees(degrees)} nördliche Breite",
    ),
}
