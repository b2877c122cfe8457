"""A town with as much data as a test needs."""

from datetime import date, datetime
from typing import Any

from stadthaus.kernel.actors import Actor
from stadthaus.kernel.calendars import BERLIN
from stadthaus.town import actions
from stadthaus.town.models import Rule, Text
from stadthaus.town.rules.dated import Source

NOW = datetime(2026, 11, 16, 10, 0, tzinfo=BERLIN)
TODAY = NOW.date()
CLERK = Actor(kind="staff", label="Rita Regel")
SOURCE = Source("Abfallgebührensatzung der Stadt Werne", "§ 4 Abs. 2", "Rat vom 3.12.2025", "Amtsblatt 12/2025")


def enter_fee(value: Any = 1500, valid_from: date = date(2021, 1, 1), **changes: Any) -> Rule:
    values: dict[str, Any] = {
        "key": "bulky_waste.fee_per_card",
        "kind": "statute",
        "source": SOURCE,
        "confirmed": True,
        "actor": CLERK,
        "now": NOW,
    }
    return actions.enter_rule(**(values | {"value": value, "valid_from": valid_from} | changes))


def enter_text(key: str = "town.name", *, confirmed: bool = True, **translations: str) -> Text:
    stated = {"de": "Stadt Werne"} | translations
    return actions.enter_text(key=key, translations=stated, confirmed=confirmed, actor=CLERK, now=NOW)
