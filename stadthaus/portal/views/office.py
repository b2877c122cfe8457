"""The office home: what needs attention, and the ways to the parts a person may use."""

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from stadthaus.accounts.audience import any_staff, staff
from stadthaus.accounts.models import AuditEntry
from stadthaus.accounts.queries import latest, permissions_of
from stadthaus.portal import queries
from stadthaus.town import queries as town
from stadthaus.town import registry
from stadthaus.town.rules.dated import SOURCE_WORDS, RuleVersion
from stadthaus.ui.pages import page
from stadthaus.work import actions as work

CHANGES_SHOWN = 20
JOBS_SHOWN = 100
FIELD_WORDS = {
    "value": "Wert",
    "valid_from": "gilt ab",
    **SOURCE_WORDS,
    "confirmed": "bestätigt",
    "de": "Text",
    "en": "Text auf Englisch",
    "leicht": "Text in Einfacher Sprache",
}


@any_staff
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What waits for this person, from all parts."""
    context: dict[str, object] = {"waiting": queries.work_list(request.user), "may": permissions_of(request.user)}
    return page(request, "portal/office_home.html", context)


@staff("work.retry")
@require_safe
def unfinished_jobs(request: HttpRequest) -> HttpResponse:
    """What the program could not do by itself, longest given up first."""
    context: dict[str, object] = {
        "jobs": queries.in_words(queries.unfinished_jobs()[:JOBS_SHOWN]),
        "sees_orders": "orders.view" in permissions_of(request.user),
    }
    return page(request, "portal/unfinished.html", context)


@staff("work.retry")
@require_POST
def try_again(request: HttpRequest, job_id: int) -> HttpResponse:  # noqa: ARG001  a view takes the request
    """Give a given-up job a new start; whoever presses twice finds it started."""
    work.try_again(job_id=job_id, now=timezone.now())
    return redirect("portal:unfinished")


@staff("rules.view")
@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """All dated rules with source and state, placeholders first, and who changed what last."""
    current, today = town.current(), timezone.localdate()
    counting, unconfirmed = current.counting(today), current.unconfirmed(today)
    replaced = [rule for versions in current.rules.values() for rule in versions if rule not in counting]
    context: dict[str, object] = {
        "unconfirmed": _in_words(unconfirmed),
        "confirmed": _in_words(rule for rule in counting if rule.confirmed),
        "replaced": _in_words(sorted(replaced, key=lambda rule: (rule.key, rule.valid_from, rule.id))),
        "placeholder_texts": current.placeholder_texts,
        "changes": [(entry, _said(entry)) for entry in latest(current.references)[:CHANGES_SHOWN]],
    }
    return page(request, "portal/rules.html", context)


def _in_words(rules: Iterable[RuleVersion]) -> list[tuple[RuleVersion, str, str]]:
    """Rules, each with its German name and its value with its unit."""
    return [(rule, *registry.in_words(rule)) for rule in rules]


def _said(entry: AuditEntry) -> list[tuple[str, str, str]]:
    """What a change of the town's data changed: the field's German name, its value before and after."""
    return [(FIELD_WORDS[name], before, after) for name, (before, after) in entry.values.items()]
