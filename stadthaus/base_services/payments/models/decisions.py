"""What people decide: waivers, refunds, paper cards taken in payment."""

from hashlib import sha256
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from stadthaus.base_services.payments.models.requests import PaymentAttempt, PaymentRequest
from stadthaus.base_services.payments.rules import refunds


class WaiverQuerySet(models.QuerySet["Waiver"]):
    """Waivers by what is to be done."""

    def waiting(self) -> "WaiverQuerySet":
        """Nobody has decided, and there is still something to waive."""
        return self.filter(state=Waiver.State.REQUESTED, request__state=PaymentRequest.State.OPEN)

    def to_decide_by(self, user_id: int) -> "WaiverQuerySet":
        """Those that this person may decide: not what they asked for themselves."""
        return self.waiting().exclude(requested_by_user=user_id)


class Waiver(models.Model):
    """Somebody asks to waive the fee (Erlass), somebody else decides."""

    class State(models.TextChoices):
        """Asked for, granted, refused."""

        REQUESTED = "requested", "beantragt"
        APPROVED = "approved", "genehmigt"
        REFUSED = "refused", "abgelehnt"

    request = models.ForeignKey(PaymentRequest, models.PROTECT, related_name="waivers")
    ground = models.CharField(max_length=500)
    amount_cents = models.IntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.REQUESTED)
    requested_at = models.DateTimeField()
    requested_by = models.CharField(max_length=200)
    requested_by_user = models.BigIntegerField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=200, blank=True)
    decided_by_user = models.BigIntegerField(null=True)

    objects = WaiverQuerySet.as_manager()

    class Meta:
        """Longest waiting first."""

        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(decided_by_user__isnull=True) | ~Q(decided_by_user=F("requested_by_user")),
                name="payments_waiver_two_persons",
            ),
            models.CheckConstraint(
                condition=Q(state="requested", decided_by_user__isnull=True)
                | Q(state__in=["approved", "refused"], decided_by_user__isnull=False, decided_at__isnull=False),
                name="payments_waiver_decided_by_somebody",
            ),
            models.CheckConstraint(condition=~Q(ground=""), name="payments_waiver_has_ground"),
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="payments_waiver_of_something"),
            models.UniqueConstraint(
                fields=["request"], condition=~Q(state="refused"), name="payments_one_waiver_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        """Show the ground."""
        return self.ground


class PaperCard(models.Model):
    """An old paper card (Sperrmüllkarte aus Papier) that paid for a request; valid again once given back."""

    number = models.CharField(max_length=40)
    request = models.ForeignKey(PaymentRequest, models.PROTECT, related_name="paper_cards")
    redeemed_at = models.DateTimeField()
    redeemed_by = models.CharField(max_length=200)
    given_back_at = models.DateTimeField(null=True)

    class Meta:
        """Newest first."""

        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["number"], condition=Q(given_back_at__isnull=True), name="payments_paper_card_once"
            ),
            models.CheckConstraint(condition=~Q(number=""), name="payments_paper_card_has_number"),
        ]

    def __str__(self) -> str:
        """Show the number."""
        return self.number


class RefundOrderQuerySet(models.QuerySet["RefundOrder"]):
    """Refund orders by what is to be done."""

    def to_do(self) -> "RefundOrderQuerySet":
        """Not approved or not paid out yet."""
        return self.filter(state__in=[RefundOrder.State.OPEN, RefundOrder.State.APPROVED])

    def at_counter(self) -> "RefundOrderQuerySet":
        """Orders that are carried out at the counter."""
        return self.filter(way__in=[RefundOrder.Way.COUNTER, RefundOrder.Way.PAPER_CARD])

    def from_afar(self) -> "RefundOrderQuerySet":
        """Orders that are transferred or go back through the provider."""
        return self.filter(way__in=[RefundOrder.Way.TRANSFER, RefundOrder.Way.ONLINE])

    def approved(self) -> "RefundOrderQuerySet":
        """Orders whose money may go out."""
        return self.filter(state=RefundOrder.State.APPROVED)

    def to_decide_by(self, user_id: int) -> "RefundOrderQuerySet":
        """Orders that this person may approve now: the account is known, and they had no part in it."""
        waiting = self.filter(state=RefundOrder.State.OPEN).exclude(way=RefundOrder.Way.TRANSFER, iban="")
        others_took = Q(taken_by_user__isnull=True) | ~Q(taken_by_user=user_id)
        others_ordered = Q(created_by_user__isnull=True) | ~Q(created_by_user=user_id)
        return waiting.filter(others_took, others_ordered)

    def to_an_account(self) -> "RefundOrderQuerySet":
        """Orders to transfer that still need, or have, somebody's account."""
        return self.to_do().filter(way=RefundOrder.Way.TRANSFER)

    def without_account(self) -> "RefundOrderQuerySet":
        """Orders to transfer that wait for an account."""
        return self.to_an_account().filter(state=RefundOrder.State.OPEN, iban="")

    def decided_with(self, order: "RefundOrder") -> "RefundOrderQuerySet":
        """The orders that pay one sum back in the ways it came, `order` among them: refused all or none.

        Not those that were struck off because their money was gone (refused without a reason).
        """
        parts = self.filter(request=order.request_id, reason=order.reason, created_at=order.created_at)
        return parts.exclude(state=RefundOrder.State.REFUSED, refused_because="")

    def counting(self) -> "RefundOrderQuerySet":
        """Orders whose money is promised or gone."""
        return self.exclude(state=RefundOrder.State.REFUSED)


class RefundOrder(models.Model):
    """Money to pay back (Erstattungsauftrag): ordered, approved by a second person, paid out.

    It goes back the way it came; `iban` and `account_holder` are asked for transfers only and
    emptied once the money is out or the order is refused. `refused_because` is for the payer to read,
    `ordered_because` for the second person, and emptied once this one has decided: it is free text.
    """

    class Reason(models.TextChoices):
        """Why money goes back."""

        CANCELLED = "cancelled", "storniert"
        GOODWILL = "goodwill", "aus Kulanz"
        OUR_FAULT = "our_fault", "Leistung blieb aus"
        DUPLICATE = "duplicate", "doppelt bezahlt"
        WITHOUT_DATE = "without_date", "bezahlt ohne Termin"
        WRONG_AMOUNT = "wrong_amount", "falscher Betrag bezahlt"

    class Way(models.TextChoices):
        """The way back."""

        ONLINE = "online", "über den Zahlungsdienst"
        TRANSFER = "transfer", "Überweisung"
        COUNTER = "counter", "bar am Schalter"
        PAPER_CARD = "paper_card", "Papierkarte gilt wieder"

    class State(models.TextChoices):
        """How far it is."""

        OPEN = "open", "zu genehmigen"
        APPROVED = "approved", "auszuzahlen"
        DONE = "done", "ausgezahlt"
        REFUSED = "refused", "abgelehnt"

    request = models.ForeignKey(PaymentRequest, models.PROTECT, related_name="refund_orders")
    attempt = models.ForeignKey(PaymentAttempt, models.PROTECT, related_name="refund_orders", null=True)
    amount_cents = models.IntegerField()
    reason = models.CharField(max_length=20, choices=Reason.choices)
    way = models.CharField(max_length=10, choices=Way.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    account_holder = models.CharField(max_length=70, blank=True)
    iban = models.CharField(max_length=34, blank=True)
    ordered_because = models.CharField(max_length=500, blank=True)
    refused_because = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=200)
    created_by_user = models.BigIntegerField(null=True)
    taken_by_user = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=200, blank=True)
    decided_by_user = models.BigIntegerField(null=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.CharField(max_length=200, blank=True)

    objects = RefundOrderQuerySet.as_manager()

    class Meta:
        """Longest waiting first."""

        ordering: ClassVar = ["id"]
        indexes: ClassVar = [
            models.Index(fields=["id"], condition=Q(state__in=["open", "approved"]), name="payments_refunds_to_do")
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="payments_refund_of_something"),
            models.CheckConstraint(
                condition=Q(way__in=["online", "transfer", "counter", "paper_card"]), name="payments_refund_way"
            ),
            models.CheckConstraint(
                condition=Q(
                    reason__in=["cancelled", "goodwill", "our_fault", "duplicate", "without_date", "wrong_amount"]
                ),
                name="payments_refund_reason",
            ),
            models.CheckConstraint(
                condition=Q(refused_because="") | Q(state="refused"), name="payments_a_reason_only_where_refused"
            ),
            models.CheckConstraint(
                condition=Q(decided_by_user__isnull=True)
                | Q(taken_by_user__isnull=True)
                | ~Q(decided_by_user=F("taken_by_user")),
                name="payments_refund_not_by_who_took_it",
            ),
            models.CheckConstraint(
                condition=Q(decided_by_user__isnull=True)
                | Q(created_by_user__isnull=True)
                | ~Q(decided_by_user=F("created_by_user")),
                name="payments_refund_two_persons",
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_at__isnull=True)
                | Q(
                    state__in=["approved", "refused", "done"],
                    decided_at__isnull=False,
                    decided_by_user__isnull=False,
                ),
                name="payments_refund_decided",
            ),
            models.CheckConstraint(
                condition=Q(state="done", done_at__isnull=False) | (~Q(state="done") & Q(done_at__isnull=True)),
                name="payments_refund_done_has_time",
            ),
            models.CheckConstraint(
                condition=Q(iban="", account_holder="") | Q(way="transfer", state__in=["open", "approved"]),
                name="payments_account_only_for_transfers_to_do",
            ),
            models.UniqueConstraint(
                fields=["attempt"],
                condition=Q(reason="duplicate", attempt__isnull=False),
                name="payments_one_duplicate_refund",
            ),
        ]

    def __str__(self) -> str:
        """Show amount and reason."""
        return f"{self.amount_cents} {self.reason}"

    @property
    def needs_account(self) -> bool:
        """Whether whoever paid has yet to say where the money goes."""
        return self.way == self.Way.TRANSFER and self.state == self.State.OPEN and not self.iban

    @property
    def may_be_refused(self) -> bool:
        """Whether a second person may still say no, so that nobody can be promised the money."""
        return self.state == self.State.OPEN and not self.is_owed

    @property
    def is_refused(self) -> bool:
        """Whether the town keeps the money after all."""
        return self.state == self.State.REFUSED

    @property
    def not_by(self) -> tuple[int | None, int | None]:
        """Who may not decide: whoever took the money, whoever ordered it back."""
        return self.taken_by_user, self.created_by_user

    @property
    def is_owed(self) -> bool:
        """Whether the town must not keep this money, so that nobody can refuse to pay it back."""
        return self.reason in refunds.REASONS_WE_OWE

    @property
    def fingerprint(self) -> str:
        """Tells whether what somebody approves is still what they saw: the account and whose it is."""
        return sha256(f"{self.iban} {self.account_holder}".encode()).hexdigest()[:16]

    @property
    def masked_iban(self) -> str:
        """Enough of the account to recognise it, for everybody who does not transfer the money: "DE… 3000"."""
        return f"{self.iban[:2]}… {self.iban[-4:]}" if self.iban else ""
