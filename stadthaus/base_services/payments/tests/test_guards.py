"""What the database refuses by itself, whoever writes past the actions."""

from importlib import import_module
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, models, transaction

from stadthaus.base_services.payments.models import (
    LedgerEntry,
    NumberRange,
    PaymentRequest,
    Receipt,
    RefundOrder,
    Waiver,
)
from stadthaus.base_services.payments.tests import factories
from stadthaus.base_services.payments.tests.factories import NOW, fresh

later = import_module("stadthaus.base_services.payments.migrations.0008_no_value_that_no_action_writes")

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]

LINE = {"kind": "payment", "amount_cents": 1500, "booked_at": NOW, "booked_by": "Kim"}
RECEIPT = {"series": "2026", "number": 1, "amount_cents": 1500, "means": "cash", "issued_at": NOW, "issued_by": "Kim"}
REFUND = {"amount_cents": 1500, "reason": "cancelled", "way": "counter", "created_at": NOW, "created_by": "Kim"}
WAIVER = {"ground": "Not", "amount_cents": 1500, "requested_at": NOW, "requested_by": "Kim", "requested_by_user": 1}


@pytest.mark.parametrize(
    ("model", "values", "wrong", "guard"),
    [
        (LedgerEntry, LINE, {"amount_cents": 0}, "payments_ledger_of_something"),
        (LedgerEntry, LINE, {"means": "shells"}, "payments_ledger_means"),
        (Receipt, RECEIPT, {"amount_cents": 0}, "payments_receipt_of_something"),
        (Receipt, RECEIPT, {"number": 0}, "payments_receipt_of_something"),
        (RefundOrder, REFUND, {"way": "by hand"}, "payments_refund_way"),
        (RefundOrder, REFUND, {"reason": "why not"}, "payments_refund_reason"),
        (Waiver, WAIVER, {"amount_cents": 0}, "payments_waiver_of_something"),
    ],
)
def test_a_value_no_action_writes_is_refused(
    model: type[models.Model], values: dict[str, Any], wrong: dict[str, Any], guard: str
) -> None:
    request = factories.request()
    with pytest.raises(IntegrityError, match=guard), transaction.atomic():
        model._default_manager.create(request=request, **{**values, **wrong})
    model._default_manager.create(request=request, **values)


@pytest.mark.parametrize("change", [{"amount_cents": 1}, {"kassenzeichen": "SPM123"}])
def test_what_was_asked_for_never_changes(change: dict[str, Any]) -> None:
    asked = factories.request()
    with pytest.raises(DatabaseError, match="what was asked for stays"), transaction.atomic():
        PaymentRequest.objects.update(**change)
    assert fresh(asked).amount_cents == 1500


def test_a_number_range_only_grows_and_is_kept() -> None:
    numbers = NumberRange.objects.create(name="receipts", last=7)
    NumberRange.objects.update(last=8)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":  # tests go without those against deleting
            cursor.execute(next(later.statements("payments_numbers_are_kept", "sqlite")))
        for change in ("UPDATE payments_numberrange SET last = 7", "DELETE FROM payments_numberrange"):
            with pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
                cursor.execute(change)
    numbers.refresh_from_db()
    assert numbers.last == 8
