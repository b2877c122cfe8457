"""Reads of the outbox."""

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from stadthaus.accounts.queries import permissions_of
from stadthaus.base_services.messages.models import DELIVER, Message, PrintRun
from stadthaus.work.models import Job


def undelivered() -> QuerySet[Message]:
    """Mails that cannot be delivered, or were tried for days in vain: tell these people another way."""
    given_up = Job.objects.failed().filter(kind=DELIVER, key=OuterRef("once_key"))
    return Message.objects.filter(
        Q(state=Message.State.FAILED) | Q(Exists(given_up), state=Message.State.WAITING)
    ).order_by("id")


def for_reference(about: str) -> QuerySet[Message]:
    """All messages about one reference, newest first."""
    return Message.objects.filter(about=about).order_by("-id")


def is_queued(once_key: str) -> bool:
    """Whether there has been a message of this key (one statement)."""
    return Message.objects.filter(once_key=once_key).exists()


def calls_waiting() -> QuerySet[Message]:
    """What people without e-mail want to be told on the telephone: first whom nobody has tried to reach lately."""
    waiting = Message.objects.filter(channel=Message.Channel.PHONE, state=Message.State.WAITING)
    return waiting.order_by(F("tried_at").asc(nulls_first=True), "id")


def letters_waiting() -> QuerySet[Message]:
    """Letters for the next print run, oldest first."""
    return Message.objects.filter(
        channel=Message.Channel.LETTER, state=Message.State.WAITING, print_run=None
    ).order_by("id")


def waiting_for(user: object) -> list[tuple[str, int, str]]:
    """What waits for a person: the words, how much of it, the name of the page (at most three small statements).

    Several messages about one thing are told as one.
    """
    if "messages.send" not in permissions_of(user):
        return []
    letters, calls = (
        waiting.order_by().values("about").distinct().count() for waiting in (letters_waiting(), calls_waiting())
    )
    items = [
        ("Nicht zustellbare E-Mails", undelivered().count(), "messages:to_do"),
        ("Briefe zu drucken", letters, "messages:to_do"),
        ("Anrufe zu erledigen", calls, "messages:to_do"),
    ]
    return [item for item in items if item[1]]


def print_runs() -> QuerySet[PrintRun]:
    """Print runs whose letters can be printed (again), newest first; each with the number of its `letters`."""
    return PrintRun.objects.exclude(pdf=b"").defer("pdf").annotate(letters=Count("messages")).order_by("-id")
