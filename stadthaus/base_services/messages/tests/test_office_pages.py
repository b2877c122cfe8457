"""Briefe und Anrufe: printing letters and calling people, as the office does it."""

from collections.abc import Callable
from io import BytesIO

import pikepdf
import pytest
from django.test import Client

from stadthaus.accounts.queries import trail
from stadthaus.accounts.tests.factories import make_person
from stadthaus.base_services.messages import actions
from stadthaus.base_services.messages.models import Message, PrintRun
from stadthaus.base_services.messages.rules.content import Call, Letter
from stadthaus.base_services.messages.tests.factories import (
    NOW,
    a_message,
    a_town,
    answering,
    some_call,
    some_letter,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("document_fonts")]
PAGE = "/buero/briefe-und-anrufe/"
RUNS = f"{PAGE}druckstapel/"


@pytest.fixture
def clerk(client: Client) -> Client:
    a_town()
    client.force_login(make_person("clerk", name="Bente Schalter"))
    return client


def a_letter(number: int = 1) -> Message:
    return a_message(once_key=f"letter {number}", channel="letter", about=f"order/{number}")


def a_call(number: int = 1) -> Message:
    return a_message(once_key=f"call {number}", channel="phone", about=f"order/{number}")


def said(message: Message) -> Letter | Call:
    """What the service answers in these tests."""
    return (
        some_letter(f"Brief {message.number}") if message.channel == "letter" else some_call(f"Ruf {message.number}")
    )


def shown(client: Client, answer: Callable[[Message], Letter | Call | None] = said) -> str:
    with answering(answer):
        return client.get(PAGE).content.decode()


def make_run(client: Client, answer: Callable[[Message], Letter | Call | None] = said) -> None:
    with answering(answer):
        assert client.post(RUNS)["Location"] == PAGE


def call_noted(client: Client, message: Message, attempt: int, result: str) -> None:
    assert client.post(f"{PAGE}anrufe/{message.pk}/{attempt}/{result}/")["Location"] == PAGE


def events(message: Message) -> list[tuple[str, str]]:
    return [(entry.event, entry.actor_label) for entry in trail(message.about)]


# Letters


def test_waiting_letters_are_listed_with_their_address_oldest_first(clerk: Client) -> None:
    a_letter(1), a_letter(2)
    content = shown(clerk)
    assert "2 Briefe warten" in content
    assert content.index("Brief 1, Mozartstraße 12, 59368 Werne") < content.index("Brief 2")


def test_all_waiting_letters_come_into_one_pdf_each_on_its_page(clerk: Client) -> None:
    a_letter(1), a_letter(2)
    make_run(clerk)
    run = PrintRun.objects.get()
    assert (run.made_by, run.messages.count()) == ("Bente Schalter", 2)
    response = clerk.get(f"{RUNS}{run.pk}/briefe.pdf")
    with pikepdf.open(BytesIO(response.content)) as document:
        assert len(document.pages) == 2
        assert document.Root.MarkInfo.Marked
        assert str(document.Root.Lang) == "de"
        assert str(document.docinfo.Title).startswith("2 Briefe, ")


def test_pressing_twice_makes_one_run(clerk: Client) -> None:
    a_letter()
    make_run(clerk)
    make_run(clerk)
    assert PrintRun.objects.count() == 1
    assert "Kein Brief wartet" in shown(clerk)


def test_without_letters_there_is_no_run(clerk: Client) -> None:
    make_run(clerk)
    assert not PrintRun.objects.exists()


def test_a_new_letter_comes_into_the_next_run(clerk: Client) -> None:
    first, second = a_letter(1), None
    make_run(clerk)
    second = a_letter(2)
    make_run(clerk)
    runs = [Message.objects.get(pk=message.pk).print_run_id for message in (first, second)]
    assert runs == sorted(PrintRun.objects.values_list("pk", flat=True))


def test_a_letter_with_nothing_left_to_say_is_not_printed(clerk: Client) -> None:
    pointless, letter = a_letter(1), a_letter(2)
    make_run(clerk, lambda message: None if message == pointless else said(message))
    assert Message.objects.get(pk=pointless.pk).state == "dropped"
    assert PrintRun.objects.get().messages.get() == letter


def test_of_two_letters_about_one_thing_only_the_newest_is_printed(clerk: Client) -> None:
    old = a_letter(1)
    new = a_message(once_key="newer", channel="letter", about=old.about)
    make_run(clerk)
    assert PrintRun.objects.get().messages.get() == new
    assert Message.objects.get(pk=old.pk).state == "dropped"


def test_printed_is_noted_by_name_on_every_letter_and_once(clerk: Client) -> None:
    letters = [a_letter(1), a_letter(2)]
    make_run(clerk)
    run = PrintRun.objects.get()
    for _ in range(2):
        clerk.post(f"{RUNS}{run.pk}/gedruckt/")
    assert [events(letter) for letter in letters] == [[("message.printed", "Bente Schalter")]] * 2
    assert set(Message.objects.values_list("state", "attempts")) == {("sent", 1)}
    assert PrintRun.objects.get().printed_by == "Bente Schalter"


def test_a_printed_run_can_be_printed_again_with_the_same_words(clerk: Client) -> None:
    a_letter()
    make_run(clerk)
    run = PrintRun.objects.get()
    first = clerk.get(f"{RUNS}{run.pk}/briefe.pdf").content
    clerk.post(f"{RUNS}{run.pk}/gedruckt/")
    content = shown(clerk, lambda _: None)
    assert "Noch einmal drucken" in content
    assert "Als gedruckt markieren" not in content
    assert clerk.get(f"{RUNS}{run.pk}/briefe.pdf").content == first


def test_a_forgotten_run_has_no_letters_to_show_any_more(clerk: Client) -> None:
    a_letter()
    make_run(clerk)
    run = PrintRun.objects.get()
    clerk.post(f"{RUNS}{run.pk}/gedruckt/")
    actions.forget_print_run(run_id=run.pk, now=NOW)
    assert clerk.get(f"{RUNS}{run.pk}/briefe.pdf").status_code == 404
    assert "Druckstapel" not in shown(clerk)


# Calls


def test_a_call_says_whom_to_call_and_what_to_say(clerk: Client) -> None:
    a_call()
    content = shown(clerk)
    for text in ("Ruf 1", 'href="tel:02389111"', "Bestätigt", "Wir kommen.", "bis 6:00 Uhr"):
        assert text in content
    assert "http://testserver/b/abc/" not in content


def test_who_was_told_is_not_called_again(clerk: Client) -> None:
    call = a_call()
    call_noted(clerk, call, 0, "gesagt")
    assert Message.objects.get().state_word == "gesagt"
    assert "Niemand ist anzurufen" in shown(clerk)
    assert events(call) == [("message.told", "Bente Schalter")]


def test_who_was_not_reached_stays_on_the_list_behind_the_others(clerk: Client) -> None:
    tried, fresh = a_call(1), a_call(2)
    call_noted(clerk, tried, 0, "nicht-erreicht")
    content = shown(clerk)
    assert content.index(f"Ruf {fresh.number}") < content.index(f"Ruf {tried.number}")
    assert "1-mal nicht erreicht, zuletzt" in content
    assert events(tried) == [("message.not_reached", "Bente Schalter")]


@pytest.mark.parametrize("result", ["gesagt", "nicht-erreicht"])
def test_pressing_twice_notes_one_call(clerk: Client, result: str) -> None:
    call = a_call()
    for _ in range(2):
        call_noted(clerk, call, 0, result)
    assert Message.objects.get().attempts == len(events(call)) == 1


def test_a_letter_cannot_be_noted_as_a_call(clerk: Client) -> None:
    letter = a_letter()
    call_noted(clerk, letter, 0, "gesagt")
    assert Message.objects.get().state == "waiting"


# Who may


def test_the_home_page_says_how_much_waits(clerk: Client) -> None:
    a_call(), a_message(once_key="newer", channel="phone", about="order/1"), a_call(2)
    content = clerk.get("/buero/").content.decode()
    assert "Briefe zu drucken" not in content
    assert "Anrufe zu erledigen</a> <strong>2</strong>" in content


@pytest.mark.parametrize("role", ["treasury", "administrator"])
def test_others_see_no_letters_and_no_telephone_numbers(client: Client, role: str) -> None:
    a_town()
    a_call(), a_letter()
    client.force_login(make_person(role))
    response = client.get(PAGE)
    assert response.status_code == 403
    assert b"Ruf 1" not in response.content
    assert client.post(RUNS).status_code == 403
    assert PAGE not in client.get("/buero/").content.decode()


def test_a_name_is_shown_as_text_and_never_as_markup(clerk: Client) -> None:
    a_call(), a_letter(2)
    content = shown(clerk, lambda m: some_call("<b>Otto") if m.channel == "phone" else some_letter("<b>Erika"))
    assert "<b>" not in content
