"""For machines: is the process alive, and can it work?"""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_GET

from stadthaus.accounts.audience import public
from stadthaus.town.models import Rule


@public
@require_GET
def alive(request: HttpRequest) -> JsonResponse:  # noqa: ARG001  a view takes a request
    """The process answers; nothing else is asked."""
    return JsonResponse({"status": "ok"})


@public
@require_GET
def ready(request: HttpRequest) -> JsonResponse:  # noqa: ARG001  a view takes a request
    """Database reachable, migrated, town loaded; 503 with the reason if not."""
    reason = why_not_ready()
    return JsonResponse({"status": reason or "ok"}, status=503 if reason else 200)


def why_not_ready() -> str:
    """What is missing, in one line; empty if nothing."""
    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return "migrations are missing"
        return "" if Rule.objects.exists() else "no town is loaded"
    except DatabaseError:
        return "the database does not answer"
