"""Reads `rules.toml` and `texts.toml` of a town's folder.

Loading adds versions and never overwrites: a seeded version is entered once for its key and first
day; where somebody has edited a key since, the seed's newer text or value is left out.
"""

import tomllib
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from stadthaus.kernel.actors import SYSTEM, Actor
from stadthaus.town import actions
from stadthaus.town.models import Rule, Text
from stadthaus.town.rules.dated import RuleKind, Source

_KINDS: dict[str, RuleKind] = {"statute": "statute", "operational": "operational"}


class TownDataError(ValueError):
    """A file of the town's folder cannot be used; the message names file, entry and reason."""


@transaction.atomic
def load(folder: Path, now: datetime, actor: Actor = SYSTEM) -> str:
    """Load rules and texts; the answer says in one line what was added."""
    rules = sum(_load_rule(entry, actor, now) for entry in _entries(folder / "rules.toml", "rule"))
    texts = sum(_load_text(entry, actor, now) for entry in _entries(folder / "texts.toml", "text"))
    return f"{rules} Regelwerte, {texts} Texte neu"


def _entries(file: Path, name: str) -> list[dict[str, Any]]:
    with file.open("rb") as stream:
        entries = tomllib.load(stream).get(name, [])
    for number, entry in enumerate(entries, start=1):
        if "key" not in entry:
            raise TownDataError(f"{file.name}, {number}. Eintrag: „key“ fehlt.")
    return list(entries)


def _load_rule(entry: dict[str, Any], actor: Actor, now: datetime) -> bool:
    key, valid_from = entry["key"], entry["valid_from"]
    if entry.get("kind") not in _KINDS:
        raise TownDataError(f"rules.toml, „{key}“: kind ist „statute“ oder „operational“.")
    if not isinstance(valid_from, date):
        raise TownDataError(f"rules.toml, „{key}“: valid_from ist ein Datum ohne Anführungszeichen.")
    if Rule.objects.filter(key=key, valid_from=valid_from).exists():
        return False
    actions.enter_rule(
        key=key,
        kind=_KINDS[entry["kind"]],
        value=entry["value"],
        valid_from=valid_from,
        source=Source(**entry["source"]) if "source" in entry else None,
        confirmed=bool(entry.get("confirmed", False)),
        actor=actor,
        now=now,
        seeded=True,
    )
    return True


def _load_text(entry: dict[str, Any], actor: Actor, now: datetime) -> bool:
    key = entry["key"]
    if not entry.get("de"):
        raise TownDataError(f"texts.toml, „{key}“: der deutsche Text „de“ fehlt.")
    known = Text.objects.filter(key=key).order_by("-id").first()
    translations = {language: entry.get(language, "") for language in ("de", "en", "leicht")}
    if known is not None:
        edited = not known.seeded
        same = {"de": known.de, "en": known.en, "leicht": known.leicht} == translations
        if edited or same:
            return False
    confirmed = not entry.get("placeholder", False)
    actions.enter_text(key=key, translations=translations, confirmed=confirmed, actor=actor, now=now, seeded=True)
    return True
