"""Reads `streets.csv` of a town's folder.

Columns, separated by semicolons, UTF-8: street_key (17 digits), name, lat, lon (WGS 84, both empty
if unknown), hint (tells streets of one name apart; the column may be missing).
"""

import csv
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from stadthaus.base_services.addresses import actions
from stadthaus.base_services.addresses.actions import OfficialStreet
from stadthaus.base_services.addresses.rules.districts import LATITUDES, LONGITUDES
from stadthaus.base_services.addresses.rules.names import fold_name
from stadthaus.base_services.addresses.rules.town_values import read_centre
from stadthaus.kernel.calendars import day_of
from stadthaus.town import queries as town
from stadthaus.town.rules.files import TownDataError, refuse_doubles

_COLUMNS = ("street_key", "name", "lat", "lon", "hint")
_NEEDED = frozenset(_COLUMNS) - {"hint"}
_KEY_DIGITS = 17


def load(folder: Path, now: datetime) -> str:
    """Load the streets; the answer says in one line what was added. Needs the rule `addresses.centre`."""
    centre = read_centre(town.current().value("addresses.centre", day_of(now)))
    with (folder / "streets.csv").open(encoding="utf-8-sig", newline="") as lines:
        streets = read_streets(lines)
    report = actions.load_streets(streets=streets, centre=centre, now=now)
    return f"{report.added} Straßen neu, {report.updated} geändert"


def read_streets(lines: Iterable[str]) -> list[OfficialStreet]:
    """Read and check the lines of `streets.csv`."""
    reader = csv.DictReader(lines, delimiter=";")
    missing = _NEEDED - set(reader.fieldnames or ())
    if missing:
        raise TownDataError(f"streets.csv: Es fehlen die Spalten {', '.join(sorted(missing))}.")
    streets = [_read_row(row, reader.line_num) for row in reader]
    refuse_doubles("streets.csv", (f"Der Schlüssel {street.key}" for street in streets))
    return streets


def _read_row(row: dict[str, str | None], line: int) -> OfficialStreet:
    key, name, lat, lon, hint = ((row.get(column) or "").strip() for column in _COLUMNS)
    if len(key) != _KEY_DIGITS or not (key.isascii() and key.isdecimal()):
        raise TownDataError(f"streets.csv, Zeile {line}: „{key}“ ist kein Schlüssel mit 17 Ziffern.")
    if not fold_name(name):
        raise TownDataError(f"streets.csv, Zeile {line}: Der Name fehlt.")
    return OfficialStreet(key, name, hint, _read_point(lat, lon, line))


def _read_point(lat: str, lon: str, line: int) -> tuple[float, float] | None:
    if not lat and not lon:
        return None
    try:
        point = (float(lat), float(lon))
    except ValueError as error:
        raise TownDataError(f"streets.csv, Zeile {line}: „{lat}; {lon}“ ist kein Punkt.") from error
    if not (LATITUDES[0] <= point[0] <= LATITUDES[1] and LONGITUDES[0] <= point[1] <= LONGITUDES[1]):
        raise TownDataError(f"streets.csv, Zeile {line}: „{lat}; {lon}“ liegt nicht in Deutschland.")
    return point
