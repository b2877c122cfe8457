"""What the bulky-waste card does when it hears from payments, tours and messages."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.dispatch import receiver

from stadthaus.base_services.collection_tours.models import Stop
from stadthaus.base_services.collection_tours.signals import stop_finished, stop_reopened
from stadthaus.base_services.messages.models import Message
from stadthaus.base_services.messages.rules.content import Addressee
from stadthaus.base_services.messages.signals import addressee_wanted, content_wanted
from stadthaus.base_services.payments.models import PaymentRequest, RefundOrder
from stadthaus.base_services.payments.signals import (
    excess_goes_back,
    paid_without_date,
    paper_cards_wanted,
    payment_completed,
    payment_lapsed,
    payment_short,
    refund_decided,
    refund_refused,
)
from stadthaus.services.bulky_waste import actions, documents, queries
from stadthaus.services.bulky_waste.models import DRAFTS, ORDERS
from stadthaus.services.bulky_waste.rules.states import State

_WRITE: Mapping[str, Callable[..., Any]] = {
    Message.Channel.EMAIL: documents.mail,
    Message.Channel.LETTER: documents.letter,
    Message.Channel.PHONE: documents.call,
}


def _number(reference: str) -> str | None:
    """The order number inside a reference; None if the reference belongs to another service."""
    return reference.removeprefix(ORDERS) if reference.startswith(ORDERS) else None


@receiver(payment_completed)
def confirm_paid_order(*, request: PaymentRequest, now: datetime, **_: Any) -> None:
    """Paid or waived: the card is issued."""
    if number := _number(request.reference):
        actions.confirm(number=number, now=now)


@receiver(payment_short)
def tell_of_missing_money(*, request: PaymentRequest, now: datetime, **_: Any) -> None:
    """Only a part of the fee came."""
    if number := _number(request.reference):
        actions.tell_of_missing_money(number=number, now=now)


@receiver(payment_lapsed)
def lapse_unpaid_order(*, request: PaymentRequest, now: datetime, **_: Any) -> None:
    """Nothing came in time: the order lapses."""
    if number := _number(request.reference):
        actions.lapse(number=number, now=now)


@receiver(paid_without_date)
def tell_of_late_money(*, request: PaymentRequest, now: datetime, **_: Any) -> None:
    """Money came after the end of the order."""
    if number := _number(request.reference):
        actions.tell_of_late_money(number=number, now=now)


@receiver(refund_decided)
def tell_of_refund(*, request: PaymentRequest, now: datetime, **_: Any) -> None:
    """That money goes back."""
    if number := _number(request.reference):
        actions.tell_of_refund(number=number, now=now)


@receiver(excess_goes_back)
def tell_of_excess(*, request: PaymentRequest, refund: RefundOrder, now: datetime, **_: Any) -> None:
    """More came than is needed."""
    if number := _number(request.reference):
        actions.tell_of_excess(number=number, refund_id=refund.pk, now=now)


@receiver(refund_refused)
def tell_of_refusal(*, request: PaymentRequest, refund: RefundOrder, now: datetime, **_: Any) -> None:
    """That money does not go back after all."""
    if number := _number(request.reference):
        actions.tell_of_refusal(number=number, refund_id=refund.pk, now=now)


@receiver(paper_cards_wanted)
def count_paper_cards(*, request: PaymentRequest, **_: Any) -> int | None:
    """One old paper card pays for one card of the order."""
    number = _number(request.reference)
    return queries.cards_of(number) if number else None


@receiver(stop_finished)
def finish_collected_order(*, reference: str, stop: Stop, now: datetime, **_: Any) -> None:
    """The crew has been there: the order gets its result."""
    if number := _number(reference):
        actions.finish(number=number, outcome=State(stop.outcome), now=now)


@receiver(stop_reopened)
def reopen_order(*, reference: str, now: datetime, **_: Any) -> None:
    """The crew took a result back: the order waits for it again."""
    if number := _number(reference):
        actions.reopen(number=number, now=now)


@receiver(content_wanted)
def write_message(*, message: Message, now: datetime, **_: Any) -> Any:
    """Write the text of a message about an order, at the moment it is sent."""
    if number := _number(message.about):
        return _WRITE[message.channel](template=message.template, number=number, now=now)
    if message.about.startswith(DRAFTS):
        return documents.resume_mail(public_id=message.about.removeprefix(DRAFTS))
    return None


@receiver(addressee_wanted)
def name_addressee(*, message: Message, **_: Any) -> Addressee | None:
    """Whom a mail about an order is for; who cannot be mailed the link to a draft begins anew by themselves."""
    number = _number(message.about)
    return documents.addressee(template=message.template, number=number) if number else None
