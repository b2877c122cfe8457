"""What happens around every request: one log line, nothing unreadable, and no view without an audience."""

import secrets
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote_plus

import structlog
from django.conf import settings
from django.core.exceptions import BadRequest, ImproperlyConfigured, RequestDataTooBig
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


def readable_only(handler: Handler) -> Handler:
    """Refuse what no page can use before anybody reads it: a body larger than a form with a photo, or a NUL.

    PostgreSQL stores no NUL; a form field refuses one itself, but addresses and cookies lead to rows without a form.
    """

    def guarded(request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or ""
        if length.isdecimal() and int(length) > settings.LARGEST_BODY:
            raise RequestDataTooBig
        query = unquote_plus(request.META.get("QUERY_STRING", ""))
        if any("\0" in text for text in (request.path_info, query, *request.COOKIES.values())):
            raise BadRequest
        return handler(request)

    return guarded


def audience_required(handler: Handler) -> Handler:
    """Refuse a view that does not say for whom it is: a forgotten decorator must not open a page."""

    def guarded(request: HttpRequest) -> HttpResponse:
        return handler(request)

    vars(guarded)["process_view"] = _refuse_without_audience
    return guarded


def _refuse_without_audience(_request: HttpRequest, view: Callable[..., Any], *_: Any) -> None:
    if not hasattr(view, "audience"):
        name = f"{view.__module__}.{getattr(view, '__qualname__', view)}"
        raise ImproperlyConfigured(f"The view {name} names no audience; decorate it from stadthaus.accounts.audience.")


@receiver(got_request_exception)
def _log_exception(request: HttpRequest | None = None, **kwargs: Any) -> None:  # noqa: ARG001  signal's arguments
    """Write where it broke; `config.logs` leaves out the words."""
    log.error("exception", route=_route_name(request), exc_info=True)


def _route_name(request: HttpRequest | None) -> str:
    match = getattr(request, "resolver_match", None)
    return match.view_name if match else ""
