"""What the page frame shows on every page."""

from dataclasses import dataclass
from functools import partial

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject

from stadthaus.ui.pages import frame_town


@dataclass(frozen=True)
class DeskPart:
    """One link of the desk's side navigation."""

    label: str
    address: str
    is_here: bool


def page_frame(request: HttpRequest) -> dict[str, object]:
    """The town, the demo flag and the desk's parts; a page that shows none of them asks the database nothing."""
    return {
        "town": SimpleLazyObject(partial(frame_town, request)),
        "demo": settings.DEMO,
        "desk_parts": partial(desk_parts, request),
    }


def desk_parts(request: HttpRequest) -> list[DeskPart]:
    """The parts of the desk that the signed-in person may open; `is_here` marks the one that is open."""
    permissions: frozenset[str] = getattr(request.user, "permissions", frozenset())
    allowed = [(label, name) for label, name, needed in settings.DESK_PARTS if not needed or needed in permissions]
    parts = [(label, address) for label, name in allowed if (address := _address(name))]
    open_at = max((address for _, address in parts if request.path.startswith(address)), key=len, default="")
    return [DeskPart(label, address, address == open_at) for label, address in parts]


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""  # an app's own tests know its own pages only; tests/test_every_page.py asks for all names
