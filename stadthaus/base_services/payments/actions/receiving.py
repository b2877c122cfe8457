"""Money that people hand in or the bank reports."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, connection, transaction

from stadthaus.base_services.payments import queries
from stadthaus.base_services.payments.actions.booking import (
    lock,
    order_refund,
    refund_excess,
    send_back,
    take_money,
    wait_for_rest,
    write_entry,
)
from stadthaus.base_services.payments.actions.refusals import (
    CardAlreadyRedeemed,
    PaymentRefused,
    WrongAmount,
    WrongDay,
)
from stadthaus.base_services.payments.models import LedgerEntry, Means, PaperCard, PaymentRequest, Receipt, RefundOrder
from stadthaus.base_services.payments.rules import receipts, states
from stadthaus.base_services.payments.rules.paper_cards import plain_number
from stadthaus.kernel.actors import Actor
from stadthaus.kernel.calendars import day_of

_NEXT_NUMBER = """
INSERT INTO payments_numberrange (name, last) VALUES (%s, 1)
ON CONFLICT (name) DO UPDATE SET last = payments_numberrange.last + 1
RETURNING last
"""
_NOT_EXPECTED = (
    "Diese Zahlung wird nicht mehr erwartet, sie ist {state}. Ihre Eingabe ist nicht gebucht. "
    "Haben Sie etwas angenommen? Dann geben Sie es bitte zurück, oder stornieren Sie es am Kartengerät."
)
_ENOUGH_CAME = (
    "Hier ist nichts mehr zu zahlen: Es ist schon genug Geld angekommen. Bitte nehmen Sie nichts an. "
    "Die Stadtkasse entscheidet unter „Zu klären“."
)
_LAPSED_AT_COUNTER = (
    "Diese Zahlungsaufforderung ist verfallen, der Platz ist wieder frei. Bitte kein Geld annehmen: "
    "Nehmen Sie eine neue Bestellung auf."
)


@transaction.atomic
def mark_received(
    *,
    request_id: int,
    received_on: date,
    amount_cents: int,
    actor: Actor,
    now: datetime,
    as_stated: bool = False,
    booked: int | None = None,
) -> PaymentRequest:
    """A transfer is on the town's account. The same booking by the same person again (a double click) changes nothing.

    Another amount than the one still owed is refused and nothing booked, unless the person says that the bank
    statement shows it (`as_stated`): too much pays and the rest goes back, too little is booked and a person decides.
    `booked`, the number of ledger lines the person saw, tells a form sent twice from a second transfer.
    """
    request = lock(request_id=request_id)
    if request.state not in (states.OPEN, states.WITHDRAWN):
        if request.received_on == received_on and _booked_before(request, amount_cents, actor):
            return request
        raise PaymentRefused(
            f"Schon gebucht: Diese Zahlung ist {request.get_state_display()}. "
            "Ist noch eine Überweisung da, folgen Sie unten dem Link dazu."
        )
    _check_day(request, received_on, now)
    detail = _came(received_on)
    if booked is not None and _is_booked(request, booked, cents=amount_cents, detail=detail, actor=actor):
        return request
    expected = queries.still_owed_cents(request)
    if amount_cents != expected and not as_stated:
        raise WrongAmount(expected_cents=expected, given_cents=amount_cents)
    entry: dict[str, Any] = {"means": Means.TRANSFER, "actor": actor, "now": now, "detail": detail}
    if request.is_open and amount_cents < expected:
        write_entry(request, LedgerEntry.Kind.PAYMENT, amount_cents, **entry)
        wait_for_rest(request, now=now)
        return request
    take_money(request, cents=amount_cents, received_on=received_on, **entry)
    if request.state == states.PAID and amount_cents > expected:
        refund_excess(request, actor=actor, now=now)
    return request


@transaction.atomic
def take_second_transfer(
    *, request_id: int, received_on: date, amount_cents: int, booked: int, actor: Actor, now: datetime
) -> PaymentRequest:
    """One more transfer for a request that is settled already: it is booked and goes back.

    `booked` is the number of ledger lines the person saw. If there are more by now, the same booking by the same
    person (a double click) changes nothing, and anything else is looked at first.
    """
    request = lock(request_id=request_id)
    if request.state not in states.SETTLED:
        raise PaymentRefused("Diese Zahlung ist noch nicht bezahlt. Bitte buchen Sie die Überweisung als Eingang.")
    detail = _came(received_on)
    if _is_booked(request, booked, cents=amount_cents, detail=detail, actor=actor):
        return request
    _check_day(request, received_on, now)
    write_entry(
        request, LedgerEntry.Kind.PAYMENT, amount_cents, actor=actor, now=now, means=Means.TRANSFER, detail=detail
    )
    send_back(request, amount_cents, actor=actor, now=now, means=Means.TRANSFER)
    return request


def _came(received_on: date) -> str:
    return f"eingegangen am {received_on:%d.%m.%Y}"


def _is_booked(request: PaymentRequest, seen: int, *, cents: int, detail: str, actor: Actor) -> bool:
    """Whether this transfer was booked since the person saw `seen` lines; raises if anything else was."""
    lines = list(request.ledger.all())
    if len(lines) == seen:
        return False
    same = (LedgerEntry.Kind.PAYMENT, Means.TRANSFER, cents, detail, actor.label)
    if same in [(line.kind, line.means, line.amount_cents, line.detail, line.booked_by) for line in lines[seen:]]:
        return True
    raise PaymentRefused(
        "Inzwischen hat sich hier etwas geändert. Bitte prüfen Sie die Buchungen unten, dann buchen Sie noch einmal."
    )


@transaction.atomic
def take_at_counter(*, request_id: int, means: str, actor: Actor, now: datetime) -> Receipt:
    """Take cash or a card payment at the counter (`means` "cash" or "card") and issue the receipt.

    The same again by the same person (a double click) returns the first receipt and changes nothing; anybody and
    anything else is told that it was taken already.
    """
    request = lock(request_id=request_id)
    first = request.receipts.filter(amount_cents__gt=0).first()
    if first is not None:
        if (first.means, first.issued_by_user) == (means, actor.user_id):
            return first
        raise PaymentRefused(
            f"Hier wurde schon kassiert: {Means(first.means).label}, Quittung {first}, von {first.issued_by}. "
            "Ihre Eingabe ist nicht gebucht. Haben Sie auch Geld angenommen? Dann geben Sie es bitte zurück, "
            "oder stornieren Sie es am Kartengerät."
        )
    if request.state == states.WITHDRAWN:
        raise PaymentRefused(_LAPSED_AT_COUNTER)
    if not request.is_open:
        raise PaymentRefused(_NOT_EXPECTED.format(state=request.get_state_display()))
    cents = queries.still_owed_cents(request)
    if not cents:
        raise PaymentRefused(_ENOUGH_CAME)
    receipt = issue_receipt(request, cents=cents, means=Means(means), actor=actor, now=now)
    take_money(request, cents=cents, means=Means(means), actor=actor, now=now, detail=str(receipt))
    return receipt


@transaction.atomic
def redeem_paper_card(
    *, request_id: int, numbers: Sequence[str], cards_needed: int, actor: Actor, now: datetime
) -> PaymentRequest:
    """Old paper cards pay for the request: each counts as one card, whatever it cost, and only once.

    They pay for all of it, so a part of the fee that has come already goes back the way it came. The same cards for
    the same request again (a double click) change nothing.
    """
    request = lock(request_id=request_id)
    plain = list(dict.fromkeys(plain_number(number) for number in numbers))
    if not request.is_open:
        paid_with = request.paper_cards.filter(given_back_at=None).values_list("number", flat=True)
        if plain and set(plain) == set(paid_with):
            return request
        raise PaymentRefused(_NOT_EXPECTED.format(state=request.get_state_display()))
    if cards_needed < 1:
        raise PaymentRefused("Diese Zahlung kann nicht mit Papierkarten bezahlt werden.")
    part = queries.unclear_cents(request)
    if not queries.still_owed_cents(request):
        raise PaymentRefused(_ENOUGH_CAME)
    if "" in plain or len(plain) != cards_needed:
        raise PaymentRefused(f"Für diese Bestellung werden {cards_needed} verschiedene Kartennummern gebraucht.")
    for number in plain:
        _redeem(request, number, actor, now)
    earlier = queries.ways_back(request, part) if part else []
    request.attention = ""  # or the part would go back as what pays now does: as a card
    take_money(
        request,
        cents=request.amount_cents,
        means=Means.PAPER_CARD,
        actor=actor,
        now=now,
        detail=", ".join(plain)[:140],
    )
    for way, cents in earlier:
        order_refund(request, cents, RefundOrder.Reason.WRONG_AMOUNT, actor=actor, now=now, way=way)
    return request


def issue_receipt(request: PaymentRequest, *, cents: int, means: Means, actor: Actor, now: datetime) -> Receipt:
    """The next receipt of the year. Drawing its number locks the series, so none is lost or given twice."""
    series = receipts.series(now)
    return Receipt.objects.create(
        request=request,
        series=series,
        number=_next_number(f"receipt-{series}"),
        amount_cents=cents,
        means=means,
        issued_at=now,
        issued_by=actor.label,
        issued_by_user=actor.user_id,
    )


def _next_number(name: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_NEXT_NUMBER, [name])
        (number,) = cursor.fetchone()
    return int(number)


def _check_day(request: PaymentRequest, received_on: date, now: datetime) -> None:
    """Refuse the date of a transfer that cannot be."""
    if received_on > day_of(now):
        raise WrongDay("Das Datum liegt in der Zukunft. Bitte nehmen Sie das Datum vom Kontoauszug.")
    asked_on = day_of(request.created_at)
    if received_on < asked_on:  # the Kassenzeichen did not exist before
        raise WrongDay(
            f"Diese Zahlung wird erst seit dem {asked_on:%d.%m.%Y} erwartet. "
            "Bitte nehmen Sie das Datum vom Kontoauszug."
        )


def _booked_before(request: PaymentRequest, cents: int, actor: Actor) -> bool:
    booked = request.ledger.filter(kind=LedgerEntry.Kind.PAYMENT, means=Means.TRANSFER, amount_cents=cents)
    return booked.filter(booked_by=actor.label).exists()


def _redeem(request: PaymentRequest, number: str, actor: Actor, now: datetime) -> None:
    try:
        with transaction.atomic():
            PaperCard.objects.create(number=number, request=request, redeemed_at=now, redeemed_by=actor.label)
    except IntegrityError as error:
        raise CardAlreadyRedeemed(number, owed_cents=request.amount_cents) from error
