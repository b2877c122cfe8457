"""Answers of somebody who is still ordering.

Lock order: the draft first, then its contact, then places and, if one must be taken anew, its day
(`collection_tours.actions`), then what a `count` writes. What an order inserts waits for nobody.
"""

import secrets
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

import structlog
from django.db import transaction

from stadthaus import rows
from stadthaus.base_services.collection_tours import actions as tours
from stadthaus.base_services.collection_tours.models import Booking
from stadthaus.base_services.messages import actions as messages
from stadthaus.kernel.calendars import day_of
from stadthaus.kernel.links import new_public_id
from stadthaus.services.bulky_waste import queries
from stadthaus.services.bulky_waste.models import (
    DRAFT_DAYS,
    Draft,
    Order,
)
from stadthaus.services.bulky_waste.rules import items
from stadthaus.services.bulky_waste.rules.holds import kept_from_others
from stadthaus.town import queries as town_queries
from stadthaus.town.queries import Town

# How one change of the list is said: from the lines as they are to the lines as they shall be.
Edit = Callable[[list[items.Line]], list[items.Line]]
OLD_DRAFTS_AT_ONCE = 500

P = ParamSpec("P")
R = TypeVar("R")

log = structlog.get_logger()


class AlreadyOrdered(Exception):
    """The draft became an order meanwhile; nothing was changed."""

    def __init__(self, number: str) -> None:
        super().__init__(number)
        self.number = number


class TooOften(Exception):
    """Too much came from this connection. Raised by a `count`: nothing was written."""


class Changed(Exception):
    """The draft or its place is not as we read it any more; nothing was changed."""


def not_counted(litres: int = 0) -> None:
    """For writes that nobody limits."""


def again_if_changed(action: Callable[P, R]) -> Callable[P, R]:
    """Make an action atomic and start it again, on the draft as it is then, if another tab was faster.

    So a page's answer is written onto what the page saw, without reading it once more under a lock; only the
    second start takes the lock, and so there is no third.
    """

    @wraps(action)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            with transaction.atomic():
                return action(*args, **kwargs)
        except Changed:
            with transaction.atomic():
                drafts = Draft.objects.select_for_update(no_key=True)
                kwargs["draft"] = drafts.get(pk=cast("Draft", kwargs["draft"]).pk)
                return action(*args, **kwargs)

    return run


@transaction.atomic
def start_draft(*, where: Mapping[str, Any], now: datetime) -> Draft:
    """Begin an order with its first answer, the address: a place on the server for all that follow."""
    public_id = new_public_id(secrets.token_bytes(8))
    return rows.insert(Draft(public_id=public_id, answers={"where": dict(where)}, created_at=now, changed_at=now))


@again_if_changed
def answer(*, draft: Draft, page: str, answers: Mapping[str, Any], now: datetime) -> Draft:
    """Keep the answers of one page; everything else stays as it was."""
    draft.answers = {**draft.answers, page: dict(answers)}
    return _save(draft, now)


@again_if_changed
def confirm_limits(*, draft: Draft, now: datetime) -> Draft:
    """Keep that every piece is small and light enough; the list stays as it is now, whoever changed it meanwhile."""
    draft.answers = {**draft.answers, "what": {**draft.answer("what"), "within_limits": True}}
    return _save(draft, now)


@again_if_changed
def answer_where(*, draft: Draft, answers: Mapping[str, Any], now: datetime) -> Draft:
    """Keep the address; a place held in another district is given back."""
    before = draft.answer("where").get("district")
    draft.answers = {**draft.answers, "where": dict(answers)}
    if draft.answer("when") and before != answers["district"]:
        _claim(draft)
        _give_back_hold(draft, now, notice="other_district")
    return _save(draft, now)


@again_if_changed
def edit_lines(*, draft: Draft, edit: Edit, now: datetime, count: Callable[[int], None] = not_counted) -> Draft:
    """Change the items from what they are now; may raise what `edit` raises. Two edits at once both count.

    A place held grows or shrinks with them, or is given back if the day has no room or `count` refuses the growth.
    """
    lines = [line.as_data() for line in edit(draft.lines)]
    draft.answers = {**draft.answers, "what": {**draft.answer("what"), "lines": lines}}
    if draft.answer("when"):
        _claim(draft)
        _fit_hold(draft, now, count)
    return _save(draft, now)


@again_if_changed
def choose_day(
    *,
    draft: Draft,
    day_id: int,
    now: datetime,
    seen: queries.Picture | None = None,
    count: Callable[[int], None] = not_counted,
) -> Booking:
    """Hold a place on a day for the draft; raises DayIsFull, or DayIsClosed if the order may not choose this day.

    `seen` is the picture this very request has drawn; it is drawn anew if the draft has changed since. `count`
    counts what the hold keeps from others in the same transaction and may refuse it by raising.
    """
    if seen is None or seen.draft is not draft:
        seen = queries.picture(draft, town_queries.current(), now)
    minutes = _hold_minutes(seen.town, now)
    before = _kept(seen.booking, minutes, now)
    _claim(draft)
    booking = tours.hold(
        reference=draft.hold_reference,
        day_id=day_id,
        litres=seen.quote.litres,
        minutes=minutes,
        now=now,
        is_first=not draft.answer("when"),
    )
    if not queries.is_offered(booking.day, draft, seen.town, now):
        raise tours.DayIsClosed(day_id)
    draft.answers = {**draft.answers, "when": {"day_id": day_id}}
    draft.booking, draft.notice = booking, ""
    _save(draft, now)
    if (more := _kept(booking, minutes, now) - before) > 0:
        count(more)
    return booking


@again_if_changed
def answer_place(
    *,
    draft: Draft,
    answers: Mapping[str, Any],
    now: datetime,
    photo: str | None = None,
    seen: queries.Picture | None = None,
) -> Draft:
    """Keep where the things will stand; checking and paying comes next, so the hold is extended, once.

    `photo` is the name of the new one, empty for none; None keeps the one that is there when this is written.
    """
    kept = draft.answer("place").get("photo", "") if photo is None else photo
    draft.answers = {**draft.answers, "place": {**answers, "photo": kept}}
    town, held = (seen.town, seen.booking) if seen else (town_queries.current(), None)
    _save(draft, now)
    try:
        tours.extend_hold(reference=draft.hold_reference, minutes=_hold_minutes(town, now), now=now, held=held)
    except tours.NoPlace:
        log.info("hold over before payment")  # placing the order takes the day again, or asks for another
    return draft


@again_if_changed
def ask_for_another_day(*, draft: Draft, now: datetime) -> Draft:
    """The chosen day is gone: give the place back, keep all other answers, say so on the date page."""
    _claim(draft)
    _give_back_hold(draft, now)
    return _save(draft, now)


def take(draft: Draft, changes: Mapping[str, Any], lock: str = "") -> None:
    """Write to a draft that is as it was read; its row stays locked until the transaction ends, and so does `lock`.

    Raises AlreadyOrdered, or leads to a new start (`again_if_changed`).
    """
    as_read = {"version": draft.version, "order_id": None}
    new = {**changes, "version": draft.version + 1}
    if not rows.change_and_lock(Draft, draft.pk, new, as_read=as_read, lock=lock):
        check_as_read(draft)
        raise Changed
    draft.version += 1


def check_as_read(draft: Draft) -> None:
    """Raise AlreadyOrdered, or lead to a new start, if the draft is not as it was read any more (one statement)."""
    number, version = Draft.objects.values_list("order__number", "version").get(pk=draft.pk)
    if number:
        raise AlreadyOrdered(number)
    if version != draft.version:
        raise Changed


def _claim(draft: Draft) -> None:
    """Keep the draft's other tabs and its submit waiting while its place changes: the draft's row before any day's."""
    take(draft, {})


def _save(draft: Draft, now: datetime) -> Draft:
    draft.changed_at = now
    changed = ("answers", "notice", "booking_id", "changed_at")
    take(draft, {name: getattr(draft, name) for name in changed})
    return draft


def _kept(booking: Booking | None, minutes: int, now: datetime) -> int:
    whole = timedelta(minutes=minutes)
    return kept_from_others(booking.litres, booking.held_until, now, whole=whole) if booking else 0


def _fit_hold(draft: Draft, now: datetime, count: Callable[[int], None]) -> None:
    town = town_queries.current()
    seen = queries.picture(draft, town, now)
    if not seen.lines or seen.held_until is None:  # a hold that ran out is not renewed by changing the list
        _give_back_hold(draft, now)
        return
    minutes = _hold_minutes(town, now)
    try:
        before = _kept(seen.booking, minutes, now)
        draft.booking = tours.hold(
            reference=draft.hold_reference,
            day_id=draft.answer("when")["day_id"],
            litres=seen.quote.litres,
            minutes=minutes,
            now=now,
        )
        more = _kept(draft.booking, minutes, now) - before
        if more > 0:
            count(more)
    except (tours.DayIsFull, tours.DayIsClosed, TooOften):
        _give_back_hold(draft, now)


def _give_back_hold(draft: Draft, now: datetime, *, notice: str = "day_gone") -> None:
    tours.release(reference=draft.hold_reference, now=now)
    draft.answers = {page: answers for page, answers in draft.answers.items() if page != "when"}
    draft.booking, draft.notice = None, notice


def _hold_minutes(town: Town, now: datetime) -> int:
    minutes: int = town.value("bulky_waste.hold_minutes", day_of(now))
    return minutes


@transaction.atomic
def send_resume_link(*, draft: Draft, now: datetime) -> None:
    """Mail the link that goes on with a draft to the address the orderer gave; at most once a day."""
    messages.queue(
        template="bulky_waste.resume_link",
        about=draft.hold_reference,
        channel=Order.Channel.EMAIL,
        once_key=f"{draft.hold_reference}/resume/{day_of(now)}",
        now=now,
    )


@transaction.atomic
def delete_old_drafts(*, now: datetime) -> list[str]:
    """Delete drafts that nobody touched for seven days. Returns the names of photos whose files nobody needs any more.

    A place such a draft held ran out within the hour and is given back by the job for expired holds:
    here no day is touched, so many drafts at once keep nobody who is ordering waiting.
    """
    old = list(
        Draft.objects.select_for_update(skip_locked=True).filter(changed_at__lt=now - timedelta(days=DRAFT_DAYS))[
            :OLD_DRAFTS_AT_ONCE
        ]
    )
    Draft.objects.filter(pk__in=[draft.pk for draft in old]).delete()
    return [photo for draft in old if draft.order_id is None and (photo := draft.answer("place").get("photo"))]
