"""One line of the official building references of NRW (Gebäudereferenzen, `gebref.txt`).

Two forms are in use, told apart by the number of columns: 15 up to version 2 (the zone stands in
front of the east coordinate), 21 from version 3 (keys together with names, the zone in a column of its own).
Coordinates are ETRS89 / UTM 32N in metres with a decimal comma.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from stadthaus.base_services.addresses.rules.districts import LATITUDES, LONGITUDES
from stadthaus.base_services.addresses.rules.house_numbers import HouseNumber, read_house_number
from stadthaus.base_services.addresses.rules.projection import from_utm32

_DELETED = "L"
_ZONE = 32
_ZONE_IN_FRONT = _ZONE * 1_000_000
# A box around zone 32 in Germany, in metres: a swapped or cut coordinate falls outside.
_WEST_M, _EAST_M = 200_000, 900_000
_SOUTH_M, _NORTH_M = 5_200_000, 6_150_000
_MUNICIPALITY_PARTS = (2, 1, 2, 3)
_STREET_DIGITS = 5


@dataclass(frozen=True)
class _Form:
    """In which column (from 0) a form keeps what we need."""

    land: int
    region: int
    district: int
    municipality: int
    street: int
    number: int
    suffix: int
    east: int
    north: int
    zone: int | None


_FORMS = {
    15: _Form(3, 4, 5, 6, street=8, number=9, suffix=10, east=11, north=12, zone=None),
    21: _Form(3, 5, 7, 9, street=13, number=15, suffix=16, east=18, north=19, zone=17),
}


@dataclass(frozen=True)
class Building:
    """One house of the official list: 17-digit street key, number, place in degrees (WGS 84)."""

    street_key: str
    number: HouseNumber
    lat: float
    lon: float


@dataclass(frozen=True)
class NotOurs:
    """A line about another municipality."""


@dataclass(frozen=True)
class NoAddress:
    """A line that is no postal address of a building: a parcel, an internal number, a deletion."""


@dataclass(frozen=True)
class Refusal:
    """A line that cannot be used, and why (a German sentence without the line's number)."""

    reason: str


def read_line(line: str, ours: frozenset[str]) -> Building | NotOurs | NoAddress | Refusal:
    """Read one line. `ours` holds the 12-digit beginnings of our own street keys (Land to Gemeinde).

    Only buildings of quality A are addresses: B lies on a parcel without a building, C is a number
    used inside the land registry only.
    """
    columns = [column.strip() for column in line.rstrip("\r\n").split(";")]
    form = _FORMS.get(len(columns))
    if form is None:
        return Refusal(f"{len(columns)} Spalten statt 15 oder 21.")
    municipality = _municipality_key(columns, form)
    if municipality is None:
        return Refusal("Der Gemeindeschlüssel ist unvollständig.")
    if municipality not in ours:
        return NotOurs()
    if columns[2] != "A" or columns[0] == _DELETED:
        return NoAddress()
    return _building(columns, form, municipality)


def _municipality_key(columns: Sequence[str], form: _Form) -> str | None:
    """Join the first 12 digits of a street key: Land 2, region 1, district 2, "0000", municipality 3."""
    parts = [columns[column] for column in (form.land, form.region, form.district, form.municipality)]
    for part, length in zip(parts, _MUNICIPALITY_PARTS, strict=True):
        if len(part) != length or not _is_digits(part):
            return None
    return f"{parts[0]}{parts[1]}{parts[2]}0000{parts[3]}"


def _building(columns: Sequence[str], form: _Form, municipality: str) -> Building | Refusal:
    street = columns[form.street]
    if len(street) > _STREET_DIGITS or not _is_digits(street):
        return Refusal(f"„{street}“ ist kein Straßenschlüssel.")
    written = f"{columns[form.number]} {columns[form.suffix]}".strip()
    number = read_house_number(written)
    if number is None:
        return Refusal(f"„{written}“ ist keine Hausnummer.")
    if form.zone is not None and columns[form.zone] != str(_ZONE):
        return Refusal(f"Zone „{columns[form.zone]}“ statt {_ZONE}.")
    point = _read_point(columns[form.east], columns[form.north])
    if point is None:
        return Refusal("Die Koordinaten sind nicht lesbar oder liegen nicht in Deutschland (Zone 32).")
    return Building(f"{municipality}{street.zfill(_STREET_DIGITS)}", number, *point)


def _read_point(east: str, north: str) -> tuple[float, float] | None:
    east_m, north_m = _metres(east), _metres(north)
    if east_m is None or north_m is None:
        return None
    east_m -= _ZONE_IN_FRONT if east_m >= _ZONE_IN_FRONT else 0
    if not (_WEST_M <= east_m <= _EAST_M and _SOUTH_M <= north_m <= _NORTH_M):
        return None
    lat, lon = from_utm32(east_m, north_m)
    # The grid runs askew to the degrees, and the box reaches over the border.
    in_germany = LATITUDES[0] <= lat <= LATITUDES[1] and LONGITUDES[0] <= lon <= LONGITUDES[1]
    return (lat, lon) if in_germany else None


def _metres(text: str) -> float | None:
    whole, _, decimals = text.replace(".", ",").partition(",")
    if not _is_digits(whole) or not (decimals == "" or _is_digits(decimals)):
        return None
    return float(f"{whole}.{decimals or 0}")


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdecimal()
