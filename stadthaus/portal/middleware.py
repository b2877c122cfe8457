"""What no single page can see to: an answer that would otherwise be empty."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from stadthaus.ui.pages import page

METHODS = ("GET", "HEAD", "POST")  # a view would take any other for a look
Handler = Callable[[HttpRequest], HttpResponse]


def method_explained(handler: Handler) -> Handler:
    """Give a page to whoever opens an address that only a button leads to (reload, bookmark, back from signing in)."""

    def explained(request: HttpRequest) -> HttpResponse:
        response = handler(request) if request.method in METHODS else HttpResponseNotAllowed(METHODS)
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED or response.content:
            return response
        allowed = response.headers["Allow"]
        response = page(request, "portal/error.html", {"kind": "only_by_button"}, status=HTTPStatus.METHOD_NOT_ALLOWED)
        response.headers["Allow"] = allowed
        response.headers["Cache-Control"] = "private, no-store"
        return response

    return explained
