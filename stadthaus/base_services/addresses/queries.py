"""Find streets, and the place and district of an address."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from stadthaus import rows
from stadthaus.base_services.addresses.models import House, Street
from stadthaus.base_services.addresses.rules import names
from stadthaus.base_services.addresses.rules.districts import district_of
from stadthaus.base_services.addresses.rules.house_numbers import HouseNumber, read_house_number
from stadthaus.kernel.words import fold
from stadthaus.town.queries import Town

# Preparing a name is pure, so what is kept here never grows stale.
_prepared = lru_cache(maxsize=16_384)(names.street_name)


class NoHouseNumber(ValueError):
    """The text is no house number; the message says how one is written."""


@dataclass(frozen=True)
class Place:
    """Where an address lies: degrees (WGS 84) and the code of its collection district.

    `known`: True if the house is in the official list, False if it is not ("questioned"), None if no list is loaded
    for its street.
    """

    lat: float
    lon: float
    district: str
    known: bool | None


_NAMED = rows.Prepared(lambda given: Street.objects.filter(folded=given("folded")))


def find_streets(text: str, limit: int = 10) -> list[Street]:
    """Find the streets that can be meant, nearest first (two statements at most).

    Names that begin like the text come before names with a word that does, then abbreviations
    ("Kard. Galen"), then names that contain it, then names that are all of the text but for one typing error; if
    nothing begins like the text, after them also those that begin so, and if nothing fits at all, those that only are
    another kind of road. A house number at the end does no harm.
    """
    text = text[: names.LONGEST_TEXT]
    known = list(Street.objects.order_by().values_list("id", "name", "hint"))
    found = _nearest(text, known) or _nearest(names.without_house_number(text), known)
    order = {street_id: position for position, street_id in enumerate(found[:limit])}
    streets = Street.objects.filter(pk__in=order) if order else ()
    return sorted(streets, key=lambda row: order[row.pk])


def exact_streets(name: str) -> list[Street]:
    """Find the streets of exactly this name, however it is written; several if the town has several.

    "Wesseler Straße (südlicher Teil)" is the one street with this hint (two statements at most).
    """
    name = name[: names.LONGEST_TEXT]
    for written in dict.fromkeys((name, names.without_house_number(name))):
        streets = _NAMED.all(folded=names.fold_name(names.without_hint(written)))
        hinted = [row for row in streets if row.hint and fold(row.label) == fold(written)]
        if streets:
            return hinted or streets
    return []


def place(street: Street, number: str, town: Town, on: date = date.max) -> Place:
    """Find where a house lies, and its district on a day, without one by the newest rule (one statement).

    A house of the official list lies at its own point; a number that is not in it, at the nearest
    number of its street; without a list, at the street's point. Raises NoHouseNumber if the text
    cannot be read.
    """
    wanted = read_house_number(number)
    if wanted is None:
        raise NoHouseNumber(f"„{number}“ ist keine Hausnummer. So geht es: 12, 12a oder 12-14.")
    houses = list(House.objects.filter(street=street).order_by().values_list("number", "suffix", "lat", "lon"))
    points = {HouseNumber(number, suffix): (lat, lon) for number, suffix, lat, lon in houses}
    own = points.get(wanted) or points.get(wanted.first)
    lat, lon = own or _point_of_neighbour(wanted, points) or (street.lat, street.lon)
    split = float(town.value("addresses.district_split_latitude", on))
    known = own is not None if points else None
    return Place(lat, lon, district_of(lat, split), known=known)


def _nearest(text: str, known: Iterable[tuple[int, str, str]]) -> list[int]:
    what = names.typed(text)
    if what is None:
        return []
    prepared = [(_prepared(name), hint, street_id) for street_id, name, hint in known]
    matches = [
        (near, name.joined, hint, street_id)
        for name, hint, street_id in prepared
        if (near := names.nearness(what, name)) is not None
    ]
    begins = any(near < names.Nearness.CONTAINS for near, *_ in matches)
    slips = [(names.Nearness.ONE_SLIP_OF_ALL, names.is_one_slip_of_all)]
    if not begins:
        slips.append((names.Nearness.ONE_SLIP, names.is_one_slip_away))
    matches += [
        (near, name.joined, hint, street_id)
        for near, is_slip in slips
        for name, hint, street_id in prepared
        if is_slip(what, name)
    ]
    if not matches:
        other = names.Nearness.OTHER_KIND
        matches = [
            (other, name.joined, hint, street_id)
            for name, hint, street_id in prepared
            if names.is_of_another_kind(what, name)
        ]
    return list(dict.fromkeys(street_id for *_, street_id in sorted(matches)))


def _point_of_neighbour(
    wanted: HouseNumber, points: Mapping[HouseNumber, tuple[float, float]]
) -> tuple[float, float] | None:
    neighbour = min(points, key=lambda other: (abs(other.number - wanted.number), other.suffix), default=None)
    return points[neighbour] if neighbour else None
