"""Reads `catalogue.toml` of a town's folder, and refuses rules that this service cannot follow."""

import tomllib
from pathlib import Path
from typing import Any

from stadthaus.services.bulky_waste import actions
from stadthaus.services.bulky_waste.models import CatalogueItem, NotBulkyThing
from stadthaus.services.bulky_waste.rules import dates
from stadthaus.town import queries as town_queries
from stadthaus.town.queries import Town


class CatalogueError(ValueError):
    """An entry of the catalogue cannot be used; the message names it."""


class RuleNotBuilt(ValueError):
    """A value of the town's rules that the program cannot follow yet; the message names what it can."""


def load(folder: Path) -> str:
    """Load the catalogue; the answer says in one line what was added. The town's rules are loaded before."""
    _check_rules(town_queries.current())
    with (folder / "catalogue.toml").open("rb") as stream:
        data = tomllib.load(stream)
    things = [_item(entry, position) for position, entry in enumerate(data["item"])]
    not_bulky = [_thing(entry) for entry in data["not_bulky"]]
    added = actions.load_catalogue(things=things, not_bulky=not_bulky)
    return f"{added} Einträge im Katalog neu"


def _check_rules(town: Town) -> None:
    for rule in town.rules.get("bulky_waste.fee_arises", ()):
        if rule.value not in dates.FEE_CAN_ARISE:
            raise RuleNotBuilt(
                f"rules.toml, „bulky_waste.fee_arises“ ab {rule.valid_from:%d.%m.%Y}: „{rule.value}“ "
                "kann das Programm noch nicht. Unterstützt wird nur „ordering“ (die Gebühr entsteht beim Bestellen)."
            )


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
