"""Mails nobody could deliver: the office sees whom they were for and does something about it."""

from collections.abc import Callable

import pytest
from django.test import Client

from stadthaus.accounts.queries import trail
from stadthaus.accounts.tests.factories import make_person
from stadthaus.base_services.messages import actions
from stadthaus.base_services.messages.models import Message
from stadthaus.base_services.messages.rules.content import Addressee
from stadthaus.base_services.messages.tests.factories import NOW, a_message, a_town, naming
from stadthaus.work.models import Job

pytestmark = pytest.mark.django_db
PAGE = "/buero/briefe-und-anrufe/"
ERIKA = Addressee("Erika Beispiel", "Bestätigung mit Karte", "02389 111", "/buero/sperrmuell/482917305/")


@pytest.fixture
def clerk(client: Client) -> Client:
    a_town()
    client.force_login(make_person("clerk", name="Bente Schalter"))
    return client


def a_refused_mail(**fields: str) -> Message:
    message = a_message(about="order/482917305", **fields)
    Job.objects.all().delete()
    actions.mark_failed(message=message, error="SMTP 550 5.1.1", now=NOW)
    return message


def a_given_up_mail() -> Message:
    message = a_message(about="order/482917305")
    actions.mark_delayed(message=message, error="TimeoutError")
    Job.objects.update(failed_at=NOW)
    return message


def shown(client: Client, answer: Callable[[Message], Addressee | None] = lambda _: ERIKA) -> str:
    with naming(answer):
        return client.get(PAGE).content.decode()


def press(client: Client, message: Message, button: str) -> None:
    assert client.post(f"{PAGE}e-mails/{message.pk}/{button}/")["Location"] == PAGE


def events(message: Message) -> list[tuple[str, str]]:
    return [(entry.event, entry.actor_label) for entry in trail(message.about)]


def test_a_refused_mail_says_for_whom_it_was_what_it_told_and_why_it_failed(clerk: Client) -> None:
    a_refused_mail()
    content = shown(clerk)
    for text in (ERIKA.name, ERIKA.news, 'href="tel:02389111"', f'href="{ERIKA.page}"', "Diese E-Mail-Adresse nimmt"):
        assert text in content


def test_where_no_telephone_is_known_the_page_says_so(clerk: Client) -> None:
    a_refused_mail()
    assert "Eine Telefonnummer kennen wir nicht" in shown(clerk, lambda _: Addressee("Erika Beispiel", "Neuer Tag"))


def test_a_mail_given_up_after_days_is_listed_too(clerk: Client) -> None:
    a_given_up_mail()
    assert "tagelang nicht zu erreichen" in shown(clerk)


def test_while_all_mails_go_out_there_is_no_such_list(clerk: Client) -> None:
    a_message()
    assert "Nicht zustellbar" not in shown(clerk)


@pytest.mark.parametrize("make", [a_refused_mail, a_given_up_mail])
def test_sending_again_pressed_twice_is_one_new_start(clerk: Client, make: Callable[[], Message]) -> None:
    message = make()
    for _ in range(2):
        press(clerk, message, "noch-einmal")
    assert Message.objects.get().state == "waiting"
    assert Job.objects.get().failed_at is None
    assert events(message) == [("message.sent_again", "Bente Schalter")]
    assert "Nicht zustellbar" not in shown(clerk)


@pytest.mark.parametrize("make", [a_refused_mail, a_given_up_mail])
def test_what_was_told_otherwise_is_noted_once_and_never_mailed(clerk: Client, make: Callable[[], Message]) -> None:
    message = make()
    for _ in range(2):
        press(clerk, message, "anders-gesagt")
    assert Message.objects.get().state == "dropped"
    assert not Job.objects.exists()
    assert events(message) == [("message.told_otherwise", "Bente Schalter")]


def test_a_mail_on_its_way_can_be_neither_repeated_nor_told_otherwise(clerk: Client) -> None:
    message = a_message()
    for button in ("noch-einmal", "anders-gesagt"):
        press(clerk, message, button)
    assert Message.objects.get().state == "waiting"
    assert events(message) == []


def test_a_mail_with_nothing_left_to_say_vanishes(clerk: Client) -> None:
    a_refused_mail()
    assert "Nicht zustellbar" not in shown(clerk, lambda _: None)
    assert Message.objects.get().state == "dropped"


def test_the_home_page_counts_them(clerk: Client) -> None:
    a_refused_mail(), a_refused_mail(once_key="2")
    assert "Nicht zustellbare E-Mails</a> <strong>2</strong>" in clerk.get("/buero/").content.decode()


def test_a_name_is_shown_as_text_and_never_as_markup(clerk: Client) -> None:
    a_refused_mail()
    assert "<b>" not in shown(clerk, lambda _: Addressee("<b>Erika", "<b>Neuer Tag"))


@pytest.mark.parametrize("role", ["treasury", "administrator"])
def test_others_may_neither_send_again_nor_note_anything(client: Client, role: str) -> None:
    message = a_refused_mail()
    client.force_login(make_person(role))
    for button in ("noch-einmal", "anders-gesagt"):
        assert client.post(f"{PAGE}e-mails/{message.pk}/{button}/").status_code == 403
    assert Message.objects.get().state == "failed"
