"""The page of one payment: straight from the search, the form it expects, everything else a link away."""

from collections.abc import Callable
from datetime import datetime, time, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from stadthaus.base_services.payments import actions, queries
from stadthaus.base_services.payments.models import PaymentRequest, RefundOrder
from stadthaus.base_services.payments.rules import kassenzeichen
from stadthaus.base_services.payments.tests import factories
from stadthaus.base_services.payments.tests.factories import CLERK, NOW, TREASURY, fresh, paper_cards
from stadthaus.base_services.payments.tests.test_office_pages import booked, desk, send, show
from stadthaus.kernel.actors import Actor
from stadthaus.kernel.calendars import BERLIN, day_of
from stadthaus.town import queries as town_queries
from stadthaus.ui.templatetags.ui import clock, long_day

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]

BUTTONS = {
    "ueberweisung": "Eingang buchen",
    "schalter": "kassieren</span>",
    "papierkarte": "Papierkarte einlösen</span>",
    "erlass": "Erlass beantragen</span>",
    "zweite": "Buchen und zurückgeben",
}
MOST_STATEMENTS = 8


def forms_on(text: str) -> set[str]:
    return {task for task, button in BUTTONS.items() if button in text}


def links_on(text: str) -> set[str]:
    return {task for task in BUTTONS if f"?tun={task}" in text}


def expected(way: str = "transfer", cents: int = 1500) -> PaymentRequest:
    return factories.request(way, cents, now=timezone.now())


def leads_to(client: Client, text: str, here: str = "open") -> str:
    answer = client.get(reverse(f"payments:{here}"), {"q": text})
    return answer.headers.get("Location", "")


# --- From the search --------------------------------------------------------------------------


@pytest.mark.parametrize("here", ["open", "all", "unclear"])
@pytest.mark.parametrize("written", [str, kassenzeichen.write, str.lower])
def test_a_whole_kassenzeichen_leads_straight_to_its_payment(here: str, written: Callable[[str], str]) -> None:
    request = factories.paid_online()
    address = reverse("payments:request", args=[request.public_id])
    assert leads_to(desk(), f" {written(request.kassenzeichen)} ", here) == address


@pytest.mark.parametrize("typed", ["482917305", "482 917 305"])
def test_a_whole_order_number_leads_straight_to_its_payment(typed: str) -> None:
    request = factories.request(reference="somebody/482917305")
    assert leads_to(desk(), typed) == reverse("payments:request", args=[request.public_id])


def test_a_number_that_two_services_use_lists_both() -> None:
    both = [factories.request(reference=f"{service}/482917305") for service in ("one", "another")]
    seen = show(desk(), "open", q="482917305")
    assert all(request.in_one_line in seen for request in both)


def test_going_straight_to_a_payment_costs_one_statement() -> None:
    request, client = factories.request(), desk()
    with CaptureQueriesContext(connection) as captured:
        leads_to(client, str(request))
    about = [query["sql"] for query in captured if "payments_" in query["sql"]]
    assert len(about) == 1, about


# --- What is shown ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("way", "actor", "forms", "links"),
    [
        ("transfer", TREASURY, {"ueberweisung"}, set()),
        ("counter", TREASURY, set(), {"ueberweisung"}),
        ("online", TREASURY, set(), {"ueberweisung"}),
        ("transfer", CLERK, set(), {"schalter", "papierkarte", "erlass"}),
        ("counter", CLERK, {"schalter", "papierkarte"}, {"erlass"}),
        ("online", CLERK, set(), {"schalter", "papierkarte", "erlass"}),
    ],
)
def test_the_page_shows_what_the_payment_expects_and_links_to_the_rest(
    way: str, actor: Actor, forms: set[str], links: set[str]
) -> None:
    request = expected(way)
    with paper_cards(1):
        seen = show(desk(actor), "request", request.public_id)
    assert (forms_on(seen), links_on(seen)) == (forms, links)


@pytest.mark.parametrize("task", ["schalter", "papierkarte", "erlass"])
def test_a_link_opens_its_form_and_no_other(task: str) -> None:
    with paper_cards(1):
        assert forms_on(show(desk(CLERK), "request", expected().public_id, tun=task)) == {task}


@pytest.mark.parametrize("task", ["", "zweite", "schalter", "💶"])
def test_what_cannot_be_done_here_shows_what_is_expected(task: str) -> None:
    assert forms_on(show(desk(), "request", expected().public_id, tun=task)) == {"ueberweisung"}


def test_an_error_comes_back_with_the_form_it_belongs_to() -> None:
    with paper_cards(1):
        text = send(desk(CLERK), "take_at_counter", expected().public_id).content.decode()
    assert "error-summary" in text
    assert forms_on(text) == {"schalter"}


def test_the_counter_asks_for_what_is_still_owed_and_for_nothing_once_enough_came() -> None:
    request = expected("online")
    tried = factories.attempt(request, timezone.now())
    factories.settle(tried, factories.paid(1400))
    assert "1,00\u202f€ kassieren" in show(desk(CLERK), "request", request.public_id, tun="schalter")
    factories.settle(tried, factories.paid(1600))
    seen = show(desk(CLERK), "request", request.public_id, tun="schalter")
    assert {"schalter", "papierkarte"}.isdisjoint(forms_on(seen) | links_on(seen))
    assert forms_on(show(desk(), "request", request.public_id)) == set()


def test_people_at_the_desk_see_the_same_last_day_as_the_payer_and_how_long_the_place_is_kept() -> None:
    noon = datetime.combine(day_of(timezone.now()), time(12, 30), tzinfo=BERLIN)  # the counter is closed at that hour
    request = factories.request("counter", now=noon)
    told = queries.last_chance(request, town_queries.current())
    assert told < request.pay_by
    seen = show(desk(), "request", request.public_id)
    assert f"{long_day(told)}, {clock(told)}" in seen
    assert f"Der Platz bleibt bis {long_day(request.pay_by)}, {clock(request.pay_by)}, reserviert." in seen


def test_after_booking_the_page_is_small_and_asks_for_the_next_payment() -> None:
    request, client = expected(), desk()
    answer = client.post(reverse("payments:mark_received", args=[request.public_id]), booked(), follow=True)
    text = answer.content.decode()
    assert answer.redirect_chain == [(reverse("payments:request", args=[request.public_id]), 302)]
    assert "Nächste Zahlung" in text
    assert 'method="post"' not in text
    assert leads_to(client, str(expected())).startswith("/buero/kasse/zahlung/")


def test_before_and_after_booking_the_page_costs_few_statements() -> None:
    request, client = expected(), desk()
    for _ in range(2):
        with CaptureQueriesContext(connection) as captured:
            show(client, "request", request.public_id)
        assert len(captured) <= MOST_STATEMENTS, [query["sql"] for query in captured]
        send(client, "mark_received", request.public_id, **booked())


def test_attempts_and_a_waiver_stay_on_the_page_after_the_way_was_changed() -> None:
    request = factories.request()
    factories.attempt(request)
    later = NOW + timedelta(days=3)
    actions.change_way(request_id=request.pk, way="counter", pay_by=later, ask_until=later, actor=CLERK, now=NOW)
    actions.request_waiver(request_id=request.pk, ground="Härtefall", actor=CLERK, now=NOW)
    seen = show(desk(), "request", request.public_id)
    assert "Online-Versuche" in seen
    assert "Erlass beantragt von" in seen


def test_a_long_trail_hides_nothing() -> None:
    request = factories.request()
    factories.attempt(request)
    for days in range(60):
        later = NOW + timedelta(days=3, minutes=days)
        actions.change_way(request_id=request.pk, way="counter", pay_by=later, ask_until=later, actor=CLERK, now=NOW)
    assert "Online-Versuche" in show(desk(), "request", request.public_id)


def test_a_shortage_is_explained_and_can_be_left_as_it_is() -> None:
    request = factories.request()
    tried = factories.attempt(request)
    factories.settle(tried, factories.paid(1600))
    actions.accept_overpayment(request_id=request.pk, actor=TREASURY, now=NOW)
    factories.settle(tried, factories.paid(1500))
    assert "Es ist weniger da, als gebraucht wird" in show(desk(), "request", request.public_id)
    assert send(desk(), "declare_unpaid", request.public_id).status_code == 302
    assert request.in_one_line not in show(desk(), "unclear")


# --- A second transfer ------------------------------------------------------------------------


def test_a_second_transfer_is_booked_from_the_page_and_goes_back() -> None:
    request = expected()
    send(desk(), "mark_received", request.public_id, **booked())
    assert links_on(show(desk(), "request", request.public_id)) == {"zweite"}
    form = show(desk(), "request", request.public_id, tun="zweite")
    assert 'name="booked" value="2"' in form
    assert send(desk(), "take_second_transfer", request.public_id, **booked("3,00", "2")).status_code == 302
    assert RefundOrder.objects.get().amount_cents == 300


@pytest.mark.parametrize("stale", ["1", "", "viele", "9" * 40, "-1"])
def test_what_was_typed_stays_if_somebody_has_booked_in_between_and_can_be_sent_again(stale: str) -> None:
    request = expected()
    send(desk(), "mark_received", request.public_id, **booked())
    text = send(desk(), "take_second_transfer", request.public_id, **booked("3,00", stale)).content.decode()
    assert "Inzwischen hat sich hier etwas geändert. Bitte prüfen Sie die Buchungen unten" in text
    assert 'value="3,00"' in text
    assert 'name="booked" value="2"' in text
    assert not RefundOrder.objects.exists()


@pytest.mark.parametrize("again", [{"as_stated": "on"}, {}])
def test_half_of_the_fee_sent_twice_is_booked_once(again: dict[str, str]) -> None:
    request = expected(cents=3000)
    half = booked() | {"as_stated": "on"}
    send(desk(), "mark_received", request.public_id, **half)
    assert send(desk(), "mark_received", request.public_id, **booked() | again).status_code == 302
    assert (fresh(request).state, queries.balance(request).held_cents) == ("open", 1500)
    send(desk(), "mark_received", request.public_id, **booked(lines="2"))  # the other half, from the page as it is now
    assert (fresh(request).state, queries.balance(request).held_cents) == ("paid", 3000)


def test_who_may_not_book_transfers_is_not_offered_a_second_one() -> None:
    request = factories.paid_online()
    assert links_on(show(desk(CLERK), "request", request.public_id)) == set()
    assert send(desk(CLERK), "take_second_transfer", request.public_id, **booked(lines="2")).status_code == 403
