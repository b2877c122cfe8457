"""What can be collected, and what it costs on a day."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.db import connection
from django.db.models import Subquery

from stadthaus.accounts.models import AuditEntry
from stadthaus.accounts.queries import latest
from stadthaus.services.bulky_waste.models import CATALOGUE, CatalogueEdition, CatalogueItem, NotBulkyThing
from stadthaus.services.bulky_waste.rules import items, pricing
from stadthaus.services.bulky_waste.rules.items import Item
from stadthaus.services.bulky_waste.rules.search import Index, index
from stadthaus.town.queries import Town

CHANGES_SHOWN = 20


@dataclass(frozen=True, eq=False)
class Catalogue:
    """All things of the catalogue as they stand at one moment."""

    items: dict[str, Item]
    names: Index


_kept: tuple[int, Catalogue] | None = None


def catalogue(edition: int | None = None) -> Catalogue:
    """The catalogue as it stands now (one statement, none with an `edition` just read; two more after a change)."""
    global _kept  # noqa: PLW0603  one picture per process, replaced as a whole
    edition = _edition() if edition is None else edition
    kept = _kept
    if kept is None or kept[0] != edition:
        kept = _kept = (edition, _load_catalogue())
    return kept[1]


def _edition() -> int:
    # By hand, as in town.queries: it runs on most pages of an order.
    with connection.cursor() as cursor:
        cursor.execute("SELECT MAX(number) FROM bulky_waste_catalogueedition")
        (number,) = cursor.fetchone()
    return number or 0


def newest_edition() -> Subquery:
    """The edition of the catalogue, to be read along with something else; None as long as there is none."""
    return Subquery(CatalogueEdition.objects.order_by("-number").values("number")[:1])


def _load_catalogue() -> Catalogue:
    items = {row.key: row.as_rule() for row in CatalogueItem.objects.filter(active=True)}
    return Catalogue(items, index(items.values(), [row.as_rule() for row in NotBulkyThing.objects.all()]))


def catalogue_items() -> list[CatalogueItem]:
    """Every thing of the catalogue that can be ordered, as its row stands now (one statement)."""
    return list(CatalogueItem.objects.filter(active=True))


def catalogue_item(key: str) -> CatalogueItem | None:
    """One thing of the catalogue (one statement)."""
    return CatalogueItem.objects.filter(key=key, active=True).first()


def changes_of_volume(key: str) -> list[AuditEntry]:
    """Who corrected the volume of a thing, newest first, with `fields` before and after (one statement)."""
    return list(latest([f"{CATALOGUE}{key}"])[:CHANGES_SHOWN])


@lru_cache(maxsize=16)
def tariff(town: Town, on: date) -> pricing.Tariff:
    """The fee schedule in force on a day."""
    fee = town.rule("bulky_waste.fee_per_card", on)
    measure = town.rule("bulky_waste.litres_per_card", on)
    return pricing.Tariff(
        fee_per_card=fee.value,
        litres_per_card=measure.value,
        max_cards=town.value("bulky_waste.max_cards_per_order", on),
        fee_rule_id=fee.id,
        measure_rule_id=measure.id,
    )


@lru_cache(maxsize=16)
def limits(town: Town, on: date) -> items.Limits:
    """Limits per piece on a day."""
    longer = (
        items.LongerKind(kind["name"], kind["length_cm"], frozenset(kind["items"]))
        for kind in town.value("bulky_waste.longer_in_one_piece", on)
    )
    return items.Limits(
        length_cm=town.value("bulky_waste.max_length_cm", on),
        weight_kg=town.value("bulky_waste.max_weight_kg", on),
        longer=tuple(longer),
    )


@lru_cache(maxsize=16)
def everyday(stock: Catalogue, limits: items.Limits) -> list[Item]:
    """What is often collected and can be taken as it is, by volume."""
    return items.everyday(stock.items.values(), limits)
