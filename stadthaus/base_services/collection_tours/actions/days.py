"""Collection days themselves: made ahead, added, given another capacity, closed."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from stadthaus.accounts import actions as accounts
from stadthaus.base_services.collection_tours.models import CollectionDay
from stadthaus.base_services.collection_tours.rules.capacity import may_have
from stadthaus.base_services.collection_tours.rules.series import NewDay, dates_ahead, days_on, read_series
from stadthaus.kernel.actors import Actor
from stadthaus.town import queries as town


class DayExists(Exception):
    """The district has a collection day on this date already."""


class CapacityTooSmall(Exception):
    """More is booked than the new capacity would hold."""


def lock_days(*, day_ids: Iterable[int]) -> list[CollectionDay]:
    """Lock days for a transaction that will touch several places; always by ascending id."""
    days = CollectionDay.objects.select_for_update(no_key=True).filter(pk__in=set(day_ids))
    return list(days.order_by("pk"))


@transaction.atomic
def keep_days_ahead(*, today: date, now: datetime) -> int:  # noqa: ARG001  every action takes `now`
    """Make the days the town's series wants and that are missing; how many. A known day is never changed."""
    wanted = _wanted_days(today)
    if not wanted:
        return 0
    known = set(
        CollectionDay.objects.filter(date__gt=today, date__lte=wanted[-1].date).values_list("date", "district")
    )
    missing = [day for day in wanted if (day.date, day.district) not in known]
    CollectionDay.objects.bulk_create(
        [
            CollectionDay(date=day.date, district=day.district, capacity_litres=day.litres, capacity_stops=day.stops)
            for day in missing
        ],
        ignore_conflicts=True,
    )
    return len(missing)


def _wanted_days(today: date) -> list[NewDay]:
    current = town.current()
    weeks = int(current.value("collection_tours.weeks_ahead", on=today))
    return [
        new
        for day in dates_ahead(today, weeks)
        for new in days_on(day, read_series(current.value("collection_tours.series", on=day)), current.calendar.closed)
    ]


@transaction.atomic
def add_day(*, date: date, district: str, litres: int, stops: int, actor: Actor, now: datetime) -> CollectionDay:
    """Add a day outside the series, for example in place of a day of snow. Raises `DayExists`."""
    day, is_new = CollectionDay.objects.get_or_create(
        date=date, district=district, defaults={"capacity_litres": litres, "capacity_stops": stops}
    )
    if not is_new:
        raise DayExists(day.reference)
    accounts.record(
        actor=actor,
        about=day.reference,
        event="collection_day.added",
        now=now,
        fields={"capacity_litres": ("", str(litres)), "capacity_stops": ("", str(stops))},
    )
    return day


@transaction.atomic
def set_capacity(*, day_id: int, litres: int, stops: int, actor: Actor, now: datetime) -> CollectionDay:
    """Give a day another capacity. Raises `CapacityTooSmall` below what is booked or held."""
    day = CollectionDay.objects.select_for_update(no_key=True).get(pk=day_id)
    if not may_have(day.room, litres, stops):
        raise CapacityTooSmall(day.reference)
    if (day.capacity_litres, day.capacity_stops) == (litres, stops):
        return day
    fields = {
        "capacity_litres": (str(day.capacity_litres), str(litres)),
        "capacity_stops": (str(day.capacity_stops), str(stops)),
    }
    day.capacity_litres, day.capacity_stops = litres, stops
    day.save(update_fields=["capacity_litres", "capacity_stops"])
    accounts.record(actor=actor, about=day.reference, event="collection_day.capacity_set", now=now, fields=fields)
    return day


@transaction.atomic
def close_day(*, day_id: int, actor: Actor, now: datetime) -> CollectionDay:
    """Take nobody on the day any more. Places stay until they are moved (`queries.stranded`)."""
    return _set_closed(day_id=day_id, closed=True, event="collection_day.closed", actor=actor, now=now)


@transaction.atomic
def reopen_day(*, day_id: int, actor: Actor, now: datetime) -> CollectionDay:
    """Take people on the day again."""
    return _set_closed(day_id=day_id, closed=False, event="collection_day.reopened", actor=actor, now=now)


def _set_closed(*, day_id: int, closed: bool, event: str, actor: Actor, now: datetime) -> CollectionDay:
    day = CollectionDay.objects.select_for_update(no_key=True).get(pk=day_id)
    if day.closed != closed:
        day.closed = closed
        day.save(update_fields=["closed"])
        accounts.record(actor=actor, about=day.reference, event=event, now=now)
    return day
