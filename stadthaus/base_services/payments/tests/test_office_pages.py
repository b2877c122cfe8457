from datetime import timedelta

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from stadthaus.base_services.payments import actions, queries
from stadthaus.base_services.payments.models import PaymentRequest, RefundOrder, Waiver
from stadthaus.base_services.payments.rules import kassenzeichen
from stadthaus.base_services.payments.tests import factories
from stadthaus.base_services.payments.tests.factories import APPROVER, CLERK, NOW, TREASURY, paper_cards
from stadthaus.kernel.actors import Actor
from stadthaus.kernel.calendars import day_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]

LISTS = ["open", "all", "unclear", "without_date", "refunds", "waivers", "ledger"]


def desk(actor: Actor = TREASURY) -> Client:
    client = Client()
    client.force_login(factories.user(actor))
    return client


def show(client: Client, name: str, *args: object, **query: str) -> str:
    answer = client.get(reverse(f"payments:{name}", args=args), query)
    assert answer.status_code == 200
    return str(answer.content.decode())


def send(client: Client, name: str, key: object, **data: object) -> HttpResponse:
    return client.post(reverse(f"payments:{name}", args=[key]), data)  # type: ignore[return-value]  # the stubs answer with a private class


def booked(amount: str = "15,00", lines: str = "1") -> dict[str, str]:
    return {"received_on": f"{day_of(timezone.now()):%d.%m.%Y}", "amount_cents": amount, "booked": lines}


def test_a_search_that_is_too_long_lists_nobody() -> None:
    waiting = factories.request("transfer")
    assert waiting.public_id in show(desk(), "all")
    assert waiting.public_id not in show(desk(), "all", q="x" * 61)


def test_a_day_that_cannot_be_is_said_at_its_field() -> None:
    request = factories.request("transfer")
    tomorrow = day_of(timezone.now()) + timedelta(days=1)
    page = send(desk(), "mark_received", request.public_id, **booked() | {"received_on": f"{tomorrow:%d.%m.%Y}"})
    assert 'href="#id_received_on">Eingegangen am: Das Datum liegt in der Zukunft' in page.content.decode()


def test_every_list_opens_while_empty_and_while_full() -> None:
    for _ in range(2):
        for name in LISTS:
            show(desk(), name)
        request = factories.request("counter")
        actions.request_waiver(request_id=request.pk, ground="Härtefall", actor=CLERK, now=NOW)
        actions.withdraw(request_id=factories.paid_online().pk, now=NOW)
        factories.settle(factories.attempt(factories.request()), factories.paid(1400))


@pytest.mark.parametrize("name", LISTS)
def test_nobody_sees_a_list_without_signing_in(name: str) -> None:
    answer = Client().get(reverse(f"payments:{name}"))
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, reverse("account_login"))


def test_the_treasury_books_a_transfer() -> None:
    request = factories.request("transfer", now=timezone.now())
    send(desk(), "mark_received", request.public_id, **booked())
    request.refresh_from_db()
    assert request.state == "paid"


def test_a_wrong_amount_is_explained_and_the_typed_one_stays() -> None:
    request = factories.request("transfer", now=timezone.now())
    text = send(desk(), "mark_received", request.public_id, **booked("14,00")).content.decode()
    assert "Erwartet sind 15,00" in text
    assert 'value="14,00"' in text
    request.refresh_from_db()
    assert (request.state, request.attention) == ("open", "")


def test_who_confirms_a_wrong_amount_books_it_and_is_asked_only_then() -> None:
    request = factories.request("transfer", now=timezone.now())
    assert 'type="checkbox"' not in show(desk(), "request", request.public_id)
    assert (
        'type="checkbox" name="as_stated"'
        in send(desk(), "mark_received", request.public_id, **booked("14,00")).content.decode()
    )
    send(desk(), "mark_received", request.public_id, **booked("14,00"), as_stated="on")
    text = show(desk(), "request", request.public_id)
    assert "Angekommen sind 14,00" in text
    assert "Beenden, alles erstatten" in text


@pytest.mark.parametrize("nonsense", ["", "gestern", "31.02.2026", "💶", "1" * 500])
def test_nonsense_in_the_form_is_answered_with_a_sentence(nonsense: str) -> None:
    request = factories.request("transfer", now=timezone.now())
    answer = send(desk(), "mark_received", request.public_id, received_on=nonsense, amount_cents=nonsense)
    assert answer.status_code == 200
    assert "error-summary" in answer.content.decode()


def test_a_clerk_takes_cash_and_does_not_book_transfers() -> None:
    request = factories.request("counter", now=timezone.now())
    assert send(desk(CLERK), "mark_received", request.public_id, **booked()).status_code == 403
    assert send(desk(CLERK), "take_at_counter", request.public_id, means="cash").status_code == 302
    receipt = request.receipts.get()
    assert receipt.issued_by == CLERK.label
    assert str(receipt) in show(desk(CLERK), "request", request.public_id)


def test_an_old_paper_card_is_redeemed_at_the_counter_and_named_on_the_page() -> None:
    request = factories.request("counter", now=timezone.now())
    with paper_cards(1):
        assert "Nummer der Papierkarte" in show(desk(CLERK), "request", request.public_id)
        assert send(desk(CLERK), "redeem_paper_card", request.public_id, card_1="a 12-3").status_code == 302
    seen = show(desk(CLERK), "request", request.public_id)
    assert "A123, eingelöst" in seen
    assert f"Zahlung gebucht ({CLERK.label})" in seen


def test_several_cards_are_asked_for_one_by_one_and_a_redeemed_one_is_named_at_its_field() -> None:
    factories.redeem(factories.request("counter"), "A1")
    request = factories.request("counter", 3000)
    with paper_cards(2):
        text = send(desk(CLERK), "redeem_paper_card", request.public_id, card_1="B1", card_2="a-1").content.decode()
    assert "Die Papierkarte A1 wurde schon eingelöst." in text
    assert 'href="#id_card_2"' in text
    assert 'value="a-1"' in text
    assert factories.fresh(request).state == "open"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Bitte"),
        ("- -", "Bitte schreiben Sie die Nummer ab"),
        ("B 1", "steht schon weiter oben"),
        ("x" * 41, "höchstens 40"),
    ],
)
def test_a_card_number_that_cannot_be_is_answered_at_its_field(typed: str, sentence: str) -> None:
    request = factories.request("counter", 3000)
    with paper_cards(2):
        text = send(desk(CLERK), "redeem_paper_card", request.public_id, card_1="B1", card_2=typed).content.decode()
    assert sentence in text
    assert 'href="#id_card_2"' in text
    assert factories.fresh(request).state == "open"


def test_paper_cards_are_offered_only_for_what_they_pay_for() -> None:
    request = factories.request("counter")
    assert "Papierkarte" not in show(desk(CLERK), "request", request.public_id)
    answer = send(desk(CLERK), "redeem_paper_card", request.public_id)
    assert "nicht mit Papierkarten" in answer.content.decode()


def test_the_treasury_neither_takes_cash_nor_cards_nor_approves() -> None:
    request = factories.request("counter", now=timezone.now())
    order = refund()
    assert send(desk(), "take_at_counter", request.public_id, means="cash").status_code == 403
    assert send(desk(), "redeem_paper_card", request.public_id).status_code == 403
    assert send(desk(), "approve_refund", order.pk).status_code == 403


def seen(order: RefundOrder) -> str:
    return RefundOrder.objects.get(pk=order.pk).fingerprint


def refund(by: Actor = CLERK) -> RefundOrder:
    request = factories.request("transfer")
    actions.mark_received(request_id=request.pk, received_on=NOW.date(), amount_cents=1500, actor=TREASURY, now=NOW)
    actions.withdraw(request_id=request.pk, now=NOW, actor=by)
    return RefundOrder.objects.get(request=request)


def test_of_many_refunds_the_newest_is_a_page_away() -> None:
    for _ in range(50):
        refund()
    newest = refund()
    first = show(desk(), "refunds")
    assert "51 Erstattungen" in first
    link = reverse("payments:request", args=[newest.request.public_id])
    assert (link in first, link in show(desk(), "refunds", nach=str(newest.pk - 1))) == (False, True)


def test_a_refund_refused_twice_is_refused_and_the_list_shown() -> None:
    order = refund()
    RefundOrder.objects.filter(pk=order.pk).update(reason="goodwill")
    answers = [
        send(desk(APPROVER), "refuse_refund", order.pk, refused_because="Es war doch alles abgeholt.") for _ in "ab"
    ]
    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(302, reverse("payments:refunds"))] * 2
    order.refresh_from_db()
    assert order.is_refused


def test_a_refund_goes_through_three_pairs_of_hands() -> None:
    order = refund()
    wrong = send(desk(), "enter_account", order.pk, account_holder="Erika Muster", iban="DE00 1234")
    assert "Eine deutsche IBAN hat 22 Zeichen, diese hat 8" in wrong.content.decode()
    send(desk(), "enter_account", order.pk, account_holder="Erika Muster", iban="DE89 3704 0044 0532 0130 00")
    assert "DE89370400440532013000" in show(desk(), "refunds")
    send(desk(APPROVER), "approve_refund", order.pk, seen=seen(order))
    send(desk(), "mark_refunded", order.pk)
    order.refresh_from_db()
    assert order.state == "done"


@pytest.mark.parametrize("actor", [CLERK, APPROVER])
def test_who_does_not_transfer_the_money_sees_the_end_of_the_iban_only(actor: Actor) -> None:
    order = refund()
    send(desk(), "enter_account", order.pk, account_holder="Erika Muster", iban="DE89 3704 0044 0532 0130 00")
    seen = show(desk(actor), "refunds")
    assert "Erika Muster, DE… 3000" in seen
    assert "DE89370400440532013000" not in seen


def test_an_account_is_asked_for_only_where_money_is_transferred() -> None:
    actions.withdraw(request_id=factories.paid_online().pk, now=NOW)
    answer = desk().get(reverse("payments:enter_account", args=[RefundOrder.objects.get().pk]))
    assert answer.status_code == 404


def test_a_refund_we_owe_leaves_the_list_only_once_its_money_is_gone() -> None:
    request = factories.request()
    first, second = factories.attempt(request), factories.attempt(request)
    factories.settle(first, factories.paid())
    factories.settle(second, factories.paid(1600))
    assert "Ablehnen" not in show(desk(APPROVER), "refunds")
    factories.settle(second, factories.paid(1500))
    assert "So viel Geld ist nicht mehr da." in show(desk(APPROVER), "refunds")
    assert send(desk(APPROVER), "drop_refund", RefundOrder.objects.get().pk).status_code == 302
    assert "Streichen" not in show(desk(APPROVER), "refunds")
    assert RefundOrder.objects.get(state="open").amount_cents == 1500


def test_the_list_of_refunds_costs_the_same_for_one_and_for_many() -> None:
    client = desk(APPROVER)

    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            show(client, "refunds")
        return len(captured)

    refund()
    one = statements()
    for _ in range(5):
        refund()
    assert statements() == one


def test_who_ordered_a_refund_is_told_that_somebody_else_approves_it() -> None:
    order = refund(by=APPROVER)
    send(desk(), "enter_account", order.pk, account_holder="Erika Muster", iban="DE89 3704 0044 0532 0130 00")
    assert "zweite Person" in send(desk(APPROVER), "approve_refund", order.pk, seen=seen(order)).content.decode()


def test_a_clerk_hands_out_only_what_belongs_to_the_counter() -> None:
    request = factories.paid_at_counter()
    actions.withdraw(request_id=request.pk, now=NOW)
    cash, transfer = RefundOrder.objects.get(request=request), refund()
    for order in (cash, transfer):
        send(desk(APPROVER), "approve_refund", order.pk, seen=seen(order))
    assert send(desk(CLERK), "hand_out", transfer.pk).status_code == 404
    assert send(desk(CLERK), "hand_out", cash.pk).status_code == 302
    cash.refresh_from_db()
    assert cash.state == "done"


def test_a_waiver_is_asked_for_and_granted_by_two_people() -> None:
    request = factories.request("counter", now=timezone.now())
    send(desk(CLERK), "request_waiver", request.public_id, ground="Härtefall")
    waiver = Waiver.objects.get()
    assert "Härtefall" in show(desk(APPROVER), "waivers")
    assert send(desk(CLERK), "approve_waiver", waiver.pk).status_code == 403
    send(desk(APPROVER), "approve_waiver", waiver.pk)
    request.refresh_from_db()
    assert request.state == "waived"


def test_unclear_money_is_decided_on_its_page() -> None:
    request = factories.request(now=timezone.now())
    factories.settle(factories.attempt(request, timezone.now()), factories.paid(1600))
    assert "Annehmen, Rest erstatten" in show(desk(), "request", request.public_id)
    send(desk(), "accept_overpayment", request.public_id)
    assert "nichts mehr zu klären" in send(desk(), "declare_unpaid", request.public_id).content.decode()


def test_money_without_a_date_is_on_its_own_list_and_can_go_back() -> None:
    request = factories.withdrawn()
    actions.mark_received(request_id=request.pk, received_on=NOW.date(), amount_cents=1500, actor=TREASURY, now=NOW)
    assert request.in_one_line in show(desk(), "without_date")
    send(desk(), "refund_without_date", request.public_id)
    assert RefundOrder.objects.get().reason == "without_date"
    assert request.in_one_line not in show(desk(), "without_date")
    assert "Erstattung anordnen" not in show(desk(), "request", request.public_id)


@pytest.mark.parametrize("how", ["stored", "grouped", "small", "beginning", "number", "amount"])
def test_a_payment_is_found_by_what_stands_on_the_statement(how: str) -> None:
    wanted = factories.request("transfer", 4200)
    factories.request("transfer")
    typed = {
        "stored": wanted.kassenzeichen,
        "grouped": kassenzeichen.write(wanted.kassenzeichen),
        "small": wanted.kassenzeichen.lower(),
        "beginning": wanted.kassenzeichen[:-1],
        "number": wanted.reference.removeprefix("somebody/"),
        "amount": "42,00 €",
    }[how]
    assert list(queries.search(PaymentRequest.objects.all(), typed)) == [wanted]


@pytest.mark.parametrize("how", ["beginning", "amount"])
def test_what_more_than_one_payment_could_share_lists_what_was_found(how: str) -> None:
    wanted, other = factories.request("transfer", 4200), factories.request("transfer")
    seen = show(desk(), "open", q={"beginning": wanted.kassenzeichen[:-1], "amount": "42,00"}[how])
    assert wanted.in_one_line in seen
    assert other.in_one_line not in seen


@pytest.mark.parametrize("typed", ["Müller", "' OR 1=1", "💶", "%", "9" * 60, "SPM"])
def test_whatever_is_typed_the_search_answers(typed: str) -> None:
    factories.request("transfer")
    show(desk(), "open", q=typed)


@pytest.mark.parametrize("typed", ["-", "/", "%", "💶"])
def test_signs_alone_find_no_payment(typed: str) -> None:
    factories.request("transfer")
    assert not queries.search(PaymentRequest.objects.all(), typed).exists()


def test_long_lists_are_turned_page_by_page() -> None:
    requests = [factories.request("transfer") for _ in range(51)]
    first = show(desk(), "open")
    assert requests[0].in_one_line not in first
    assert requests[0].in_one_line in show(desk(), "open", nach=str(requests[1].pk))


def test_the_work_list_shows_each_person_what_that_person_can_do() -> None:
    RefundOrder.objects.filter(pk=refund().pk).update(iban="DE89370400440532013000")
    request = factories.request("counter")
    actions.request_waiver(request_id=request.pk, ground="Härtefall", actor=CLERK, now=NOW)
    factories.settle(factories.attempt(factories.request()), factories.paid(1400))

    def labels(actor: Actor) -> list[str]:
        return [label for label, _, _ in queries.waiting_for(factories.user(actor))]

    assert labels(TREASURY) == ["Zahlungen zu klären"]
    assert labels(APPROVER) == ["Erstattungen zu genehmigen", "Erlasse zu entscheiden"]
    assert labels(CLERK) == []
    assert queries.waiting_for(None) == []


def test_the_work_list_counts_for_nobody_what_waits_for_somebody_else() -> None:
    request = factories.paid_online()
    actions.withdraw(request_id=request.pk, now=NOW)
    waiver = actions.request_waiver(
        request_id=factories.request("counter").pk, ground="Härtefall", actor=APPROVER, now=NOW
    )
    assert waiver.requested_by_user == APPROVER.user_id
    assert [label for label, *_ in queries.waiting_for(factories.user(APPROVER))] == ["Erstattungen zu genehmigen"]
    request.refund_orders.update(taken_by_user=APPROVER.user_id)
    assert queries.waiting_for(factories.user(APPROVER)) == []


@pytest.mark.parametrize(
    ("way", "whose"),
    [("online", TREASURY), ("transfer", TREASURY), ("counter", CLERK), ("paper_card", CLERK)],
)
def test_an_approved_refund_is_counted_for_who_carries_it_out(way: str, whose: Actor) -> None:
    order = refund()
    iban = "DE89370400440532013000" if way == "transfer" else ""
    RefundOrder.objects.filter(pk=order.pk).update(
        way=way, iban=iban, state="approved", decided_at=NOW, decided_by_user=99
    )
    counted = [actor.label for actor in (TREASURY, CLERK, APPROVER) if queries.waiting_for(factories.user(actor))]
    assert counted == [whose.label]


def test_a_refund_without_an_account_waits_for_the_treasury_and_not_for_the_approver() -> None:
    order = refund()
    RefundOrder.objects.filter(pk=order.pk).update(way="transfer")
    assert queries.waiting_for(factories.user(APPROVER)) == []
    assert queries.waiting_for(factories.user(TREASURY)) == [("Erstattungen ohne IBAN", 1, "payments:refunds")]


def test_the_ledger_file_adds_up() -> None:
    refund()
    lines = show(desk(), "ledger", monat="2026-11").removeprefix("\ufeff").splitlines()
    assert lines[0].startswith("Nummer;Gebucht am;Kassenzeichen")
    assert lines[-1] == ";;;;Summe;;0,00;15,00;"


@pytest.mark.parametrize("month", ["2026-13", "gestern", "2099-12", "2026-11-01", "202611"])
def test_for_a_month_that_is_none_no_file_of_another_month_comes(month: str) -> None:
    assert "Für diesen Monat gibt es keine Buchungen" in show(desk(), "ledger", monat=month)


def test_all_months_since_the_first_entry_are_offered() -> None:
    refund()
    page = show(desk(), "ledger")
    assert page.count("<option") == len(queries.ledger_months(day_of(timezone.now())))
    assert "November 2026" in page
