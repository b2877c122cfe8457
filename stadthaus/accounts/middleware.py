"""What happens around every request: one log line, and no view without an audience."""

import secrets
import sys
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import structlog
from django.core.exceptions import ImproperlyConfigured
from django.core.signals import got_request_exception
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse

Handler = Callable[[HttpRequest], HttpResponse]

log = structlog.get_logger("stadthaus.request")


def request_log(handler: Handler) -> Handler:
    """Write one line for each request: the name of the route, never the path, which can be a private link."""

    def logged(request: HttpRequest) -> HttpResponse:
        request_id = secrets.token_hex(8)
        started = time.perf_counter()
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            response = handler(request)
            log.info(
                "request",
                method=request.method,
                route=_route_name(request),
                status=response.status_code,
                ms=round((time.perf_counter() - started) * 1000, 1),
            )
        response.headers["X-Request-ID"] = request_id
        return response

    return logged


def audience_required(handler: Handler) -> Handler:
    """Refuse a view that does not say for whom it is: a forgotten decorator must not open a page."""

    def guarded(request: HttpRequest) -> HttpResponse:
        return handler(request)

    vars(guarded)["process_view"] = _refuse_without_audience
    return guarded


def _refuse_without_audience(
    request: HttpRequest,  # noqa: ARG001  Django's order of arguments
    view: Callable[..., Any],
    args: Sequence[Any],  # noqa: ARG001
    kwargs: Mapping[str, Any],  # noqa: ARG001
) -> None:
    if not hasattr(view, "audience"):
        name = f"{view.__module__}.{getattr(view, '__qualname__', view)}"
        raise ImproperlyConfigured(f"The view {name} names no audience; decorate it from stadthaus.accounts.audience.")


@receiver(got_request_exception)
def _log_exception(request: HttpRequest | None = None, **kwargs: Any) -> None:  # noqa: ARG001  signal's arguments
    """Write where it broke: types and places only. A message or a local variable can quote what somebody typed."""
    error = sys.exc_info()[1]
    log.error("exception", route=_route_name(request), trace=_places(error))


def _route_name(request: HttpRequest | None) -> str:
    match = getattr(request, "resolver_match", None)
    return match.view_name if match else ""


def _places(error: BaseException | None) -> list[str]:
    """One line for each exception and frame, the cause after what it led to."""
    lines: list[str] = []
    while error is not None:
        lines.append(type(error).__name__)
        lines += [f"{f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(error.__traceback__)]
        error = error.__cause__ or error.__context__
    return lines
