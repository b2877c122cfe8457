"""The private link once more: to the address an order has, to no other, and without telling who has orders."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from stadthaus.accounts.queries import trail
from stadthaus.accounts.tests.factories import make_person
from stadthaus.base_services.collection_tours.models import CollectionDay
from stadthaus.base_services.messages import actions as messages
from stadthaus.base_services.messages.models import Message
from stadthaus.kernel.actors import CITIZEN
from stadthaus.services.bulky_waste import actions, documents
from stadthaus.services.bulky_waste.documents import order_link
from stadthaus.services.bulky_waste.models import LINK_AGAIN, Order
from stadthaus.services.bulky_waste.queries.orders import LINKS_AT_ONCE
from stadthaus.services.bulky_waste.tests.browser import Browser
from stadthaus.services.bulky_waste.tests.factories import CLERK, full_draft, submit
from stadthaus.services.bulky_waste.views.limits import LOST_LINKS_PER_HOUR
from stadthaus.work import actions as work

pytestmark = pytest.mark.usefixtures("town")
ADDRESS = "/sperrmuell/link/"
MAIL = f"bulky_waste.{LINK_AGAIN}"


def an_order(day: CollectionDay, **who: object) -> Order:
    now = timezone.now()
    return submit(full_draft(day, now=now, who=who), now=now, way="transfer")


def ask(email: str, client: Client | None = None) -> str:
    answer = (client or Client()).post(ADDRESS, {"email": email}, follow=True)
    work.run_due(timezone.now())
    return answer.content.decode()


def links_for() -> list[str]:
    """The orders whose link is on its way, in the order of the requests."""
    return list(Message.objects.filter(template=MAIL).order_by("id").values_list("about", flat=True))


def test_who_lost_the_link_gets_it_again_at_the_address_of_the_order(day: CollectionDay) -> None:
    order = an_order(day, email="Erika@Example.org")
    assert "Sehen Sie in Ihr Postfach" in ask("erika@example.org")
    assert links_for() == [order.reference]
    mail = documents.mail(template=MAIL, number=order.number, now=timezone.now())
    assert mail is not None
    assert mail.to == "Erika@Example.org"
    assert order_link(order) in mail.text


def test_the_mail_with_the_link_carries_neither_name_nor_address(day: CollectionDay) -> None:
    order = an_order(day, name="Xaverine Quittenbaum")
    mail = documents.mail(template=MAIL, number=order.number, now=timezone.now())
    assert mail is not None
    assert not [word for word in ("Quittenbaum", order.street_name) if word in mail.text + mail.html]


def test_the_page_says_the_same_whether_there_is_an_order_or_not(day: CollectionDay) -> None:
    an_order(day, email="erika@example.org")
    assert ask("erika@example.org") == ask("niemand@example.org")
    assert len(links_for()) == 1


def test_the_page_does_the_same_whether_there_is_an_order_or_not(day: CollectionDay) -> None:
    for _ in range(LINKS_AT_ONCE):
        an_order(day, email="haus@example.org")
    an_order(day, email="erika@example.org")
    asked = []
    for email in ("niemand@example.org", "erika@example.org", "haus@example.org"):
        with CaptureQueriesContext(connection) as seen:
            Client().post(ADDRESS, {"email": email})
        asked.append(len(seen))
    assert len(set(asked)) == 1


def test_an_address_with_a_tag_leads_to_the_one_the_order_has(day: CollectionDay) -> None:
    order = an_order(day, email="erika@example.org")
    ask("erika+fremd@example.org")
    mail = documents.mail(template=MAIL, number=order.number, now=timezone.now())
    assert mail is not None
    assert (links_for(), mail.to) == ([order.reference], "erika@example.org")


def test_the_link_is_sent_once_a_day_and_again_the_next_day(day: CollectionDay) -> None:
    order, now = an_order(day), timezone.now()
    sent = [
        actions.send_link_again(number=order.number, actor=CITIZEN, now=moment)
        for moment in (now, now, now + timedelta(days=1))
    ]
    assert sent == [True, False, True]
    assert len(links_for()) == 2
    assert [entry.event for entry in trail(order.reference)].count("order.link_sent") == 2


def test_of_many_orders_the_open_ones_are_sent_first_newest_first(day: CollectionDay) -> None:
    orders = [an_order(day, email="haus@example.org") for _ in range(LINKS_AT_ONCE + 1)]
    for over in orders[1:]:
        actions.cancel(number=over.number, actor=CITIZEN, now=timezone.now())
    ask("haus@example.org")
    assert links_for()[0] == orders[0].reference
    assert len(links_for()) == LINKS_AT_ONCE


def test_whoever_types_a_dead_address_keeps_nobody_busy_and_the_office_can_try_again(day: CollectionDay) -> None:
    order, now = an_order(day), timezone.now()
    [mail] = Message.objects.filter(about=order.reference)
    messages.mark_failed(message=mail, error="550", now=now)
    ask("erika@example.org")
    assert links_for() == []
    assert actions.send_link_again(number=order.number, actor=CLERK, now=now)


def test_what_a_citizen_asked_for_keeps_the_office_from_nothing(client: Client, day: CollectionDay) -> None:
    order, now = an_order(day), timezone.now()
    assert actions.send_link_again(number=order.number, actor=CITIZEN, now=now)
    messages.mark_failed(message=Message.objects.get(template=MAIL), error="550", now=now)
    client.force_login(make_person("clerk"))
    page = client.get(reverse("bulky_waste:office_order", args=[order.number])).content.decode()
    assert "Link noch einmal schicken" in page
    assert actions.send_link_again(number=order.number, actor=CLERK, now=now)


def test_an_order_answered_by_letter_or_telephone_has_no_mail(day: CollectionDay) -> None:
    by_letter = an_order(day, channel="letter", email="")
    on_the_phone = an_order(day, channel="phone", email="", phone="02389 71123")
    Order.objects.filter(pk=on_the_phone.pk).update(contact_key="erika@example.org")
    ask("erika@example.org")
    for order in (by_letter, on_the_phone):
        assert not actions.send_link_again(number=order.number, actor=CITIZEN, now=timezone.now())
    assert links_for() == []


def test_an_order_whose_contact_was_erased_is_written_to_no_more(day: CollectionDay) -> None:
    order, now = an_order(day), timezone.now()
    actions.cancel(number=order.number, actor=CITIZEN, now=now)
    actions.erase_person(number=order.number, now=now)
    Order.objects.filter(pk=order.pk).update(contact_key="erika@example.org")
    ask("erika@example.org")
    assert links_for() == []
    assert not actions.send_link_again(number=order.number, actor=CITIZEN, now=now)


@pytest.mark.parametrize("typed", ["", "erika", "erika@", "a b@example.org"])
def test_what_is_no_address_is_said_at_the_field(typed: str) -> None:
    browser = Browser().open(ADDRESS).fill(email=typed)
    assert "Fehler: Link zur Bestellung" in browser.text
    assert links_for() == []


def test_nobody_asks_for_link_after_link(day: CollectionDay) -> None:
    an_order(day)
    client = Client()
    for number in range(LOST_LINKS_PER_HOUR):
        ask(f"niemand-{number}@example.org", client)
    assert client.post(ADDRESS, {"email": "erika@example.org"}).status_code == 429
    assert links_for() == []


def test_a_clerk_sends_the_link_and_everybody_sees_that_in_the_history(client: Client, day: CollectionDay) -> None:
    order = an_order(day)
    client.force_login(make_person("clerk"))
    address = reverse("bulky_waste:office_order", args=[order.number])
    assert "Link noch einmal schicken" in client.get(address).content.decode()
    for _ in range(2):  # a double click
        answer = client.post(f"{address}link/")
        assert answer["Location"] == f"{address}#nachrichten"
    page = client.get(address).content.decode()
    assert "Link zur Bestellung noch einmal, E-Mail" in page
    assert page.count("Link noch einmal geschickt") == 1
    assert "Link noch einmal schicken" not in page, "tomorrow again"
    assert links_for() == [order.reference]


def test_who_may_only_look_sends_nothing(client: Client, day: CollectionDay) -> None:
    order = an_order(day)
    client.force_login(make_person("treasury"))
    address = reverse("bulky_waste:office_order", args=[order.number])
    assert client.post(f"{address}link/").status_code == 403
    assert "Link noch einmal schicken" not in client.get(address).content.decode()
    assert links_for() == []
