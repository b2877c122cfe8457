"""Answers: the whole page for a browser, one part of it for HTMX, and files."""

import logging

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.utils.cache import patch_vary_headers
from django.utils.http import content_disposition_header

from stadthaus.town import queries
from stadthaus.town.queries import Town

_log = logging.getLogger(__name__)
_NOTHING_KNOWN = Town(rules={}, texts={})
_last_seen = _NOTHING_KNOWN


def page(
    request: HttpRequest, template: str, context: dict[str, object] | None = None, *, status: int = 200
) -> HttpResponse:
    """Answer with a page.

    A browser gets the whole page. HTMX gets the part of the same template (`{% partialdef name inline %}`)
    that is named like the element it wants to fill, or the whole page if there is no such part.
    """
    response = render(request, _template_for(request, template), context, status=status)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


def file(content: bytes | str, kind: str, name: str, *, download: bool = False) -> HttpResponse:
    """Answer with a file; the browser shows it under its name, or only keeps it (`download`)."""
    disposition = content_disposition_header(download, name)
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": disposition})


def town_of(request: HttpRequest) -> Town:
    """The town for this request: asked once, shared by the view and the page frame (one statement)."""
    town = getattr(request, "town", None)
    return town if isinstance(town, Town) else keep_town(request, queries.current())


def keep_town(request: HttpRequest, town: Town) -> Town:
    """Let this request have one town, for the view and the page frame."""
    remember(town)
    request.town = town  # type: ignore[attr-defined]  # kept for as long as this request lasts
    return town


def without_database(request: HttpRequest) -> None:
    """Let the page of this request do with the town as last seen: nobody shall wait for the database once more."""
    request.town = _last_seen  # type: ignore[attr-defined]  # kept for as long as this request lasts


def frame_town(request: HttpRequest) -> Town:
    """The town for the page frame: while the database is away, as this process last saw it."""
    try:
        return town_of(request)
    except DatabaseError:
        _log.warning("The page frame shows the town as last seen: the database does not answer.", exc_info=True)
        return _last_seen


def remember(town: Town) -> None:
    """Keep the newest picture of the town for pages that are shown while the database is away."""
    global _last_seen  # noqa: PLW0603  one picture per process, replaced as a whole
    _last_seen = town


def _template_for(request: HttpRequest, template: str) -> str:
    wanted = request.headers.get("HX-Target", "")
    is_partial = request.headers.get("HX-Request") == "true" and "HX-History-Restore-Request" not in request.headers
    if not (is_partial and wanted):
        return template
    try:
        get_template(f"{template}#{wanted}")
    except TemplateDoesNotExist:
        return template
    return f"{template}#{wanted}"
