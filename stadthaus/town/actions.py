"""Every write to the town's data: a new version of a rule or a text."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from stadthaus.kernel.actors import Actor
from stadthaus.town.models import Rule, Text
from stadthaus.town.rules.dated import RuleKind, RuleVersion, Source


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
    """Add a version of a rule. The version before it stays in force for the days before `valid_from`."""
    stated = source or Source(statute="")
    return Rule.objects.create(
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
    return Text.objects.create(
        key=key,
        de=translations["de"],
        en=translations.get("en", ""),
        leicht=translations.get("leicht", ""),
        confirmed=confirmed,
        seeded=seeded,
        entered_at=now,
        entered_by=actor.label,
    )
