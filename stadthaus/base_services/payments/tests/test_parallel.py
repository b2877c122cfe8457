"""The same thing at the same moment: real threads, each with a database connection of its own."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from threading import Barrier
from typing import Any, TypeVar

import pytest
from django.db import IntegrityError, connection, connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from stadthaus.accounts.queries import trail
from stadthaus.base_services.payments import actions, queries
from stadthaus.base_services.payments.actions import receiving
from stadthaus.base_services.payments.models import LedgerEntry, PaymentAttempt, PaymentRequest, Receipt, RefundOrder
from stadthaus.base_services.payments.rules.answers import Answer
from stadthaus.base_services.payments.rules.ledger import Balance
from stadthaus.base_services.payments.signals import payment_completed
from stadthaus.base_services.payments.tests import factories
from stadthaus.base_services.payments.tests.factories import APPROVER, CLERK, NOW, TREASURY, heard, paid
from stadthaus.kernel.actors import Actor
from stadthaus.kernel.calendars import day_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("town")]

T = TypeVar("T")
PEOPLE = 10


@pytest.fixture(autouse=True)
def _shared_database(town: None, tmp_path: Path) -> Iterator[None]:  # noqa: ARG001  the town is copied along
    """On SQLite the test's database is in memory, where threads cannot queue: give them a copy in a file."""
    if connection.vendor != "sqlite":
        yield
        return
    in_memory, file = connection.settings_dict["NAME"], tmp_path / "shared.sqlite3"
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(file)])
    connection.settings_dict["NAME"] = str(file)
    # As in production the file is in WAL mode before the crowd comes, and somebody keeps it open.
    with closing(sqlite3.connect(file)) as keeper:
        keeper.execute("PRAGMA journal_mode=WAL")
        yield
    connection.settings_dict["NAME"] = in_memory


def together(*calls: Callable[[], T]) -> list[T | Exception]:
    """Make all calls at the same moment; what each returned or raised."""
    start = Barrier(len(calls))

    def one(call: Callable[[], T]) -> T | Exception:
        start.wait(60)
        try:
            return call()
        except (actions.PaymentRefused, IntegrityError) as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(one, calls))


def alone(call: Callable[[], T]) -> T:
    """Do one thing in the database that the threads share."""
    [answer] = together(call)
    assert not isinstance(answer, Exception)
    return answer


def begin(way: str = "online", tries: int = 1) -> tuple[PaymentRequest, list[PaymentAttempt]]:
    request = factories.request(way)
    return request, [factories.attempt(request) for _ in range(tries if way == "online" else 0)]


def take(request: PaymentRequest) -> Receipt:
    return actions.take_at_counter(request_id=request.pk, means="cash", actor=CLERK, now=NOW)


@dataclass(frozen=True)
class Click:
    """A button on a page of the office that moves money, and what pressing it writes into the trail."""

    actor: Actor
    name: str
    key: str | int
    reference: str
    event: str
    data: Mapping[str, str] = field(default_factory=dict)

    def press(self, browser: Client) -> int:
        return browser.post(reverse(f"payments:{self.name}", args=[self.key]), self.data).status_code


def signed_in(actor: Actor) -> Client:
    browser = Client()
    browser.force_login(factories.user(actor))
    return browser


def state(request: PaymentRequest) -> str:
    return alone(lambda: PaymentRequest.objects.get(pk=request.pk)).state


def test_ten_confirmations_at_once_pay_once_and_tell_the_service_once() -> None:
    request, [tried] = alone(begin)
    with heard(payment_completed) as completed:
        together(*[partial(factories.settle, tried, paid())] * PEOPLE)
    assert completed == [request]
    assert alone(LedgerEntry.objects.filter(kind="payment").count) == 1
    assert alone(RefundOrder.objects.count) == 0


def test_two_attempts_confirmed_at_once_pay_once_and_refund_once() -> None:
    request, tries = alone(partial(begin, tries=2))
    with heard(payment_completed) as completed:
        together(*[partial(factories.settle, tried, paid()) for tried in tries * 5])
    assert completed == [request]
    assert alone(RefundOrder.objects.count) == 1


def test_ten_clerks_at_once_issue_one_receipt() -> None:
    request, _ = alone(partial(begin, "counter"))
    receipts = together(*[partial(take, request)] * PEOPLE)
    assert len(set(receipts)) == 1
    assert alone(Receipt.objects.count) == 1


def test_receipts_issued_at_once_are_numbered_without_gap() -> None:
    requests = [alone(partial(begin, "counter"))[0] for _ in range(PEOPLE)]
    together(*[partial(take, request) for request in requests])
    numbers = alone(lambda: sorted(Receipt.objects.values_list("number", flat=True)))
    assert numbers == list(range(1, PEOPLE + 1))


def test_requests_made_at_once_have_different_kassenzeichen() -> None:
    requests = together(*[factories.request] * PEOPLE)
    assert len({str(request) for request in requests}) == PEOPLE


@pytest.mark.parametrize("end", ["lapse", "withdraw"])
def test_confirmation_against_the_end_never_loses_the_money(end: str) -> None:
    for _ in range(4):
        request, [tried] = alone(begin)
        alone(partial(factories.settle, tried, Answer("failed"), request.pay_by))
        action = partial(getattr(actions, end), request_id=request.pk, now=request.pay_by)
        together(partial(factories.settle, tried, paid()), action)
        refunds = alone(RefundOrder.objects.filter(request=request).count)
        assert (state(request), refunds) in {("paid", 0), ("paid", 1), ("paid_without_date", 0)}
        assert alone(partial(queries.balance, request)).held_cents == 1500


def test_withdrawing_ten_times_at_once_orders_one_refund() -> None:
    request = alone(factories.paid_online)
    together(*[partial(actions.withdraw, request_id=request.pk, now=NOW)] * PEOPLE)
    assert alone(RefundOrder.objects.count) == 1
    assert alone(partial(queries.balance, request)) == Balance(0, 1500)


def test_one_paper_card_at_four_counters_pays_once() -> None:
    requests = [alone(partial(begin, "counter"))[0] for _ in range(4)]
    redeem = partial(actions.redeem_paper_card, numbers=["A1"], cards_needed=1, actor=CLERK, now=NOW)
    outcomes = together(*[partial(redeem, request_id=request.pk) for request in requests])
    assert sum(isinstance(outcome, actions.PaymentRefused) for outcome in outcomes) == len(requests) - 1
    assert sorted(state(request) for request in requests) == ["open", "open", "open", "paid"]


def a_transfer() -> Click:
    request = factories.request("transfer")
    data = {"received_on": f"{day_of(timezone.now()):%d.%m.%Y}", "amount_cents": "15,00", "booked": "1"}
    return Click(TREASURY, "mark_received", request.public_id, request.reference, "received", data)


def a_second_transfer() -> Click:
    first = a_transfer()
    request = PaymentRequest.objects.get(public_id=first.key)
    factories.received(request)
    return Click(
        TREASURY, "take_second_transfer", first.key, first.reference, "paid_again", {**first.data, "booked": "2"}
    )


def cash() -> Click:
    request = factories.request("counter")
    return Click(CLERK, "take_at_counter", request.public_id, request.reference, "received", {"means": "cash"})


def a_paper_card() -> Click:
    request = factories.request("counter")
    return Click(CLERK, "redeem_paper_card", request.public_id, request.reference, "received", {"card_1": "A1"})


def a_waiver_to_ask_for() -> Click:
    request = factories.request("counter")
    ground = {"ground": "Härtefall"}
    return Click(CLERK, "request_waiver", request.public_id, request.reference, "waiver_requested", ground)


def a_waiver_to_approve() -> Click:
    request = factories.request("counter")
    waiver = actions.request_waiver(request_id=request.pk, ground="Härtefall", actor=CLERK, now=NOW)
    return Click(APPROVER, "approve_waiver", waiver.pk, request.reference, "waived")


def a_refund_to_approve() -> Click:
    request = factories.paid_at_counter()
    actions.withdraw(request_id=request.pk, now=NOW)
    order = request.refund_orders.get()
    seen = {"seen": order.fingerprint}
    return Click(APPROVER, "approve_refund", order.pk, request.reference, "refund_approved", seen)


def a_refund_to_hand_out() -> Click:
    approved = a_refund_to_approve()
    actions.approve_refund(order_id=int(approved.key), **approved.data, actor=APPROVER, now=NOW)
    return Click(CLERK, "hand_out", approved.key, approved.reference, "refunded")


def late_money_to_refund() -> Click:
    request = factories.late_money()
    return Click(TREASURY, "refund_without_date", request.public_id, request.reference, "refund_ordered")


def too_much_money() -> Click:
    request = factories.request()
    factories.settle(factories.attempt(request), paid(1600))
    return Click(TREASURY, "accept_overpayment", request.public_id, request.reference, "overpayment_accepted")


@pytest.mark.parametrize(
    "begun",
    [
        a_transfer,
        a_second_transfer,
        cash,
        a_paper_card,
        a_waiver_to_ask_for,
        a_waiver_to_approve,
        a_refund_to_approve,
        a_refund_to_hand_out,
        late_money_to_refund,
        too_much_money,
    ],
)
def test_a_button_pressed_four_times_at_once_does_it_once_and_always_shows_the_result(
    begun: Callable[[], Click],
) -> None:
    click = alone(begun)
    browsers = [alone(partial(signed_in, click.actor)) for _ in range(4)]
    with factories.paper_cards(1):
        answers = together(*[partial(click.press, browser) for browser in browsers])
    assert answers == [302] * 4
    assert alone(trail(click.reference).filter(event=f"payment.{click.event}").count) == 1
    assert alone(Receipt.objects.filter(amount_cents__gt=0).count) <= 1


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite lets one writer in at a time by itself")
def test_without_the_lock_two_clerks_collide_so_these_tests_can_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    request, _ = alone(partial(begin, "counter"))
    both_have_looked = Barrier(2)

    write = receiving.issue_receipt

    def write_once_both_have_looked(*given: Any, **named: Any) -> Any:
        both_have_looked.wait(60)
        return write(*given, **named)

    monkeypatch.setattr(receiving, "lock", lambda *, request_id: PaymentRequest.objects.get(pk=request_id))
    monkeypatch.setattr(receiving, "issue_receipt", write_once_both_have_looked)
    answers = together(*[partial(take, request)] * 2)
    assert sum(isinstance(answer, IntegrityError) for answer in answers) == 1, "the database is the last guard"
