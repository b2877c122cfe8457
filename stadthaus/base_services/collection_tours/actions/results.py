"""Results of stops: what the crew found and did."""

from datetime import datetime
from functools import partial

from django.db import transaction

from stadthaus.accounts import actions as accounts
from stadthaus.base_services.collection_tours import documents
from stadthaus.base_services.collection_tours.models import Booking, Stop
from stadthaus.base_services.collection_tours.rules.outcomes import OPEN, Result, check_result, is_same, may_correct
from stadthaus.base_services.collection_tours.signals import stop_finished, stop_reopened
from stadthaus.kernel.actors import Actor


class NoSuchStop(LookupError):
    """No booked place has this reference."""


class ResultIsFinal(Exception):
    """The time for corrections by the crew is over; nothing was changed."""


class AlreadyReported(Exception):
    """Something else was reported before; nothing was changed. Who knows better takes that back first."""


@transaction.atomic
def record_result(
    *,
    reference: str,
    outcome: str,
    reason: str,
    remark: str,
    found_litres: int | None,
    photo: str,
    actor: Actor,
    now: datetime,
) -> Stop:
    """Write down what became of a stop; `photo` is the name `documents.keep_photo` gave, or empty.

    The same result again changes nothing and sends no signal. Another one is refused until the first is taken back,
    so that a page left open, or a second phone, overwrites nothing. Raises `ResultRefused`, `AlreadyReported`,
    `NoSuchStop`.
    """
    result = Result(outcome=outcome, reason=reason, remark=remark.strip(), found_litres=found_litres, photo=photo)
    check_result(result)
    stop = _locked_stop(reference)
    before = stop.given
    if is_same(before, result):
        _drop_photo(photo, unless=before.photo)
        return stop
    if stop.finished_at is not None:
        raise AlreadyReported(reference)
    _write(stop, result, finished_at=now, finished_by=actor.label)
    _record("stop.finished", stop, before, actor=actor, now=now)
    stop_finished.send(sender=Stop, reference=reference, stop=stop, now=now)
    return stop


@transaction.atomic
def undo_result(*, reference: str, actor: Actor, now: datetime, given_at: datetime | None = None) -> Stop:
    """Open the stop again, within ten minutes after its result; an open stop stays as it is.

    `given_at` names the result that is meant, by its moment: a later one is left alone. Raises `AlreadyReported`,
    `ResultIsFinal`, `NoSuchStop`.
    """
    stop = _locked_stop(reference)
    if stop.finished_at is None:
        return stop
    if given_at is not None and stop.finished_at != given_at:
        raise AlreadyReported(reference)
    if not may_correct(stop.finished_at, now):
        raise ResultIsFinal(reference)
    before = stop.given
    _write(stop, Result(outcome=OPEN), finished_at=None, finished_by="")
    _record("stop.reopened", stop, before, actor=actor, now=now)
    stop_reopened.send(sender=Stop, reference=reference, stop=stop, now=now)
    return stop


@transaction.atomic
def erase_result_details(
    *,
    reference: str,
    photo: bool = False,
    remark: bool = False,
    now: datetime,  # noqa: ARG001  every action takes `now`
) -> bool:
    """Erase a stop's photo or free text after its term; outcome and reason stay. True if anything went."""
    stop = Stop.objects.select_for_update().filter(booking__reference=reference).first()
    if stop is None:
        return False
    erase_photo, erase_remark = photo and bool(stop.photo), remark and bool(stop.remark)
    if erase_photo:
        _drop_photo(stop.photo.name or "", unless="")
        stop.photo = ""
    if erase_remark:
        stop.remark = ""
    if erase_photo or erase_remark:
        stop.save(update_fields=["photo", "remark"])
    return erase_photo or erase_remark


def _locked_stop(reference: str) -> Stop:
    """Fetch the stop of a booked place; the lock on the booking also guards the first result."""
    booked = Booking.objects.select_for_update().filter(reference=reference, state=Booking.State.BOOKED)
    booking = booked.first()
    if booking is None:
        raise NoSuchStop(reference)
    stop, _ = Stop.objects.get_or_create(booking=booking)
    return stop


def _write(stop: Stop, result: Result, *, finished_at: datetime | None, finished_by: str) -> None:
    _drop_photo(stop.photo.name or "", unless=result.photo)
    stop.outcome, stop.reason, stop.remark = result.outcome, result.reason, result.remark
    stop.found_litres, stop.photo = result.found_litres, result.photo
    stop.finished_at, stop.finished_by = finished_at, finished_by
    stop.save()


def _drop_photo(name: str, *, unless: str) -> None:
    """Remove a stored photo once the transaction holds, unless it is the one that stays."""
    if name and name != unless:
        transaction.on_commit(partial(documents.remove_photo, name))


def _record(event: str, stop: Stop, before: Result, *, actor: Actor, now: datetime) -> None:
    """Name outcome and reason in the trail; remark and photo can show a person and stay out of it."""
    fields = {"outcome": (before.outcome, stop.outcome), "reason": (before.reason, stop.reason)}
    accounts.record(actor=actor, about=stop.booking.reference, event=event, now=now, fields=fields)
