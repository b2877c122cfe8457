"""Reads `rules.toml` and `texts.toml` of a town's folder.

Loading adds versions and never overwrites. A version is known by its key and first day, a text by its key. Where the
file says something else about a known one, it is put right by a further version, which counts from then on; unless
somebody has edited or confirmed it in the program since: then the file is left out.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from stadthaus.kernel.actors import SYSTEM, Actor
from stadthaus.town import actions, registry
from stadthaus.town.models import Rule, Text
from stadthaus.town.queries import current, faults
from stadthaus.town.rules.dated import RuleKind, RuleVersion, Source, missing_in
from stadthaus.town.rules.files import TownDataError, read_entries, refuse_doubles
from stadthaus.town.rules.values import Reader, Unusable, one_of, parts, read_day, read_flag, text

_ANY = text(least=0)
_RULE: dict[str, Reader] = {
    "key": text(most=100),
    "kind": one_of("statute", "operational"),
    "valid_from": read_day,
    "value": lambda value: value,  # by its key's own reader, see `_read_rule`
}
_SOURCE = {"statute": text(most=300)}
_SOURCE_ALSO = {"paragraph": text(0, 100), "resolution": text(0, 300), "publication": text(0, 300)}
_LANGUAGES = ("de", "en", "leicht")


@transaction.atomic
def load(folder: Path, now: datetime, actor: Actor = SYSTEM) -> str:
    """Load rules and texts; the answer says in one line what was added."""
    rules = read_entries((folder / "rules.toml").read_bytes(), "rules.toml", {"rule": _read_rule})["rule"]
    texts = read_entries((folder / "texts.toml").read_bytes(), "texts.toml", {"text": _read_text})["text"]
    refuse_doubles("rules.toml", map(_name, rules))
    refuse_doubles("texts.toml", (f"„{entry['key']}“" for entry in texts))
    new, kept = _compare(rules)
    for rule in new:
        _enter(rule, actor, now)
    kept_texts = [entry for entry in texts if _is_kept(entry)]
    new_texts = sum(_load_text(entry, actor, now) for entry in texts)
    names = [*map(_name, kept), *(f"„{entry['key']}“" for entry in kept_texts)]
    left_out = f". Bestätigt und deshalb nicht geändert: {', '.join(names)}" if names else ""
    return f"{len(new)} Regelwerte, {new_texts} Texte neu{left_out}"


def refuse_faults(today: date) -> None:
    """Raise `TownDataError` if the program could not work with the rules and texts as they now stand."""
    if found := faults(current(), today):
        raise TownDataError("\n".join(found))


def _read_rule(entry: Any) -> RuleVersion:
    read = {"confirmed": False, "source": None} | parts(entry, _RULE, {"confirmed": read_flag, "source": _read_source})
    asked = registry.VALUES.get(read["key"])
    if asked is None:
        raise Unusable("Diesen Schlüssel kennt das Programm nicht.")
    if read["kind"] != asked.kind:
        raise Unusable(f"kind ist hier „{asked.kind}“.")
    asked.read(read["value"])
    _check_source(read["kind"], read["source"], confirmed=read["confirmed"])
    return RuleVersion(id=0, **read)


def _read_source(source: Any) -> Source:
    return Source(**parts(source, _SOURCE, _SOURCE_ALSO))


def _check_source(kind: RuleKind, source: Source | None, *, confirmed: bool) -> None:
    if kind == "statute" and source is None:
        raise Unusable("Ein Satzungswert nennt unter [rule.source] seine Satzung.")
    if confirmed and (missing := missing_in(kind, source)):
        raise Unusable(f"Bestätigt ist ein Satzungswert erst mit voller Fundstelle. Es fehlt: {', '.join(missing)}.")


def _compare(rules: Iterable[RuleVersion]) -> tuple[list[RuleVersion], list[RuleVersion]]:
    """What the file says for the first time or anew, and what it says otherwise than somebody in the program."""
    rows = {(row.key, row.valid_from): row for row in Rule.objects.order_by("id")}  # of two the later entered
    pairs = [(rule, rows.get((rule.key, rule.valid_from))) for rule in rules]
    new = [rule for rule, row in pairs if row is None or (row.seeded and replace(row.as_rule(), id=0) != rule)]
    kept = [rule for rule, row in pairs if row is not None and not row.seeded and row.value != rule.value]
    return new, kept


def _enter(rule: RuleVersion, actor: Actor, now: datetime) -> None:
    actions.enter_rule(
        key=rule.key,
        kind=rule.kind,
        value=rule.value,
        valid_from=rule.valid_from,
        source=rule.source,
        confirmed=rule.confirmed,
        actor=actor,
        now=now,
        seeded=True,
    )


def _name(rule: RuleVersion) -> str:
    return f"„{rule.key}“ ab {rule.valid_from:%d.%m.%Y}"


def _read_text(entry: Any) -> dict[str, Any]:
    read = parts(entry, {"key": text(most=100), "de": text()}, {"en": _ANY, "leicht": _ANY, "placeholder": read_flag})
    read_german = registry.TEXTS.get(read["key"])
    if read_german is None:
        raise Unusable("Diesen Schlüssel kennt das Programm nicht.")
    read_german(read["de"])
    return read


def _is_kept(entry: dict[str, Any]) -> bool:
    """Whether somebody has edited or confirmed this text in the program, and the file says something else."""
    known = Text.objects.filter(key=entry["key"]).order_by("-id").first()
    return known is not None and not known.seeded and known.de != entry["de"]


def _load_text(entry: dict[str, Any], actor: Actor, now: datetime) -> bool:
    known = Text.objects.filter(key=entry["key"]).order_by("-id").first()
    translations = {language: entry.get(language, "") for language in _LANGUAGES}
    confirmed = not entry.get("placeholder", False)
    same = {"de": known.de, "en": known.en, "leicht": known.leicht} == translations if known else False
    if known is not None and (not known.seeded or (same and known.confirmed == confirmed)):
        return False
    actions.enter_text(
        key=entry["key"], translations=translations, confirmed=confirmed, actor=actor, now=now, seeded=True
    )
    return True
