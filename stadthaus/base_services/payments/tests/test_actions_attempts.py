from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from pytest_django.fixtures import Settings

from stadthaus.accounts.queries import trail
from stadthaus.base_services.payments import actions, queries
from stadthaus.base_services.payments.models import LedgerEntry, PaymentAttempt, RefundOrder
from stadthaus.base_services.payments.rules.answers import FIRST_ASK, Answer, AnswerState
from stadthaus.base_services.payments.rules.ledger import Balance
from stadthaus.base_services.payments.signals import paid_without_date, payment_completed
from stadthaus.base_services.payments.tests import factories
from stadthaus.base_services.payments.tests.factories import (
    NOW,
    TREASURY,
    attempt,
    fresh,
    heard,
    paid,
    refused,
    settle,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]


def test_a_confirmed_attempt_pays_the_request_and_tells_the_service_once() -> None:
    request = factories.request()
    tried = attempt(request)
    with heard(payment_completed) as completed:
        settle(tried, paid())
        settle(tried, paid())
    assert completed == [request]
    assert fresh(request).state == "paid"
    assert queries.balance(request) == Balance(1500, 1500)


def test_a_second_confirmation_changes_nothing() -> None:
    request = factories.request()
    tried = attempt(request)
    settle(tried, paid())
    before = (LedgerEntry.objects.count(), trail(request.reference).count(), PaymentAttempt.objects.values().get())
    settle(tried, paid(), NOW + timedelta(minutes=5))
    settle(tried, Answer("failed"), NOW + timedelta(minutes=6))
    after = (LedgerEntry.objects.count(), trail(request.reference).count(), PaymentAttempt.objects.values().get())
    assert before == after


def test_failed_may_become_paid_later() -> None:
    request = factories.request()
    tried = attempt(request)
    settle(tried, Answer("failed"))
    assert fresh(request).state == "open"
    with heard(payment_completed) as completed:
        settle(tried, paid(), NOW + timedelta(minutes=20))
    assert completed == [request]
    assert fresh(request).state == "paid"


@pytest.mark.parametrize(("answer", "event"), [("failed", "attempt_failed"), ("cancelled", "attempt_cancelled")])
def test_a_try_that_brought_no_money_stands_in_the_trail_once(answer: AnswerState, event: str) -> None:
    payment = factories.request()
    tried = attempt(payment)
    for _ in range(2):
        settle(tried, Answer(answer))
    settle(tried, paid())
    events = [entry.event.removeprefix("payment.") for entry in trail(payment.reference)]
    assert events == ["requested", "attempt_started", event, "received"]


def test_each_attempt_is_its_own_row() -> None:
    request = factories.request()
    first, second = attempt(request), attempt(request)
    settle(first, Answer("cancelled"))
    states = PaymentAttempt.objects.values_list("pk", "state")
    assert set(states) == {(first.pk, "cancelled"), (second.pk, "initial")}


def test_two_attempts_both_paid_pay_once_and_order_one_refund() -> None:
    request = factories.request()
    first, second = attempt(request), attempt(request)
    with heard(payment_completed) as completed:
        settle(first, paid())
        settle(second, paid())
        settle(second, paid())
    assert completed == [request]
    order = RefundOrder.objects.get()
    assert (order.attempt, order.amount_cents, order.reason, order.way) == (second, 1500, "duplicate", "online")
    assert fresh(request).state == "paid"
    assert list(PaymentAttempt.objects.filter(effective=True)) == [first]
    assert queries.balance(request) == Balance(1500, 3000)


def test_the_database_lets_only_one_attempt_be_effective() -> None:
    request = factories.request()
    first, second = attempt(request), attempt(request)
    settle(first, paid())
    settle(second, paid())
    with pytest.raises(IntegrityError), transaction.atomic():
        PaymentAttempt.objects.filter(pk=second.pk).update(effective=True)


@pytest.mark.parametrize("end", ["lapsed", "withdrawn"])
def test_money_after_the_end_is_paid_without_date_and_never_revives_the_request(end: str) -> None:
    request = factories.request()
    tried = attempt(request)
    settle(tried, Answer("failed"), request.pay_by)
    if end == "lapsed":
        assert actions.lapse(request_id=request.pk, now=request.pay_by)
    else:
        actions.withdraw(request_id=request.pk, now=NOW)
    with heard(payment_completed) as completed, heard(paid_without_date) as late:
        settle(tried, paid(), NOW + timedelta(hours=1))
        settle(tried, paid(), NOW + timedelta(hours=2))
    assert (completed, late) == ([], [request])
    assert fresh(request).state == "paid_without_date"


@pytest.mark.parametrize("cents", [1400, 1600, 1])
def test_a_wrong_amount_is_booked_but_does_not_pay(cents: int) -> None:
    request = factories.request()
    tried = attempt(request)
    with heard(payment_completed) as completed:
        settle(tried, paid(cents))
        settle(tried, paid(cents))
    assert completed == []
    assert (fresh(request).state, fresh(request).attention) == ("open", "wrong_amount")
    assert queries.balance(request) == Balance(1500, cents)
    assert fresh(request).is_uncertain


def test_a_request_with_a_wrong_amount_does_not_lapse() -> None:
    request = factories.request()
    settle(attempt(request), paid(1400), request.pay_by)
    assert not actions.lapse(request_id=request.pk, now=request.pay_by + timedelta(days=2))


def test_a_wrong_amount_that_is_completed_by_a_second_attempt_gives_the_rest_back() -> None:
    request = factories.request()
    settle(attempt(request), paid(1400))
    settle(attempt(request), paid(1500))
    assert (fresh(request).state, fresh(request).attention) == ("paid", "")
    order = RefundOrder.objects.get()
    assert (order.amount_cents, order.reason) == (1400, "wrong_amount")


@pytest.mark.parametrize("answer", [Answer("unknown"), Answer("pending"), Answer("paid", 0), Answer("paid", -1500)])
def test_no_usable_answer_changes_nothing_and_leaves_the_truth_open(answer: Answer) -> None:
    request = factories.request()
    settle(attempt(request), answer)
    assert fresh(request).state == "open"
    assert fresh(request).is_uncertain
    assert PaymentAttempt.objects.get().last_answer in {"unknown", "pending"}, "neither paid nor another amount"
    assert queries.balance(request) == Balance(1500, 0)


def test_an_answer_about_another_payment_is_no_answer() -> None:
    first, second = attempt(factories.request()), attempt(factories.request())
    actions.note_provider_ref(attempt_id=first.pk, provider_ref="one")
    settle(first, paid(1500, "two"))
    settle(second, paid(1500, "one"))
    assert not PaymentAttempt.objects.filter(state="paid").exists()
    assert set(PaymentAttempt.objects.values_list("last_answer", flat=True)) == {"unknown"}


def test_who_was_sent_to_pay_is_uncertain_before_anybody_has_asked() -> None:
    request = factories.request()
    actions.note_provider_ref(attempt_id=attempt(request).pk, provider_ref="ref")
    assert request.is_uncertain
    assert queries.asked_again_at(request) == NOW + FIRST_ASK


def test_a_payment_page_that_never_opened_leaves_nothing_uncertain() -> None:
    request = factories.request()
    attempt(request)
    assert not request.is_uncertain


def test_it_is_told_when_the_provider_is_asked_next_and_nothing_once_a_person_decides() -> None:
    request = factories.request()
    tried = attempt(request)
    settle(tried, Answer("unknown"), NOW + FIRST_ASK)
    actions.ask_later(attempt_id=tried.pk, now=NOW + FIRST_ASK)
    assert queries.asked_again_at(request) == NOW + 3 * FIRST_ASK
    settle(tried, paid(1400))
    assert queries.asked_again_at(fresh(request)) is None


def test_what_a_person_has_found_unpaid_is_not_asked_of_a_person_again() -> None:
    request = factories.request()
    tried = attempt(request)
    settle(tried, Answer("unknown"))
    actions.ask_later(attempt_id=tried.pk, now=request.ask_until)
    assert fresh(request).attention == "no_answer"
    actions.declare_unpaid(request_id=request.pk, actor=TREASURY, now=request.ask_until)
    actions.ask_later(attempt_id=tried.pk, now=request.ask_until)
    assert fresh(request).attention == ""


def test_paying_begins_only_while_the_request_is_open_and_in_time_and_online() -> None:
    assert "nichts mehr zu bezahlen" in refused(lambda: attempt(factories.paid_online()))
    late = factories.request()
    assert "vorbei" in refused(lambda: attempt(late, late.pay_by))
    assert "anderen Zahlungsweg" in refused(lambda: attempt(factories.request("transfer")))


def test_too_late_and_uncertain_it_is_not_said_that_nothing_was_paid() -> None:
    request = factories.request()
    settle(attempt(request), Answer("pending"))
    said = refused(lambda: attempt(request, request.pay_by))
    assert "bezahlt haben Sie nichts" not in said
    assert "Bitte bezahlen Sie nicht noch einmal" in said


def test_outside_demo_mode_there_is_no_demo_provider(settings: Settings) -> None:
    request = factories.request()
    settings.DEMO = False
    settings.PAYMENT_PROVIDER = "demo"
    assert queries.online_provider() is None
    assert "anderen Zahlungsweg" in refused(lambda: attempt(request))
