"""Tables of collection days, the places on them, and what became of each stop."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from stadthaus.base_services.collection_tours.rules import outcomes
from stadthaus.base_services.collection_tours.rules.capacity import Room


class CollectionDay(models.Model):
    """A lorry's day in a district (Abholtag).

    `booked_litres` and `booked_stops` always equal the sum of the day's live bookings; only
    `actions.py` changes them, together with a booking.
    """

    date = models.DateField()
    district = models.CharField(max_length=50)
    capacity_litres = models.PositiveIntegerField()
    booked_litres = models.PositiveIntegerField(default=0)
    capacity_stops = models.PositiveIntegerField()
    booked_stops = models.PositiveIntegerField(default=0)
    closed = models.BooleanField(default=False)

    class Meta:
        """Soonest first."""

        ordering: ClassVar = ["date", "district"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["date", "district"], name="tours_day_once_per_district"),
            models.CheckConstraint(
                condition=Q(booked_litres__gte=0, booked_litres__lte=F("capacity_litres")),
                name="tours_day_litres_within_capacity",
            ),
            models.CheckConstraint(
                condition=Q(booked_stops__gte=0, booked_stops__lte=F("capacity_stops")),
                name="tours_day_stops_within_capacity",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["district", "date"], name="tours_day_by_district")]

    def __str__(self) -> str:
        """Show date and district."""
        return f"{self.date:%d.%m.%Y} {self.district}"

    @property
    def room(self) -> Room:
        """The day's room as a plain value."""
        return Room(
            capacity_litres=self.capacity_litres,
            booked_litres=self.booked_litres,
            capacity_stops=self.capacity_stops,
            booked_stops=self.booked_stops,
            closed=self.closed,
        )

    @property
    def free_litres(self) -> int:
        """Volume nobody has a place for yet, in litres."""
        return self.room.free_litres

    @property
    def free_stops(self) -> int:
        """Stops the lorry can still make."""
        return self.room.free_stops

    @property
    def reference(self) -> str:
        """What the audit trail and crews' phones know the day by."""
        return f"collection-day/{self.date:%Y-%m-%d}-{self.district}"


class BookingQuerySet(models.QuerySet["Booking"]):
    """Bookings by what they mean for the day."""

    def live(self) -> "BookingQuerySet":
        """Bookings that count on their day: held or booked."""
        return self.filter(state__in=Booking.LIVE)


class Booking(models.Model):
    """A place on a day (Platz): one stop and its volume, for whoever `reference` means.

    A hold (Reservierung) counts like a booking until it is released, also after `held_until`.
    """

    class State(models.TextChoices):
        """Held for a while, booked, or given back."""

        HELD = "held", "reserviert"
        BOOKED = "booked", "gebucht"
        RELEASED = "released", "freigegeben"

    LIVE: ClassVar = (State.HELD, State.BOOKED)

    day = models.ForeignKey(CollectionDay, on_delete=models.PROTECT, related_name="bookings", db_index=False)
    reference = models.CharField(max_length=100)
    litres = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State.choices)
    held_until = models.DateTimeField(null=True)
    extended = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)

    objects: ClassVar = BookingQuerySet.as_manager()

    class Meta:
        """In the order in which the places were taken."""

        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=["held", "booked", "released"]), name="tours_booking_state"),
            models.CheckConstraint(condition=Q(litres__gt=0), name="tours_booking_takes_room"),
            models.CheckConstraint(condition=~Q(reference=""), name="tours_booking_has_reference"),
            models.CheckConstraint(
                condition=~Q(state="held") | Q(held_until__isnull=False), name="tours_booking_hold_ends"
            ),
            models.CheckConstraint(
                condition=~Q(state="booked") | Q(held_until__isnull=True), name="tours_booking_booked_stays"
            ),
            models.CheckConstraint(
                condition=Q(state="released", released_at__isnull=False)
                | (~Q(state="released") & Q(released_at__isnull=True)),
                name="tours_booking_released_at",
            ),
            models.UniqueConstraint(
                fields=["reference"], condition=Q(state__in=["held", "booked"]), name="tours_booking_one_live"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["day", "state"], name="tours_booking_of_day"),
            models.Index(fields=["reference"], name="tours_booking_by_reference"),
            # Not partial: SQLite does not see that a parameter is the constant of the condition.
            models.Index(fields=["state", "held_until"], name="tours_booking_hold_ends_at"),
        ]

    def __str__(self) -> str:
        """Show whose place it is."""
        return f"{self.reference} ({self.state})"

    @property
    def is_live(self) -> bool:
        """Whether the booking counts on its day."""
        return self.state in self.LIVE

    def still_runs(self, now: datetime) -> bool:
        """Whether this is a hold whose time is not over."""
        return self.state == self.State.HELD and self.held_until is not None and self.held_until > now

    @property
    def result(self) -> "Stop | None":
        """What became of the stop; None as long as nobody has said anything."""
        return getattr(self, "stop", None)


class Stop(models.Model):
    """What the crew found at one address (Halt)."""

    class Outcome(models.TextChoices):
        """What became of the stop."""

        OPEN = outcomes.OPEN, outcomes.OUTCOMES[outcomes.OPEN].word
        COLLECTED = outcomes.COLLECTED, outcomes.OUTCOMES[outcomes.COLLECTED].word
        PARTLY_COLLECTED = outcomes.PARTLY_COLLECTED, outcomes.OUTCOMES[outcomes.PARTLY_COLLECTED].word
        NOT_COLLECTED = outcomes.NOT_COLLECTED, outcomes.OUTCOMES[outcomes.NOT_COLLECTED].word

    booking = models.OneToOneField(Booking, on_delete=models.CASCADE, related_name="stop")
    outcome = models.CharField(max_length=20, choices=Outcome.choices, default=Outcome.OPEN)
    reason = models.CharField(max_length=30, blank=True)
    remark = models.CharField(max_length=500, blank=True)
    found_litres = models.PositiveIntegerField(null=True)
    photo = models.FileField(max_length=200, blank=True)
    finished_at = models.DateTimeField(null=True)
    finished_by = models.CharField(max_length=200, blank=True)

    class Meta:
        """In the order in which they were made."""

        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(outcome__in=["open", "collected", "partly_collected", "not_collected"]),
                name="tours_stop_outcome",
            ),
            models.CheckConstraint(
                condition=Q(outcome="open", finished_at__isnull=True)
                | (~Q(outcome="open") & Q(finished_at__isnull=False)),
                name="tours_stop_finished_at",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["open", "collected"], reason="")
                | (Q(outcome__in=["partly_collected", "not_collected"]) & ~Q(reason="")),
                name="tours_stop_reason_where_left",
            ),
            models.CheckConstraint(
                condition=Q(photo="")
                | (Q(outcome__in=["partly_collected", "not_collected"]) & ~Q(reason="not_there")),
                name="tours_stop_photo_where_left",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["photo"], name="tours_stop_photo")]

    def __str__(self) -> str:
        """Show the outcome."""
        return self.get_outcome_display()

    @property
    def given(self) -> outcomes.Result:
        """The result as a plain value."""
        return outcomes.Result(
            outcome=self.outcome,
            reason=self.reason,
            remark=self.remark,
            found_litres=self.found_litres,
            photo=self.photo.name or "",
        )

    @property
    def why(self) -> outcomes.Reason | None:
        """The reason with its words for the orderer; None where everything was taken."""
        return outcomes.REASONS.get(self.reason)
