"""Answers of somebody who is still ordering."""

import secrets
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import transaction

from stadthaus.base_services.collection_tours import actions as tours
from stadthaus.base_services.collection_tours.models import Booking
from stadthaus.base_services.messages import actions as messages
from stadthaus.kernel.links import new_public_id
from stadthaus.services.bulky_waste import queries
from stadthaus.services.bulky_waste.models import (
    DRAFT_DAYS,
    Draft,
    Order,
)
from stadthaus.services.bulky_waste.rules import dates, items
from stadthaus.town import queries as town_queries
from stadthaus.town.queries import Town

# How one change of the list is said: from the lines as they are to the lines as they shall be.
Edit = Callable[[list[items.Line]], list[items.Line]]
OLD_DRAFTS_AT_ONCE = 500

log = structlog.get_logger()


@transaction.atomic
def start_draft(*, where: Mapping[str, Any], now: datetime) -> Draft:
    """Begin an order with its first answer, the address: a place on the server for all that follow."""
    public_id = new_public_id(secrets.token_bytes(8))
    return Draft.objects.create(public_id=public_id, answers={"where": dict(where)}, created_at=now, changed_at=now)


@transaction.atomic
def answer(*, draft_id: int, page: str, answers: Mapping[str, Any], now: datetime) -> Draft:
    """Keep the answers of one page; everything else stays as it was."""
    draft = locked_draft(draft_id)
    draft.answers = {**draft.answers, page: dict(answers)}
    return _save(draft, now)


@transaction.atomic
def answer_where(*, draft_id: int, answers: Mapping[str, Any], now: datetime) -> Draft:
    """Keep the address; a place held in another district is given back."""
    draft = locked_draft(draft_id)
    before = draft.answer("where").get("district")
    draft.answers = {**draft.answers, "where": dict(answers)}
    if draft.answer("when") and before != answers["district"]:
        _give_back_hold(draft, now)
    return _save(draft, now)


@transaction.atomic
def change_lines(*, draft_id: int, lines: Iterable[items.Line], now: datetime) -> Draft:
    """Keep these items; a place held grows or shrinks with them, or is given back if the day has no room."""
    return _keep_lines(locked_draft(draft_id), list(lines), now)


@transaction.atomic
def edit_lines(*, draft_id: int, edit: Edit, now: datetime) -> Draft:
    """Change the items from what they are now; may raise what `edit` raises. Two edits at once both count."""
    draft = locked_draft(draft_id)
    return _keep_lines(draft, edit(draft.lines), now)


def _keep_lines(draft: Draft, lines: list[items.Line], now: datetime) -> Draft:
    draft.answers = {**draft.answers, "what": {**draft.answer("what"), "lines": [line.as_data() for line in lines]}}
    if draft.answer("when"):
        _fit_hold(draft, now)
    return _save(draft, now)


@transaction.atomic
def choose_day(*, draft_id: int, day_id: int, now: datetime, seen: queries.Picture | None = None) -> Booking:
    """Hold a place on a day for the draft; raises DayIsFull or DayIsClosed if that is not possible.

    `seen` is the picture this very request has drawn; it is drawn anew if the draft has changed since.
    """
    draft = locked_draft(draft_id)
    if seen is None or seen.draft.changed_at != draft.changed_at:
        seen = queries.picture(draft, town_queries.current(), now)
    booking = tours.hold(
        reference=draft.hold_reference,
        day_id=day_id,
        litres=seen.quote.litres,
        minutes=_hold_minutes(seen.town, now),
        now=now,
    )
    draft.answers = {**draft.answers, "when": {"day_id": day_id}}
    draft.notice = ""
    _save(draft, now)
    return booking


@transaction.atomic
def answer_place(*, draft_id: int, answers: Mapping[str, Any], now: datetime) -> Draft:
    """Keep where the things will stand; checking and paying comes next, so the hold is extended, once."""
    draft = locked_draft(draft_id)
    draft.answers = {**draft.answers, "place": dict(answers)}
    try:
        tours.extend_hold(reference=draft.hold_reference, minutes=_hold_minutes(town_queries.current(), now), now=now)
    except tours.NoPlace:
        log.info("hold over before payment")  # placing the order takes the day again, or asks for another
    return _save(draft, now)


@transaction.atomic
def ask_for_another_day(*, draft_id: int, now: datetime) -> Draft:
    """The chosen day is gone: give the place back, keep all other answers, say so on the date page."""
    draft = locked_draft(draft_id)
    _give_back_hold(draft, now)
    return _save(draft, now)


def locked_draft(draft_id: int) -> Draft:
    """The draft, locked until the transaction ends."""
    return Draft.objects.select_for_update().get(pk=draft_id)


def _save(draft: Draft, now: datetime) -> Draft:
    draft.changed_at = now
    draft.save(update_fields=["answers", "notice", "changed_at"])
    return draft


def _fit_hold(draft: Draft, now: datetime) -> None:
    town = town_queries.current()
    seen = queries.picture(draft, town, now)
    if not seen.lines or seen.held_until is None:  # a hold that ran out is not renewed by changing the list
        _give_back_hold(draft, now)
        return
    try:
        with transaction.atomic():
            tours.hold(
                reference=draft.hold_reference,
                day_id=draft.answer("when")["day_id"],
                litres=seen.quote.litres,
                minutes=_hold_minutes(town, now),
                now=now,
            )
    except (tours.DayIsFull, tours.DayIsClosed):
        _give_back_hold(draft, now)


def _give_back_hold(draft: Draft, now: datetime) -> None:
    tours.release(reference=draft.hold_reference, now=now)
    draft.answers = {page: answers for page, answers in draft.answers.items() if page != "when"}
    draft.notice = "day_gone"


def _hold_minutes(town: Town, now: datetime) -> int:
    minutes: int = town.value("bulky_waste.hold_minutes", dates.fee_day(now))
    return minutes


@transaction.atomic
def send_resume_link(*, draft_id: int, now: datetime) -> None:
    """Mail the link that goes on with a draft to the address the orderer gave; at most once a day."""
    draft = Draft.objects.get(pk=draft_id)
    messages.queue(
        template="bulky_waste.resume_link",
        about=draft.hold_reference,
        channel=Order.Channel.EMAIL,
        once_key=f"{draft.hold_reference}/resume/{dates.fee_day(now)}",
        now=now,
    )


@transaction.atomic
def delete_old_drafts(*, now: datetime) -> list[str]:
    """Delete drafts that nobody touched for seven days, with the places they hold.

    Returns the names of their photos, whose files nobody needs any more.
    """
    old = list(
        Draft.objects.select_for_update(skip_locked=True).filter(changed_at__lt=now - timedelta(days=DRAFT_DAYS))[
            :OLD_DRAFTS_AT_ONCE
        ]
    )
    unplaced = [draft for draft in old if draft.order_id is None]
    for draft in unplaced:
        tours.release(reference=draft.hold_reference, now=now)
    Draft.objects.filter(pk__in=[draft.pk for draft in old]).delete()
    return [photo for draft in unplaced if (photo := draft.answer("place").get("photo"))]
