from datetime import timedelta
from importlib import import_module

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from stadthaus.accounts.queries import trail
from stadthaus.base_services.payments import actions, queries
from stadthaus.base_services.payments.models import AppendOnlyError, LedgerEntry, PaymentRequest, RefundOrder
from stadthaus.base_services.payments.rules import kassenzeichen
from stadthaus.base_services.payments.rules.answers import Answer
from stadthaus.base_services.payments.rules.ledger import Balance
from stadthaus.base_services.payments.signals import payment_lapsed
from stadthaus.base_services.payments.tests import factories
from stadthaus.base_services.payments.tests.factories import CLERK, NOW, attempt, fresh, heard, paid, refused, settle
from stadthaus.town import queries as town_queries
from stadthaus.work.models import Job

books = import_module("stadthaus.base_services.payments.migrations.0004_books_are_kept_for_good")
_CHANGE = {"UPDATE": "UPDATE {} SET amount_cents = 1", "DELETE": "DELETE FROM {}"}

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]

# --- Asking for money -------------------------------------------------------------------------


def test_a_request_has_a_kassenzeichen_a_claim_a_deadline_and_a_trail() -> None:
    request = factories.request()
    assert kassenzeichen.read(request.kassenzeichen) == request.kassenzeichen == fresh(request).kassenzeichen
    assert queries.balance(request) == Balance(1500, 0)
    assert Job.objects.get(kind="payments.lapse", key=str(request.pk)).due_at == request.pay_by
    assert [entry.event for entry in trail(request.reference)] == ["payment.requested"]


def test_asking_for_money_costs_five_statements() -> None:
    town = town_queries.current()
    with (
        transaction.atomic(),
        CaptureQueriesContext(
            connection,
        ) as captured,
    ):
        factories.request(town=town)
    statements = [query["sql"] for query in captured if "SAVEPOINT" not in query["sql"]]
    assert len(statements) == 5, statements


def test_nothing_is_asked_for_over_no_money() -> None:
    assert "null Euro" in refused(lambda: factories.request(amount_cents=0))


def test_the_same_reference_cannot_be_asked_twice() -> None:
    request = factories.request()
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.request(reference=request.reference)


def test_the_database_refuses_a_negative_amount_and_an_unknown_state() -> None:
    request = factories.request()
    for wrong in ({"amount_cents": -1}, {"state": "free"}, {"way": "barter"}, {"state": "paid"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            PaymentRequest.objects.filter(pk=request.pk).update(**wrong)


def test_changing_the_way_changes_the_deadline() -> None:
    request = factories.request()
    later = NOW + timedelta(days=3)
    actions.change_way(request_id=request.pk, way="counter", pay_by=later, ask_until=later, actor=CLERK, now=NOW)
    assert fresh(request).way == "counter"
    assert Job.objects.get(kind="payments.lapse", key=str(request.pk)).due_at == later


def test_the_way_of_a_paid_request_stays() -> None:
    request = factories.paid_online()
    reason = refused(
        lambda: actions.change_way(
            request_id=request.pk, way="counter", pay_by=NOW, ask_until=NOW, actor=CLERK, now=NOW
        )
    )
    assert "nicht mehr offen" in reason


# --- The ledger -------------------------------------------------------------------------------


def test_a_ledger_entry_can_be_neither_changed_nor_deleted() -> None:
    entry = LedgerEntry.objects.get(request=factories.request())
    with pytest.raises(AppendOnlyError):
        LedgerEntry.objects.update(amount_cents=1)
    with pytest.raises(AppendOnlyError):
        LedgerEntry.objects.all().delete()
    with pytest.raises(AppendOnlyError):
        entry.delete()
    entry.amount_cents = 1
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        entry.save()
    assert LedgerEntry.objects.get().amount_cents == 1500


@pytest.mark.parametrize("name", list(books.GUARDS))
def test_the_database_itself_keeps_ledger_and_receipts_as_they_are(name: str) -> None:
    factories.paid_at_counter()
    table, refused_here, words = books.GUARDS[name]
    with connection.cursor() as cursor:
        for statement in books.statements(name, connection.vendor):  # tests go without those against deleting
            cursor.execute(statement)
        with pytest.raises(DatabaseError, match=words), transaction.atomic():
            cursor.execute(_CHANGE[refused_here].format(table))


def test_every_guard_of_the_books_is_in_the_database_and_only_deleting_is_free_for_tests_on_sqlite() -> None:
    catalogue = {"sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'"}
    with connection.cursor() as cursor:
        cursor.execute(catalogue.get(connection.vendor, "SELECT tgname FROM pg_trigger"))
        there = {name for (name,) in cursor.fetchall()}
    free = set(books.AGAINST_DELETING) if connection.vendor == "sqlite" else set()
    assert set(books.GUARDS) - there == free


# --- Lapsing ----------------------------------------------------------------------------------


def test_an_unpaid_request_lapses_at_its_deadline_and_tells_the_service_once() -> None:
    request = factories.request()
    with heard(payment_lapsed) as lapsed:
        assert not actions.lapse(request_id=request.pk, now=request.pay_by - timedelta(seconds=1))
        assert actions.lapse(request_id=request.pk, now=request.pay_by)
        assert not actions.lapse(request_id=request.pk, now=request.pay_by)
    assert lapsed == [request]
    assert fresh(request).state == "withdrawn"
    assert queries.balance(request) == Balance(0, 0)


@pytest.mark.parametrize("answer", [Answer("unknown"), Answer("pending"), None])
def test_only_what_is_known_to_be_unpaid_lapses(answer: Answer | None) -> None:
    request = factories.request()
    tried = attempt(request)
    if answer:
        settle(tried, answer, request.pay_by)
    assert not actions.lapse(request_id=request.pk, now=request.pay_by)


def test_an_old_not_paid_is_not_enough_to_lapse() -> None:
    request = factories.request()
    settle(attempt(request), Answer("failed"), request.pay_by - timedelta(minutes=1))
    assert not actions.lapse(request_id=request.pk, now=request.pay_by)


def test_a_transfer_sent_on_the_last_day_is_given_time_to_arrive() -> None:
    request = factories.request("transfer")
    assert not actions.lapse(request_id=request.pk, now=request.pay_by)
    assert actions.lapse(request_id=request.pk, now=request.ask_until)


def test_a_request_does_not_lapse_while_a_waiver_waits() -> None:
    request = factories.request("counter")
    actions.request_waiver(request_id=request.pk, ground="Härtefall", actor=CLERK, now=NOW)
    assert not actions.lapse(request_id=request.pk, now=request.pay_by)
    assert actions.lapse(request_id=request.pk, now=request.ask_until)


def test_a_waiver_that_was_waiting_when_the_request_ended_waits_no_longer() -> None:
    request = factories.request("counter")
    waiver = actions.request_waiver(request_id=request.pk, ground="Härtefall", actor=CLERK, now=NOW)
    assert list(queries.waivers_waiting()) == [waiver]
    actions.withdraw(request_id=request.pk, now=NOW)
    assert list(queries.waivers_waiting()) == []
    assert "Nur eine offene" in refused(
        lambda: actions.request_waiver(request_id=request.pk, ground="Härtefall", actor=CLERK, now=NOW)
    )


# --- Withdrawing ------------------------------------------------------------------------------


def test_withdrawing_an_open_request_mentions_no_refund() -> None:
    request = factories.request()
    with heard(payment_lapsed) as lapsed:
        assert actions.withdraw(request_id=request.pk, now=NOW) == 0
    assert (fresh(request).state, lapsed) == ("withdrawn", [])
    assert not RefundOrder.objects.exists()


def test_withdrawing_a_paid_request_orders_the_money_back_and_leaves_it_paid() -> None:
    request = factories.paid_online()
    assert actions.withdraw(request_id=request.pk, now=NOW, actor=CLERK) == 1500
    order = RefundOrder.objects.get()
    assert (order.way, order.reason, order.state) == ("online", "cancelled", "open")
    assert request.ledger.get(kind="withdrawal").detail == "storniert"
    assert fresh(request).state == "paid"


def test_withdrawing_twice_pays_back_once() -> None:
    request = factories.paid_online()
    actions.withdraw(request_id=request.pk, now=NOW)
    assert actions.withdraw(request_id=request.pk, now=NOW) == 0
    assert RefundOrder.objects.count() == 1


def test_withdrawing_without_refund_orders_none() -> None:
    request = factories.paid_online()
    assert actions.withdraw(request_id=request.pk, now=NOW, refund=False) == 0
    assert not RefundOrder.objects.exists()


def test_withdrawing_a_twice_paid_request_pays_each_amount_back_once() -> None:
    request = factories.request()
    first, second = attempt(request), attempt(request)
    settle(first, paid())
    settle(second, paid())
    assert actions.withdraw(request_id=request.pk, now=NOW) == 1500
    assert sum(RefundOrder.objects.values_list("amount_cents", flat=True)) == 3000


def test_withdrawing_an_open_request_gives_back_the_wrong_amount_that_came() -> None:
    request = factories.request()
    settle(attempt(request), paid(1400))
    assert actions.withdraw(request_id=request.pk, now=NOW, refund=False) == 1400
    assert fresh(request).attention == ""
