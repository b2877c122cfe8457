"""The append-only ledger, and the receipts for money at the counter."""

from typing import Any, ClassVar, NoReturn

from django.db import models
from django.db.models import Q

from stadthaus.base_services.payments.models.means import Means
from stadthaus.base_services.payments.models.requests import PaymentRequest
from stadthaus.base_services.payments.rules import ledger, receipts


class AppendOnlyError(TypeError):
    """Somebody tried to change or delete a ledger entry: a mistake is put right by a counter-entry."""


class LedgerQuerySet(models.QuerySet["LedgerEntry"]):
    """The ledger can be read and appended to, nothing else."""

    def update(self, **_: Any) -> NoReturn:
        """Refuse; the database refuses too."""
        raise AppendOnlyError

    def delete(self) -> NoReturn:
        """Refuse."""
        raise AppendOnlyError

    def balance(self) -> ledger.Balance:
        """What these entries add up to (one statement)."""
        return ledger.balance(self.values_list("kind", "amount_cents"))


class LedgerEntry(models.Model):
    """One line of the ledger (Buchung). Lines are added, never changed and never deleted (triggers guard it)."""

    class Kind(models.TextChoices):
        """See `rules.ledger`."""

        CLAIM = ledger.CLAIM, "Forderung"
        PAYMENT = ledger.PAYMENT, "Zahlung"
        REFUND = ledger.REFUND, "Erstattung"
        REVERSAL = ledger.REVERSAL, "Rückbuchung"
        WAIVER = ledger.WAIVER, "Erlass"
        WITHDRAWAL = ledger.WITHDRAWAL, "Absetzung der Forderung"

    request = models.ForeignKey(PaymentRequest, models.PROTECT, related_name="ledger")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    amount_cents = models.IntegerField()
    means = models.CharField(max_length=10, choices=Means.choices, blank=True)
    detail = models.CharField(max_length=140, blank=True)
    booked_at = models.DateTimeField()
    booked_by = models.CharField(max_length=200)

    objects = LedgerQuerySet.as_manager()

    class Meta:
        """In the order of booking."""

        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["booked_at", "id"], name="payments_ledger_by_time")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="payments_ledger_of_something"),
            models.CheckConstraint(condition=Q(kind__in=list(ledger.EFFECTS)), name="payments_ledger_kind"),
            models.CheckConstraint(condition=Q(means__in=["", *Means.values]), name="payments_ledger_means"),
        ]

    def __str__(self) -> str:
        """Show kind and amount."""
        return f"{self.kind} {self.amount_cents}"

    def delete(self, *_: Any, **__: Any) -> NoReturn:
        """Refuse."""
        raise AppendOnlyError


class NumberRange(models.Model):
    """The last number given out of a gapless series; drawing the next one locks the row.

    It only grows and is kept (triggers guard it): a number given out twice would stop the counter.
    """

    name = models.CharField(max_length=40, unique=True)
    last = models.PositiveIntegerField()

    def __str__(self) -> str:
        """Show the series."""
        return self.name


class Receipt(models.Model):
    """A receipt for money at the counter (Quittung), numbered without gaps.

    A pay-out at the counter is a receipt of its own with a negative amount (Gegenbuchung). Like the ledger's lines,
    receipts are never changed and never deleted (triggers guard it).
    """

    request = models.ForeignKey(PaymentRequest, models.PROTECT, related_name="receipts")
    series = models.CharField(max_length=10)
    number = models.PositiveIntegerField()
    amount_cents = models.IntegerField()
    means = models.CharField(max_length=10, choices=Means.choices)
    issued_at = models.DateTimeField()
    issued_by = models.CharField(max_length=200)
    issued_by_user = models.BigIntegerField(null=True)

    class Meta:
        """In the order of numbers."""

        ordering: ClassVar = ["series", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["series", "number"], name="payments_receipt_number_once"),
            models.UniqueConstraint(
                fields=["request"], condition=Q(amount_cents__gt=0), name="payments_one_receipt_for_money_in"
            ),
            models.CheckConstraint(condition=Q(means__in=["cash", "card"]), name="payments_receipt_means"),
            models.CheckConstraint(
                condition=Q(number__gt=0) & ~Q(amount_cents=0), name="payments_receipt_of_something"
            ),
        ]

    def __str__(self) -> str:
        """Show the number."""
        return receipts.write_number(self.series, self.number)
