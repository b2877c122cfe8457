"""For machines: is the process alive, and can it work?"""

import structlog
from django.core.cache import cache
from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from stadthaus.accounts.audience import public
from stadthaus.portal.production import migrations_are_missing
from stadthaus.town import queries as town

ANSWER_SECONDS = 3

log = structlog.get_logger("stadthaus.health")


@public
@require_safe
def alive(request: HttpRequest) -> JsonResponse:  # noqa: ARG001  a view takes a request
    """The process answers; nothing else is asked."""
    return JsonResponse({"status": "ok"})


@public
@require_safe
def ready(request: HttpRequest) -> JsonResponse:  # noqa: ARG001  a view takes a request
    """Database reachable, migrated, town loaded with all the program asks for; 503 if not.

    Everybody may ask and as often as they like: so the answer serves for some seconds, and its reason is logged only.
    """
    if cache.get_or_set("portal.ready", _is_ready, ANSWER_SECONDS):
        return JsonResponse({"status": "ok"})
    return JsonResponse({"status": "not ready"}, status=503)


def _is_ready() -> bool:
    reason = _why_not_ready()
    if reason:
        log.warning("not_ready", reason=reason)
    return not reason


def _why_not_ready() -> str:
    """What is missing, in one line; empty if nothing."""
    try:
        if migrations_are_missing():
            return "migrations are missing"
        current = town.current()
        if not current.rules:
            return "no town is loaded"
        return " ".join(town.faults(current, timezone.localdate()))
    except DatabaseError:
        return "the database does not answer"
