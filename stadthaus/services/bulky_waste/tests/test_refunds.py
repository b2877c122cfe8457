"""Money that goes back to the payer: where to, how it is told, and what a stranger cannot do about it."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from stadthaus.accounts.models import User
from stadthaus.accounts.tests.factories import make_person
from stadthaus.base_services.collection_tours.models import CollectionDay
from stadthaus.base_services.messages.models import Message
from stadthaus.base_services.payments import actions as payments
from stadthaus.base_services.payments.models import RefundOrder
from stadthaus.kernel.actors import CITIZEN, Actor
from stadthaus.services.bulky_waste import actions, documents
from stadthaus.services.bulky_waste.documents import order_link
from stadthaus.services.bulky_waste.models import Order
from stadthaus.services.bulky_waste.tests.browser import Browser
from stadthaus.services.bulky_waste.tests.factories import (
    CLERK,
    again,
    crew_says,
    full_draft,
    leave_time_for_the_counter,
    pay,
    submit,
)

pytestmark = pytest.mark.usefixtures("town")

IBAN, OTHER_IBAN = "DE89 3704 0044 0532 0130 00", "DE02 1203 0000 0000 2020 51"
BECAUSE = "Der Wagen war da."
MISTYPED = "DE89 3704 0044 0532 0130 01"
ACCOUNT = {"iban": IBAN, "holder": "Erika Beispiel"}


@pytest.fixture
def paid(day: CollectionDay) -> Order:
    now = timezone.now()
    return pay(submit(full_draft(day, now=now), now=now, way="transfer"), now)


def known(order: Order) -> Browser:
    """The browser of somebody who has shown that they know the order."""
    return Browser().open(f"{order_link(order)}ausweisen/").fill(surname=order.name.split()[-1], house=order.house)


def refund(order: Order) -> RefundOrder:
    return RefundOrder.objects.get(request=order.payment_id)


def refuse(order: Order, person: User | None = None) -> None:
    """A second person looks at the refund and says no."""
    person = person or make_person("waste_administration")
    payments.refuse_refund(
        order_id=refund(order).pk,
        actor=Actor(kind="staff", label=person.name, user_id=person.pk),
        now=timezone.now(),
        refused_because=BECAUSE,
    )


def cancelled(order: Order, **account: str) -> Browser:
    return known(order).open(f"{order_link(order)}stornieren/").fill(**account)


def mail(order: Order, template: str = "order_cancelled") -> str:
    content = documents.mail(template=f"bulky_waste.{template}", number=order.number, now=timezone.now())
    assert content is not None
    return content.text


def test_who_paid_by_transfer_says_where_the_money_goes_while_cancelling(paid: Order) -> None:
    cancelled(paid, **ACCOUNT)
    assert again(paid).state == "cancelled"
    assert (refund(paid).iban, refund(paid).account_holder) == (IBAN.replace(" ", ""), "Erika Beispiel")


def test_a_mistyped_account_cancels_nothing_and_says_so(paid: Order) -> None:
    browser = cancelled(paid, iban=MISTYPED, holder="Erika Beispiel")
    assert "Diese IBAN stimmt nicht." in browser.text
    assert MISTYPED in browser.text
    assert again(paid).state == "confirmed"


def test_an_account_needs_the_name_of_somebody(paid: Order) -> None:
    assert "auf den das Konto läuft" in cancelled(paid, iban=IBAN, holder="").text
    assert again(paid).state == "confirmed"


def test_who_cancels_too_late_for_a_refund_is_told_so_before_and_after(paid: Order) -> None:
    Order.objects.filter(pk=paid.pk).update(refund_until=timezone.now())
    browser = known(paid).open(f"{order_link(paid)}stornieren/")
    assert "Für eine Rückzahlung ist es zu spät." in browser.text
    assert "Das kostet Sie nichts." not in browser.text
    assert "Für eine Rückzahlung war es zu spät. Die 15,00" in browser.fill().text
    assert "Für eine Rückzahlung war es zu spät. Die 15,00" in mail(paid)


def test_who_has_no_account_at_hand_cancels_all_the_same(paid: Order) -> None:
    browser = cancelled(paid, iban="")
    assert browser.heading == "Storniert. Wir kommen nicht."
    assert "Dafür brauchen wir noch Ihre IBAN." in browser.text
    assert refund(paid).needs_account


def test_the_account_can_be_given_later(paid: Order) -> None:
    browser = cancelled(paid, iban="").open(f"{order_link(paid)}konto/").fill(**ACCOUNT)
    assert refund(paid).iban == IBAN.replace(" ", "")
    assert "(DE… 3000)" in browser.text
    assert IBAN.replace(" ", "") not in browser.text


def test_an_account_that_was_given_cannot_be_replaced_behind_the_link(paid: Order) -> None:
    browser = cancelled(paid, **ACCOUNT)
    browser.client.post(f"{order_link(paid)}konto/", {"iban": OTHER_IBAN, "holder": "Jemand Anders"})
    assert refund(paid).iban == IBAN.replace(" ", "")
    assert browser.open(f"{order_link(paid)}konto/").heading == "Hier brauchen wir keine IBAN"


def test_an_account_is_asked_for_only_behind_the_proof(paid: Order) -> None:
    actions.cancel(number=paid.number, actor=CITIZEN, now=timezone.now())
    browser = Browser().open(f"{order_link(paid)}konto/")
    assert browser.heading == "Nur zur Sicherheit"
    browser.client.post(f"{order_link(paid)}konto/", ACCOUNT)
    assert refund(paid).iban == ""
    browser.fill(surname="Beispiel", house=paid.house)
    assert browser.heading.startswith("Wohin sollen wir 15,00")


def test_without_the_proof_the_page_names_no_account(paid: Order) -> None:
    cancelled(paid, **ACCOUNT)
    assert "3000" not in Browser().open(order_link(paid)).text


def test_the_second_tab_that_knows_the_account_is_heard_too(paid: Order) -> None:
    browser = known(paid).open(f"{order_link(paid)}stornieren/")
    actions.cancel(number=paid.number, actor=CITIZEN, now=timezone.now())
    browser.fill(**ACCOUNT)
    assert refund(paid).iban == IBAN.replace(" ", "")


def test_nobody_is_asked_for_an_account_where_no_transfer_goes_back(day: CollectionDay) -> None:
    leave_time_for_the_counter()
    now = timezone.now()
    order = submit(full_draft(day, now=now), now=now, way="counter")
    payments.take_at_counter(request_id=order.payment_id, means="cash", actor=CLERK, now=now)
    browser = known(order).open(f"{order_link(order)}stornieren/")
    assert not [form for form in browser.forms if "iban" in form.fields]
    assert "bekommen Sie bar im" in browser.fill().text
    assert "bar im" in mail(order)


@pytest.mark.parametrize(("way", "asks"), [("transfer", True), ("counter", False)])
def test_who_cancels_unpaid_reads_that_nothing_is_owed_and_what_to_do_with_a_transfer_under_way(
    day: CollectionDay, way: str, *, asks: bool
) -> None:
    now = timezone.now()
    order = submit(full_draft(day, now=now), now=now, way=way)
    actions.cancel(number=order.number, actor=CITIZEN, now=now)
    assert "Sie müssen nichts bezahlen." in mail(order)
    assert ("Haben Sie schon überwiesen?" in mail(order)) == asks


def test_who_cancels_unpaid_is_not_asked_for_an_account(day: CollectionDay) -> None:
    now = timezone.now()
    order = submit(full_draft(day, now=now), now=now, way="transfer")
    browser = known(order).open(f"{order_link(order)}stornieren/")
    assert not [form for form in browser.forms if "iban" in form.fields]


def test_the_mail_asks_for_the_account_that_is_missing_and_leads_there(paid: Order) -> None:
    cancelled(paid, iban="")
    assert "brauchen wir noch Ihre IBAN" in mail(paid)
    assert f"{order_link(paid)}konto/" in mail(paid)


def test_the_mail_says_how_and_when_the_money_comes_and_names_no_account(paid: Order) -> None:
    cancelled(paid, **ACCOUNT)
    text = mail(paid)
    assert "auf das Konto, das wir von Ihnen haben" in text
    assert "höchstens 14 Tage" in text
    assert "3000" not in text
    assert "Erika" not in text


def test_the_page_says_when_the_money_is_out(paid: Order) -> None:
    cancelled(paid, **ACCOUNT)
    RefundOrder.objects.update(
        state="done",
        iban="",
        account_holder="",
        decided_at=timezone.now(),
        decided_by_user=1,
        done_at=timezone.now(),
    )
    text = Browser().open(order_link(paid)).text
    assert "zurückgezahlt" in text
    assert "Sie bekommen Geld zurück" not in text


# The fee of a collection that went wrong


def finished(order: Order, outcome: str = "not_collected") -> Order:
    actions.hand_over(day_id=order.booking.day_id, now=timezone.now())
    return crew_says(order, outcome, "" if outcome == "collected" else "electrical")


def give_back(order: Order) -> int:
    return actions.give_fee_back(number=order.number, reason="Falsche Straße", actor=CLERK, now=timezone.now())


def told(order: Order) -> list[str]:
    return list(Message.objects.filter(about=order.reference).values_list("template", flat=True))


@pytest.mark.parametrize("outcome", ["collected", "partly_collected", "not_collected"])
def test_what_went_wrong_at_the_kerb_gives_the_fee_back_once_and_the_result_stays(paid: Order, outcome: str) -> None:
    order = finished(paid, outcome)
    assert [give_back(order), give_back(order)] == [1500, 0]
    assert (refund(order).amount_cents, refund(order).reason, refund(order).state) == (1500, "our_fault", "open")
    assert again(order).state == outcome
    assert told(order).count("bulky_waste.fee_back") == 1


def test_the_fee_given_back_once_more_after_a_refusal_is_told_once_more(paid: Order) -> None:
    order = finished(paid, "not_collected")
    give_back(order)
    refuse(order)
    give_back(order)
    assert [name for name in told(order) if "order" not in name] == [
        "bulky_waste.fee_back",
        "bulky_waste.refund_refused",
        "bulky_waste.fee_back",
    ]


def test_a_refusal_that_was_overtaken_is_told_to_nobody(paid: Order) -> None:
    order = finished(paid, "not_collected")
    give_back(order)
    refuse(order)
    give_back(order)
    assert documents.mail(template="bulky_waste.refund_refused", number=order.number, now=timezone.now()) is None


def test_the_clerk_reads_why_a_refund_was_refused(client: Client, paid: Order) -> None:
    order = finished(paid, "not_collected")
    give_back(order)
    refuse(order)
    client.force_login(make_person("clerk"))
    page = client.get(reverse("bulky_waste:office_order", args=[order.number])).content.decode()
    assert BECAUSE in page


def test_the_second_person_reads_why_the_fee_is_to_go_back_and_nobody_after_the_decision(
    client: Client, paid: Order
) -> None:
    order = finished(paid, "not_collected")
    actions.give_fee_back(number=order.number, reason="Der Wagen kam nicht.", actor=CLERK, now=timezone.now())
    client.force_login(person := make_person("waste_administration"))
    for page in (reverse("payments:refunds"), reverse("payments:refuse_refund", args=[refund(order).pk])):
        assert "Der Wagen kam nicht." in client.get(page).content.decode()
    refuse(order, person)
    assert refund(order).ordered_because == ""


def test_a_second_click_on_giving_the_fee_back_shows_the_order(client: Client, paid: Order) -> None:
    order = finished(paid, "not_collected")
    client.force_login(make_person("waste_administration"))
    address = reverse("bulky_waste:office_fee_back", args=[order.number])
    answers = [client.post(address, {"reason": "Falsche Straße"}) for _ in range(2)]
    assert [answer.headers.get("Location") for answer in answers] == [
        reverse("bulky_waste:office_order", args=[order.number])
    ] * 2


def test_the_fee_goes_back_only_once_the_crew_has_been_there(paid: Order) -> None:
    with pytest.raises(actions.NothingHappenedYet):
        give_back(paid)
    assert not RefundOrder.objects.exists()


def test_who_ordered_the_fee_back_does_not_approve_it(client: Client, paid: Order) -> None:
    order, person = finished(paid), make_person("waste_administration")
    client.force_login(person)
    client.post(reverse("bulky_waste:office_fee_back", args=[order.number]), {"reason": "Falsche Straße"})
    client.post(reverse("payments:approve_refund", args=[refund(order).pk]), {"seen": refund(order).fingerprint})
    assert refund(order).state == "open"


def test_the_fee_back_is_told_without_the_reason_and_asks_for_the_account(paid: Order) -> None:
    give_back(finished(paid))
    text = mail(paid, "fee_back")
    assert "brauchen wir noch Ihre IBAN" in text
    assert "Falsche Straße" not in text
    assert "Dafür brauchen wir noch Ihre IBAN." in Browser().open(order_link(paid)).text


def test_what_a_second_person_may_still_refuse_is_not_promised(paid: Order) -> None:
    give_back(finished(paid))
    assert "prüft bei uns noch eine zweite Person" in mail(paid, "fee_back")
    assert "Sie bekommen 15,00" not in mail(paid, "fee_back")
    text = Browser().open(order_link(paid)).text
    assert ("Wir möchten Ihnen Geld zurückzahlen" in text, "Sie bekommen Geld zurück" in text) == (True, False)


def test_what_was_approved_is_promised(paid: Order) -> None:
    give_back(finished(paid))
    RefundOrder.objects.update(
        iban=IBAN.replace(" ", ""), decided_at=timezone.now(), decided_by_user=1, state="approved"
    )
    text = Browser().open(order_link(paid)).text
    assert ("Sie bekommen Geld zurück" in text, "zweite Person" in text) == (True, False)
    assert "Geld zurück: 15,00" in text.partition("Das ist passiert")[2], (
        "the timeline of a finished order tells it too"
    )


def test_what_nobody_can_refuse_is_promised_at_once(paid: Order) -> None:
    cancelled(paid, **ACCOUNT)
    assert "Sie bekommen 15,00" in mail(paid)
    assert "zweite Person" not in mail(paid) + Browser().open(order_link(paid)).text


def test_a_clerk_gives_the_fee_back_with_a_reason_and_only_once(client: Client, paid: Order) -> None:
    order = finished(paid)
    client.force_login(make_person("clerk"))
    page, fee_back = (
        reverse(f"bulky_waste:{name}", args=[order.number]) for name in ("office_order", "office_fee_back")
    )
    assert fee_back in client.get(page).content.decode()
    assert "Bitte schreiben Sie kurz" in client.post(fee_back, {"reason": ""}).content.decode()
    assert "Gebühr geht zurück: Zu spät" in client.post(fee_back, {"reason": "Zu spät"}, follow=True).content.decode()
    assert fee_back not in client.get(page).content.decode()
    assert "Hier geht keine Gebühr zurück" in client.get(fee_back).content.decode()


def test_who_is_promised_the_fee_and_does_not_get_it_is_told_and_reads_why(client: Client, paid: Order) -> None:
    order = finished(paid)
    give_back(order)
    approver, because = make_person("waste_administration"), "Die Straße war gesperrt."
    client.force_login(approver)
    page = reverse("payments:refuse_refund", args=[refund(order).pk])
    assert "Bitte schreiben Sie, warum" in client.post(page, {"refused_because": " "}).content.decode()
    client.post(page, {"refused_because": because})
    assert told(order).count("bulky_waste.refund_refused") == 1
    assert because not in mail(order, "refund_refused")
    assert because not in Browser().open(order_link(order)).text
    assert f"geprüft und abgelehnt. Der Grund: {because}" in known(order).open(order_link(order)).text


def test_a_refund_dropped_because_its_money_was_gone_is_not_told_as_refused(paid: Order) -> None:
    cancelled(paid, **ACCOUNT)
    RefundOrder.objects.update(
        iban="", account_holder="", decided_at=timezone.now(), decided_by_user=1, state="refused"
    )
    assert "abgelehnt" not in Browser().open(order_link(paid)).text


def test_what_was_refused_by_mistake_can_be_ordered_anew(paid: Order) -> None:
    order = finished(paid)
    give_back(order)
    actor = Actor(kind="staff", label="Anna Amt", user_id=make_person("waste_administration").pk)
    payments.refuse_refund(order_id=refund(order).pk, actor=actor, now=timezone.now(), refused_because="Versehen")
    assert give_back(order) == 1500
    assert "abgelehnt" not in known(order).open(order_link(order)).text


def test_the_treasury_orders_no_fee_back(client: Client, paid: Order) -> None:
    client.force_login(make_person("treasury"))
    assert client.get(reverse("bulky_waste:office_fee_back", args=[paid.number])).status_code == 403
