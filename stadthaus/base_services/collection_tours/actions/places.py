"""Places on collection days: held, booked, moved, given back. Booked + free = capacity, always."""

from collections.abc import Callable
from copy import copy
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import IntegrityError, connection, transaction
from django.db.models import F

from stadthaus import rows
from stadthaus.base_services.collection_tours.actions.days import lock_days
from stadthaus.base_services.collection_tours.models import Booking, CollectionDay

P = ParamSpec("P")
R = TypeVar("R")

ATTEMPTS = 20
EXPIRED_AT_ONCE = 500
# By hand: it runs for every order, and building the query costs several times what running it does.
_TAKE = """
    UPDATE collection_tours_collectionday
    SET booked_litres = booked_litres + %(litres)s, booked_stops = booked_stops + %(stops)s
    WHERE id = %(day)s AND NOT closed
        AND booked_litres + %(litres)s <= capacity_litres AND booked_stops + %(stops)s <= capacity_stops
    RETURNING {columns}
"""
_DAY_IS_OPEN = "EXISTS (SELECT 1 FROM collection_tours_collectionday WHERE id = %s AND NOT closed)"
_AS_READ = ("reference", "state", "day_id", "litres", "held_until")
RELEASED_HOLDS_KEPT = timedelta(days=8)  # one day longer than the draft a hold belongs to


class NoPlace(Exception):
    """There is no place; nothing was changed, an earlier place of the same reference stays."""


class DayIsFull(NoPlace):
    """The volume or the stop does not fit on the day any more."""


class DayIsClosed(NoPlace):
    """The day takes nobody (any more), or there is no such day."""


class HoldIsOver(NoPlace):
    """The hold was given back."""


class PlaceIsBooked(Exception):
    """The reference has a booked place already; `move` changes it."""


class _Changed(Exception):
    """Somebody else changed the booking between our look and our write."""


def _again_if_changed(action: Callable[P, R]) -> Callable[P, R]:
    """Make an action atomic and start it again when its booking was changed at the same time."""

    @wraps(action)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        for _ in range(ATTEMPTS - 1):
            try:
                with transaction.atomic():
                    return action(*args, **kwargs)
            except _Changed:
                continue
        with transaction.atomic():
            return action(*args, **kwargs)

    return run


def hold(*, reference: str, day_id: int, litres: int, minutes: int, now: datetime, is_first: bool = False) -> Booking:
    """Hold a place for `minutes`; an earlier hold of the reference moves here, or stays if there is no room.

    The same day again does not lengthen a hold that still runs, whatever the volume: reloading a
    page keeps nobody else away. Raises `DayIsFull`, `DayIsClosed`; `PlaceIsBooked` after `book`.

    `is_first` says that the caller knows of no earlier hold: if so and if there is room, that is all (two statements).
    """
    if is_first and connection.in_atomic_block and (day := _taken(day_id, litres, 1)):
        until = now + timedelta(minutes=minutes)
        held = Booking.State.HELD
        first = Booking(reference=reference, day=day, litres=litres, state=held, held_until=until, made_at=now)
        if rows.insert_if_free(first):
            return first
        _give_back(day_id, litres, 1)  # there is an earlier one
    return _hold(reference=reference, day_id=day_id, litres=litres, minutes=minutes, now=now)


@_again_if_changed
def _hold(*, reference: str, day_id: int, litres: int, minutes: int, now: datetime) -> Booking:
    earlier = _live(reference)
    until: datetime | None = now + timedelta(minutes=minutes)
    if earlier is not None and earlier.state == Booking.State.BOOKED:
        raise PlaceIsBooked(reference)
    if earlier is not None and earlier.day_id == day_id and earlier.still_runs(now):
        until = earlier.held_until
        if earlier.litres == litres and not earlier.day.closed:
            return earlier
    changes = {"reference": reference, "state": Booking.State.HELD, "held_until": until}
    return _place(earlier, day_id=day_id, litres=litres, now=now, changes=changes, references={reference})


def extend_hold(*, reference: str, minutes: int, now: datetime, held: Booking | None = None) -> Booking:
    """Let a hold run `minutes` from now, once; a second call and a booked place change nothing.

    Raises `HoldIsOver` when the place was given back.

    `held` is the hold as the caller has just read it: if it is still so, that is all (one statement).
    """
    is_held = held is not None and held.reference == reference and held.state == Booking.State.HELD
    if held is not None and is_held and not held.extended and _wrote(held, _extended(held, minutes, now)):
        return held
    return _extend_hold(reference=reference, minutes=minutes, now=now)


@_again_if_changed
def _extend_hold(*, reference: str, minutes: int, now: datetime) -> Booking:
    booking = _live(reference)
    if booking is None:
        raise HoldIsOver(reference)
    if booking.extended or booking.held_until is None:
        return booking
    return _write(booking, _extended(booking, minutes, now))


def _extended(booking: Booking, minutes: int, now: datetime) -> dict[str, Any]:
    until = now + timedelta(minutes=minutes)
    return {"held_until": max(booking.held_until or until, until), "extended": True}


def book(
    *,
    held_as: str,
    reference: str,
    day_id: int,
    litres: int,
    now: datetime,
    held: Booking | None = None,
    or_raise: Exception | None = None,
) -> Booking:
    """Turn the hold of `held_as` into the booked place of `reference`.

    A hold that has expired but was not given back still counts and is simply taken. Otherwise the
    place is taken again if it fits. Doing it twice changes nothing. Raises `DayIsFull`,
    `DayIsClosed`; `PlaceIsBooked` if `reference` has another place.

    `held` is the hold as the caller has just read it: if it is still so, that is all (one statement). With `or_raise`
    whether it is shows at the end of a block (`rows.together`): if not, this is raised. A hold that is not as asked
    for is not tried: then a place is looked for at once.
    """
    as_asked = (held_as, day_id, litres, Booking.State.HELD)
    if held is not None and (held.reference, held.day_id, held.litres, held.state) == as_asked:
        booked = {"reference": reference, "state": Booking.State.BOOKED, "held_until": None}
        if or_raise is not None:
            return _write_later(held, booked, open_day=day_id, or_raise=or_raise)
        if _wrote(held, booked, open_day=day_id):
            return held
    return _book(held_as=held_as, reference=reference, day_id=day_id, litres=litres, now=now)


@_again_if_changed
def _book(*, held_as: str, reference: str, day_id: int, litres: int, now: datetime) -> Booking:
    found = {booking.reference: booking for booking in _live_of({held_as, reference})}
    for booking in found.values():
        if booking.state == Booking.State.BOOKED:
            if (booking.reference, booking.day_id, booking.litres) == (reference, day_id, litres):
                return booking
            raise PlaceIsBooked(booking.reference)
    if held_as != reference and reference in found:
        raise PlaceIsBooked(reference)
    changes = {"reference": reference, "state": Booking.State.BOOKED, "held_until": None}
    earlier, references = found.get(held_as), {held_as, reference}
    return _place(earlier, day_id=day_id, litres=litres, now=now, changes=changes, references=references)


@_again_if_changed
def move(*, reference: str, day_id: int, now: datetime, litres: int | None = None) -> Booking:
    """Move a live place to another day, or change its volume; if there is no room the old place stays.

    A moved hold keeps its end. Raises `DayIsFull`, `DayIsClosed`; `HoldIsOver` when there is no
    place to move.
    """
    booking = _live(reference)
    if booking is None:
        raise HoldIsOver(reference)
    litres = litres or booking.litres
    return _place(booking, day_id=day_id, litres=litres, now=now, changes={}, references={reference})


@_again_if_changed
def release(*, reference: str, now: datetime) -> bool:
    """Give the place back; True if there was one, False the second time."""
    booking = _live(reference)
    if booking is None:
        return False
    _give_back(booking.day_id, booking.litres, 1)
    _write(booking, {"state": Booking.State.RELEASED, "released_at": now})
    return True


def release_expired_holds(*, now: datetime) -> int:
    """Give back holds whose time is over, one short transaction a day; how many. What is left over waits a minute."""
    expired = Booking.objects.filter(state=Booking.State.HELD, held_until__lte=now)
    # Sorted here: asked to sort, SQLite reads all bookings by day.
    day_ids = set(expired.order_by().values_list("day_id", flat=True)[:EXPIRED_AT_ONCE])
    return sum(_release_expired_on(day_id=day_id, now=now) for day_id in sorted(day_ids))


@transaction.atomic
def forget_released_holds(*, now: datetime) -> int:
    """Delete holds that never became a booking and were given back, eight days after their end; how many.

    A booked place has no end, so the place of a cancelled order stays.
    """
    holds = Booking.objects.filter(state=Booking.State.RELEASED, held_until__lte=now - RELEASED_HOLDS_KEPT)
    deleted, _ = holds.delete()
    return deleted


@transaction.atomic
def _release_expired_on(*, day_id: int, now: datetime) -> int:
    lock_days(day_ids=[day_id])
    return _release_expired(day_id, now)


def _live(reference: str) -> Booking | None:
    return next(iter(_live_of({reference})), None)


def _live_of(references: set[str]) -> list[Booking]:
    return list(Booking.objects.live().select_related("day").filter(reference__in=references))


def _place(
    earlier: Booking | None,
    *,
    day_id: int,
    litres: int,
    now: datetime,
    changes: dict[str, Any],
    references: set[str],
) -> Booking:
    """Make room on the days concerned, then write the booking; `references` are those `earlier` was looked up by."""
    if earlier is not None and earlier.day_id == day_id and earlier.day.closed:
        raise DayIsClosed(day_id)
    try:
        _change_room(earlier, day_id, litres, now)
    except DayIsFull:
        if _is_outdated(earlier, references):  # the last place may have gone to ourselves, in another tab
            raise _Changed from None
        raise
    changes = changes | {"day_id": day_id, "litres": litres}
    if earlier is not None:
        return _write(earlier, changes, open_day=day_id)
    try:
        return Booking.objects.create(made_at=now, **changes)
    except IntegrityError as error:  # the same reference got a place in another transaction
        raise _Changed from error


def _is_outdated(earlier: Booking | None, references: set[str]) -> bool:
    """Whether the references have other places now than when we looked."""
    before = [] if earlier is None else [(earlier.pk, earlier.state, earlier.day_id, earlier.litres)]
    return before != [(live.pk, live.state, live.day_id, live.litres) for live in _live_of(references)]


def _change_room(earlier: Booking | None, day_id: int, litres: int, now: datetime) -> None:
    """Take `litres` and a stop on the day, give back the earlier place; days in the order of their ids."""
    more = {day_id: (litres, 1)}
    if earlier is not None:
        taken, stops = more.get(earlier.day_id, (0, 0))
        more[earlier.day_id] = (taken - earlier.litres, stops - 1)
    for changed_id, (more_litres, more_stops) in sorted(more.items()):
        if more_litres > 0 or more_stops > 0:
            _take(changed_id, more_litres, more_stops, now, spare=earlier, all_days=set(more))
        elif more_litres or more_stops:
            _give_back(changed_id, -more_litres, -more_stops)


def _take(day_id: int, litres: int, stops: int, now: datetime, *, spare: Booking | None, all_days: set[int]) -> None:
    if _taken(day_id, litres, stops):
        return
    # All of them: whoever has changed a booking of somebody else, as comes next, may not wait for a day any more.
    day = next((day for day in lock_days(day_ids=all_days) if day.pk == day_id), None)
    if day is None or day.closed:
        raise DayIsClosed(day_id)
    _release_expired(day_id, now, spare=spare)
    if not _taken(day_id, litres, stops):
        raise DayIsFull(day_id)


def _taken(day_id: int, litres: int, stops: int) -> CollectionDay | None:
    """Take room on a day; the day as it is then, None if there is not so much."""
    fields = CollectionDay._meta.concrete_fields
    take = _TAKE.format(columns=", ".join(str(field.column) for field in fields))
    with connection.cursor() as cursor:
        cursor.execute(take, {"day": day_id, "litres": litres, "stops": stops})
        found = cursor.fetchone()
    if found is None:
        return None
    return CollectionDay(**{field.attname: field.to_python(value) for field, value in zip(fields, found, strict=True)})


def _give_back(day_id: int, litres: int, stops: int) -> None:
    """Give back on the day; if it has less than that, somebody else gave the same back already."""
    enough = CollectionDay.objects.filter(pk=day_id, booked_litres__gte=litres, booked_stops__gte=stops)
    if not enough.update(booked_litres=F("booked_litres") - litres, booked_stops=F("booked_stops") - stops):
        raise _Changed


def _release_expired(day_id: int, now: datetime, *, spare: Booking | None = None) -> int:
    """Give back the day's expired holds but `spare`; the day is locked. A hold in other hands is left out."""
    expired = Booking.objects.filter(day_id=day_id, state=Booking.State.HELD, held_until__lte=now)
    if spare is not None:
        expired = expired.exclude(pk=spare.pk)
    found = dict(
        expired.select_for_update(skip_locked=True, no_key=True).values_list("pk", "litres")[:EXPIRED_AT_ONCE]
    )
    if found:
        Booking.objects.filter(pk__in=found).update(state=Booking.State.RELEASED, released_at=now)
        _give_back(day_id, sum(found.values()), len(found))
    return len(found)


def _write(booking: Booking, changes: dict[str, Any], *, open_day: int | None = None) -> Booking:
    """Change the booking, or begin again: somebody else changed it, or its reference has another place now."""
    try:
        if not _wrote(booking, changes, open_day=open_day):
            raise _Changed
    except IntegrityError as error:
        raise _Changed from error
    return booking


def _wrote(booking: Booking, changes: dict[str, Any], *, open_day: int | None = None) -> bool:
    """Change the booking if it is still as it was read, and its day still open where that matters."""
    only_if = None if open_day is None else (_DAY_IS_OPEN, open_day)
    if not rows.change(Booking, booking.pk, changes, as_read=_as_read(booking), only_if=only_if):
        return False
    for name, value in changes.items():
        setattr(booking, name, value)
    return True


def _write_later(booking: Booking, changes: dict[str, Any], *, open_day: int, or_raise: Exception) -> Booking:
    only_if = (_DAY_IS_OPEN, open_day)
    as_read = _as_read(booking)
    rows.change_or_raise(Booking, booking.pk, changes, as_read=as_read, only_if=only_if, refusal=or_raise)
    changed = copy(booking)  # the one that was read stays as it is: it may come to nothing
    for name, value in changes.items():
        setattr(changed, name, value)
    return changed


def _as_read(booking: Booking) -> dict[str, Any]:
    return {name: getattr(booking, name) for name in _AS_READ}
