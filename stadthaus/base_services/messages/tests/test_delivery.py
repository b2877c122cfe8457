from collections.abc import Sequence
from datetime import timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected
from typing import ClassVar

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage
from pytest_django import Settings

from stadthaus.base_services.messages import actions, queries
from stadthaus.base_services.messages.models import Message
from stadthaus.base_services.messages.rules.content import Content
from stadthaus.base_services.messages.tests.factories import NOW, a_message, a_town, answering, some_content
from stadthaus.kernel.actors import SYSTEM
from stadthaus.work.actions import run_due
from stadthaus.work.models import Job

IN_A_MINUTE = NOW + timedelta(minutes=1)


class Wire(BaseEmailBackend):
    """The wire to a mail server that answers with one error after the other, then takes the mail."""

    errors: ClassVar[list[Exception]] = []
    heard: ClassVar[list[EmailMessage]] = []

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        self.heard.extend(email_messages)
        if self.errors:
            raise self.errors.pop(0)
        return len(email_messages)


@pytest.fixture(autouse=True)
def town(db: None) -> None:  # noqa: ARG001  a fixture asks for another by naming it
    a_town()


@pytest.fixture
def wire(settings: Settings) -> type[Wire]:
    settings.EMAIL_BACKEND = f"{__name__}.Wire"
    Wire.errors, Wire.heard = [], []
    return Wire


def test_a_mail_goes_out_with_what_the_service_says() -> None:
    message = a_message()
    with answering(lambda _: some_content()):
        run_due(NOW)
    (sent,) = mail.outbox
    assert (sent.to, sent.subject, sent.extra_headers["Message-ID"]) == (
        ["erika@example.org"],
        "Bestätigt",
        message.message_id,
    )
    kept = Message.objects.get()
    assert (kept.state, kept.sent_at, kept.attempts) == ("sent", NOW, 1)
    assert not Job.objects.exists()


def test_a_sent_mail_is_not_sent_by_a_second_run_of_its_job() -> None:
    message = a_message()
    with answering(lambda _: some_content()):
        run_due(NOW)
        actions.send_again(message=message, actor=SYSTEM, now=NOW)
        run_due(NOW)
    assert len(mail.outbox) == 1


def test_nothing_to_say_any_more_drops_the_message() -> None:
    a_message()
    with answering(lambda _: None, lambda _: None):
        run_due(NOW)
    assert Message.objects.get().state == "dropped"
    assert mail.outbox == []


def test_a_fault_in_a_service_is_tried_again() -> None:
    def broken(_message: Message) -> Content | None:
        raise LookupError

    a_message()
    with answering(broken):
        run_due(NOW)
    assert Message.objects.get().state == "waiting"
    with answering(lambda _: some_content()):
        run_due(IN_A_MINUTE)
    assert Message.objects.get().state == "sent"


def test_two_services_answering_for_one_message_is_a_fault() -> None:
    a_message()
    with answering(lambda _: some_content(), lambda _: some_content()):
        run_due(NOW)
    assert mail.outbox == []
    assert Job.objects.get().last_error.startswith("LookupError")


@pytest.mark.parametrize(
    "error", [SMTPServerDisconnected("bye"), ConnectionRefusedError(), SMTPRecipientsRefused({"e@e.de": (450, b"")})]
)
def test_a_mail_survives_a_temporary_fault_with_the_same_message_id(wire: type[Wire], error: Exception) -> None:
    a_message()
    wire.errors.append(error)
    with answering(lambda _: some_content()):
        run_due(NOW)
        assert Message.objects.get().state == "waiting"
        run_due(IN_A_MINUTE)
    kept = Message.objects.get()
    assert (kept.state, kept.attempts, kept.last_error) == ("sent", 2, "")
    first, second = (heard.extra_headers["Message-ID"] for heard in wire.heard)
    assert first == second == kept.message_id


def test_a_recipient_refused_for_good_needs_attention_and_is_not_tried_again(wire: type[Wire]) -> None:
    message = a_message()
    wire.errors.append(SMTPRecipientsRefused({"erika@example.org": (550, b"5.1.1 <erika@example.org> unknown")}))
    with answering(lambda _: some_content()):
        run_due(NOW)
        run_due(IN_A_MINUTE)
    assert len(wire.heard) == 1
    assert list(queries.undelivered()) == [message]
    kept = Message.objects.get()
    assert (kept.state, kept.failed_at, kept.last_error) == ("failed", NOW, "SMTP 550 5.1.1")


def test_an_hour_without_a_mail_server_loses_and_doubles_nothing(wire: type[Wire]) -> None:
    for number in range(5):
        a_message(once_key=str(number))
    wire.errors = [ConnectionRefusedError() for _ in range(5 * 4)]
    now = NOW
    with answering(lambda _: some_content()):
        while Job.objects.exists():
            now += timedelta(minutes=15)
            run_due(now)
    assert Message.objects.filter(state="sent", attempts=5).count() == 5
    assert now - NOW < timedelta(hours=2)


def test_a_job_of_a_message_that_is_gone_ends() -> None:
    a_message().delete()
    run_due(NOW)
    assert not Job.objects.exists()
