from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries, Settings

from stadthaus.base_services.messages import actions, queries
from stadthaus.base_services.messages.models import DELIVER, Message, PrintRun
from stadthaus.base_services.messages.tests.factories import NOW, a_message, a_town, answering, some_content
from stadthaus.kernel.actors import SYSTEM, Actor
from stadthaus.work.actions import run_due
from stadthaus.work.models import Job

pytestmark = pytest.mark.django_db


def test_queueing_takes_two_statements(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(2):
        actions.queue(template="test", about="order/1", channel="email", once_key="order/1:confirmed", now=NOW)


def test_a_queued_mail_waits_and_has_work_scheduled() -> None:
    message = a_message()
    kept = Message.objects.get()
    assert (kept.pk, kept.state, kept.created_at, kept.attempts) == (message.pk, "waiting", NOW, 0)
    assert Job.objects.get(kind=DELIVER, key=message.once_key).due_at == NOW


def test_one_state_change_leads_to_one_message() -> None:
    first = a_message()
    a_message()
    assert Message.objects.get() == first
    assert Job.objects.count() == 1


def test_the_same_change_told_again_after_its_mail_went_out_sends_nothing() -> None:
    a_town()
    a_message()
    with answering(lambda _: some_content()):
        run_due(NOW)
        a_message()
        run_due(NOW)
    assert len(mail.outbox) == 1


def test_a_message_dies_with_the_transaction_that_queued_it() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        a_message()
        raise ZeroDivisionError
    assert not Message.objects.exists()
    assert not Job.objects.exists()


def test_a_key_is_free_again_when_its_transaction_failed() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        a_message()
        raise ZeroDivisionError
    a_message()
    assert Message.objects.count() == 1


def test_an_unknown_channel_is_refused() -> None:
    with pytest.raises(ValueError, match="pigeon"):
        a_message(channel="pigeon")


def test_the_message_id_tells_nothing_and_is_never_twice_the_same() -> None:
    first, second = a_message(about="order/482917305"), a_message(once_key="2", about="order/482917305")
    assert first.message_id != second.message_id
    assert "482917305" not in first.message_id
    assert first.message_id.endswith("@testserver>")


def test_a_letter_waits_for_the_print_run_without_a_job() -> None:
    letter = a_message(channel="letter")
    assert list(queries.letters_waiting()) == [letter]
    assert not Job.objects.exists()


def test_sent_is_said_once() -> None:
    message = a_message()
    assert actions.mark_sent(message=message, content=some_content(), now=NOW)
    assert not actions.mark_sent(message=message, content=some_content(), now=NOW)
    assert Message.objects.get().attempts == 1


def test_the_words_are_kept_in_demo_mode() -> None:
    actions.mark_sent(message=a_message(), content=some_content(), now=NOW)
    kept = Message.objects.get()
    assert (kept.demo_to, kept.demo_subject, kept.demo_text) == ("erika@example.org", "Bestätigt", "Wir kommen.\n")


def test_no_word_and_no_address_is_kept_in_production(settings: Settings) -> None:
    settings.DEMO = False
    actions.mark_sent(message=a_message(), content=some_content(), now=NOW)
    assert "erika" not in repr(Message.objects.values().get())
    assert Message.objects.get(state="sent").demo_text == ""


def test_a_sent_message_cannot_fail_any_more() -> None:
    message = a_message()
    actions.mark_sent(message=message, now=NOW)
    assert not actions.mark_failed(message=message, error="SMTP 550", now=NOW)
    assert not actions.drop(message=message)
    assert Message.objects.get().state == "sent"


def test_a_sent_message_without_a_time_is_refused_by_the_database() -> None:
    message = a_message()
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.filter(pk=message.pk).update(state="sent")


def test_a_failed_message_needs_attention_until_it_is_sent_again() -> None:
    message = a_message()
    Job.objects.all().delete()
    actions.mark_failed(message=message, error="SMTP 550", now=NOW)
    assert list(queries.undelivered()) == [message]
    assert actions.send_again(message=message, actor=SYSTEM, now=NOW)
    assert not queries.undelivered().exists()
    assert Job.objects.get().due_at == NOW


def test_what_was_sent_is_not_sent_again() -> None:
    message = a_message()
    actions.mark_sent(message=message, now=NOW)
    assert not actions.send_again(message=message, actor=SYSTEM, now=NOW)


def test_a_mail_whose_work_was_given_up_undelivered() -> None:
    given_up, _waiting = a_message(once_key="1"), a_message(once_key="2")
    Job.objects.filter(key=given_up.once_key).update(failed_at=NOW)
    assert list(queries.undelivered()) == [given_up]


def test_a_history_shows_its_own_messages_newest_first() -> None:
    old, new = a_message(once_key="1"), a_message(once_key="2")
    a_message(once_key="3", about="order/2")
    assert list(queries.for_reference("order/1")) == [new, old]


def test_a_letter_is_in_one_print_run_only() -> None:
    letters = [a_message(once_key=str(number), channel="letter") for number in range(2)]
    assert actions.make_print_run(messages=letters[:1], pdf=b"%PDF", actor=SYSTEM, now=NOW)
    assert actions.make_print_run(messages=letters, pdf=b"%PDF", actor=SYSTEM, now=NOW) is None
    assert list(queries.letters_waiting()) == letters[1:]
    assert PrintRun.objects.count() == 1


def test_a_mail_in_a_print_run_is_refused_by_the_database() -> None:
    run = PrintRun.objects.create(made_at=NOW, made_by="Bente Schalter", pdf=b"%PDF")
    message = a_message()
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.filter(pk=message.pk).update(print_run=run)


def test_names_and_addresses_of_a_printed_run_are_forgotten_after_two_weeks() -> None:
    letter = a_message(channel="letter")
    run = actions.make_print_run(messages=[letter], pdf=b"%PDF", actor=SYSTEM, now=NOW)
    assert run is not None
    actions.mark_printed(run_id=run.pk, actor=SYSTEM, now=NOW)
    run_due(NOW + timedelta(days=13))
    assert bytes(PrintRun.objects.get().pdf) == b"%PDF"
    run_due(NOW + timedelta(days=14))
    assert bytes(PrintRun.objects.get().pdf) == b""
    assert Message.objects.get().state == "sent"


def test_letters_of_a_run_nobody_printed_wait_again_after_two_weeks() -> None:
    letter = a_message(channel="letter")
    actions.make_print_run(messages=[letter], pdf=b"%PDF", actor=SYSTEM, now=NOW)
    run_due(NOW + timedelta(days=14))
    assert list(queries.letters_waiting()) == [letter]
    assert not PrintRun.objects.exists()


def test_who_printed_a_run_first_stays_named() -> None:
    run = actions.make_print_run(messages=[a_message(channel="letter")], pdf=b"%PDF", actor=SYSTEM, now=NOW)
    assert run is not None
    assert actions.mark_printed(run_id=run.pk, actor=Actor("staff", "Bente Schalter"), now=NOW)
    assert not actions.mark_printed(run_id=run.pk, actor=Actor("staff", "Alex Tonne"), now=NOW)
    assert PrintRun.objects.get().printed_by == "Bente Schalter"
