"""What collection tours ask of a town: districts, and when a lorry comes to each."""

from typing import Any

from stadthaus.base_services.collection_tours.rules.series import read_series
from stadthaus.kernel.measures import format_cubic_metres
from stadthaus.town.rules.asked import Value, operational
from stadthaus.town.rules.values import Unusable, list_of, parts, text, whole
from stadthaus.town.rules.words import WEEKDAYS, each, unit

_DISTRICT = {"code": text(most=40), "name": text(most=100)}


def read_districts(value: Any) -> dict[str, str]:
    """Read `[{"code": "nord", "name": "Nord"}, …]` as names by code."""
    districts = list_of(lambda one: parts(one, _DISTRICT), least=1)(value)
    names = {district["code"]: district["name"] for district in districts}
    if len(names) < len(districts):
        raise Unusable("Ein Bezirk steht zweimal da.")
    return names


def knows_its_districts(series: Any, districts: Any) -> None:
    """A series (Turnus) goes to districts of the town only; days anywhere else nobody could choose."""
    codes = read_districts(districts)
    for one in read_series(series):
        if one.district not in codes:
            raise Unusable(f"Den Bezirk „{one.district}“ gibt es nicht. Es gibt: {', '.join(codes)}.")


def say_series(one: dict[str, Any]) -> str:
    """Say so: "nord: Dienstag, 25,00 m³, 40 Halte"."""
    return f"{one['district']}: {WEEKDAYS[one['weekday']]}, {format_cubic_metres(one['litres'])}, {one['stops']} Halte"


VALUES = {
    "collection_tours.districts": operational(
        "Bezirke", read_districts, each(lambda one: f"{one['name']} ({one['code']})")
    ),
    "collection_tours.series": Value(
        "Turnus der Abholtage",
        "operational",
        read_series,
        each(say_series),
        beside="collection_tours.districts",
        fits=knows_its_districts,
    ),
    "collection_tours.weeks_ahead": operational("So weit im Voraus buchbar", whole(1, 52), unit("Woche", "Wochen")),
}
