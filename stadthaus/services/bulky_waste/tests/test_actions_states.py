"""What happens to an order after it was placed: paid, lapsed, cancelled, handed over, finished – and told once."""

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from stadthaus.accounts.queries import trail
from stadthaus.base_services.collection_tours import actions as tours
from stadthaus.base_services.collection_tours import queries as tour_queries
from stadthaus.base_services.collection_tours.models import Booking, CollectionDay
from stadthaus.base_services.messages.models import Message
from stadthaus.base_services.payments import actions as payments
from stadthaus.base_services.payments.models import LedgerEntry, PaymentAttempt, PaymentRequest, Receipt, RefundOrder
from stadthaus.base_services.payments.providers import PROVIDERS
from stadthaus.base_services.payments.rules.answers import Answer
from stadthaus.base_services.payments.tests.factories import ScriptedProvider
from stadthaus.kernel.actors import CITIZEN, SYSTEM, Actor
from stadthaus.kernel.calendars import BERLIN
from stadthaus.services.bulky_waste import actions, queries
from stadthaus.services.bulky_waste.actions import TooLate
from stadthaus.services.bulky_waste.models import Draft, Order, OrderItem
from stadthaus.services.bulky_waste.rules.states import TransitionRefused
from stadthaus.services.bulky_waste.tests import factories
from stadthaus.services.bulky_waste.tests.factories import CLERK, again, full_draft, make_day, pay, submit
from stadthaus.work import actions as work

pytestmark = pytest.mark.usefixtures("town")

NOW = datetime(2026, 11, 16, 10, 0, tzinfo=BERLIN)
TUESDAY = date(2026, 12, 8)
ORDER_CUT_OFF = datetime(2026, 12, 3, 12, 0, tzinfo=BERLIN)
CANCEL_CUT_OFF = datetime(2026, 12, 7, 12, 0, tzinfo=BERLIN)
ON_THE_DAY = datetime(2026, 12, 8, 8, 0, tzinfo=BERLIN)
SECOND = timedelta(seconds=1)
PAID, FAILED = Answer("paid", 1500), Answer("failed")


@pytest.fixture
def day(town: None) -> CollectionDay:  # noqa: ARG001  the town is there first
    return make_day(TUESDAY)


def placed(day: CollectionDay, way: str = "online", now: datetime = NOW) -> Order:
    return submit(full_draft(day, now=now), now=now, way=way)


def confirmed(day: CollectionDay) -> Order:
    return pay(placed(day, "transfer"), NOW)


def handed_over(day: CollectionDay) -> Order:
    order = confirmed(day)
    actions.hand_over(day_id=day.pk, now=ORDER_CUT_OFF)
    return again(order)


def attempt(order: Order, now: datetime = NOW) -> PaymentAttempt:
    return payments.start_attempt(request_id=order.payment_id, now=now)


def settle(tried: PaymentAttempt, answer: Answer, now: datetime = NOW) -> None:
    payments.settle_attempt(attempt_id=tried.pk, answer=answer, now=now)


def cancel(order: Order, actor: Actor = CITIZEN, now: datetime = NOW) -> Order:
    actions.cancel(number=order.number, actor=actor, now=now)
    return again(order)


crew_says = partial(factories.crew_says, now=ON_THE_DAY)


def promised(order: Order) -> int:
    return sum(refund.amount_cents for refund in queries.refunds_of(order) if not refund.is_refused)


def told(order: Order) -> Counter[str]:
    """How often each message about the order was queued."""
    templates = Message.objects.filter(about=order.reference).values_list("template", flat=True)
    return Counter(template.removeprefix("bulky_waste.") for template in templates)


def free(day: CollectionDay) -> tuple[int, int]:
    day.refresh_from_db()
    assert not tour_queries.imbalanced_days().exists()
    return (day.booked_litres, day.booked_stops)


# Scenarios 8 and 10: the payment comes


def test_a_paid_order_is_confirmed_and_told_once(day: CollectionDay) -> None:
    order = confirmed(day)
    assert (order.state, order.confirmed_at) == ("confirmed", NOW)
    assert told(order) == {"order_received": 1, "order_confirmed": 1}


def test_ten_confirmations_are_one_payment_and_one_message(day: CollectionDay) -> None:
    order = placed(day)
    tried = attempt(order)
    for second in range(10):
        settle(tried, PAID, NOW + second * SECOND)
    assert LedgerEntry.objects.filter(kind="payment").count() == 1
    assert RefundOrder.objects.count() == 0
    assert told(order)["order_confirmed"] == 1
    assert again(order).confirmed_at == NOW


def test_ten_times_paid_at_the_counter_is_one_receipt(day: CollectionDay) -> None:
    order = placed(day, "counter")
    for _ in range(10):
        payments.take_at_counter(request_id=order.payment_id, means="cash", actor=CLERK, now=NOW)
    assert Receipt.objects.count() == 1
    assert told(again(order)) == {"order_received": 1, "order_confirmed": 1}


def test_failed_and_an_hour_later_paid_is_confirmed(day: CollectionDay) -> None:
    order = placed(day)
    tried = attempt(order)
    settle(tried, FAILED)
    assert again(order).state == "placed"
    settle(tried, PAID, NOW + timedelta(minutes=25))
    assert again(order).state == "confirmed"
    assert told(order)["order_confirmed"] == 1


def test_two_payment_pages_paid_are_one_order_and_one_refund(day: CollectionDay) -> None:
    order = placed(day)
    for tried in [attempt(order), attempt(order)]:
        settle(tried, PAID)
    assert again(order).state == "confirmed"
    assert RefundOrder.objects.get().amount_cents == 1500
    assert told(order)["order_confirmed"] == 1


# Scenarios 11 and 30: the payment does not come, or comes late


def test_an_unpaid_order_lapses_at_its_time_and_its_place_is_free(day: CollectionDay) -> None:
    order = placed(day)
    work.run_due(order.payment.lapses_at - SECOND)
    assert again(order).state == "placed"
    work.run_due(order.payment.lapses_at)
    assert again(order).state == "lapsed"
    assert free(day) == (0, 0)
    assert told(order)["order_lapsed"] == 1


def test_lapsing_twice_changes_nothing(day: CollectionDay) -> None:
    order = placed(day)
    for _ in range(3):
        actions.lapse(number=order.number, now=order.payment.pay_by)
    assert told(order)["order_lapsed"] == 1
    assert free(day) == (0, 0)


def test_money_after_the_lapse_never_revives_the_order(day: CollectionDay) -> None:
    order = placed(day)
    tried = attempt(order)
    settle(tried, FAILED, order.payment.pay_by)
    payments.lapse(request_id=order.payment_id, now=order.payment.pay_by)
    settle(tried, PAID, order.payment.pay_by + timedelta(hours=1))
    after = again(order)
    assert (after.state, after.payment.state) == ("lapsed", "paid_without_date")
    assert free(day) == (0, 0)
    assert told(order) == {"order_received": 1, "order_lapsed": 1, "late_money": 1}


@pytest.mark.parametrize("answers", [(PAID,), (FAILED, PAID), (PAID, PAID, PAID)])
def test_money_after_cancelling_never_revives_the_order(day: CollectionDay, answers: tuple[Answer, ...]) -> None:
    order = placed(day)
    tried = attempt(order)
    cancel(order)
    for answer in answers:
        settle(tried, answer, NOW + timedelta(minutes=5))
    after = again(order)
    assert (after.state, after.payment.state) == ("cancelled", "paid_without_date")
    assert free(day) == (0, 0)
    assert told(order) == {"order_received": 1, "order_cancelled": 1, "late_money": 1}


def test_a_transfer_after_the_lapse_waits_for_somebody_to_decide(day: CollectionDay) -> None:
    order = placed(day, "transfer")
    work.run_due(order.payment.lapses_at)
    assert again(order).state == "lapsed"
    order = pay(order, order.payment.lapses_at + timedelta(days=2))
    assert (order.state, order.payment.state) == ("lapsed", "paid_without_date")
    assert PaymentRequest.objects.without_date().get() == order.payment


def test_while_the_provider_is_silent_the_place_stays(day: CollectionDay, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PROVIDERS, "demo", ScriptedProvider(None))
    order = placed(day)
    attempt(order)
    for minutes in (30, 45, 120, 600):
        work.run_due(NOW + timedelta(minutes=minutes))
    assert again(order).state == "placed"
    assert free(day) == (1700, 1)
    assert again(order).payment.is_uncertain
    assert told(order) == {"order_received": 1}


def test_a_provider_silent_to_the_end_leaves_the_decision_to_a_person(
    day: CollectionDay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(PROVIDERS, "demo", ScriptedProvider(None))
    order = placed(day)
    attempt(order)
    work.run_due(NOW + timedelta(minutes=30))
    work.run_due(order.payment.ask_until + timedelta(minutes=1))
    assert again(order).payment.attention == "no_answer"
    assert (again(order).state, free(day)) == ("placed", (1700, 1))
    payments.declare_unpaid(request_id=order.payment_id, actor=CLERK, now=order.payment.ask_until)
    assert (again(order).state, free(day)) == ("lapsed", (0, 0))


def test_a_provider_that_answers_again_confirms_the_order(day: CollectionDay, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PROVIDERS, "demo", ScriptedProvider(None, None, PAID))
    order = placed(day)
    attempt(order)
    for minutes in (2, 30, 60, 120):
        work.run_due(NOW + timedelta(minutes=minutes))
    assert again(order).state == "confirmed"


def test_an_open_payment_is_reminded_of_once(day: CollectionDay) -> None:
    order = placed(day, "transfer")
    for hours in range(0, 7 * 24, 6):
        work.run_due(NOW + timedelta(hours=hours))
    assert told(order) == {"order_received": 1, "payment_reminder": 1}


def test_a_paid_order_is_not_reminded(day: CollectionDay) -> None:
    order = confirmed(day)
    work.run_due(ORDER_CUT_OFF - SECOND)
    assert told(order) == {"order_received": 1, "order_confirmed": 1}


def test_who_pays_online_is_not_reminded(day: CollectionDay) -> None:
    order = placed(day)
    work.run_due(order.payment.lapses_at)
    assert "payment_reminder" not in told(order)


# Scenario 7: cancelling


def test_cancelling_gives_the_place_back(day: CollectionDay) -> None:
    order = placed(day)
    assert free(day) == (1700, 1)
    assert cancel(order).state == "cancelled"
    assert free(day) == (0, 0)


def test_cancelling_twice_gives_back_once(day: CollectionDay) -> None:
    other, order = placed(day), placed(day)
    for _ in range(3):
        cancel(order)
    assert free(day) == (1700, 1)
    assert told(order)["order_cancelled"] == 1
    assert again(other).state == "placed"


@pytest.mark.usefixtures("town")
def test_the_place_given_back_can_be_sold_again() -> None:
    tight = make_day(TUESDAY, litres=1700)
    order = placed(tight)
    with pytest.raises(tours.DayIsFull):
        full_draft(tight, now=NOW)
    cancel(order)
    assert placed(tight).state == "placed"


@pytest.mark.parametrize("make", [placed, confirmed, handed_over])
def test_citizens_may_cancel_until_the_last_second(day: CollectionDay, make: Callable[[CollectionDay], Order]) -> None:
    order = make(day)
    with pytest.raises(TooLate):
        cancel(order, now=CANCEL_CUT_OFF)
    assert again(order).state == order.state
    assert free(day) == (1700, 1)
    assert cancel(order, now=CANCEL_CUT_OFF - SECOND).state == "cancelled"


def test_the_office_may_cancel_after_the_cut_off(day: CollectionDay) -> None:
    assert cancel(handed_over(day), CLERK, ON_THE_DAY).state == "cancelled"
    assert free(day) == (0, 0)


def test_cancelling_a_paid_order_in_time_orders_the_refund_once(day: CollectionDay) -> None:
    order = confirmed(day)
    for _ in range(3):
        cancel(order)
    refund = RefundOrder.objects.get()
    assert (refund.amount_cents, refund.request_id, refund.way) == (1500, order.payment_id, "transfer")
    assert promised(again(order)) == 1500


def test_cancelling_a_paid_order_too_late_refunds_nothing(day: CollectionDay) -> None:
    order = cancel(confirmed(day), CLERK, CANCEL_CUT_OFF)
    assert order.state == "cancelled"
    assert RefundOrder.objects.count() == 0
    assert promised(order) == 0


def test_the_office_may_give_the_fee_back_although_it_is_too_late_and_somebody_else_approves(
    day: CollectionDay,
) -> None:
    order = confirmed(day)
    actions.cancel(number=order.number, actor=CLERK, now=ON_THE_DAY, reason="Wagen defekt", refund=True)
    refund = RefundOrder.objects.get()
    assert (refund.amount_cents, refund.state) == (1500, RefundOrder.State.OPEN)
    assert promised(again(order)) == 1500
    assert "Storniert, Platz ist wieder frei: Wagen defekt" in [line.words for line in queries.history(order)]


def test_what_was_promised_goes_back_also_if_the_office_does_not_ask_for_it(day: CollectionDay) -> None:
    order = confirmed(day)
    actions.cancel(number=order.number, actor=CLERK, now=CANCEL_CUT_OFF - SECOND, refund=False)
    assert RefundOrder.objects.get().amount_cents == 1500


def test_cancelling_an_unpaid_order_costs_nothing_and_refunds_nothing(day: CollectionDay) -> None:
    order = cancel(placed(day))
    assert order.payment.state == "withdrawn"
    assert RefundOrder.objects.count() == 0


def test_what_has_lapsed_cannot_be_cancelled(day: CollectionDay) -> None:
    order = placed(day)
    payments.lapse(request_id=order.payment_id, now=order.payment.lapses_at)
    with pytest.raises(TransitionRefused):
        cancel(order, CLERK)
    assert again(order).state == "lapsed"
    assert told(order) == {"order_received": 1, "order_lapsed": 1}


def test_what_the_crew_has_finished_cannot_be_cancelled(day: CollectionDay) -> None:
    order = crew_says(handed_over(day), "collected")
    with pytest.raises(TransitionRefused):
        cancel(order, CLERK, ON_THE_DAY)
    assert RefundOrder.objects.count() == 0


# The contractor and the crew


def test_at_the_cut_off_confirmed_orders_are_the_contractors(day: CollectionDay) -> None:
    paid, unpaid = confirmed(day), placed(day, "transfer")
    other_day = confirmed(make_day(date(2026, 12, 15)))
    work.schedule(kind="bulky_waste.hand_over", key="regular", due_at=ORDER_CUT_OFF - SECOND)
    work.run_due(ORDER_CUT_OFF - SECOND)
    assert again(paid).state == "confirmed"
    work.schedule(kind="bulky_waste.hand_over", key="regular", due_at=ORDER_CUT_OFF)
    work.run_due(ORDER_CUT_OFF)
    assert (again(paid).state, again(paid).handed_over_at) == ("handed_over", ORDER_CUT_OFF)
    assert again(unpaid).state == "lapsed"
    assert again(other_day).state == "confirmed"


def test_handing_over_twice_changes_nothing_and_tells_nobody(day: CollectionDay) -> None:
    order = handed_over(day)
    assert actions.hand_over(day_id=day.pk, now=ON_THE_DAY) == 0
    assert again(order).handed_over_at == ORDER_CUT_OFF
    assert told(order) == {"order_received": 1, "order_confirmed": 1}


def test_a_result_after_the_cut_off_finishes_an_order_not_yet_handed_over(day: CollectionDay) -> None:
    order = crew_says(confirmed(day), "collected")
    assert (order.state, order.handed_over_at) == ("collected", ON_THE_DAY)


def test_a_result_for_an_order_nobody_paid_is_refused(day: CollectionDay) -> None:
    order = placed(day, "transfer")
    with pytest.raises(TransitionRefused):
        crew_says(order, "collected")
    assert again(order).state == "placed"
    assert tour_queries.result_of(order.reference) is None


def test_a_cancelled_order_gets_no_result(day: CollectionDay) -> None:
    order = cancel(handed_over(day), CLERK, ON_THE_DAY)
    with pytest.raises(tours.NoSuchStop):
        crew_says(order, "collected")


# Telling and explaining


def test_each_state_change_tells_at_most_once(day: CollectionDay) -> None:
    order = placed(day, "transfer")
    pay(order, NOW)
    work.run_due(ORDER_CUT_OFF)
    crew_says(again(order), "collected")
    work.run_due(ON_THE_DAY + timedelta(hours=1))
    assert told(order) == {"order_received": 1, "order_confirmed": 1, "order_result": 1}


def test_the_trail_explains_the_whole_life_of_an_order(day: CollectionDay) -> None:
    order = placed(day, "transfer")
    pay(order, NOW)
    work.run_due(ORDER_CUT_OFF)
    crew_says(again(order), "not_collected", "not_there")
    events = [entry.event for entry in trail(order.reference)]
    milestones = ["order.placed", "payment.received", "order.confirmed", "order.handed_over", "order.not_collected"]
    assert sorted(set(events)) == sorted([*milestones, "payment.requested", "stop.finished"])
    assert [events.index(event) for event in milestones if event != "payment.received"] == sorted(
        events.index(event) for event in milestones if event != "payment.received"
    )


def test_the_trail_names_who_did_it(day: CollectionDay) -> None:
    order = cancel(confirmed(day), CLERK)
    who = {entry.event: entry.actor_label for entry in trail(order.reference)}
    assert who["order.placed"] == CITIZEN.label
    assert who["payment.received"] == CLERK.label
    assert who["order.confirmed"] == SYSTEM.label
    assert who["order.cancelled"] == CLERK.label


def test_the_history_is_told_in_german_words(day: CollectionDay) -> None:
    order = confirmed(day)
    cancel(order)
    other = crew_says(handed_over(make_day(date(2026, 12, 15))), "collected", now=ON_THE_DAY + timedelta(days=7))
    words = [line.words for one in (order, other) for line in queries.history(one)]
    assert words
    assert not [word for word in words if "." in word or "_" in word or not word]


def test_the_history_begins_with_the_order(day: CollectionDay) -> None:
    words = [line.words for line in queries.history(placed(day))]
    assert words == ["Bestellt", "Zahlung angefordert"]


def test_places_are_counted_once_whatever_happens(day: CollectionDay) -> None:
    cancelled, lapsed, paid = placed(day), placed(day), placed(day)
    cancel(cancelled)
    payments.lapse(request_id=lapsed.payment_id, now=lapsed.payment.lapses_at)
    settle(attempt(paid), PAID)
    assert free(day) == (1700, 1)
    assert Booking.objects.live().get().reference == paid.reference


# What the database refuses by itself


def test_nobody_has_a_card_without_having_been_confirmed(day: CollectionDay) -> None:
    submit(full_draft(day, now=NOW), now=NOW)
    with pytest.raises(IntegrityError, match="order_confirmed_has_its_time"), transaction.atomic():
        Order.objects.update(state="confirmed")


@pytest.mark.parametrize("number", ["abc", "12345678", "012345678", "12345678x", "1234567890"])
def test_an_order_number_has_nine_digits(day: CollectionDay, number: str) -> None:
    submit(full_draft(day, now=NOW), now=NOW)
    Draft.objects.all().delete()  # it would refuse another number itself
    with pytest.raises(DatabaseError), transaction.atomic():  # PostgreSQL cannot even read some of them
        Order.objects.update(number=number)
    Order.objects.update(number="123456789")


def test_a_thing_ordered_has_a_volume(day: CollectionDay) -> None:
    submit(full_draft(day, now=NOW), now=NOW)
    with pytest.raises(IntegrityError, match="order_item_has_volume"), transaction.atomic():
        OrderItem.objects.update(litres_each=0)
