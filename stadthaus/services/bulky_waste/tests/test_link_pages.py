"""Behind the private link: who sees what, cancelling, and what strangers and guessers learn (nothing)."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from stadthaus.accounts.models import RateLimit
from stadthaus.accounts.tests.factories import make_person
from stadthaus.base_services.collection_tours.documents import STOPS_FOLDER, keep_photo, remove_photo
from stadthaus.base_services.collection_tours.models import Booking, CollectionDay
from stadthaus.base_services.payments import actions as payments
from stadthaus.base_services.payments.models import RefundOrder
from stadthaus.base_services.payments.providers import PROVIDERS
from stadthaus.base_services.payments.rules.answers import FIRST_ASK, Answer
from stadthaus.base_services.payments.tests.factories import ScriptedProvider
from stadthaus.kernel.actors import CITIZEN
from stadthaus.kernel.links import make_link
from stadthaus.services.bulky_waste import actions
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
from stadthaus.services.bulky_waste.views.limits import GUESSES_PER_DAY
from stadthaus.ui.templatetags.ui import clock

pytestmark = pytest.mark.usefixtures("town")

WHO = {
    "name": "Xaverine Quittenbaum",
    "email": "quitte@example.org",
    "phone": "02389 987654",
    "address": "Zwetschgenpfad 77, 59368 Werne",
    "for_other": True,
    "other_name": "Balduin Holunder",
    "debtor": "other",
    "on_site_name": "Kunigunde Schlehe",
    "on_site_phone": "0170 5550123",
}
PERSONAL = ("Quittenbaum", "Xaverine", "quitte@", "987654", "Zwetschgenpfad", "Holunder", "Schlehe", "5550123")
PLACE = ("Heidelbeergasse", "98z", "vor dem Haus")
PUBLIC = ("/sperrmuell/", "/sperrmuell/bestellen/", "/bestellung/nichts/", "/sperrmuell/?q=Sofa")
PAGES = (
    "",
    "ausweisen/",
    "karte.pdf",
    "ueberweisung.pdf",
    "kalender.ics",
    "foto.jpg",
    "stornieren/",
    "konto/",
    "bezahlen/",
)


@pytest.fixture
def order(day: CollectionDay) -> Order:
    now = timezone.now()
    return submit(full_draft(day, now=now, who=WHO, street="Heidelbeergasse", house="98z"), now=now, way="transfer")


@pytest.fixture
def paid(order: Order) -> Order:
    return pay(order, timezone.now())


def prove(browser: Browser, order: Order, surname: str = "Quittenbaum", house: str = "98z") -> Browser:
    return browser.open(f"{order_link(order)}ausweisen/").fill(surname=surname, house=house)


def page(client: Client, order: Order, name: str = "") -> str:
    return client.get(f"{order_link(order)}{name}", follow=True).content.decode(errors="replace")


def personal_in(text: str) -> list[str]:
    return [word for word in PERSONAL + PLACE if word in text]


# Scenario 29: a mistyped e-mail address


@pytest.mark.parametrize("name", ["", "ausweisen/", "stornieren/", "kalender.ics", "karte.pdf"])
def test_whoever_opens_the_link_sees_neither_name_nor_address(client: Client, paid: Order, name: str) -> None:
    assert personal_in(page(client, paid, name)) == []


@pytest.mark.parametrize("outcome", ["collected", "not_collected"])
def test_a_result_shows_neither_name_nor_address(client: Client, paid: Order, outcome: str) -> None:
    finish(paid, outcome)
    assert personal_in(page(client, paid)) == []


def finish(order: Order, outcome: str) -> None:
    actions.hand_over(day_id=order.booking.day_id, now=timezone.now())
    crew_says(order, outcome, "" if outcome == "collected" else "not_there")


@pytest.mark.parametrize("name", ["karte.pdf", "stornieren/"])
def test_card_and_cancelling_ask_for_name_and_house_first(paid: Order, name: str) -> None:
    browser = Browser().open(f"{order_link(paid)}{name}")
    assert browser.heading == "Nur zur Sicherheit"


def test_a_stranger_cannot_cancel(client: Client, paid: Order) -> None:
    answer = client.post(f"{order_link(paid)}stornieren/")
    assert answer.status_code == 302
    assert "ausweisen" in answer["Location"]
    assert again(paid).state == "confirmed"


def test_a_stranger_gets_no_photo(client: Client, paid: Order) -> None:
    assert client.get(f"{order_link(paid)}foto.jpg").status_code == 404


def test_a_photo_is_shown_after_the_proof_unless_its_file_is_gone(
    paid: Order, settings: Settings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    photo = keep_photo(b"what was left", folder=STOPS_FOLDER)
    actions.hand_over(day_id=paid.booking.day_id, now=timezone.now())
    crew_says(paid, "not_collected", "too_much", photo=photo)
    client = prove(Browser(), paid).client
    assert client.get(f"{order_link(paid)}foto.jpg").getvalue() == b"what was left"
    remove_photo(photo)
    assert client.get(f"{order_link(paid)}foto.jpg").status_code == 404


@pytest.mark.parametrize(
    ("surname", "house"),
    [
        ("Quittenbaum", "98"),
        ("Quitten", "98z"),
        ("Xaverine", "98z"),
        ("Schlehe", "98z"),
        ("", "98z"),
        ("Quittenbaum", ""),
        ("Quittenbaum", "Werne"),
        ("Quittenbaum", "59368"),
        ("Quittenbaum", "Zwetschgenpfad"),
        ("%", "%"),
        ("Quittenbaum\x00", "98z"),
    ],
)
def test_a_wrong_proof_opens_nothing(paid: Order, surname: str, house: str) -> None:
    browser = prove(Browser(), paid, surname, house)
    assert browser.heading == "Nur zur Sicherheit"
    assert 'id="fehler"' in browser.text
    assert not [name for name in browser.client.cookies if name.startswith("stadthaus_own")]
    browser.open(f"{order_link(paid)}karte.pdf")
    assert browser.heading == "Nur zur Sicherheit"


def test_guessing_is_limited_and_says_so(paid: Order) -> None:
    browser = Browser()
    for _ in range(9):
        prove(browser, paid, "Falsch", "1")
    assert "zu viele Versuche" in browser.text
    prove(browser, paid)
    assert browser.heading == "Nur zur Sicherheit", "the right answer comes too late now"


def test_who_may_guess_again_only_tomorrow_is_told_so(paid: Order) -> None:
    prove(Browser(), paid, "Falsch", "1")
    RateLimit.objects.filter(name="prove-all").update(count=GUESSES_PER_DAY)
    browser = prove(Browser(), paid, "Falsch", "1")
    assert "Bitte warten Sie bis morgen, oder rufen Sie uns an: 02389" in browser.text


def test_guesses_are_counted_for_the_order_and_not_for_the_browser(paid: Order) -> None:
    for _ in range(9):
        browser = prove(Browser(), paid, "Falsch", "1")
    assert "zu viele Versuche" in browser.text


@pytest.mark.parametrize(("surname", "house"), [("quittenbaum", "98Z"), ("Holunder", "98 z"), ("Quittenbaum", "77")])
def test_who_knows_the_order_is_asked_once(paid: Order, surname: str, house: str) -> None:
    browser = prove(Browser(), paid, surname, house)
    assert browser.heading.startswith("Bestellt und bezahlt")
    assert {"Xaverine", "Heidelbeergasse"} <= set(personal_in(browser.text))
    assert browser.open(f"{order_link(paid)}stornieren/").heading == "Bestellung stornieren?"


@pytest.mark.usefixtures("document_fonts")
def test_after_the_proof_the_page_wanted_opens(paid: Order) -> None:
    browser = Browser().open(f"{order_link(paid)}karte.pdf").fill(surname="Quittenbaum", house="98z")
    assert browser.response["Content-Type"] == "application/pdf"
    assert browser.response.content.startswith(b"%PDF-")


@pytest.mark.parametrize(
    "wanted", ["https://evil.example/", "//evil.example/", "../../", "buero/", "javascript:alert(1)"]
)
def test_after_the_proof_nobody_is_sent_elsewhere(paid: Order, wanted: str) -> None:
    browser = Browser().open(f"{order_link(paid)}ausweisen/?zu={wanted}").fill(surname="Quittenbaum", house="98z")
    assert browser.path == order_link(paid)


# Scenario 20: strangers


def wrong_links(order: Order) -> dict[str, str]:
    key, public_id = django_settings.LINK_KEY, order.public_id
    link = make_link(key, public_id, order.link_serial)
    return {
        "another serial": make_link(key, public_id, order.link_serial + 1),
        "another key": make_link(b"x" * 32, public_id, order.link_serial),
        "the key of drafts": make_link(key + b"/draft", public_id, order.link_serial),
        "the id alone": public_id,
        "cut off": link[:-1],
        "too long": f"{link}a",
        "the order's number": order.number,
        "capital letters": link.upper(),
        "nobody's": make_link(key, "a" * 12, 1),
    }


@pytest.mark.parametrize("name", PAGES)
def test_a_wrong_link_opens_nothing(client: Client, paid: Order, name: str) -> None:
    for wrong, link in wrong_links(paid).items():
        for answer in (client.get(f"/bestellung/{link}/{name}"), client.post(f"/bestellung/{link}/{name}")):
            assert answer.status_code in {404, 405}, wrong
            assert personal_in(answer.content.decode()) == []
            assert paid.number not in answer.content.decode()
    assert again(paid).state == "confirmed"


def test_every_wrong_link_looks_the_same(client: Client, paid: Order) -> None:
    pages = {client.get(f"/bestellung/{link}/").content for link in wrong_links(paid).values()}
    assert len(pages) == 1


def test_raising_the_serial_revokes_link_and_proof(paid: Order) -> None:
    browser, old_link = prove(Browser(), paid), order_link(paid)
    Order.objects.filter(pk=paid.pk).update(link_serial=2)
    assert browser.client.get(old_link).status_code == 404
    assert browser.open(f"{order_link(again(paid))}stornieren/").heading == "Nur zur Sicherheit"


def test_the_proof_of_one_order_opens_no_other(day: CollectionDay, paid: Order) -> None:
    now = timezone.now()
    other = pay(submit(full_draft(day, now=now), now=now, way="transfer"), now)
    browser = prove(Browser(), other, "Beispiel", "12")
    assert browser.open(f"{order_link(paid)}karte.pdf").heading == "Nur zur Sicherheit"
    cookies = browser.client.cookies
    cookies[f"stadthaus_own_{paid.public_id}"] = cookies[f"stadthaus_own_{other.public_id}"].value
    assert browser.open(f"{order_link(paid)}karte.pdf").heading == "Nur zur Sicherheit"


@pytest.mark.parametrize("role", ["clerk", "treasury", "administrator"])
def test_a_member_of_staff_needs_the_link_like_everybody(client: Client, paid: Order, role: str) -> None:
    client.force_login(make_person(role))
    assert client.get(f"/bestellung/{paid.public_id}/").status_code == 404
    assert personal_in(page(client, paid)) == []


def test_the_order_number_is_no_address(client: Client, paid: Order) -> None:
    for path in (f"/bestellung/{paid.number}/", f"/sperrmuell/bestellen/{paid.number}/wo/"):
        assert client.get(path).status_code == 404


# Cancelling


def test_a_paid_order_is_cancelled_with_its_refund(paid: Order) -> None:
    browser = prove(Browser(), paid).open(f"{order_link(paid)}stornieren/")
    assert "15,00\u202f€ zurück" in browser.text
    browser.send(browser.forms[-1])
    assert browser.heading == "Storniert. Wir kommen nicht."
    assert "Sie bekommen Geld zurück" in browser.text
    assert (again(paid).state, RefundOrder.objects.get().amount_cents) == ("cancelled", 1500)
    assert not Booking.objects.live().exists()


def test_an_unpaid_order_is_cancelled_without_a_word_about_refunds(order: Order) -> None:
    browser = prove(Browser(), order).open(f"{order_link(order)}stornieren/")
    assert "Das kostet Sie nichts" in browser.text
    browser.send(browser.forms[-1])
    assert "Geld zurück" not in browser.text
    assert again(order).state == "cancelled"


def test_a_double_click_cancels_once(paid: Order) -> None:
    browser = prove(Browser(), paid).open(f"{order_link(paid)}stornieren/")
    form = browser.forms[-1]
    assert {browser.send(form).path for _ in range(3)} <= {order_link(paid), f"{order_link(paid)}stornieren/"}
    assert RefundOrder.objects.count() == 1
    assert "schon storniert" in browser.open(f"{order_link(paid)}stornieren/").text


def test_looking_at_the_cancel_page_cancels_nothing(paid: Order) -> None:
    browser = prove(Browser(), paid)
    for _ in range(3):
        browser.open(f"{order_link(paid)}stornieren/")
    assert again(paid).state == "confirmed"


def test_after_the_cut_off_the_page_says_whom_to_call(paid: Order) -> None:
    Order.objects.filter(pk=paid.pk).update(cancel_until=timezone.now())
    browser = prove(Browser(), paid).open(f"{order_link(paid)}stornieren/")
    assert browser.heading == "Stornieren geht nicht mehr"
    browser.post(f"{order_link(paid)}stornieren/", {})
    assert browser.heading == "Stornieren geht nicht mehr"
    assert again(paid).state == "confirmed"
    assert RefundOrder.objects.count() == 0


@pytest.mark.parametrize("end", ["lapsed", "collected"])
def test_what_has_ended_says_so_on_the_cancel_page(order: Order, end: str) -> None:
    if end == "lapsed":
        payments.lapse(request_id=order.payment_id, now=order.payment.lapses_at)
    else:
        finish(pay(order, timezone.now()), "collected")
    browser = prove(Browser(), order)
    browser.post(f"{order_link(order)}stornieren/", {})
    assert browser.heading == "Stornieren geht nicht mehr"
    assert "möglich" not in browser.text
    assert again(order).state == end


# What the page says


def test_while_payment_is_uncertain_the_page_tells_the_truth(
    day: CollectionDay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(PROVIDERS, "demo", ScriptedProvider(None))
    now = timezone.now()
    order = submit(full_draft(day, now=now), now=now)
    tried = payments.start_attempt(request_id=order.payment_id, now=now)
    payments.settle_attempt(attempt_id=tried.pk, answer=Answer("unknown"), now=now)
    browser = Browser().open(order_link(order))
    assert browser.heading == "Bestellt. Ihre Zahlung ist noch nicht sicher angekommen."
    assert "Bitte bezahlen Sie nicht noch einmal." in browser.text
    assert f"Um {clock(now + FIRST_ASK)} fragen wir wieder beim Zahlungsdienst nach." in browser.text
    assert "bezahlen Sie 15,00" not in browser.text


def test_who_was_sent_to_pay_and_comes_back_to_the_page_is_not_asked_to_pay_again(day: CollectionDay) -> None:
    now = timezone.now()
    order = submit(full_draft(day, now=now), now=now)
    browser = Browser().open(order_link(order))
    browser.client.post(f"/bezahlen/{order.payment.public_id}/", {"back": order_link(order)})
    browser.open(order_link(order))
    assert "Bitte bezahlen Sie nicht noch einmal." in browser.text
    assert "Sie haben nichts bezahlt?" in browser.text


def answered(day: CollectionDay, answer: Answer) -> Order:
    """An order whose payer was at the payment page, and what the provider says about it."""
    now = timezone.now()
    order = submit(full_draft(day, now=now), now=now)
    tried = payments.start_attempt(request_id=order.payment_id, now=now)
    payments.settle_attempt(attempt_id=tried.pk, answer=answer, now=now)
    return order


def test_once_a_person_decides_the_page_says_who(day: CollectionDay) -> None:
    order = answered(day, Answer("unknown"))
    payments.ask_later(attempt_id=order.payment.attempts.get().pk, now=order.payment.ask_until)
    browser = Browser().open(order_link(order))
    assert "kann es uns nicht sagen" in browser.text
    assert "Die Stadtkasse sieht nach" in browser.text
    assert "Sie haben nichts bezahlt?" not in browser.text


def test_of_too_little_money_the_page_says_what_is_missing_and_what_becomes_of_it(day: CollectionDay) -> None:
    browser = Browser().open(order_link(answered(day, Answer("paid", 1400))))
    assert browser.heading == "Bestellt. Es fehlen noch 1,00 €."
    assert "Wie Sie den Rest bezahlen, sagen wir Ihnen am Telefon" in browser.text
    assert "Sie bekommen Ihre 14,00\u202f€ zurück" in browser.text
    for contradiction in ("ohne Kosten", "nicht sicher", "Jetzt bezahlen"):
        assert contradiction not in browser.text


def test_of_too_much_money_the_page_says_that_the_rest_comes_back(day: CollectionDay) -> None:
    browser = Browser().open(order_link(answered(day, Answer("paid", 1600))))
    assert browser.heading == "Bestellt. Es ist zu viel Geld angekommen."
    assert "1,00\u202f€ mehr, als die Bestellung kostet" in browser.text


@pytest.mark.parametrize(("way", "asks"), [("transfer", True), ("counter", False), ("online", False)])
def test_only_who_was_to_transfer_is_asked_about_a_transfer(day: CollectionDay, way: str, asks: bool) -> None:
    leave_time_for_the_counter()
    now = timezone.now()
    order = submit(full_draft(day, now=now), now=now, way=way)
    actions.cancel(number=order.number, actor=CITIZEN, now=now)
    text = Browser().open(order_link(order)).text
    assert ("Haben Sie schon überwiesen?" in text) == asks
    assert "Sie müssen nichts bezahlen." in text


def test_money_after_the_lapse_is_told_on_the_page(order: Order) -> None:
    payments.lapse(request_id=order.payment_id, now=order.payment.lapses_at)
    pay(order, order.payment.lapses_at)
    browser = Browser().open(order_link(order))
    assert browser.heading == "Verfallen. Wir kommen nicht."
    assert "Ihr Geld ist später doch angekommen" in browser.text
    assert "Geld angekommen: 15,00\u202f€" in browser.text, "the timeline tells it too"
    assert "keine Zahlung erhalten" not in browser.text


def test_who_waits_for_a_new_day_is_not_invited_to_order_and_pay_again(order: Order) -> None:
    payments.lapse(request_id=order.payment_id, now=order.payment.lapses_at)
    assert "Neu bestellen" in Browser().open(order_link(order)).text
    pay(order, order.payment.lapses_at)
    assert "Neu bestellen" not in Browser().open(order_link(order)).text
    payments.refund_without_date(request_id=order.payment_id, actor=CLERK, now=order.payment.lapses_at)
    assert "Neu bestellen" in Browser().open(order_link(order)).text


def test_there_is_no_card_before_payment(order: Order) -> None:
    browser = prove(Browser(), order).open(f"{order_link(order)}karte.pdf")
    assert browser.response.status_code == 404
    assert browser.heading == "Es gibt noch keine Karte"


def test_a_cancelled_order_has_no_card_any_more(paid: Order) -> None:
    browser = prove(Browser(), paid)
    actions.cancel(number=paid.number, actor=CITIZEN, now=timezone.now())
    browser.open(f"{order_link(paid)}karte.pdf")
    assert (browser.response.status_code, browser.heading) == (404, "Es gibt keine Karte mehr")
    assert "sobald die Bestellung bezahlt ist" not in browser.text


@pytest.mark.usefixtures("document_fonts")
def test_the_transfer_slip_is_given_while_a_transfer_is_expected(client: Client, order: Order) -> None:
    answer = client.get(f"{order_link(order)}ueberweisung.pdf")
    assert answer.content.startswith(b"%PDF-")
    actions.cancel(number=order.number, actor=CITIZEN, now=timezone.now())
    assert client.get(f"{order_link(order)}ueberweisung.pdf").status_code == 404


# Headers and cookies


@pytest.mark.parametrize("name", ["", "ausweisen/", "kalender.ics", "stornieren/"])
def test_private_pages_are_kept_by_nobody(client: Client, paid: Order, name: str) -> None:
    headers = client.get(f"{order_link(paid)}{name}").headers
    assert "no-store" in headers["Cache-Control"]
    assert headers["X-Robots-Tag"] == "noindex, nofollow"
    assert headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize(
    "path", ["/sperrmuell/", "/sperrmuell/bestellen/", "/bestellung/nichts/", "/sperrmuell/?q=Sofa"]
)
def test_every_page_is_guarded_by_its_headers(client: Client, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in f"{policy};"
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("path", PUBLIC)
def test_no_page_has_inline_styles_or_scripts(client: Client, path: str) -> None:
    text = client.get(path).content.decode()
    assert " style=" not in text
    assert " onclick=" not in text
    assert "<script>" not in text


def test_cookies_are_out_of_reach_for_scripts_and_other_sites(paid: Order) -> None:
    browser = prove(Browser(), paid)
    cookie: Any = browser.client.cookies[f"stadthaus_own_{paid.public_id}"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", order_link(paid))
    assert "Quittenbaum" not in cookie.value


def test_nothing_a_person_typed_is_taken_for_markup(day: CollectionDay) -> None:
    now = timezone.now()
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    order = submit(full_draft(day, now=now, who={"name": evil}), now=now)
    Order.objects.filter(pk=order.pk).update(place_note=evil)
    browser = prove(Browser(), order, evil, "12")
    assert "<script>alert" not in browser.text
    assert "<img src=x" not in browser.text


def test_the_day_can_be_put_into_a_calendar_before_it_is_paid(client: Client, order: Order) -> None:
    assert f'href="{order_link(order)}kalender.ics"' in page(client, order)
