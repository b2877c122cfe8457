"""Things the tests of payments are about."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from django.dispatch import Signal

from stadthaus.accounts.models import RoleGrant, User
from stadthaus.base_services.payments import actions
from stadthaus.base_services.payments.models import PaymentAttempt, PaymentRequest
from stadthaus.base_services.payments.providers.base import ProviderUnavailable, Started
from stadthaus.base_services.payments.rules.answers import Answer
from stadthaus.base_services.payments.signals import paper_cards_wanted
from stadthaus.kernel.actors import CITIZEN, SYSTEM, Actor
from stadthaus.kernel.calendars import BERLIN
from stadthaus.town import actions as town_actions

NOW = datetime(2026, 11, 16, 10, 0, tzinfo=BERLIN)
TODAY = NOW.date()
CLERK = Actor(kind="staff", label="Karla Kasse", user_id=11)
TREASURY = Actor(kind="staff", label="Timo Treu", user_id=12)
APPROVER = Actor(kind="staff", label="Anna Amt", user_id=13)
_numbers = count(1)

RULES: dict[str, Any] = {
    "payments.kassenzeichen": {"prefix": "SPM", "first": 1, "digits": 8},
    "payments.waiver_limit": 4500,
    "payments.retention_years": 10,
    "payments.pay_by.online": {"minutes": 30},
    "payments.pay_by.counter": {"days": 3, "unit": "calendar", "at": "23:59"},
    "payments.pay_by.transfer": {"days": 7, "unit": "calendar", "at": "23:59"},
    "payments.banking_days_for_transfer": 3,
    "town.office_hours": {"hours": [{"weekdays": [0, 1, 2, 3, 4], "from": "08:00", "until": "12:00"}], "closed": []},
}
TEXTS = {
    "town.name": "Stadt Werne",
    "town.land": "NW",
    "town.bank.holder": "Stadt Werne",
    "town.bank.iban": "DE02 1203 0000 0000 2020 51",
    "town.bank.bic": "BYLADEM1001",
}


def people() -> None:
    for actor, role in ((CLERK, "clerk"), (TREASURY, "treasury"), (APPROVER, "waste_administration")):
        user = User.objects.create(pk=actor.user_id, email=f"{role}@example.org", name=actor.label)
        RoleGrant.objects.create(user=user, role=role, granted_by="Test", at=NOW)


def user(actor: Actor) -> User:
    return User.objects.get(name=actor.label)


def town_data(now: datetime = NOW) -> None:
    for key, value in RULES.items():
        town_actions.enter_rule(
            key=key,
            kind="operational",
            value=value,
            valid_from=date(2021, 1, 1),
            source=None,
            confirmed=False,
            actor=SYSTEM,
            now=now,
        )
    for key, text in TEXTS.items():
        town_actions.enter_text(key=key, translations={"de": text}, actor=SYSTEM, now=now)


def request(way: str = "online", amount_cents: int = 1500, now: datetime = NOW, **changes: Any) -> PaymentRequest:
    pay_by = now + {"online": timedelta(minutes=30), "counter": timedelta(days=3), "transfer": timedelta(days=7)}[way]
    values: dict[str, Any] = {
        "reference": f"somebody/{next(_numbers):09d}",
        "purpose": "Sperrmüllkarte",
        "amount_cents": amount_cents,
        "way": way,
        "pay_by": pay_by,
        "ask_until": pay_by + timedelta(hours=24),
        "debtor": "Erika Muster",
        "actor": CITIZEN,
        "now": now,
    }
    return actions.request_payment(**values | changes)


def fresh(payment: PaymentRequest) -> PaymentRequest:
    """The request as the database has it now."""
    return PaymentRequest.objects.get(pk=payment.pk)


def attempt(payment: PaymentRequest, now: datetime = NOW) -> PaymentAttempt:
    return actions.start_attempt(request_id=payment.pk, now=now)


def paid(cents: int = 1500, ref: str = "") -> Answer:
    return Answer("paid", cents, ref)


def settle(tried: PaymentAttempt, answer: Answer, now: datetime = NOW) -> PaymentRequest:
    return actions.settle_attempt(attempt_id=tried.pk, answer=answer, now=now)


def paid_online(now: datetime = NOW) -> PaymentRequest:
    return settle(attempt(request(now=now), now), paid(), now)


def paid_at_counter(means: str = "cash") -> PaymentRequest:
    payment = request("counter")
    actions.take_at_counter(request_id=payment.pk, means=means, actor=CLERK, now=NOW)
    return fresh(payment)


def received(payment: PaymentRequest, on: date = TODAY, cents: int = 1500, by: Actor = TREASURY) -> PaymentRequest:
    """A transfer for the request is booked."""
    return actions.mark_received(request_id=payment.pk, received_on=on, amount_cents=cents, actor=by, now=NOW)


def late_money() -> PaymentRequest:
    """Money that came after the request had been withdrawn."""
    return received(withdrawn())


def redeem(payment: PaymentRequest, *numbers: str) -> PaymentRequest:
    """Paper cards pay for the request."""
    return actions.redeem_paper_card(
        request_id=payment.pk, numbers=numbers, cards_needed=payment.amount_cents // 1500, actor=CLERK, now=NOW
    )


def withdrawn() -> PaymentRequest:
    payment = request()
    actions.withdraw(request_id=payment.pk, now=NOW)
    return fresh(payment)


class ScriptedProvider:
    """A provider that answers what the test says; None means that it does not answer."""

    def __init__(self, *answers: Answer | None) -> None:
        self.answers = list(answers)
        self.asked = 0

    def start(self, attempt: PaymentAttempt, *, return_url: str, now: datetime) -> Started:
        del return_url, now
        return Started(f"ref-{attempt.pk}", "/anderswo/")

    def ask(self, attempt: PaymentAttempt, *, now: datetime) -> Answer:
        del attempt, now
        self.asked += 1
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if answer is None:
            raise ProviderUnavailable
        return answer


@contextmanager
def paper_cards(cards: int) -> Iterator[None]:
    """A service that says how many paper cards pay for its requests."""

    def answer(**_: Any) -> int:
        return cards

    paper_cards_wanted.connect(answer)
    try:
        yield
    finally:
        paper_cards_wanted.disconnect(answer)


@contextmanager
def heard(signal: Signal) -> Iterator[list[PaymentRequest]]:
    """Collect the requests a signal is sent for."""
    requests: list[PaymentRequest] = []

    def listen(*, request: PaymentRequest, **_: Any) -> None:
        requests.append(request)

    signal.connect(listen)
    try:
        yield requests
    finally:
        signal.disconnect(listen)


def refused(action: Callable[[], object]) -> str:
    """Carry out an action that must be refused; what people are told."""
    try:
        action()
    except actions.PaymentRefused as refusal:
        return str(refusal)
    raise AssertionError("was not refused")
