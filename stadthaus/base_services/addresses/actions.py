"""Every write to streets and houses: load the official lists."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from stadthaus.accounts import actions as accounts
from stadthaus.base_services.addresses.models import House, Street
from stadthaus.base_services.addresses.rules import gebref
from stadthaus.base_services.addresses.rules.house_numbers import HouseNumber
from stadthaus.base_services.addresses.rules.names import fold_name
from stadthaus.kernel.actors import Actor

_MUNICIPALITY_DIGITS = 12
_HOUSE_BATCH = 1_000


class NoStreets(Exception):
    """House coordinates need the town's streets first."""


@dataclass(frozen=True)
class OfficialStreet:
    """A street as the town's list names it; `point` is (lat, lon) in degrees (WGS 84), None if unknown."""

    key: str
    name: str
    hint: str
    point: tuple[float, float] | None


@dataclass(frozen=True)
class StreetReport:
    """What loading the list of streets did."""

    added: int
    updated: int
    kept: int


@dataclass
class Report:
    """What an import of house coordinates did: `refused` holds line numbers (from 1) with German reasons.

    `not_ours`: lines of other municipalities; `no_address`: parcels, internal numbers, deletions.
    """

    accepted: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)
    not_ours: int = 0
    no_address: int = 0


@transaction.atomic
def load_streets(*, streets: Sequence[OfficialStreet], centre: tuple[float, float], now: datetime) -> StreetReport:
    """Bring the official list in: new streets are added, changed ones updated.

    A street that has left the list stays, because orders may name it. A street without a point lies
    at the town's centre (lat, lon).
    """
    known = {row.key: row for row in Street.objects.select_for_update()}
    new, changed = [], []
    for official in streets:
        row = known.get(official.key)
        if row is None:
            new.append(_fill(Street(key=official.key), official, centre, now))
        elif _differs(row, official, centre):
            changed.append(_fill(row, official, centre, now))
    Street.objects.bulk_create(new)
    Street.objects.bulk_update(changed, ["name", "folded", "hint", "lat", "lon", "at_centre", "changed_at"])
    return StreetReport(added=len(new), updated=len(changed), kept=len(streets) - len(new) - len(changed))


def import_houses(*, lines: Iterable[str], now: datetime, actor: Actor) -> Report:
    """Take the official house coordinates in; good lines count although others are refused.

    The file may hold the whole Land, so it is read before the transaction begins: reading millions
    of lines must not keep other writers waiting. A house known already gets the new point; a house
    that has left the list stays.
    """
    street_ids = dict(Street.objects.order_by().values_list("key", "id"))
    if not street_ids:
        raise NoStreets("Zuerst die Straßen laden (manage.py load_town), dann die Hauskoordinaten.")
    report, houses = _read_houses(lines, street_ids, now)
    _store_houses(houses=houses, report=report, actor=actor, now=now)
    return report


def _read_houses(lines: Iterable[str], street_ids: Mapping[str, int], now: datetime) -> tuple[Report, list[House]]:
    ours = frozenset(key[:_MUNICIPALITY_DIGITS] for key in street_ids)
    report = Report()
    first_lines: dict[tuple[str, HouseNumber], int] = {}
    houses = []
    for line_number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        answer = gebref.read_line(line, ours)
        if isinstance(answer, gebref.NotOurs):
            report.not_ours += 1
        elif isinstance(answer, gebref.NoAddress):
            report.no_address += 1
        elif isinstance(answer, gebref.Refusal):
            report.refused.append((line_number, answer.reason))
        elif answer.street_key not in street_ids:
            report.refused.append((line_number, f"Der Straßenschlüssel {answer.street_key} ist nicht bekannt."))
        elif (first := first_lines.setdefault((answer.street_key, answer.number), line_number)) != line_number:
            report.refused.append((line_number, f"Die Hausnummer {answer.number} steht schon in Zeile {first}."))
        else:
            houses.append(_house(answer, street_ids[answer.street_key], now))
    report.accepted = len(houses)
    return report, houses


@transaction.atomic
def _store_houses(*, houses: Sequence[House], report: Report, actor: Actor, now: datetime) -> None:
    House.objects.bulk_create(
        houses,
        batch_size=_HOUSE_BATCH,
        update_conflicts=True,
        unique_fields=["street", "number", "suffix"],
        update_fields=["lat", "lon", "changed_at"],
    )
    fields = {"accepted": ("", str(report.accepted)), "refused": ("", str(len(report.refused)))}
    accounts.record(actor=actor, about="addresses/houses", event="houses.imported", now=now, fields=fields)


def _house(building: gebref.Building, street_id: int, now: datetime) -> House:
    number = building.number
    return House(
        street_id=street_id,
        number=number.number,
        suffix=number.suffix,
        lat=building.lat,
        lon=building.lon,
        changed_at=now,
    )


def _fill(row: Street, official: OfficialStreet, centre: tuple[float, float], now: datetime) -> Street:
    row.name, row.folded, row.hint = official.name, fold_name(official.name), official.hint
    row.lat, row.lon = official.point or centre
    row.at_centre = official.point is None
    row.changed_at = now
    return row


def _differs(row: Street, official: OfficialStreet, centre: tuple[float, float]) -> bool:
    stored = (row.name, row.folded, row.hint, row.lat, row.lon, row.at_centre)
    point = official.point or centre
    return stored != (official.name, fold_name(official.name), official.hint, *point, official.point is None)
