from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from stadthaus.accounts.queries import trail
from stadthaus.base_services.payments import actions, queries
from stadthaus.base_services.payments.models import (
    LedgerEntry,
    PaperCard,
    PaymentRequest,
    Receipt,
    RefundOrder,
    Waiver,
)
from stadthaus.base_services.payments.rules.accounts import Account
from stadthaus.base_services.payments.rules.ledger import Balance
from stadthaus.base_services.payments.signals import payment_completed, refund_refused
from stadthaus.base_services.payments.tests import factories
from stadthaus.base_services.payments.tests.factories import (
    APPROVER,
    CLERK,
    NOW,
    TREASURY,
    fresh,
    heard,
    received,
    redeem,
    refused,
)
from stadthaus.kernel.actors import SYSTEM, Actor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]

IBAN = "DE89 3704 0044 0532 0130 00"
ANOTHER_APPROVER = Actor(kind="staff", label="Bodo Büro", user_id=14)


def refund_of(
    request: PaymentRequest, *, by: Actor = SYSTEM, reason: RefundOrder.Reason = RefundOrder.Reason.GOODWILL
) -> RefundOrder:
    actions.withdraw(request_id=request.pk, now=NOW, actor=by, reason=reason)
    return RefundOrder.objects.get(request=request)


def paid_in_two_ways() -> PaymentRequest:
    request = factories.request()
    factories.settle(factories.attempt(request), factories.paid(1400))
    actions.take_at_counter(request_id=request.pk, means="cash", actor=CLERK, now=NOW)
    return fresh(request)


def seen(order: RefundOrder) -> str:
    return RefundOrder.objects.get(pk=order.pk).fingerprint


def approve(order: RefundOrder, by: Actor = APPROVER) -> RefundOrder:
    return actions.approve_refund(order_id=order.pk, seen=seen(order), actor=by, now=NOW)


def refuse(order: RefundOrder, by: Actor = APPROVER, because: str = "Es war doch alles abgeholt.") -> RefundOrder:
    return actions.refuse_refund(order_id=order.pk, actor=by, now=NOW, refused_because=because)


def pay_out(order: RefundOrder) -> PaymentRequest:
    return actions.mark_refunded(order_id=order.pk, actor=TREASURY, now=NOW)


# --- Waivers ----------------------------------------------------------------------------------


def asked_for(request: PaymentRequest, by: Actor = CLERK) -> Waiver:
    return actions.request_waiver(request_id=request.pk, ground="Härtefall", actor=by, now=NOW)


def test_a_waiver_by_a_second_person_confirms_like_a_payment() -> None:
    request = factories.request("counter")
    waiver = asked_for(request)
    with heard(payment_completed) as completed:
        actions.approve_waiver(waiver_id=waiver.pk, actor=APPROVER, now=NOW)
    assert completed == [request]
    assert fresh(request).state == "waived"
    assert queries.balance(request) == Balance(0, 0)


def test_who_asks_for_a_waiver_does_not_grant_it() -> None:
    waiver = asked_for(factories.request("counter"))
    with pytest.raises(actions.SecondPersonNeeded):
        actions.approve_waiver(waiver_id=waiver.pk, actor=CLERK, now=NOW)


def test_the_database_too_wants_a_second_person_for_a_waiver() -> None:
    waiver = asked_for(factories.request("counter"))
    with pytest.raises(IntegrityError), transaction.atomic():
        Waiver.objects.filter(pk=waiver.pk).update(state="approved", decided_by_user=CLERK.user_id, decided_at=NOW)


def test_nobody_grants_a_waiver_without_a_name() -> None:
    waiver = asked_for(factories.request("counter"))
    with pytest.raises(actions.SecondPersonNeeded):
        actions.approve_waiver(waiver_id=waiver.pk, actor=SYSTEM, now=NOW)


def test_a_waiver_needs_a_ground_and_stays_below_the_limit() -> None:
    request = factories.request("counter")
    assert "Grund" in refused(lambda: actions.request_waiver(request_id=request.pk, ground="  ", actor=CLERK, now=NOW))
    dear = factories.request("counter", 4501)
    assert "höchstens 45,00" in refused(lambda: asked_for(dear))


def test_asking_twice_waits_once() -> None:
    request = factories.request("counter")
    assert asked_for(request) == asked_for(request)


def test_a_refused_waiver_leaves_the_payment_open_and_can_be_asked_again() -> None:
    request = factories.request("counter")
    waiver = asked_for(request)
    actions.refuse_waiver(waiver_id=waiver.pk, actor=APPROVER, now=NOW)
    assert fresh(request).state == "open"
    assert asked_for(request) != waiver


def test_a_decided_waiver_and_a_paid_request_are_not_decided_again() -> None:
    request = factories.request("counter")
    waiver = asked_for(request)
    actions.take_at_counter(request_id=request.pk, means="cash", actor=CLERK, now=NOW)
    refused(lambda: actions.approve_waiver(waiver_id=waiver.pk, actor=APPROVER, now=NOW))
    actions.refuse_waiver(waiver_id=waiver.pk, actor=APPROVER, now=NOW)
    refused(lambda: actions.refuse_waiver(waiver_id=waiver.pk, actor=ANOTHER_APPROVER, now=NOW))


@pytest.mark.parametrize(("decide", "event"), [("approve", "waived"), ("refuse", "waiver_refused")])
def test_a_waiver_decided_twice_by_one_person_is_decided_once(decide: str, event: str) -> None:
    request = factories.request("counter")
    waiver = asked_for(request)
    for _ in range(2):
        getattr(actions, f"{decide}_waiver")(waiver_id=waiver.pk, actor=APPROVER, now=NOW)
    assert trail(request.reference).filter(event=f"payment.{event}").count() == 1


# --- Refunds ----------------------------------------------------------------------------------


def test_who_took_the_money_does_not_approve_its_refund() -> None:
    order = refund_of(factories.paid_at_counter())
    with pytest.raises(actions.SecondPersonNeeded):
        approve(order, by=CLERK)
    approve(order)


def test_who_ordered_a_refund_does_not_approve_it() -> None:
    order = refund_of(factories.paid_online(), by=APPROVER)
    with pytest.raises(actions.SecondPersonNeeded):
        approve(order)


@pytest.mark.parametrize("hand", ["taken_by_user", "created_by_user"])
def test_the_database_too_wants_a_second_person_for_a_refund(hand: str) -> None:
    order = refund_of(factories.paid_at_counter(), by=TREASURY)
    one = getattr(order, hand)
    assert one is not None
    with pytest.raises(IntegrityError), transaction.atomic():
        RefundOrder.objects.filter(pk=order.pk).update(state="approved", decided_at=NOW, decided_by_user=one)


def test_nothing_is_paid_out_unapproved_and_nothing_twice() -> None:
    request = factories.paid_online()
    order = refund_of(request)
    assert "noch nicht genehmigt" in refused(lambda: pay_out(order))
    approve(order)
    pay_out(order)
    pay_out(order)
    assert fresh(request).state == "refunded"
    assert queries.balance(request) == Balance(0, 0)


def test_paying_back_a_second_payment_leaves_the_request_paid() -> None:
    request = factories.request()
    tries = [factories.attempt(request), factories.attempt(request)]
    for tried in tries:
        factories.settle(tried, factories.paid())
    order = RefundOrder.objects.get()
    approve(order)
    pay_out(order)
    assert fresh(request).state == "paid"
    assert queries.balance(request) == Balance(1500, 1500)


@pytest.mark.parametrize("means", ["cash", "card"])
def test_money_from_the_counter_goes_back_at_the_counter_with_a_receipt_of_its_own(means: str) -> None:
    order = refund_of(factories.paid_at_counter(means))
    assert order.way == "counter"
    approve(order)
    pay_out(order)
    assert list(Receipt.objects.values_list("number", "amount_cents")) == [(1, 1500), (2, -1500)]
    numbers = [entry.detail for entry in LedgerEntry.objects.filter(means__in=["cash", "card"])]
    assert numbers == [str(receipt) for receipt in Receipt.objects.order_by("number")], "each beside its money"


def test_what_came_in_two_ways_goes_back_in_two_ways() -> None:
    request = paid_in_two_ways()
    assert actions.withdraw(request_id=request.pk, now=NOW) == 1500
    orders = {order.way: order for order in RefundOrder.objects.all()}
    assert {way: order.amount_cents for way, order in orders.items()} == {"counter": 100, "online": 1400}
    assert orders["online"].attempt == request.attempts.get()
    for order in orders.values():
        approve(order)
        pay_out(order)
    assert (fresh(request).state, queries.balance(request)) == ("refunded", Balance(0, 0))
    assert Receipt.objects.get(amount_cents__lt=0).amount_cents == -100


def test_a_refund_in_two_ways_is_refused_as_one() -> None:
    request = paid_in_two_ways()
    actions.withdraw(request_id=request.pk, now=NOW, actor=SYSTEM, reason=RefundOrder.Reason.GOODWILL)
    with heard(refund_refused) as told:
        for order in RefundOrder.objects.all():
            refuse(order)  # the second time on the other line
    assert [order.state for order in RefundOrder.objects.all()] == ["refused", "refused"]
    assert (len(told), queries.balance(request)) == (1, Balance(1500, 1500))


def test_a_refund_of_which_a_part_is_approved_is_not_refused_any_more() -> None:
    request = paid_in_two_ways()
    actions.withdraw(request_id=request.pk, now=NOW, actor=SYSTEM, reason=RefundOrder.Reason.GOODWILL)
    first, second = RefundOrder.objects.all()
    approve(first)
    assert "schon genehmigt" in refused(partial(refuse, second))
    assert approve(second).state == "approved"


def test_who_grants_a_waiver_may_approve_that_the_part_already_paid_goes_back() -> None:
    request = factories.request("transfer")
    part: dict[str, Any] = {"received_on": NOW.date(), "amount_cents": 700, "as_stated": True}
    actions.mark_received(request_id=request.pk, **part, actor=TREASURY, now=NOW)
    waiver = asked_for(request)
    actions.approve_waiver(waiver_id=waiver.pk, actor=APPROVER, now=NOW)
    order = RefundOrder.objects.get()
    actions.enter_account(order_id=order.pk, account_holder="Erika", iban=IBAN, actor=TREASURY, now=NOW)
    assert (order.amount_cents, approve(order).state) == (700, "approved")


def test_who_approves_a_refund_approves_the_account_they_saw_and_no_other() -> None:
    order = refund_of(received(factories.request("transfer")), reason=RefundOrder.Reason.CANCELLED)
    actions.enter_account(order_id=order.pk, account_holder="Erika", iban=IBAN, actor=TREASURY, now=NOW)
    shown = seen(order)
    other = "DE02 1203 0000 0000 2020 51"
    actions.enter_account(order_id=order.pk, account_holder="Erika", iban=other, actor=TREASURY, now=NOW)
    late = partial(actions.approve_refund, order_id=order.pk, seen=shown, actor=APPROVER, now=NOW)
    assert "das Konto geändert" in refused(late)
    assert approve(order).state == "approved"


def test_for_a_transfer_back_the_iban_is_asked_and_forgotten_afterwards() -> None:
    request = factories.request("transfer")
    order = refund_of(received(request))
    assert "fehlt noch die IBAN" in refused(lambda: approve(order))
    wrong = IBAN[:-1] + "1"
    holder = "Erika Muster"

    def enter(iban: str) -> RefundOrder:
        return actions.enter_account(order_id=order.pk, account_holder=holder, iban=iban, actor=TREASURY, now=NOW)

    assert "stimmt nicht" in refused(lambda: enter(wrong))
    assert enter(IBAN).iban == IBAN.replace(" ", "")
    approve(order)
    assert "schon entschieden" in refused(lambda: enter("DE02 1203 0000 0000 2020 51"))
    pay_out(order)
    order.refresh_from_db()
    assert (order.state, order.iban, order.account_holder) == ("done", "", "")


def give(request: PaymentRequest, iban: str = IBAN) -> bool:
    return actions.give_account(request_id=request.pk, account=Account("Erika Muster", iban), now=NOW)


def test_whoever_paid_gives_the_account_once_and_the_trail_does_not_name_it() -> None:
    request = received(factories.request("transfer"))
    order = refund_of(request)
    assert give(request)
    assert not give(request, "DE02 1203 0000 0000 2020 51")
    order.refresh_from_db()
    assert (order.iban, order.account_holder) == (IBAN.replace(" ", ""), "Erika Muster")
    lines = trail(request.reference).filter(event="payment.refund_account_given")
    assert [line.values for line in lines] == [{}]


def test_whoever_paid_gives_no_account_once_the_refund_is_decided_or_where_none_is_needed() -> None:
    request = received(factories.request("transfer"))
    assert not give(request)
    refuse(refund_of(request))
    assert not give(request)
    at_the_counter = factories.paid_at_counter()
    refund_of(at_the_counter)
    assert not give(at_the_counter)


def test_an_account_with_a_typing_error_is_refused() -> None:
    request = received(factories.request("transfer"))
    refund_of(request)
    assert "stimmt nicht" in refused(lambda: give(request, IBAN[:-1] + "1"))


def test_an_account_given_by_whoever_paid_is_changed_by_the_treasury() -> None:
    request = received(factories.request("transfer"))
    order = refund_of(request)
    give(request)
    other = "DE02 1203 0000 0000 2020 51"
    actions.enter_account(order_id=order.pk, account_holder="E. Muster", iban=other, actor=TREASURY, now=NOW)
    order.refresh_from_db()
    assert order.iban == other.replace(" ", "")


def test_with_a_refused_refund_the_account_is_forgotten() -> None:
    order = refund_of(received(factories.request("transfer")))
    actions.enter_account(order_id=order.pk, account_holder="Erika Muster", iban=IBAN, actor=TREASURY, now=NOW)
    refuse(order)
    order.refresh_from_db()
    assert (order.state, order.iban, order.account_holder) == ("refused", "", "")


def test_only_money_that_goes_back_by_transfer_has_an_account() -> None:
    order = refund_of(factories.paid_at_counter())
    assert "nicht auf ein Konto" in refused(
        lambda: actions.enter_account(order_id=order.pk, account_holder="E", iban=IBAN, actor=TREASURY, now=NOW)
    )


@pytest.mark.parametrize(("way", "state"), [("counter", "open"), ("transfer", "refused"), ("transfer", "done")])
def test_the_database_too_keeps_accounts_only_where_somebody_is_paid(way: str, state: str) -> None:
    order = refund_of(received(factories.request("transfer")))
    orders = RefundOrder.objects.filter(pk=order.pk)
    orders.update(way=way)
    if state != "open":
        done_at = NOW if state == "done" else None
        orders.update(state=state, decided_at=NOW, decided_by_user=APPROVER.user_id, done_at=done_at)
    with pytest.raises(IntegrityError, match="account_only"), transaction.atomic():
        orders.update(iban="DE89370400440532013000")


def test_a_paper_card_is_valid_again_after_the_refund() -> None:
    order = refund_of(redeem(factories.request("counter"), "A1"))
    assert order.way == "paper_card"
    approve(order)
    pay_out(order)
    redeem(factories.request("counter"), "A1")
    assert PaperCard.objects.filter(number="A1").count() == 2


def test_a_refused_refund_lets_the_claim_stand_again() -> None:
    request = factories.paid_online()
    order = refund_of(request)
    refuse(order)
    assert queries.balance(request) == Balance(1500, 1500)
    assert "schon entschieden" in refused(lambda: approve(order))


def test_who_refuses_a_refund_says_why_and_the_payer_can_read_it() -> None:
    order = refund_of(factories.paid_online())
    assert "warum" in refused(lambda: refuse(order, because=""))
    with heard(refund_refused) as told:
        assert refuse(order).refused_because == "Es war doch alles abgeholt."
        refuse(order)
    assert told == [order.request]


def test_what_the_rules_give_back_to_who_cancels_cannot_be_refused() -> None:
    order = refund_of(factories.paid_online(), reason=RefundOrder.Reason.CANCELLED)
    assert "steht der Stadt nicht zu" in refused(lambda: refuse(order))


def test_the_database_keeps_a_reason_only_where_a_refund_is_refused() -> None:
    order = refund_of(factories.paid_online())
    with pytest.raises(IntegrityError, match="only_where_refused"), transaction.atomic():
        RefundOrder.objects.filter(pk=order.pk).update(refused_because="Nein.")


@pytest.mark.parametrize("decide", ["approve", "refuse"])
def test_a_refund_decided_twice_by_one_person_is_decided_once_and_not_by_another(decide: str) -> None:
    request = factories.paid_online()
    order = refund_of(request)
    action = refuse if decide == "refuse" else approve
    assert action(order) == action(order)
    assert trail(request.reference).filter(event__startswith=f"payment.refund_{decide[:5]}").count() == 1
    assert "schon entschieden" in refused(lambda: action(order, ANOTHER_APPROVER))


def test_money_that_is_not_the_towns_cannot_be_kept() -> None:
    request = factories.request()
    for tried in [factories.attempt(request), factories.attempt(request)]:
        factories.settle(tried, factories.paid())
    order = RefundOrder.objects.get()
    assert "steht der Stadt nicht zu" in refused(lambda: refuse(order))


def test_the_database_takes_no_refund_that_nobody_has_decided() -> None:
    order = refund_of(received(factories.request()))
    with pytest.raises(IntegrityError, match="refund_decided"), transaction.atomic():
        RefundOrder.objects.filter(pk=order.pk).update(state=RefundOrder.State.APPROVED, decided_at=NOW)
