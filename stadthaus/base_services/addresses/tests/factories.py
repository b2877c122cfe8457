"""Streets, houses, lines and a town for tests."""

from datetime import UTC, date, datetime
from itertools import count

from stadthaus.base_services.addresses.models import House, Street
from stadthaus.base_services.addresses.rules.names import fold_name
from stadthaus.town.queries import Town
from stadthaus.town.rules.dated import RuleVersion

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)
MUNICIPALITY = "059780000040"
SPLIT_LATITUDE = 51.669
_keys = count(1)


def a_street(
    name: str = "Ackerstraße", *, key: str = "", hint: str = "", lat: float = 51.66, lon: float = 7.63
) -> Street:
    return Street.objects.create(
        key=key or f"{MUNICIPALITY}{next(_keys):05d}",
        name=name,
        folded=fold_name(name),
        hint=hint,
        lat=lat,
        lon=lon,
        changed_at=NOW,
    )


def a_house(street: Street, number: int, suffix: str = "", *, lat: float = 51.67, lon: float = 7.64) -> House:
    return House.objects.create(street=street, number=number, suffix=suffix, lat=lat, lon=lon, changed_at=NOW)


def a_town() -> Town:
    split = RuleVersion(
        id=1,
        key="addresses.district_split_latitude",
        kind="operational",
        value=SPLIT_LATITUDE,
        valid_from=date(2021, 1, 1),
        source=None,
        confirmed=False,
    )
    return Town(rules={split.key: (split,)}, texts={})


def an_old_line(
    number: str = "12",
    suffix: str = "",
    *,
    street: str = "02500",
    municipality: str = "040",
    quality: str = "A",
    kind: str = "N",
    east: str = "32405000,000",
    north: str = "5725000,000",
    name: str = "Ackerstraße",
) -> str:
    """Write a line with 15 columns; its point lies at 51.66794, 7.62629."""
    key = ["05", "9", "78", municipality, "0000", street]
    return ";".join([kind, "DENW000000000001", quality, *key, number, suffix, east, north, name, "2024-01-01"])


def a_new_line(number: str = "12", suffix: str = "", *, zone: str = "32", east: str = "405000,000") -> str:
    """Write a line with 21 columns about the same house."""
    land = ["05", "Nordrhein-Westfalen", "9", "Arnsberg", "78", "Unna", "040", "Werne", "0000", ""]
    street = ["02500", "Ackerstraße", number, suffix]
    return ";".join(["N", "DENW000000000001", "A", *land, *street, zone, east, "5725000,000", "2026-01-01"])
