from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from stadthaus.base_services.messages import actions
from stadthaus.base_services.messages.models import Message
from stadthaus.base_services.messages.rules.content import Addressee, Call, Content, Letter
from stadthaus.base_services.messages.rules.mail_text import Block, MailText
from stadthaus.base_services.messages.signals import addressee_wanted, content_wanted
from stadthaus.kernel.actors import SYSTEM
from stadthaus.town import actions as town
from stadthaus.town.queries import Town

NOW = datetime(2025, 12, 1, 8, 0, tzinfo=UTC)
TEXTS = {
    "town.name": "Stadt Werne",
    "town.office": "Bürgerbüro",
    "town.street": "Konrad-Adenauer-Platz 1",
    "town.postcode_place": "59368 Werne",
    "town.email": "buergerbuero@werne.example",
    "town.phone": "02389 71-0",
    "town.hours": "Montag bis Freitag 8:00–12:00 Uhr",
}
TOWN = Town(rules={}, texts={key: {"de": text} for key, text in TEXTS.items()})


def a_town() -> None:
    for key, text in TEXTS.items():
        town.enter_text(key=key, translations={"de": text}, actor=SYSTEM, now=NOW)


def some_content(**changes: Any) -> Content:
    fields = {"to": "erika@example.org", "subject": "Bestätigt", "text": "Wir kommen.\n", "html": "<p>Wir kommen.</p>"}
    return Content(**{**fields, **changes})


def a_message(*, once_key: str = "order/1:confirmed", channel: str = "email", about: str = "order/1") -> Message:
    actions.queue(template="test.confirmed", about=about, channel=channel, once_key=once_key, now=NOW)
    return Message.objects.get(once_key=once_key)


@contextmanager
def answering(*answers: Callable[[Message], Content | Letter | Call | None]) -> Iterator[None]:
    """Services that say what the messages say."""
    receivers = [lambda answer=answer, **given: answer(given["message"]) for answer in answers]
    for receiver in receivers:
        content_wanted.connect(receiver, weak=False)
    try:
        yield
    finally:
        for receiver in receivers:
            content_wanted.disconnect(receiver)


@contextmanager
def naming(answer: Callable[[Message], Addressee | None]) -> Iterator[None]:
    """A service that says whom the messages are for."""

    def reply(*, message: Message, **_: Any) -> Addressee | None:
        return answer(message)

    addressee_wanted.connect(reply)
    try:
        yield
    finally:
        addressee_wanted.disconnect(reply)


def some_words(subject: str = "Bestätigt", line: str = "Wir kommen.") -> MailText:
    link = Block("button", ("Ansehen",), "http://testserver/b/abc/")
    return MailText(subject, (Block("paragraph", (line,)), Block("list", ("bis 6:00 Uhr",)), link))


def some_letter(name: str = "Erika Beispiel", **words: str) -> Letter:
    return Letter((name, "Mozartstraße 12", "59368 Werne"), some_words(**words))


def some_call(name: str = "Otto Ruf", phone: str = "02389 111") -> Call:
    return Call(name, phone, some_words().without_links())
