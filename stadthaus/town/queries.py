"""What counts in this town today.

`current()` gives one immutable picture of all rules and texts. It costs one small statement that
asks whether anything is newer; the picture itself is kept in the process.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Any

import holidays
from django.db import connection
from django.db.models import Subquery

from stadthaus.kernel.calendars import OpeningHours, WorkCalendar
from stadthaus.kernel.deadlines import CutOff, Term
from stadthaus.town import registry
from stadthaus.town.models import RULES, TEXTS, Rule, Text
from stadthaus.town.rules.asked import Value
from stadthaus.town.rules.dated import RuleVersion, in_force, in_force_from
from stadthaus.town.rules.values import Reader, Unusable, read_cut_off, read_opening_hours, read_term

Stamp = tuple[int | None, int | None]
CALENDAR_YEARS = range(2008, 2071)
ADDS_UP = "town.closed_days"  # a later version of this one adds days and replaces none


class RuleMissing(LookupError):
    """No version of a rule is in force on the day asked for."""


@lru_cache(maxsize=16)
def _public_holidays(land: str) -> frozenset[date]:
    """Public holidays of a Land; computing them takes longer than a page may."""
    return frozenset(holidays.country_holidays("DE", subdiv=land, years=CALENDAR_YEARS))


@dataclass(frozen=True, eq=False)
class Town:
    """All rules and texts of the town as they stand at one moment; `stamp` names the moment.

    A picture equals itself only, so what is computed from it for a day can be kept with it (`lru_cache`).
    """

    rules: dict[str, tuple[RuleVersion, ...]]
    texts: dict[str, dict[str, str]]
    placeholder_texts: tuple[str, ...] = ()
    stamp: Stamp = (None, None)

    def rule(self, key: str, on: date) -> RuleVersion:
        """The version of a rule in force on a day."""
        version = in_force(self.rules.get(key, ()), on)
        if version is None:
            raise RuleMissing(f"Für „{key}“ gilt am {on:%d.%m.%Y} kein Wert. Bitte in den Regeln nachtragen.")
        return version

    def value(self, key: str, on: date) -> Any:
        """The value of a rule in force on a day."""
        return self.rule(key, on).value

    def cut_off(self, key: str, on: date) -> CutOff:
        """A rule that is a cut-off (Annahmeschluss)."""
        return read_cut_off(self.value(key, on))

    def term(self, key: str, on: date) -> Term:
        """A rule that is a term (Frist)."""
        return read_term(self.value(key, on))

    def office_hours(self, on: date) -> OpeningHours:
        """When the Bürgerbüro is open, by the hours that count on a day."""
        return _office_hours(self, on)

    def text(self, key: str, language: str = "de") -> str:
        """A town text in the language asked for, German where it is missing."""
        text = self.texts.get(key)
        if text is None:
            raise RuleMissing(f"Der Ortstext „{key}“ fehlt.")
        return text.get(language) or text["de"]

    @property
    def references(self) -> list[str]:
        """Names of all rules and texts in the audit trail."""
        return [f"{RULES}{key}" for key in self.rules] + [f"{TEXTS}{key}" for key in self.texts]

    @cached_property
    def calendar(self) -> WorkCalendar:
        """Working days: without the public holidays of the Land and the contractor's own closing days."""
        public = _public_holidays(self.text("town.land"))
        counting = in_force_from(self.rules.get(ADDS_UP, ()), date.min)
        own = [date.fromisoformat(day) for rule in counting for day in rule.value]
        return WorkCalendar(closed=frozenset([*public, *own]))

    def counting(self, today: date) -> list[RuleVersion]:
        """Values that count today or later, by key and first day."""
        return [
            rule
            for key, versions in sorted(self.rules.items())
            for rule in in_force_from(versions, date.min if key == ADDS_UP else today)
        ]

    def unconfirmed(self, today: date) -> list[RuleVersion]:
        """Values that count and that nobody has confirmed: placeholders that stop a production start."""
        return [rule for rule in self.counting(today) if not rule.confirmed]


@lru_cache(maxsize=64)
def _office_hours(town: Town, on: date) -> OpeningHours:
    return read_opening_hours(town.value("town.office_hours", on), _public_holidays(town.text("town.land")))


def faults(town: Town, today: date) -> list[str]:
    """Why the program could not work with these rules and texts, one line each; placeholders are none."""
    of_rules = [fault for key, asked in registry.VALUES.items() for fault in _faults_of_rule(town, key, asked, today)]
    return of_rules + [fault for key, read in registry.TEXTS.items() for fault in _faults_of_text(town, key, read)]


def _faults_of_rule(town: Town, key: str, asked: Value, today: date) -> Iterator[str]:
    versions = town.rules.get(key, ())
    if in_force(versions, today) is None:
        yield f"rules.toml, „{key}“: Heute gilt kein Wert."
    for version in in_force_from(versions, date.min if key == ADDS_UP else today):
        try:
            asked.read(version.value)
            if asked.fits:
                asked.fits(version.value, town.value(asked.beside, max(today, version.valid_from)))
        except (Unusable, RuleMissing) as reason:
            yield f"rules.toml, „{key}“ ab {version.valid_from:%d.%m.%Y}: {reason}"


def _faults_of_text(town: Town, key: str, read: Reader) -> Iterator[str]:
    try:
        read(town.texts.get(key, {}).get("de", ""))
    except Unusable as reason:
        yield f"texts.toml, „{key}“: {reason}"


_kept: tuple[Stamp, Town] | None = None


def newest() -> dict[str, Subquery]:
    """What a picture of the town depends on, to be read along with something else; the two are a `Stamp`."""
    rule, text = (model.objects.order_by("-pk").values("pk")[:1] for model in (Rule, Text))
    return {"newest_rule": Subquery(rule), "newest_text": Subquery(text)}


def current(stamp: Stamp | None = None) -> Town:
    """The town as it stands now (one statement, none with a `stamp` just read; two more after a change)."""
    global _kept  # noqa: PLW0603  one picture per process, replaced as a whole
    stamp = stamp or _stamp()
    kept = _kept
    if kept is None or kept[0] != stamp:
        kept = _kept = (stamp, _load(stamp))
    return kept[1]


def _stamp() -> Stamp:
    # By hand: it runs on every page, and building the query costs twenty times what running it does.
    with connection.cursor() as cursor:
        cursor.execute("SELECT (SELECT MAX(id) FROM town_rule), (SELECT MAX(id) FROM town_text)")
        rule, text = cursor.fetchone()
    return rule, text


def _load(stamp: Stamp) -> Town:
    rules: dict[str, list[RuleVersion]] = {}
    for row in Rule.objects.order_by("key", "valid_from", "id"):
        rules.setdefault(row.key, []).append(row.as_rule())
    rows = {row.key: row for row in Text.objects.order_by("id")}  # of two versions the later entered
    return Town(
        rules={key: tuple(versions) for key, versions in rules.items()},
        texts={key: {"de": row.de, "en": row.en, "leicht": row.leicht} for key, row in rows.items()},
        placeholder_texts=tuple(key for key, row in rows.items() if not row.confirmed and key in registry.TEXTS),
        stamp=stamp,
    )
