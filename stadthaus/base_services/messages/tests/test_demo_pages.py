import pytest
from django.test import Client
from pytest_django import Settings

from stadthaus.base_services.messages import actions
from stadthaus.base_services.messages.models import Message
from stadthaus.base_services.messages.tests.factories import NOW, a_message, some_content

pytestmark = [pytest.mark.django_db, pytest.mark.urls("stadthaus.base_services.messages.tests.urls")]


def a_sent_message(once_key: str = "1", **content: str) -> Message:
    message = a_message(once_key=once_key)
    actions.mark_sent(message=message, content=some_content(**content), now=NOW)
    return message


def page_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_the_mailbox_lists_the_newest_first(client: Client) -> None:
    a_sent_message("1", subject="Erste")
    a_sent_message("2", subject="Zweite")
    page = page_of(client, "/postkorb/")
    assert page.index("Zweite") < page.index("Erste")


def test_dropped_messages_are_not_listed(client: Client) -> None:
    actions.drop(message=a_message())
    assert "Noch leer" in page_of(client, "/postkorb/")


def test_an_empty_mailbox_says_so(client: Client) -> None:
    assert "Noch leer" in page_of(client, "/postkorb/")


def test_a_long_mailbox_goes_on_on_the_next_page(client: Client) -> None:
    numbers = [a_sent_message(str(number), subject=f"Nr-{number:02}").pk for number in range(51)]
    assert f"?nach={numbers[1]}" in page_of(client, "/postkorb/")
    assert "Nr-00" in page_of(client, f"/postkorb/?nach={numbers[1]}")


def test_a_message_shows_its_text_with_working_links_and_nothing_executable(client: Client) -> None:
    message = a_sent_message(text="<script>x</script>\nhttp://testserver/b/abc/\n")
    page = page_of(client, f"/postkorb/{message.pk}/")
    assert "<script>x" not in page
    assert '<a href="http://testserver/b/abc/"' in page


def test_a_waiting_letter_can_be_seen(client: Client) -> None:
    letter = a_message(channel="letter")
    assert "Diesen Brief druckt das Büro" in page_of(client, f"/postkorb/{letter.pk}/")


def test_the_html_is_shown_under_a_policy_without_scripts(client: Client) -> None:
    message = a_sent_message(html="<p>Hallo</p>")
    response = client.get(f"/postkorb/{message.pk}/html/")
    assert response.content == b"<p>Hallo</p>"
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy


def test_a_message_without_html_has_no_html_page(client: Client) -> None:
    assert client.get(f"/postkorb/{a_message().pk}/html/").status_code == 404


def test_outside_demo_mode_there_is_no_mailbox(client: Client, settings: Settings) -> None:
    message = a_sent_message()
    settings.DEMO = False
    for address in ("/postkorb/", f"/postkorb/{message.pk}/", f"/postkorb/{message.pk}/html/"):
        assert client.get(address).status_code == 404
