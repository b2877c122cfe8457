"""The catalogue: what is bulky waste, how much room it takes, what is not."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from stadthaus.accounts import actions as accounts
from stadthaus.kernel.actors import Actor
from stadthaus.services.bulky_waste.models import (
    CATALOGUE,
    CatalogueEdition,
    CatalogueItem,
    NotBulkyThing,
)

_VOLUMES = {"litres", "litres_dismantled"}  # what the office corrects


@transaction.atomic
def load_catalogue(*, things: Iterable[CatalogueItem], not_bulky: Iterable[NotBulkyThing]) -> int:
    """Make the catalogue what the town's file says; a volume the office has corrected stays. Gives how much changed.

    A thing that left the file is offered no more; who has it in a draft is told, and orders keep it.
    """
    listed = list(things)
    changed = _add_or_refresh(CatalogueItem, listed) + _add_or_refresh(NotBulkyThing, others := list(not_bulky))
    gone = CatalogueItem.objects.filter(active=True).exclude(key__in=[item.key for item in listed])
    changed += gone.update(active=False)
    changed += NotBulkyThing.objects.exclude(key__in=[thing.key for thing in others]).delete()[0]
    if changed:
        _new_edition()
    return changed


def _add_or_refresh(model: type[CatalogueItem] | type[NotBulkyThing], rows: Iterable[Any]) -> int:
    fields = {field.name for field in model._meta.concrete_fields} - {"id", "key", "edited"}
    known = {row.key: row for row in model.objects.all()}
    changed = 0
    new = []
    for row in rows:
        old = known.get(row.key)
        if old is None:
            new.append(row)
            continue
        corrected = _VOLUMES if getattr(old, "edited", False) else set()
        differs = {name: getattr(row, name) for name in fields - corrected if getattr(old, name) != getattr(row, name)}
        if differs:
            model.objects.filter(pk=old.pk).update(**differs)
            changed += 1
    model.objects.bulk_create(new)
    return changed + len(new)


def _new_edition() -> None:
    edition, _ = CatalogueEdition.objects.get_or_create(pk=1)
    CatalogueEdition.objects.filter(pk=edition.pk).update(number=F("number") + 1)


@transaction.atomic
def change_volume(*, key: str, litres: int, litres_dismantled: int | None, actor: Actor, now: datetime) -> None:
    """Correct the volume of an item; orders already placed keep theirs. The same volume again changes nothing."""
    item = CatalogueItem.objects.select_for_update().get(key=key)
    if (item.litres, item.litres_dismantled) == (litres, litres_dismantled):
        return
    before = (str(item.litres), _said(item.litres_dismantled))
    item.litres, item.litres_dismantled, item.edited = litres, litres_dismantled, True
    item.save(update_fields=["litres", "litres_dismantled", "edited"])
    _new_edition()
    accounts.record(
        actor=actor,
        about=f"{CATALOGUE}{key}",
        event="catalogue.volume_changed",
        now=now,
        fields={"litres": (before[0], str(litres)), "litres_dismantled": (before[1], _said(litres_dismantled))},
    )


def _said(litres: int | None) -> str:
    return "–" if litres is None else str(litres)
