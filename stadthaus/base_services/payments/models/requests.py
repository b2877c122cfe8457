"""Payment requests and the attempts to pay them online."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from stadthaus import rows
from stadthaus.base_services.payments.models.means import Means
from stadthaus.base_services.payments.rules import answers, kassenzeichen, states

# The kinds of due work; their keys are the row numbers of a request and of an attempt.
LAPSE = "payments.lapse"
ASK = "payments.ask"


class PaymentRequestQuerySet(models.QuerySet["PaymentRequest"]):
    """Requests as the treasury looks for them."""

    def waiting(self) -> "PaymentRequestQuerySet":
        """Requests for which money is still expected."""
        return self.filter(state=PaymentRequest.State.OPEN)

    def unclear(self) -> "PaymentRequestQuerySet":
        """Requests about which a person has to decide."""
        return self.exclude(attention="")

    def without_date(self) -> "PaymentRequestQuerySet":
        """Requests paid after they had been withdrawn, for which nobody has ordered the money back."""
        late = self.filter(state=PaymentRequest.State.PAID_WITHOUT_DATE)
        return late.exclude(refund_orders__reason="without_date")


class PaymentRequest(models.Model):
    """What somebody owes (Zahlungsaufforderung), whoever asked for it.

    `reference` is the asking service's own, e.g. "bulky-waste/482917305"; `public_id` is what
    addresses show (60 random bits). `attention` says why a person has to decide. What was asked for, amount and
    Kassenzeichen, never changes (a trigger guards it).
    """

    class Way(models.TextChoices):
        """How the payer wants to pay (Zahlungsweg)."""

        TRANSFER = "transfer", "Überweisung"
        COUNTER = "counter", "Am Schalter"
        ONLINE = "online", "Online"

    class State(models.TextChoices):
        """See `rules.states`."""

        OPEN = states.OPEN, "offen"
        PAID = states.PAID, "bezahlt"
        PARTLY_REFUNDED = states.PARTLY_REFUNDED, "teilweise erstattet"
        REFUNDED = states.REFUNDED, "erstattet"
        WAIVED = states.WAIVED, "erlassen"
        WITHDRAWN = states.WITHDRAWN, "zurückgezogen"
        PAID_WITHOUT_DATE = states.PAID_WITHOUT_DATE, "bezahlt ohne Termin"

    class Attention(models.TextChoices):
        """Why a person has to decide."""

        NO_ANSWER = "no_answer", "Der Zahlungsdienst sagt nicht, ob bezahlt wurde"
        WRONG_AMOUNT = "wrong_amount", "Es wurde ein anderer Betrag bezahlt"

    public_id = models.CharField(max_length=12, unique=True)
    reference = models.CharField(max_length=100, unique=True)
    kassenzeichen = models.CharField(max_length=40, unique=True)
    purpose = models.CharField(max_length=140)
    debtor = models.CharField(max_length=300)
    amount_cents = models.IntegerField()
    way = models.CharField(max_length=10, choices=Way.choices)
    means = models.CharField(max_length=10, choices=Means.choices, blank=True)
    state = models.CharField(max_length=20, choices=State.choices, default=State.OPEN)
    attention = models.CharField(max_length=20, choices=Attention.choices, blank=True)
    pay_by = models.DateTimeField()
    ask_until = models.DateTimeField()
    received_on = models.DateField(null=True)
    created_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    objects = PaymentRequestQuerySet.as_manager()

    class Meta:
        """Newest first, as lists show them."""

        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["state", "-id"], name="payments_by_state"),
            models.Index(fields=["amount_cents", "-id"], name="payments_by_amount"),
            models.Index(fields=["-id"], condition=~Q(attention=""), name="payments_unclear"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="payments_of_something"),
            models.CheckConstraint(condition=Q(state__in=list(states.REQUEST_TRANSITIONS)), name="payments_state"),
            models.CheckConstraint(condition=Q(way__in=["transfer", "counter", "online"]), name="payments_way"),
            models.CheckConstraint(
                condition=Q(means__in=["", "online", "transfer", "cash", "card", "paper_card"]), name="payments_means"
            ),
            models.CheckConstraint(
                condition=Q(attention__in=["", "no_answer", "wrong_amount"]), name="payments_attention"
            ),
            models.CheckConstraint(
                condition=Q(state__in=sorted(states.SETTLED), settled_at__isnull=False)
                | Q(state__in=[states.OPEN, states.WITHDRAWN], settled_at__isnull=True),
                name="payments_settled_has_time",
            ),
            models.CheckConstraint(condition=Q(ask_until__gte=F("pay_by")), name="payments_asked_after_pay_by"),
        ]

    def __str__(self) -> str:
        """Show the Kassenzeichen."""
        return kassenzeichen.write(self.kassenzeichen)

    @property
    def in_one_line(self) -> str:
        """The Kassenzeichen for tables: not broken between its groups."""
        return str(self).replace(" ", "\u00a0")

    @property
    def number(self) -> str:
        """The service's own number, the last part of the reference: "482917305"."""
        return self.reference.rpartition("/")[2]

    @property
    def is_open(self) -> bool:
        """Whether money is still expected."""
        return self.state == self.State.OPEN

    @property
    def lapses_at(self) -> datetime:
        """When the request lapses if nothing comes: a transfer sent on the last day is given time to arrive."""
        return self.ask_until if self.way == self.Way.TRANSFER else self.pay_by

    @property
    def is_uncertain(self) -> bool:
        """Whether money may be on its way that we do not know of yet (one statement while open)."""
        return self.is_open and (bool(self.attention) or _UNCERTAIN.first(request=self.pk) is not None)


class PaymentAttemptQuerySet(models.QuerySet["PaymentAttempt"]):
    """Attempts by what is known about them."""

    def uncertain(self) -> "PaymentAttemptQuerySet":
        """Nobody could say whether money came, or the payer was sent to pay and nobody has asked yet."""
        sent_to_pay = Q(last_answer="") & ~Q(provider_ref="")
        return self.filter(sent_to_pay | Q(last_answer__in=["pending", "unknown", answers.WRONG_AMOUNT]))

    def maybe_paid(self) -> "PaymentAttemptQuerySet":
        """Everything not paid: any of it may turn out to be paid."""
        return self.exclude(state=PaymentAttempt.State.PAID)


class PaymentAttempt(models.Model):
    """One try to pay online (Zahlungsversuch). Each try is its own row; none is ever overwritten.

    `effective` marks the attempt whose money counts for the request: at most one. `asked_at`,
    `asks` and `last_answer` tell when and how often the provider was asked and what it said last.
    """

    class State(models.TextChoices):
        """See `rules.states`."""

        INITIAL = states.INITIAL, "begonnen"
        FAILED = states.FAILED, "gescheitert"
        CANCELLED = states.CANCELLED, "abgebrochen"
        PAID = states.PAID, "bezahlt"

    public_id = models.CharField(max_length=12, unique=True)
    request = models.ForeignKey(PaymentRequest, models.PROTECT, related_name="attempts")
    provider = models.CharField(max_length=40)
    provider_ref = models.CharField(max_length=100, blank=True)
    amount_cents = models.IntegerField()
    received_cents = models.IntegerField(null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.INITIAL)
    effective = models.BooleanField(default=False)
    started_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True)
    asks = models.PositiveIntegerField(default=0)
    last_answer = models.CharField(max_length=20, blank=True)
    settled_at = models.DateTimeField(null=True)

    objects = PaymentAttemptQuerySet.as_manager()

    class Meta:
        """Oldest first."""

        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["request"], condition=Q(effective=True), name="payments_one_effective_attempt"
            ),
            models.UniqueConstraint(
                fields=["provider", "provider_ref"], condition=~Q(provider_ref=""), name="payments_provider_ref_once"
            ),
            models.CheckConstraint(
                condition=Q(effective=False) | Q(state=states.PAID), name="payments_effective_is_paid"
            ),
            models.CheckConstraint(
                condition=Q(state__in=list(states.ATTEMPT_TRANSITIONS)), name="payments_attempt_state"
            ),
            models.CheckConstraint(
                condition=Q(amount_cents__gt=0) & (Q(received_cents__isnull=True) | Q(received_cents__gt=0)),
                name="payments_attempt_of_something",
            ),
            models.CheckConstraint(
                condition=Q(state=states.PAID, settled_at__isnull=False)
                | (~Q(state=states.PAID) & Q(settled_at__isnull=True)),
                name="payments_attempt_settled_has_time",
            ),
        ]

    def __str__(self) -> str:
        """Show provider and state."""
        return f"{self.provider} {self.state}"


_UNCERTAIN = rows.Prepared(lambda given: PaymentAttempt.objects.uncertain().filter(request=given("request"))[:1])
