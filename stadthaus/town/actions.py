"""Every write to the town's data: a new version of a rule or a text."""

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from stadthaus.kernel.actors import Actor
from stadthaus.town.models import RULES, TEXTS, Rule, Text
from stadthaus.town.rules.dated import RuleKind, RuleVersion, Source, missing_in
from stadthaus.town.signals import version_entered

_RULE_FIELDS = ("value", "valid_from", "statute", "paragraph", "resolution", "publication", "confirmed")
_TEXT_FIELDS = ("de", "en", "leicht", "confirmed")


class SourceIncomplete(ValueError):
    """A statute value is confirmed only with its full source; the message says in German what is missing."""


@transaction.atomic
def enter_rule(
    *,
    key: str,
    kind: RuleKind,
    value: Any,
    valid_from: date,
    source: Source | None,
    confirmed: bool,
    actor: Actor,
    now: datetime,
    seeded: bool = False,
) -> Rule:
    """Add a version of a rule. The version before it stays in force for the days before `valid_from`.

    Raises `SourceIncomplete` for a statute value that is confirmed without saying where it stands.
    """
    missing = missing_in(kind, source) if confirmed else []
    if missing:
        raise SourceIncomplete(
            f"„{key}“ ab {valid_from:%d.%m.%Y} ist ein Satzungswert und lässt sich erst bestätigen, "
            f"wenn die Fundstelle vollständig ist. Es fehlt: {', '.join(missing)}."
        )
    stated = source or Source(statute="")
    before = Rule.objects.filter(key=key, valid_from__lte=valid_from).order_by("valid_from", "id").last()
    entered = Rule.objects.create(
        key=key,
        kind=kind,
        value=value,
        valid_from=valid_from,
        statute=stated.statute,
        paragraph=stated.paragraph,
        resolution=stated.resolution,
        publication=stated.publication,
        confirmed=confirmed,
        seeded=seeded,
        entered_at=now,
        entered_by=actor.label,
    )
    _announce(before, entered, f"{RULES}{key}", _RULE_FIELDS, actor=actor, now=now)
    return entered


@transaction.atomic
def confirm_rule(*, rule: RuleVersion, actor: Actor, now: datetime) -> Rule:
    """Confirm a version as it stands: the same value from the same day on, entered anew by who answers for it."""
    return enter_rule(
        key=rule.key,
        kind=rule.kind,
        value=rule.value,
        valid_from=rule.valid_from,
        source=rule.source,
        confirmed=True,
        actor=actor,
        now=now,
    )


@transaction.atomic
def enter_text(
    *,
    key: str,
    translations: Mapping[str, str],
    actor: Actor,
    now: datetime,
    confirmed: bool = True,
    seeded: bool = False,
) -> Text:
    """Add a version of a town text; `translations` maps "de" (needed), "en" and "leicht" to text."""
    before = Text.objects.filter(key=key).order_by("id").last()
    entered = Text.objects.create(
        key=key,
        de=translations["de"],
        en=translations.get("en", ""),
        leicht=translations.get("leicht", ""),
        confirmed=confirmed,
        seeded=seeded,
        entered_at=now,
        entered_by=actor.label,
    )
    _announce(before, entered, f"{TEXTS}{key}", _TEXT_FIELDS, actor=actor, now=now)
    return entered


def _announce(
    before: Rule | Text | None, entered: Rule | Text, about: str, fields: Iterable[str], *, actor: Actor, now: datetime
) -> None:
    """Say what a version changes against the one that counted before; the first one of the files changes nothing."""
    if before is None and entered.seeded:
        return
    pairs = {field: (getattr(before, field, ""), getattr(entered, field)) for field in fields}
    changes = {field: (_in_words(old), _in_words(new)) for field, (old, new) in pairs.items() if old != new}
    version_entered.send(type(entered), about=about, changes=changes, actor=actor, now=now)


def _in_words(value: Any) -> str:
    if isinstance(value, bool):
        return "ja" if value else "nein"
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
