"""Vouchers name the debtor for as long as budget law says, and not longer."""

from datetime import datetime

import pytest

from stadthaus.accounts.queries import trail
from stadthaus.base_services.payments import actions, jobs, queries
from stadthaus.base_services.payments.models import PaymentRequest, RefundOrder, Waiver
from stadthaus.base_services.payments.tests import factories
from stadthaus.base_services.payments.tests.factories import CLERK, NOW, TREASURY, fresh
from stadthaus.kernel.calendars import BERLIN
from stadthaus.town import queries as town_queries

pytestmark = pytest.mark.usefixtures("town")
# paid in November 2026, kept for ten years
LAST_SECOND = datetime(2036, 12, 31, 23, 59, 59, tzinfo=BERLIN)
OVER = datetime(2037, 1, 1, tzinfo=BERLIN)


def test_who_owed_is_named_until_the_end_of_the_tenth_year() -> None:
    payment = factories.paid_online()
    jobs.erase_debtors(LAST_SECOND)
    assert fresh(payment).debtor == "Erika Muster"
    jobs.erase_debtors(OVER)
    assert fresh(payment).debtor == ""


def test_amounts_dates_and_bookings_stay_and_still_add_up() -> None:
    payment = factories.paid_at_counter()
    lines = list(payment.ledger.values())
    jobs.erase_debtors(OVER)
    assert list(payment.ledger.values()) == lines
    assert str(payment.receipts.get()) == "2026-000001"
    assert trail(payment.reference).latest("id").event == "payment.debtor_erased"


def test_a_later_booking_begins_a_new_term() -> None:
    payment = factories.paid_online(NOW)
    actions.withdraw(request_id=payment.pk, now=NOW.replace(year=2027), actor=CLERK)
    jobs.erase_debtors(OVER)
    assert fresh(payment).debtor == "Erika Muster"
    jobs.erase_debtors(OVER.replace(year=2038))
    assert fresh(payment).debtor == ""


def test_the_ground_of_a_waiver_goes_too() -> None:
    payment = factories.request("counter")
    actions.request_waiver(request_id=payment.pk, ground="bezieht Grundsicherung", actor=CLERK, now=NOW)
    jobs.erase_debtors(OVER)
    assert Waiver.objects.get().ground == "Nach der Aufbewahrungsfrist gelöscht"


def test_an_account_that_nobody_paid_to_goes_too() -> None:
    payment = factories.received(factories.request("transfer"))
    actions.withdraw(request_id=payment.pk, now=NOW, actor=CLERK)
    order = RefundOrder.objects.get()
    actions.enter_account(
        order_id=order.pk, account_holder="Erika Muster", iban="DE02120300000000202051", actor=TREASURY, now=NOW
    )
    jobs.erase_debtors(OVER)
    order.refresh_from_db()
    assert (order.iban, order.account_holder) == ("", "")


def test_each_is_erased_once() -> None:
    factories.paid_online()
    jobs.erase_debtors(OVER)
    assert queries.debtors_to_erase(town_queries.current(), OVER) == []
    assert PaymentRequest.objects.count() == 1
