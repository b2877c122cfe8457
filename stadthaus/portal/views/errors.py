"""Error pages: what happened, what is kept, what to do now."""

import sys

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse

from stadthaus.ui.pages import page, without_database

RETRY_SECONDS = 30
MEGABYTE = 1024 * 1024


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: the browser sent something that cannot be read; 413: more than any page takes."""
    if isinstance(exception, RequestDataTooBig):
        return _error(request, "too_big", 413, most=settings.LARGEST_BODY // MEGABYTE)
    return _error(request, "bad_request", 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: signed in, but not for this."""
    return _error(request, "forbidden", 403, reason=str(exception))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  Django gives it by this name
    """404: no such page."""
    return _error(request, "not_found", 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: it is our fault, and we say so; 503 while the database is away."""
    if not isinstance(sys.exception(), OperationalError | InterfaceError):
        return _error(request, "server_error", 500)
    without_database(request)
    response = _error(request, "server_error", 503)
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001  Django gives it by this name
    """403: the form was open too long or cookies are off."""
    return _error(request, "csrf", 403)


def _error(request: HttpRequest, kind: str, status: int, **context: object) -> HttpResponse:
    """One page for all kinds; kept by no cache, because it can stand at the address of a private page."""
    response = page(request, "portal/error.html", {"kind": kind, **context}, status=status)
    response.headers["Cache-Control"] = "private, no-store"
    return response
