"""Reads of the portal: what waits for a person, and work that fails again and again or was given up, in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from stadthaus.accounts import queries as accounts
from stadthaus.accounts.models import SEND_PASSWORD_LINK
from stadthaus.base_services.messages import queries as messages
from stadthaus.base_services.messages.models import DELIVER, FORGET_PRINT_RUN
from stadthaus.base_services.payments import queries as payments
from stadthaus.base_services.payments.models import ASK, LAPSE, NOTIFY, PaymentAttempt, PaymentRequest
from stadthaus.services.bulky_waste import queries as bulky_waste
from stadthaus.services.bulky_waste.models import ORDERS, REMIND_OF_PAYMENT, SEND_LINKS, TELL_RESULT
from stadthaus.work import queries as work
from stadthaus.work.models import Job, JobQuerySet

# Mails have their list among "Briefe und Anrufe", where the people they are for stand.
JOB_WORDS: Mapping[str, str] = {
    "accounts.clean_up": "Alte Einzelheiten im Verlauf löschen",
    SEND_PASSWORD_LINK: "Link für ein neues Passwort schicken",
    "bulky_waste.delete_old_drafts": "Alte Entwürfe löschen",
    "bulky_waste.erase_people": "Angaben zu Personen löschen, wenn ihre Frist um ist",
    "bulky_waste.hand_over": "Bestellungen an den Entsorger übergeben",
    REMIND_OF_PAYMENT: "An die Zahlung erinnern",
    SEND_LINKS: "Links zu Bestellungen schicken",
    TELL_RESULT: "Ergebnis der Abholung mitteilen",
    "bulky_waste.tidy_up": "Fotos von Stellen löschen, die zu keiner Bestellung gehören",
    "collection_tours.keep_days": "Neue Abholtage anlegen",
    "collection_tours.release_holds": "Reservierte Plätze freigeben",
    "collection_tours.tidy_up": "Alte Fotos und Reservierungen löschen",
    "payments.erase_debtors": "Namen auf Kassenbelegen löschen, wenn ihre Frist um ist",
    FORGET_PRINT_RUN: "Druckstapel löschen",
    ASK: "Beim Zahlungsdienst nach einer Zahlung fragen",
    NOTIFY: "Meldung des Demo-Bezahldienstes",
    LAPSE: "Bestellung verfallen lassen, wenn niemand bezahlt hat",
}


@dataclass(frozen=True)
class WorkItem:
    """Something that waits for a person: what, how much of it, and the name of the page where it is done."""

    label: str
    count: int
    url_name: str


@dataclass(frozen=True)
class Unfinished:
    """One job somebody has to look at. `number` is the order's, if it is about one; `fault` holds no personal data."""

    id: int
    what: str
    number: str
    fault: str
    attempts: int
    given_up_at: datetime | None
    next_try: datetime | None


def work_list(user: object) -> list[WorkItem]:
    """What waits for this person, from all parts (one small statement for each line they may see)."""
    items = [item for part in (payments, accounts, bulky_waste, messages) for item in part.waiting_for(user)]
    if "work.retry" in accounts.permissions_of(user) and (left := unfinished_jobs().count()):
        items.append(("Unerledigte Aufgaben", left, "portal:unfinished"))
    return [WorkItem(*item) for item in items]


def unfinished_jobs() -> JobQuerySet:
    """All but mails."""
    return work.unfinished().exclude(kind=DELIVER)


def in_words(found: Iterable[Job]) -> list[Unfinished]:
    """Say jobs in words (two small statements for the orders of payments)."""
    listed = list(found)
    references = _references(listed)
    return [
        Unfinished(
            id=job.pk,
            what=JOB_WORDS.get(job.kind, job.kind),
            number=_number(job, references),
            fault=job.last_error.partition(" ")[0],
            attempts=job.attempts,
            given_up_at=job.failed_at,
            next_try=None if job.failed_at else job.due_at,
        )
        for job in listed
    ]


def _references(listed: Iterable[Job]) -> dict[tuple[str, str], str]:
    """What the jobs about payments are about, by kind and key."""
    keys = {kind: [job.key for job in listed if job.kind == kind] for kind in (ASK, LAPSE)}
    attempts = PaymentAttempt.objects.filter(pk__in=keys[ASK]).values_list("pk", "request__reference")
    requests = PaymentRequest.objects.filter(pk__in=keys[LAPSE]).values_list("pk", "reference")
    found = {ASK: attempts, LAPSE: requests}
    return {(kind, str(pk)): about for kind, rows in found.items() if keys[kind] for pk, about in rows}


def _number(job: Job, references: Mapping[tuple[str, str], str]) -> str:
    if job.kind.startswith("bulky_waste.") and job.key.isdigit():
        return job.key
    about = references.get((job.kind, job.key), "")
    return about.removeprefix(ORDERS) if about.startswith(ORDERS) else ""
