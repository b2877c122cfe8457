"""Briefe und Anrufe: what the office prints and tells those whom no e-mail reaches."""

from collections.abc import Iterable
from typing import TypeVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from stadthaus.accounts.audience import staff
from stadthaus.accounts.queries import actor_of
from stadthaus.base_services.messages import actions, documents, queries
from stadthaus.base_services.messages.models import Message
from stadthaus.base_services.messages.rules.content import Addressee, Call, Letter
from stadthaus.ui.pages import file, page, town_of

AT_ONCE = 100
Said = TypeVar("Said", Letter, Call)


@staff("messages.send")
@require_safe
def to_do(request: HttpRequest) -> HttpResponse:
    """Mails nobody could deliver, letters not printed yet, print runs, and calls to make."""
    context: dict[str, object] = {
        "undelivered": _undelivered(),
        "letters": _worth_telling(queries.letters_waiting()[:AT_ONCE], Letter),
        "runs": queries.print_runs(),
        "calls": _worth_telling(queries.calls_waiting()[:AT_ONCE], Call),
    }
    return page(request, "messages/to_do.html", context)


@staff("messages.send")
@require_POST
def make_print_run(request: HttpRequest) -> HttpResponse:
    """Put all waiting letters into one PDF; whoever presses twice finds it made."""
    now, waiting = timezone.now(), _worth_telling(queries.letters_waiting()[:AT_ONCE], Letter)
    if waiting:
        pdf = documents.letters([letter for _, letter in waiting], town=town_of(request), now=now)
        messages = [message for message, _ in waiting]
        actions.make_print_run(messages=messages, pdf=pdf, actor=actor_of(request), now=now)
    return redirect("messages:to_do")


@staff("messages.send")
@require_safe
def letters_pdf(request: HttpRequest, run_id: int) -> HttpResponse:  # noqa: ARG001  a view takes the request
    """The letters of a print run, to print them or to print them again."""
    run = get_object_or_404(queries.print_runs().defer(None), pk=run_id)
    return file(bytes(run.pdf), "application/pdf", f"Briefe-{run.made_at:%Y-%m-%d}-{run.pk}.pdf")


@staff("messages.send")
@require_POST
def mark_printed(request: HttpRequest, run_id: int) -> HttpResponse:
    """The letters of a run are on paper."""
    actions.mark_printed(run_id=run_id, actor=actor_of(request), now=timezone.now())
    return redirect("messages:to_do")


@staff("messages.send")
@require_POST
def send_again(request: HttpRequest, message_id: int) -> HttpResponse:
    """Try once more to deliver a mail; whoever presses twice finds it on its way."""
    message = get_object_or_404(Message, pk=message_id)
    actions.send_again(message=message, actor=actor_of(request), now=timezone.now())
    return redirect("messages:to_do")


@staff("messages.send")
@require_POST
def told_otherwise(request: HttpRequest, message_id: int) -> HttpResponse:
    """Somebody told the person another way what the mail could not."""
    message = get_object_or_404(Message, pk=message_id)
    actions.tell_otherwise(message=message, actor=actor_of(request), now=timezone.now())
    return redirect("messages:to_do")


@staff("messages.send")
@require_POST
def told(request: HttpRequest, message_id: int, attempt: int) -> HttpResponse:
    """Somebody was called and told."""
    actor = actor_of(request)
    actions.note_call(message_id=message_id, attempt=attempt, reached=True, actor=actor, now=timezone.now())
    return redirect("messages:to_do")


@staff("messages.send")
@require_POST
def not_reached(request: HttpRequest, message_id: int, attempt: int) -> HttpResponse:
    """Somebody was called and did not answer."""
    actor = actor_of(request)
    actions.note_call(message_id=message_id, attempt=attempt, reached=False, actor=actor, now=timezone.now())
    return redirect("messages:to_do")


def _undelivered() -> list[tuple[Message, Addressee]]:
    """Mails that wait for a person, oldest first; those with nothing left to say have become pointless."""
    found = [(message, documents.addressee(message)) for message in queries.undelivered()[:AT_ONCE]]
    for message, person in found:
        if person is None:
            actions.drop(message=message)
    return [(message, person) for message, person in found if person is not None]


def _worth_telling(waiting: Iterable[Message], kind: type[Said]) -> list[tuple[Message, Said]]:
    """The messages with what they say now, of several about one thing the newest; the others have become pointless."""
    listed = list(waiting)
    kept: dict[int, Said] = {}
    spoken_of: set[str] = set()
    for message in sorted(listed, key=lambda message: message.pk, reverse=True):
        said = None if message.about in spoken_of else documents.wanted(message, kind, now=timezone.now())
        if said is None:
            actions.drop(message=message)
        else:
            kept[message.pk] = said
            spoken_of.add(message.about)
    return [(message, kept[message.pk]) for message in listed if message.pk in kept]
