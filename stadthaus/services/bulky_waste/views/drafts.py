"""Binds a browser to the drafts it began, and opens a page only when the ones before it are answered."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from stadthaus.kernel.links import is_genuine, public_id_of
from stadthaus.services.bulky_waste import actions, queries
from stadthaus.services.bulky_waste.documents import DRAFT_LINK_SERIAL, draft_key, order_link
from stadthaus.services.bulky_waste.models import DRAFT_DAYS, Draft, Order
from stadthaus.services.bulky_waste.rules.steps import Step, first_open_step, may_open, number_of, way_back
from stadthaus.services.bulky_waste.views.link import remember_proof
from stadthaus.ui.pages import keep_town, page

PictureView = Callable[..., HttpResponse]

COOKIE = "stadthaus_drafts"
SALT = "bulky_waste.draft"
REMEMBERED = 5
JUST_PLACED = timedelta(hours=1)


def draft_of_link(link: str) -> Draft | None:
    """The draft that a resume link opens; None if nobody made this link or the draft is gone."""
    if not is_genuine(draft_key(), link, DRAFT_LINK_SERIAL):
        return None
    return Draft.objects.filter(public_id=public_id_of(link)).first()


def remember(request: HttpRequest, response: HttpResponse, draft: Draft) -> HttpResponse:
    """Bind the draft to this browser for as long as drafts are kept."""
    known = [public_id for public_id in _remembered(request) if public_id != draft.public_id]
    response.set_signed_cookie(
        COOKIE,
        ".".join([draft.public_id, *known][:REMEMBERED]),
        salt=SALT,
        max_age=DRAFT_DAYS * 24 * 3600,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
        path="/sperrmuell/",
    )
    return response


def _remembered(request: HttpRequest) -> list[str]:
    value = request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=DRAFT_DAYS * 24 * 3600)
    return value.split(".") if value else []


def open_own(request: HttpRequest, public_id: str) -> queries.Opened | None:
    """The draft of this address, with town and catalogue, if this browser began it (one statement)."""
    if public_id not in _remembered(request):
        return None
    opened = queries.open_draft(public_id)
    if opened is not None:
        keep_town(request, opened.town)
    return opened


def unfinished_draft(request: HttpRequest) -> Draft | None:
    """The draft of this browser with most answers that is no order yet; of several the one worked on last."""
    remembered = _remembered(request)
    if not remembered:
        return None
    unfinished = Draft.objects.filter(public_id__in=remembered, order=None)
    return max(unfinished, key=lambda draft: (len(draft.answers), draft.changed_at), default=None)


def at_step(step: Step) -> Callable[[PictureView], PictureView]:
    """Give a view the picture of its draft; go to the first open page if this one may not be opened yet.

    Once the draft is ordered every page leads to the order, also in a tab that was still open.
    """

    def wrap(view: PictureView) -> PictureView:
        @wraps(view)
        def guarded(request: HttpRequest, public_id: str, **rest: Any) -> HttpResponse:
            opened = open_own(request, public_id)
            if opened is None:
                return page(request, "bulky_waste/draft_elsewhere.html", status=404)
            draft = opened.draft
            try:
                if draft.order_id is not None:
                    raise actions.AlreadyOrdered(draft.order_id)
                seen = queries.picture(draft, opened.town, timezone.now(), opened.catalogue)
                if not may_open(step, seen.answered):
                    return to_step(draft, first_open_step(seen.answered))
                return view(request, seen, **rest)
            except actions.AlreadyOrdered as already:
                return to_order(Order.objects.get(number=already.number))

        return guarded

    return wrap


def to_order(order: Order) -> HttpResponse:
    """Whoever has just answered all of it, or clicks twice, need not prove it; later it may be somebody else here."""
    link = order_link(order)
    answer = HttpResponseRedirect(link)  # `redirect` would first look for a page of this name
    is_new = timezone.now() - order.placed_at < JUST_PLACED
    return remember_proof(answer, order, link) if is_new else answer


def posted(view: PictureView) -> PictureView:
    """For addresses that only change the list: who opens one by reload or bookmark gets the list instead."""

    @wraps(view)
    def guarded(request: HttpRequest, public_id: str, **rest: Any) -> HttpResponse:
        if request.method != "POST":
            return redirect("bulky_waste:what", public_id)
        return view(request, public_id=public_id, **rest)

    return guarded


def to_step(draft: Draft, step: Step) -> HttpResponse:
    """Go to a page of the order."""
    return redirect(f"bulky_waste:{step.name.lower()}", draft.public_id)


def step_page(request: HttpRequest, seen: queries.Picture, step: Step, context: dict[str, Any]) -> HttpResponse:
    """Show a page of the order within its frame."""
    frame = {"seen": seen, "draft": seen.draft, "step": step, "step_number": number_of(step), "steps": len(Step)}
    frame["back"] = back_from(seen, step)
    return page(request, f"bulky_waste/order/{step.name.lower()}.html", {**frame, **context})


def back_from(seen: queries.Picture | None, step: Step) -> str:
    """The address behind "Zurück"."""
    before = way_back(step, seen.answered) if seen else None
    if seen is None or before is None:
        return reverse("bulky_waste:service")
    return reverse(f"bulky_waste:{before.name.lower()}", args=[seen.draft.public_id])


def after(draft: Draft, step: Step) -> HttpResponse:
    """The next page; who has been to the last one and changed an answer goes back there, if all else holds."""
    return to_step(draft, Step.CHECK if draft.answer("place") else list(Step)[number_of(step)])
