"""Reads `catalogue.toml` of a town's folder."""

import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any

from stadthaus.services.bulky_waste import actions
from stadthaus.services.bulky_waste.models import CatalogueItem, NotBulkyThing
from stadthaus.work import actions as work


class CatalogueError(ValueError):
    """An entry of the catalogue cannot be used; the message names it."""


def load(folder: Path, now: datetime) -> str:
    """Load the catalogue; the answer says in one line what was added."""
    with (folder / "catalogue.toml").open("rb") as stream:
        data = tomllib.load(stream)
    things = [_item(entry, position) for position, entry in enumerate(data["item"])]
    not_bulky = [_thing(entry) for entry in data["not_bulky"]]
    added = actions.load_catalogue(things=things, not_bulky=not_bulky)
    for kind in ("bulky_waste.delete_old_drafts", "bulky_waste.erase_people", "bulky_waste.hand_over"):
        work.schedule(kind=kind, key="regular", due_at=now)
    return f"{added} Einträge im Katalog neu"


def _item(entry: dict[str, Any], position: int) -> CatalogueItem:
    try:
        return CatalogueItem(
            key=entry["key"],
            name_de=entry["de"],
            name_en=entry.get("en", ""),
            group=entry["group"],
            drawing=entry["drawing"],
            dimensions=entry.get("dimensions_cm", ""),
            litres=entry["litres"],
            litres_dismantled=entry.get("litres_dismantled"),
            fraction=CatalogueItem.Fraction(entry["fraction"]),
            asks_electrical=entry.get("asks_electrical", False),
            longest_cm=entry.get("longest_cm", 0),
            words=entry.get("words", []),
            position=position,
        )
    except (KeyError, ValueError) as error:
        raise CatalogueError(f"catalogue.toml, {entry.get('key', position + 1)}: {error}") from error


def _thing(entry: dict[str, Any]) -> NotBulkyThing:
    try:
        return NotBulkyThing(
            key=entry["key"],
            name_de=entry["de"],
            kind=entry["kind"],
            reason=entry["reason"],
            where_to=entry["where"],
            words=entry.get("words", []),
        )
    except KeyError as error:
        raise CatalogueError(f"catalogue.toml, not_bulky {entry.get('key')}: {error} fehlt") from error
