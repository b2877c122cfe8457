"""A provider that corrects itself, and money that comes when nothing is owed any more."""

import pytest

from stadthaus.accounts.queries import trail
from stadthaus.base_services.payments import actions, queries
from stadthaus.base_services.payments.models import LedgerEntry, PaymentAttempt, PaymentRequest, RefundOrder
from stadthaus.base_services.payments.rules.ledger import Balance
from stadthaus.base_services.payments.signals import paid_without_date, payment_completed
from stadthaus.base_services.payments.tests import factories
from stadthaus.base_services.payments.tests.factories import (
    APPROVER,
    NOW,
    TREASURY,
    attempt,
    fresh,
    heard,
    paid,
    received,
    refused,
    settle,
)
from stadthaus.kernel.actors import Actor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]


def booked(request: PaymentRequest) -> list[tuple[str, int]]:
    return list(LedgerEntry.objects.filter(request=request).values_list("kind", "amount_cents"))


def approve(order: RefundOrder, by: Actor = APPROVER) -> RefundOrder:
    seen = RefundOrder.objects.get(pk=order.pk).fingerprint
    return actions.approve_refund(order_id=order.pk, seen=seen, actor=by, now=NOW)


def refuse(order: RefundOrder, by: Actor = APPROVER) -> RefundOrder:
    return actions.refuse_refund(order_id=order.pk, actor=by, now=NOW)


def pay_out(order: RefundOrder) -> PaymentRequest:
    return actions.mark_refunded(order_id=order.pk, actor=TREASURY, now=NOW)


def accepted_and_corrected() -> PaymentRequest:
    """1600 came and was accepted, 100 go back; then the provider says that 1500 came."""
    request = factories.request()
    tried = attempt(request)
    settle(tried, paid(1600))
    actions.accept_overpayment(request_id=request.pk, actor=TREASURY, now=NOW)
    settle(tried, paid(1500))
    return fresh(request)


# --- Answers that change ----------------------------------------------------------------------


def test_too_much_that_is_corrected_to_the_amount_pays_and_sends_nothing_back() -> None:
    request = factories.request()
    tried = attempt(request)
    settle(tried, paid(1600))
    with heard(payment_completed) as completed:
        settle(tried, paid(1500))
    assert completed == [request]
    assert (fresh(request).state, fresh(request).attention) == ("paid", "")
    assert booked(request) == [("claim", 1500), ("payment", 1600), ("reversal", 100)]
    assert not RefundOrder.objects.exists()
    assert trail(request.reference).filter(event="payment.provider_corrected").count() == 1


@pytest.mark.parametrize("last", [1000, 1400, 1500, 1600])
def test_after_any_change_of_mind_exactly_what_the_provider_says_is_booked(last: int) -> None:
    request = factories.request()
    tried = attempt(request)
    for cents in (1400, 1000, 1700, last, last):
        settle(tried, paid(cents))
    assert queries.balance(request) == Balance(1500, last)
    assert PaymentAttempt.objects.get().received_cents == last
    assert fresh(request).attention == ("" if last == 1500 else "wrong_amount")


def test_a_correction_after_the_overpayment_was_accepted_is_looked_at_by_a_person() -> None:
    request = accepted_and_corrected()
    assert (request.state, request.attention) == ("paid", "wrong_amount")
    assert queries.excess_cents(request) == -100


def test_money_that_is_not_there_any_more_is_neither_approved_nor_paid_out() -> None:
    accepted_and_corrected()
    order = RefundOrder.objects.get()
    assert "nicht mehr da" in refused(lambda: approve(order))
    RefundOrder.objects.update(state="approved", decided_at=NOW, decided_by_user=APPROVER.user_id)
    assert "nicht mehr da" in refused(lambda: pay_out(order))
    assert queries.balance(order.request).held_cents == 1500


@pytest.mark.parametrize("state", ["open", "approved"])
def test_a_refund_without_money_is_refused_and_claims_nothing(state: str) -> None:
    request = accepted_and_corrected()
    order = RefundOrder.objects.get()
    if state != "open":
        RefundOrder.objects.update(state=state, decided_at=NOW, decided_by_user=APPROVER.user_id)
    assert refuse(order).state == refuse(order).state == "refused"
    assert queries.balance(request) == Balance(1500, 1500)
    assert fresh(request).attention == ""


def test_what_is_left_of_a_refund_without_money_is_ordered_back_anew() -> None:
    request = factories.request()
    first, second = attempt(request), attempt(request)
    settle(first, paid())
    settle(second, paid(1600))
    settle(second, paid(1500))
    refuse(RefundOrder.objects.get())
    order = RefundOrder.objects.get(state="open")
    assert (order.amount_cents, order.reason, order.way, order.attempt) == (1500, "wrong_amount", "online", second)
    assert queries.excess_cents(request) == 0
    assert fresh(request).attention == ""


def test_who_ordered_a_refund_does_not_approve_what_is_left_of_it() -> None:
    request = factories.request()
    tried = attempt(request)
    settle(tried, paid(1600))
    actions.declare_unpaid(request_id=request.pk, actor=TREASURY, now=NOW)
    settle(tried, paid(1400))
    refuse(RefundOrder.objects.get())
    order = RefundOrder.objects.get(state="open")
    assert order.amount_cents == 1400
    with pytest.raises(actions.SecondPersonNeeded):
        approve(order, by=TREASURY)
    approve(order)


def test_money_that_is_still_there_cannot_be_kept_after_a_correction() -> None:
    request = factories.request()
    first, second = attempt(request), attempt(request)
    settle(first, paid())
    settle(second, paid(1400))
    settle(second, paid(1500))
    order = RefundOrder.objects.get(reason="wrong_amount")
    assert "steht der Stadt nicht zu" in refused(lambda: refuse(order))


def test_money_that_makes_a_shortage_good_stays_and_nobody_has_to_look_any_more() -> None:
    request = factories.request()
    tried = attempt(request)
    settle(tried, paid(1400))
    received(request, cents=100)
    settle(tried, paid(1000))
    assert fresh(request).attention == "wrong_amount"
    settle(tried, paid(1400))
    assert fresh(request).attention == ""
    assert not RefundOrder.objects.exists()


def test_a_person_can_leave_a_shortage_as_it_is() -> None:
    request = accepted_and_corrected()
    for _ in range(2):
        assert actions.declare_unpaid(request_id=request.pk, actor=TREASURY, now=NOW) == 0
    assert (fresh(request).state, fresh(request).attention) == ("paid", "")
    assert trail(request.reference).filter(event="payment.shortage_checked").count() == 1


@pytest.mark.parametrize("reasons", [("cancelled", "wrong_amount"), ("wrong_amount", "cancelled")])
def test_who_cancels_after_a_correction_gets_exactly_back_what_came(reasons: tuple[str, str]) -> None:
    request = accepted_and_corrected()
    assert actions.withdraw(request_id=request.pk, now=NOW) == 1400  # one euro of the 15 is on its way back already
    for reason, state in zip(reasons, ("partly_refunded", "refunded"), strict=True):
        pay_out(approve(RefundOrder.objects.get(reason=reason)))
        assert fresh(request).state == state
    assert queries.balance(request) == Balance(0, 0)
    assert fresh(request).attention == ""


def test_what_the_provider_takes_back_is_not_made_up_from_the_cash_of_who_cancels() -> None:
    request = factories.request()
    tried = attempt(request)
    actions.take_at_counter(request_id=request.pk, means="cash", actor=factories.CLERK, now=NOW)
    settle(tried, paid(3000))
    settle(tried, paid(1500))
    assert actions.withdraw(request_id=request.pk, now=NOW) == 1500
    assert RefundOrder.objects.get(reason="cancelled").way == "counter"


def test_a_part_can_still_be_refused_after_its_sister_was_struck_off() -> None:
    request = factories.request()
    tried = attempt(request)
    settle(tried, paid(1400))
    actions.take_at_counter(request_id=request.pk, means="cash", actor=factories.CLERK, now=NOW)
    actions.withdraw(request_id=request.pk, now=NOW, reason=RefundOrder.Reason.GOODWILL)
    settle(tried, paid(100))
    refuse(RefundOrder.objects.get(way="online"))
    cash = RefundOrder.objects.get(way="counter")
    actions.refuse_refund(order_id=cash.pk, actor=APPROVER, now=NOW, refused_because="Es war doch alles abgeholt.")
    told = {order.way: bool(order.refused_because) for order in RefundOrder.objects.filter(state="refused")}
    assert told == {"online": False, "counter": True}


def test_who_cancels_when_money_is_missing_gets_back_what_is_there() -> None:
    request = factories.request()
    tried = attempt(request)
    settle(tried, paid(1400))
    received(request, cents=100)
    settle(tried, paid(1000))
    assert actions.withdraw(request_id=request.pk, now=NOW) == 1100
    assert (queries.excess_cents(request), fresh(request).attention) == (0, "")


def test_a_wrong_amount_that_was_decided_is_not_asked_of_a_person_again() -> None:
    request = factories.request()
    tried = attempt(request)
    settle(tried, paid(1600))
    actions.accept_overpayment(request_id=request.pk, actor=TREASURY, now=NOW)
    actions.ask_later(attempt_id=tried.pk, now=request.ask_until)
    assert fresh(request).attention == ""


# --- Money after the end ----------------------------------------------------------------------


def test_money_that_completes_a_cancelled_payment_goes_back_to_the_cent() -> None:
    request = factories.request()
    tried = attempt(request)
    settle(tried, paid(1400))
    actions.withdraw(request_id=request.pk, now=NOW)
    with heard(paid_without_date) as late:
        settle(tried, paid(1500))
    assert late == []
    assert fresh(request).state == "withdrawn"
    assert list(RefundOrder.objects.values_list("amount_cents", "reason")) == [
        (1400, "wrong_amount"),
        (100, "wrong_amount"),
    ]
    assert queries.excess_cents(request) == 0


def test_a_correction_after_cancelling_orders_no_refund_of_nothing() -> None:
    request = factories.request()
    tried = attempt(request)
    settle(tried, paid(1600))
    actions.withdraw(request_id=request.pk, now=NOW)
    settle(tried, paid(1500))
    assert (fresh(request).state, fresh(request).attention) == ("withdrawn", "wrong_amount")
    assert RefundOrder.objects.get().amount_cents == 1600


def test_unclear_money_that_comes_after_cancelling_waits_for_a_date_and_is_not_sent_back_at_once() -> None:
    request = factories.withdrawn()
    PaymentRequest.objects.update(attention="no_answer")
    received(request)
    assert (fresh(request).state, fresh(request).attention) == ("paid_without_date", "")
    assert not RefundOrder.objects.exists()


def test_a_transfer_after_everything_went_back_is_paid_without_date() -> None:
    request = factories.request()
    settle(attempt(request), paid(1400))
    actions.declare_unpaid(request_id=request.pk, actor=TREASURY, now=NOW)
    order = RefundOrder.objects.get()
    approve(order)
    pay_out(order)
    assert received(request).state == "paid_without_date"


def test_no_date_is_given_and_nothing_sent_back_for_money_that_is_gone() -> None:
    request = factories.request()
    tried = attempt(request)
    settle(tried, paid(1400))
    actions.withdraw(request_id=request.pk, now=NOW)
    received(request)
    settle(tried, paid(1))
    refused(lambda: actions.give_date(request_id=request.pk, actor=TREASURY, now=NOW))
    assert fresh(request).state == "paid_without_date"
    (order,) = actions.refund_without_date(request_id=request.pk, actor=TREASURY, now=NOW)
    assert order.amount_cents == 101


def test_an_accepted_overpayment_names_the_charge_to_refund() -> None:
    request = factories.request()
    attempt(request)
    tried = attempt(request)
    attempt(request)
    settle(tried, paid(1600))
    actions.accept_overpayment(request_id=request.pk, actor=TREASURY, now=NOW)
    assert RefundOrder.objects.get().attempt == tried


def test_a_wrong_amount_goes_back_from_the_charge_it_came_by() -> None:
    request = factories.request()
    wrong, right = attempt(request), attempt(request)
    settle(wrong, paid(1600))
    settle(right, paid(1500))
    order = RefundOrder.objects.get()
    assert (order.amount_cents, order.attempt) == (1600, wrong)


def test_what_came_for_a_waived_fee_goes_back() -> None:
    request = factories.request()
    waiver = actions.request_waiver(request_id=request.pk, ground="Härtefall", actor=TREASURY, now=NOW)
    settle(attempt(request), paid(1400))
    actions.approve_waiver(waiver_id=waiver.pk, actor=APPROVER, now=NOW)
    assert RefundOrder.objects.get().amount_cents == 1400
