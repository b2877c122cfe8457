"""Error pages: what happened, what is kept, what to do now."""

from django.http import HttpRequest, HttpResponse

from stadthaus.ui.pages import page


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """400: the browser sent something that cannot be read."""
    return page(request, "portal/error.html", {"kind": "bad_request"}, status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: signed in, but not for this."""
    return page(request, "portal/error.html", {"kind": "forbidden", "reason": str(exception)}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """404: no such page."""
    return page(request, "portal/error.html", {"kind": "not_found"}, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: it is our fault, and we say so."""
    return page(request, "portal/error.html", {"kind": "server_error"}, status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """403: the form was open too long or cookies are off."""
    return page(request, "portal/error.html", {"kind": "csrf"}, status=403)
