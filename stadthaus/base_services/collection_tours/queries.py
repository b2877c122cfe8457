"""What can be read about collection days: room, day sheets, and whether the figures agree."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Count, F, FilteredRelation, IntegerField, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from stadthaus import rows
from stadthaus.base_services.collection_tours.models import Booking, CollectionDay, Stop

DAYS_SHOWN = 60


def days_with_room(
    *, district: str, litres: int, after: date, now: datetime, held_as: str = ""
) -> list[CollectionDay]:
    """Find the next 60 days from `after` on with room for one more stop of `litres`, soonest first.

    Expired holds count as free, and so does the live place of `held_as`: who goes back to the page
    sees their own day. One statement.
    """
    return _WITH_ROOM.all(district=district, litres=litres, after=after, now=now, held_as=held_as)


def _with_room(given: type[rows.Given]) -> QuerySet[CollectionDay]:
    expired = Q(bookings__state=Booking.State.HELD, bookings__held_until__lte=given("now"))
    own = Q(bookings__state__in=Booking.LIVE, bookings__reference=given("held_as"))
    days = (
        CollectionDay.objects.filter(district=given("district"), date__gte=given("after"), closed=False)
        .annotate(
            counts_as_free=FilteredRelation("bookings", condition=expired | own),
            freed_litres=Coalesce(Sum("counts_as_free__litres"), 0),
            freed_stops=Count("counts_as_free"),
        )
        .filter(
            booked_litres__lte=F("capacity_litres") + F("freed_litres") - given("litres", IntegerField()),
            booked_stops__lt=F("capacity_stops") + F("freed_stops"),
        )
    )
    return days.order_by("date")[:DAYS_SHOWN]


_WITH_ROOM = rows.Prepared(_with_room)


def days_for_contractor(from_day: date) -> list[CollectionDay]:
    """All days from one on, closed ones too, with what is booked on them. One statement."""
    return list(CollectionDay.objects.filter(date__gte=from_day).order_by("date", "district"))


def result_of(reference: str) -> Stop | None:
    """Tell what became of a reference's stop; None as long as nobody has said anything."""
    finished = Stop.objects.exclude(outcome=Stop.Outcome.OPEN).select_related("booking__day")
    return finished.filter(booking__reference=reference).order_by("-id").first()


def stranded(today: date) -> list[Booking]:
    """Booked places on closed days from today on: they have to be moved."""
    booked = Booking.objects.filter(state=Booking.State.BOOKED, day__closed=True, day__date__gte=today)
    return list(booked.select_related("day").order_by("day__date", "id"))


def imbalanced_days() -> QuerySet[CollectionDay]:
    """Days whose figures differ from the sum of their live bookings; there is none, ever.

    Each carries `live_litres` and `live_stops` for comparison.
    """
    return (
        CollectionDay.objects.annotate(
            live=FilteredRelation("bookings", condition=Q(bookings__state__in=Booking.LIVE)),
            live_litres=Coalesce(Sum("live__litres"), 0),
            live_stops=Count("live"),
        )
        .filter(~Q(booked_litres=F("live_litres")) | ~Q(booked_stops=F("live_stops")))
        .order_by("date", "district")
    )


def photo_names(names: Iterable[str]) -> set[str]:
    """Which of these stored photos a stop still names."""
    return set(Stop.objects.filter(photo__in=names).values_list("photo", flat=True))
