"""Reads `catalogue.toml` of a town's folder."""

from pathlib import Path
from typing import Any

from stadthaus.services.bulky_waste import actions
from stadthaus.services.bulky_waste.models import CatalogueItem, NotBulkyThing
from stadthaus.town.rules.files import read_entries, refuse_doubles
from stadthaus.town.rules.values import Reader, Unusable, list_of, one_of, parts, read_flag, text, whole

FILE = "catalogue.toml"
_KEY, _NAME, _WORDS = text(most=60), text(most=120), list_of(text())
_ROOM = whole(1, 1_000_000)
_ITEM: dict[str, Reader] = {
    "key": _KEY,
    "de": _NAME,
    "drawing": text(most=40),
    "litres": _ROOM,
    "fraction": one_of(*CatalogueItem.Fraction.values),
}
_ITEM_ALSO: dict[str, Reader] = {
    "en": text(0, 120),
    "dimensions_cm": text(0, 80),
    "litres_dismantled": _ROOM,
    "asks_electrical": read_flag,
    "longest_cm": whole(0, 10_000),
    "words": _WORDS,
}
_NOT_BULKY: dict[str, Reader] = {"key": _KEY, "de": _NAME, "reason": text(), "where": text()}


def load(folder: Path) -> str:
    """Load the catalogue; the answer says in one line how much changed."""
    tables = {"item": _read_item, "not_bulky": _read_thing}
    read = read_entries((folder / FILE).read_bytes(), FILE, tables)
    things, not_bulky = read["item"], read["not_bulky"]
    for rows in (things, not_bulky):
        refuse_doubles(FILE, (f"„{row.key}“" for row in rows))
    for position, thing in enumerate(things):
        thing.position = position
    changed = actions.load_catalogue(things=things, not_bulky=not_bulky)
    return f"{changed} Einträge im Katalog neu, geändert oder gestrichen"


def _read_item(entry: Any) -> CatalogueItem:
    read = parts(entry, _ITEM, _ITEM_ALSO)
    if read.get("litres_dismantled", 0) > read["litres"]:
        raise Unusable("litres_dismantled ist größer als litres.")
    return CatalogueItem(
        key=read["key"],
        name_de=read["de"],
        name_en=read.get("en", ""),
        drawing=read["drawing"],
        dimensions=read.get("dimensions_cm", ""),
        litres=read["litres"],
        litres_dismantled=read.get("litres_dismantled"),
        fraction=read["fraction"],
        asks_electrical=read.get("asks_electrical", False),
        longest_cm=read.get("longest_cm", 0),
        words=list(read.get("words", ())),
    )


def _read_thing(entry: Any) -> NotBulkyThing:
    read = parts(entry, _NOT_BULKY, {"words": _WORDS})
    return NotBulkyThing(
        key=read["key"],
        name_de=read["de"],
        reason=read["reason"],
        where_to=read["where"],
        words=list(read.get("words", ())),
    )
