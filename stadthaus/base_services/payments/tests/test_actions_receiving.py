from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction

from stadthaus.accounts.queries import trail
from stadthaus.base_services.payments import actions, queries
from stadthaus.base_services.payments.models import PaperCard, PaymentRequest, Receipt, RefundOrder
from stadthaus.base_services.payments.rules.ledger import Balance
from stadthaus.base_services.payments.signals import (
    paid_without_date,
    payment_completed,
    payment_lapsed,
    refund_decided,
)
from stadthaus.base_services.payments.tests import factories
from stadthaus.base_services.payments.tests.factories import (
    APPROVER,
    CLERK,
    NOW,
    TODAY,
    TREASURY,
    attempt,
    fresh,
    heard,
    late_money,
    paid,
    received,
    redeem,
    refused,
    settle,
)
from stadthaus.kernel.actors import Actor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]

# --- At the counter and by transfer -----------------------------------------------------------


def test_money_at_the_counter_gives_a_receipt_and_confirms() -> None:
    request = factories.request("counter")
    with heard(payment_completed) as completed:
        receipt = actions.take_at_counter(request_id=request.pk, means="cash", actor=CLERK, now=NOW)
    assert (str(receipt), receipt.amount_cents, completed) == ("2026-000001", 1500, [request])


def test_taking_money_twice_shows_the_first_receipt() -> None:
    request = factories.request("counter")
    first = actions.take_at_counter(request_id=request.pk, means="cash", actor=CLERK, now=NOW)
    assert actions.take_at_counter(request_id=request.pk, means="cash", actor=CLERK, now=NOW) == first
    assert Receipt.objects.count() == 1


@pytest.mark.parametrize(("means", "actor"), [("card", CLERK), ("cash", TREASURY)])
def test_who_takes_what_was_taken_already_is_told_that_nothing_was_booked(means: str, actor: Actor) -> None:
    request = factories.request("counter")
    first = actions.take_at_counter(request_id=request.pk, means="cash", actor=CLERK, now=NOW)
    reason = refused(lambda: actions.take_at_counter(request_id=request.pk, means=means, actor=actor, now=NOW))
    assert f"schon kassiert: Bar am Schalter, Quittung {first}, von {CLERK.label}" in reason
    assert (Receipt.objects.count(), request.ledger.filter(kind="payment").count()) == (1, 1)


def test_receipt_numbers_have_no_gap_even_when_one_fails() -> None:
    factories.paid_at_counter()
    request = factories.request("counter")
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        actions.take_at_counter(request_id=request.pk, means="cash", actor=CLERK, now=NOW)
        raise ZeroDivisionError
    factories.paid_at_counter("card")
    assert list(Receipt.objects.values_list("number", flat=True)) == [1, 2]


def test_receipts_of_a_new_year_begin_with_one() -> None:
    factories.paid_at_counter()
    request = factories.request("counter", now=NOW + timedelta(days=60))
    later = actions.take_at_counter(request_id=request.pk, means="cash", actor=CLERK, now=NOW + timedelta(days=60))
    assert str(later) == "2027-000001"


def test_no_money_is_taken_for_a_lapsed_request() -> None:
    request = factories.withdrawn()
    reason = refused(lambda: actions.take_at_counter(request_id=request.pk, means="cash", actor=CLERK, now=NOW))
    assert "neue Bestellung" in reason


def test_a_transfer_is_booked_with_its_day() -> None:
    request = factories.request("transfer")
    with heard(payment_completed) as completed:
        received(request)
    assert completed == [request]
    assert (fresh(request).state, fresh(request).means, fresh(request).received_on) == ("paid", "transfer", TODAY)


def test_a_transfer_of_another_amount_books_nothing_and_says_what_is_expected() -> None:
    request = factories.request("transfer")
    with pytest.raises(actions.WrongAmount, match=r"Erwartet sind 15,00.€, eingegeben sind 14,00.€"):
        received(request, cents=1400)
    assert fresh(request).state == "open"


@pytest.mark.parametrize("on", [date(1900, 1, 1), TODAY - timedelta(days=1)])
def test_a_transfer_is_not_booked_from_before_it_was_asked_for(on: date) -> None:
    request = factories.request("transfer")
    assert f"erst seit dem {TODAY:%d.%m.%Y} erwartet" in refused(lambda: received(request, on=on))
    assert fresh(request).state == "open"
    received(request, on=TODAY)


def test_a_transfer_is_not_booked_twice_or_from_the_future() -> None:
    request = factories.request("transfer")
    assert "Zukunft" in refused(lambda: received(request, on=TODAY + timedelta(days=1)))
    received(request)
    assert "Schon gebucht" in refused(lambda: received(request, on=TODAY - timedelta(days=1)))
    assert "Schon gebucht" in refused(lambda: received(request, by=APPROVER))
    assert queries.balance(request).held_cents == 1500


@pytest.mark.parametrize("way", ["open", "withdrawn"])
def test_the_same_booking_clicked_twice_is_booked_once_and_shows_the_first(way: str) -> None:
    request = factories.request("transfer") if way == "open" else factories.withdrawn()
    with heard(payment_completed) as completed, heard(paid_without_date) as late:
        assert received(request) == received(request)
    assert len(completed + late) == 1
    assert queries.balance(request).held_cents == 1500


def test_a_transfer_after_the_end_is_paid_without_date() -> None:
    request = factories.withdrawn()
    with heard(paid_without_date) as late:
        received(request)
    assert late == [request]


def test_the_rest_of_a_wrong_amount_completes_the_payment() -> None:
    request = factories.request()
    settle(attempt(request), paid(1400))
    received(request, cents=100)
    assert (fresh(request).state, fresh(request).attention) == ("paid", "")
    assert queries.balance(request) == Balance(1500, 1500)


def test_nothing_is_taken_at_the_counter_once_enough_has_come() -> None:
    request = factories.request()
    settle(attempt(request), paid(1600))
    for take in (
        lambda: actions.take_at_counter(request_id=request.pk, means="cash", actor=CLERK, now=NOW),
        lambda: redeem(request, "A1"),
    ):
        assert "nichts mehr zu zahlen" in refused(take)
    assert not Receipt.objects.exists()
    assert not PaperCard.objects.exists()


# --- A transfer of another amount that the statement shows -------------------------------------


def as_stated(request: PaymentRequest, cents: int, *, booked: int = 1, by: Actor = TREASURY) -> PaymentRequest:
    return actions.mark_received(
        request_id=request.pk,
        received_on=TODAY,
        amount_cents=cents,
        as_stated=True,
        booked=booked,
        actor=by,
        now=NOW,
    )


def test_too_little_is_booked_keeps_the_place_and_waits_for_a_person() -> None:
    request = factories.request("transfer")
    as_stated(request, 1400)
    assert (fresh(request).state, fresh(request).attention) == ("open", "wrong_amount")
    assert (queries.balance(request), queries.still_owed_cents(fresh(request))) == (Balance(1500, 1400), 100)
    assert not actions.lapse(request_id=request.pk, now=fresh(request).lapses_at)


def test_the_rest_pays_whether_it_is_transferred_or_brought() -> None:
    transferred, brought = factories.request("transfer"), factories.request("transfer")
    for request in (transferred, brought):
        as_stated(request, 1400)
    received(transferred, cents=100)
    actions.take_at_counter(request_id=brought.pk, means="cash", actor=CLERK, now=NOW)
    assert [fresh(transferred).state, fresh(brought).state] == ["paid", "paid"]
    assert queries.balance(brought) == Balance(1500, 1500)


def test_too_little_that_ends_the_order_goes_back_by_transfer() -> None:
    request = factories.request("transfer")
    as_stated(request, 1400)
    assert actions.declare_unpaid(request_id=request.pk, actor=TREASURY, now=NOW) == 1400
    refund = RefundOrder.objects.get(request=request)
    assert (refund.amount_cents, refund.way, refund.reason) == (1400, "transfer", "wrong_amount")


def test_too_much_pays_and_what_is_too_much_goes_back() -> None:
    request = factories.request("transfer")
    with heard(payment_completed) as completed:
        as_stated(request, 2000)
    assert completed == [request]
    assert fresh(request).state == "paid"
    refund = RefundOrder.objects.get(request=request)
    assert (refund.amount_cents, refund.way, refund.reason) == (500, "transfer", "wrong_amount")


@pytest.mark.parametrize("cents", [1400, 2000])
def test_another_amount_after_the_end_goes_back_whole(cents: int) -> None:
    request = factories.withdrawn()
    as_stated(request, cents, booked=2)
    assert fresh(request).state == "withdrawn"
    assert RefundOrder.objects.get(request=request).amount_cents == cents


@pytest.mark.parametrize("cents", [1400, 2000])
def test_another_amount_clicked_twice_is_booked_once_and_what_came_meanwhile_is_looked_at_first(cents: int) -> None:
    request = factories.request("transfer")
    as_stated(request, cents)
    as_stated(request, cents)
    assert queries.balance(request).held_cents == cents
    refused(lambda: as_stated(request, cents, by=APPROVER))
    refused(lambda: as_stated(request, cents - 1, booked=9))
    assert queries.balance(request).held_cents == cents


# --- A second transfer ------------------------------------------------------------------------


def second(request: PaymentRequest, cents: int = 1500, *, booked: int, on: date = TODAY, by: Actor = TREASURY) -> None:
    actions.take_second_transfer(
        request_id=request.pk, received_on=on, amount_cents=cents, booked=booked, actor=by, now=NOW
    )


@pytest.mark.parametrize("cents", [1, 1500, 2000])
def test_a_second_transfer_is_booked_and_goes_back(cents: int) -> None:
    request = received(factories.request("transfer"))
    second(request, cents, booked=2)
    order = RefundOrder.objects.get()
    assert (order.amount_cents, order.reason, order.way) == (cents, "duplicate", "transfer")
    assert queries.balance(request) == Balance(1500, 1500 + cents)
    assert (fresh(request).state, queries.excess_cents(request)) == ("paid", 0)


@pytest.mark.parametrize("settled", [factories.paid_online, factories.paid_at_counter, late_money])
def test_whatever_settled_the_payment_a_transfer_for_it_goes_back(settled: Callable[[], PaymentRequest]) -> None:
    request = settled()
    second(request, booked=request.ledger.count())
    assert (RefundOrder.objects.get().amount_cents, RefundOrder.objects.get().way) == (1500, "transfer")
    assert fresh(request).state == request.state


def test_a_second_transfer_clicked_twice_is_booked_once_and_a_third_one_is_booked_too() -> None:
    request = received(factories.request("transfer"))
    second(request, booked=2)
    second(request, booked=2)
    assert queries.balance(request).held_cents == 3000
    second(request, booked=3)
    assert queries.balance(request).held_cents == 4500


@pytest.mark.parametrize(
    "other", [{"cents": 1400}, {"by": APPROVER}, {"on": TODAY - timedelta(days=1)}, {"booked": 0, "cents": 7}]
)
def test_a_second_transfer_is_not_booked_over_what_somebody_booked_in_between(other: dict[str, Any]) -> None:
    request = received(factories.request("transfer"))
    second(request, booked=2)
    assert "Inzwischen hat sich hier etwas geändert" in refused(lambda: second(request, **{"booked": 2} | other))
    assert queries.balance(request).held_cents == 3000


def test_a_second_transfer_needs_a_first_and_a_day_that_can_be() -> None:
    request = factories.request("transfer")
    assert "noch nicht bezahlt" in refused(lambda: second(request, booked=1))
    received(request)
    assert "Zukunft" in refused(lambda: second(request, booked=2, on=TODAY + timedelta(days=1)))
    assert "erst seit" in refused(lambda: second(request, booked=2, on=TODAY - timedelta(days=1)))


def test_a_transfer_that_makes_missing_money_good_stays() -> None:
    request = factories.request()
    tried = attempt(request)
    settle(tried, paid(1400))
    received(request, cents=100)
    settle(tried, paid(1000))
    second(request, 500, booked=request.ledger.count())
    assert RefundOrder.objects.get().amount_cents == 100
    assert fresh(request).attention == ""


# --- Paper cards ------------------------------------------------------------------------------


def test_a_paper_card_pays_for_one_card_whatever_it_cost() -> None:
    request = factories.request("counter")
    with heard(payment_completed) as completed:
        redeem(request, "a 123")
    assert completed == [request]
    assert (fresh(request).means, PaperCard.objects.get().number) == ("paper_card", "A123")


def test_a_paper_card_pays_for_all_and_a_part_that_had_come_goes_back_the_way_it_came() -> None:
    request = factories.request("transfer")
    as_stated(request, 650)
    redeem(request, "A 123")
    assert fresh(request).state == "paid"
    assert [(refund.amount_cents, refund.way) for refund in request.refund_orders.all()] == [(650, "transfer")]
    actions.withdraw(request_id=request.pk, now=NOW, actor=CLERK, reason=RefundOrder.Reason.CANCELLED)
    assert [(refund.amount_cents, refund.way) for refund in request.refund_orders.order_by("pk")] == [
        (650, "transfer"),
        (1500, "paper_card"),
    ]


def test_a_paper_card_is_redeemed_once_however_it_is_written() -> None:
    redeem(factories.request("counter"), "A 123")
    second = factories.request("counter")
    assert "schon eingelöst" in refused(lambda: redeem(second, "a123"))
    assert fresh(second).state == "open"


def test_the_same_cards_clicked_twice_are_redeemed_once_and_show_the_first() -> None:
    request = factories.request("counter")
    with heard(payment_completed) as completed:
        assert redeem(request, "A1") == redeem(request, "a 1")
    assert completed == [request]
    assert PaperCard.objects.count() == 1
    assert "nicht mehr erwartet" in refused(lambda: redeem(request, "A2"))


def test_where_no_card_is_needed_none_pays() -> None:
    request = factories.request("counter", 1400)
    assert "nicht mit Papierkarten" in refused(lambda: redeem(request))
    assert fresh(request).state == "open"


def test_two_cards_need_two_different_numbers() -> None:
    request = factories.request("counter", 3000)
    assert "2 verschiedene" in refused(lambda: redeem(request, "A1", "a 1"))
    redeem(request, "A1", "A2")
    assert fresh(request).state == "paid"


# --- People decide ----------------------------------------------------------------------------


def test_a_person_declares_unclear_money_unpaid_and_what_came_goes_back() -> None:
    request = factories.request()
    settle(attempt(request), paid(1400))
    with heard(payment_lapsed) as lapsed:
        assert actions.declare_unpaid(request_id=request.pk, actor=TREASURY, now=NOW) == 1400
    assert lapsed == [request]
    assert fresh(request).state == "withdrawn"


def test_nothing_can_be_decided_that_is_clear() -> None:
    request = factories.request()
    refused(lambda: actions.declare_unpaid(request_id=request.pk, actor=TREASURY, now=NOW))
    refused(lambda: actions.accept_overpayment(request_id=request.pk, actor=TREASURY, now=NOW))
    refused(lambda: actions.give_date(request_id=request.pk, actor=CLERK, now=NOW))


@pytest.mark.parametrize(("decide", "cents"), [(actions.declare_unpaid, 1400), (actions.accept_overpayment, 1600)])
def test_a_decision_clicked_twice_is_made_once_and_another_person_is_told(
    decide: Callable[..., object], cents: int
) -> None:
    request = factories.request()
    settle(attempt(request), paid(cents))
    decide(request_id=request.pk, actor=TREASURY, now=NOW)
    decide(request_id=request.pk, actor=TREASURY, now=NOW)
    assert RefundOrder.objects.count() == 1
    assert "Jemand anders" in refused(lambda: decide(request_id=request.pk, actor=APPROVER, now=NOW))


def test_too_much_is_accepted_and_the_rest_goes_back() -> None:
    request = factories.request()
    settle(attempt(request), paid(1600))
    with heard(payment_completed) as completed:
        actions.accept_overpayment(request_id=request.pk, actor=TREASURY, now=NOW)
    assert completed == [request]
    assert RefundOrder.objects.get().amount_cents == 100


def test_too_little_is_not_accepted_as_too_much() -> None:
    request = factories.request()
    settle(attempt(request), paid(1400))
    assert "zu wenig" in refused(lambda: actions.accept_overpayment(request_id=request.pk, actor=TREASURY, now=NOW))


def test_late_money_counts_again_when_the_payer_takes_a_new_date() -> None:
    request = late_money()
    actions.give_date(request_id=request.pk, actor=CLERK, now=NOW)
    assert fresh(request).state == "paid"
    assert queries.balance(request) == Balance(1500, 1500)


def test_late_money_goes_back_once_tells_the_service_once_and_then_no_date_is_given() -> None:
    request = late_money()
    with heard(refund_decided) as decided:
        first = actions.refund_without_date(request_id=request.pk, actor=TREASURY, now=NOW)
        assert actions.refund_without_date(request_id=request.pk, actor=TREASURY, now=NOW) == first
    assert decided == [request]
    assert not PaymentRequest.objects.without_date().exists()
    refused(lambda: actions.give_date(request_id=request.pk, actor=CLERK, now=NOW))


def test_every_action_of_a_person_names_the_person_in_the_trail() -> None:
    request = factories.paid_at_counter()
    who = Actor(kind="staff", label="Karla Kasse", user_id=11)
    entry = trail(request.reference).get(event="payment.received")
    assert (entry.actor_label, entry.actor_user_id) == (who.label, who.user_id)
