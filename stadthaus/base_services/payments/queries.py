"""Reads about payments: ways offered, what is owed, the treasury's lists."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db.models import CharField, Exists, Min, OuterRef, Q, QuerySet
from django.db.models.functions import Cast

from stadthaus import rows
from stadthaus.accounts.models import AuditEntry
from stadthaus.accounts.queries import permissions_of
from stadthaus.base_services.payments import signals
from stadthaus.base_services.payments.models import (
    ASK,
    LAPSE,
    LedgerEntry,
    Means,
    PaperCard,
    PaymentAttempt,
    PaymentRequest,
    Receipt,
    RefundOrder,
    Waiver,
)
from stadthaus.base_services.payments.rules import kassenzeichen, ledger, pay_by, refunds, retention
from stadthaus.base_services.payments.rules.pay_by import PayByRules, Way
from stadthaus.base_services.payments.rules.town_values import read_online_minutes
from stadthaus.kernel import references
from stadthaus.kernel.calendars import BERLIN, day_of
from stadthaus.town.queries import Town
from stadthaus.ui.forms import read_euro
from stadthaus.work.models import Job

DEMO_PROVIDER = "demo"
ERASED_AT_ONCE = 500
_TRAIL_LENGTH = 50


def online_provider() -> str | None:
    """The name of the provider for online payments; None where the town has none.

    The demo provider exists in demo mode only, whatever the settings say.
    """
    if settings.DEMO:
        return DEMO_PROVIDER
    name: str = settings.PAYMENT_PROVIDER
    return name if name and name != DEMO_PROVIDER else None


def offered_ways(*, now: datetime, cut_off: datetime, town: Town, told_on: date) -> list[Way]:
    """The ways to pay that end before the cut-off, each with its deadline (no statement).

    Days to pay are counted from `told_on`, the day on which the payer reads what to pay and how.
    """
    rules = _pay_by_rules(town, day_of(now), told_on, online=online_provider() is not None)
    return pay_by.offered(rules, now=now, told_on=told_on, cut_off=cut_off, calendar=town.calendar)


@lru_cache(maxsize=16)
def _pay_by_rules(town: Town, today: date, told_on: date, *, online: bool) -> PayByRules:
    counter = town.term("payments.pay_by.counter", today)
    return PayByRules(
        online_minutes=read_online_minutes(town.value("payments.pay_by.online", today)) if online else None,
        transfer=town.term("payments.pay_by.transfer", today),
        counter=counter,
        banking_days=int(town.value("payments.banking_days_for_transfer", today)),
        hours=town.office_hours(counter.moment(told_on, town.calendar).date()),
    )


def last_chance(request: PaymentRequest, town: Town) -> datetime:
    """Until when the payer of a request can really pay: what people are told (no statement)."""
    hours = town.office_hours(day_of(request.pay_by))
    return pay_by.last_chance(request.way, request.pay_by, hours=hours, calendar=town.calendar) or request.pay_by


def balance(request: PaymentRequest) -> ledger.Balance:
    """What the request's ledger adds up to (one statement)."""
    return LedgerEntry.objects.filter(request=request).balance()


def refundable_cents(request: PaymentRequest) -> int:
    """Cents the town holds for this request that no refund order speaks for yet (two statements)."""
    return balance(request).held_cents - _ordered_back_cents(request)


def excess_cents(request: PaymentRequest) -> int:
    """Cents beyond what is owed and ordered back already; less than 0 if money is missing (two statements)."""
    return balance(request).spare_cents - _ordered_back_cents(request)


def ways_back(request: PaymentRequest, cents: int | None = None) -> list[tuple[str, int]]:
    """The way and the cents of each refund that pays `cents`, or all there is, back as they came (two statements)."""
    lines = LedgerEntry.objects.filter(request=request).order_by("id").values_list("kind", "means", "amount_cents")
    promised = RefundOrder.objects.filter(request=request).to_do().values_list("way", "amount_cents")
    held = refunds.held_by_way(lines, promised)
    return refunds.share(sum(held.values()) if cents is None else cents, held)


def unclear_cents(request: PaymentRequest) -> int:
    """What came for an open request without settling it (two statements, but none unless a person looks at it)."""
    return refundable_cents(request) if request.is_open and request.attention else 0


def still_owed_cents(request: PaymentRequest) -> int:
    """What is missing (two statements, but none usually: only unclear money can be a part of it)."""
    if not request.attention:
        return request.amount_cents
    return max(request.amount_cents - refundable_cents(request), 0)


def ledger_months(today: date) -> list[date]:
    """The first days of all months from the ledger's first entry up to this one, newest first."""
    first = LedgerEntry.objects.order_by("id").values_list("booked_at", flat=True).first()
    begin = day_of(first) if first else today
    months = range(begin.year * 12 + begin.month - 1, today.year * 12 + today.month)
    return [date(month // 12, month % 12 + 1, 1) for month in reversed(months)]


def _ordered_back_cents(request: PaymentRequest) -> int:
    return sum(RefundOrder.objects.filter(request=request).to_do().values_list("amount_cents", flat=True))


@dataclass(frozen=True)
class Record:
    """All that is known about one payment (Akte): its ledger, its trail, and what these two say there is."""

    entries: list[LedgerEntry]
    history: list[AuditEntry]
    receipts: list[Receipt] = field(default_factory=list)
    paper_cards: list[PaperCard] = field(default_factory=list)
    attempts: list[PaymentAttempt] = field(default_factory=list)
    waiver: Waiver | None = None
    is_late_money: bool = False

    @property
    def balance(self) -> ledger.Balance:
        """What the ledger adds up to."""
        return ledger.balance((entry.kind, entry.amount_cents) for entry in self.entries)


_OF_PUBLIC_ID = rows.Prepared(lambda given: PaymentRequest.objects.filter(public_id=given("public_id")).order_by())
_OF_KASSENZEICHEN = rows.Prepared(
    lambda given: PaymentRequest.objects.filter(kassenzeichen=given("kassenzeichen")).order_by()
)
_LEDGER = rows.Prepared(lambda given: LedgerEntry.objects.filter(request=given("request")))
_HISTORY = rows.Prepared(
    lambda given: AuditEntry.objects.filter(about=given("about"), event__startswith="payment.").order_by("-id")[
        :_TRAIL_LENGTH
    ]
)


def of_public_id(public_id: str) -> PaymentRequest | None:
    """The payment of an address (one statement)."""
    return _OF_PUBLIC_ID.first(public_id=public_id)


def record(asked: PaymentRequest) -> Record:
    """Everything about one payment: two statements, and one more for each part that ledger and trail speak of."""
    history = _HISTORY.all(about=asked.reference)
    entries = _LEDGER.all(request=asked.pk)
    events, means = {line.event for line in history}, {entry.means for entry in entries}

    def happened(event: str) -> bool:
        return event in events or len(history) == _TRAIL_LENGTH  # older lines may tell of it

    return Record(
        entries=entries,
        history=history,
        receipts=list(asked.receipts.all()) if means & {Means.CASH, Means.CARD} else [],
        paper_cards=list(asked.paper_cards.all()) if Means.PAPER_CARD in means else [],
        attempts=list(asked.attempts.all()) if happened("payment.attempt_started") else [],
        waiver=asked.waivers.waiting().first() if asked.is_open and happened("payment.waiver_requested") else None,
        is_late_money=asked.state == PaymentRequest.State.PAID_WITHOUT_DATE
        and not asked.refund_orders.filter(reason=RefundOrder.Reason.WITHOUT_DATE).exists(),
    )


def asked_again_at(request: PaymentRequest) -> datetime | None:
    """When the provider is asked next about an uncertain payment; None once a person decides (one statement)."""
    if request.attention:
        return None
    attempts = request.attempts.uncertain().annotate(key=Cast("pk", CharField())).values("key")
    looks = Q(kind=ASK, key__in=attempts) | Q(kind=LAPSE, key=str(request.pk))
    first: datetime | None = Job.objects.filter(looks).aggregate(first=Min("due_at"))["first"]
    return first


def paper_cards_needed(request: PaymentRequest) -> int:
    """How many old paper cards pay for the request; 0 if it cannot be paid with any."""
    replies = signals.paper_cards_wanted.send(sender=PaymentRequest, request=request)
    return next((int(cards) for _, cards in replies if cards), 0)


def search(requests: QuerySet[PaymentRequest], text: str) -> QuerySet[PaymentRequest]:
    """Requests for a Kassenzeichen (also its beginning), an order number or an amount in euros."""
    typed = text.strip()
    if not typed:
        return requests
    found = Q(kassenzeichen=kassenzeichen.read(typed) or typed.upper())
    plain = "".join(character for character in typed.upper() if character.isalnum())
    if plain:  # every Kassenzeichen begins with nothing
        found |= Q(kassenzeichen__startswith=plain) | Q(reference__endswith=f"/{plain}")
    cents = read_euro(typed)
    if cents is not None:
        found |= Q(amount_cents=cents)
    return requests.filter(found)


def exact(text: str) -> PaymentRequest | None:
    """The one payment meant by a whole Kassenzeichen or a whole order number (at most two statements)."""
    written, number = kassenzeichen.read(text), references.read_number(text.strip())
    found = _OF_KASSENZEICHEN.first(kassenzeichen=written) if written else None
    if found is None and number:
        same = list(PaymentRequest.objects.filter(reference__endswith=f"/{number}")[:2])  # of another service, too
        found = same[0] if len(same) == 1 else None
    return found


def debtors_to_erase(town: Town, now: datetime) -> list[int]:
    """Requests without a booking since the first day whose vouchers are still kept, at most 500 (one statement)."""
    today = day_of(now)
    kept_from = retention.first_day_kept(today, int(town.value("payments.retention_years", today)))
    since = datetime.combine(kept_from, time(), tzinfo=BERLIN)
    booked_since = LedgerEntry.objects.filter(request=OuterRef("pk"), booked_at__gte=since)
    old = PaymentRequest.objects.filter(created_at__lt=since, debtor__gt="")
    return list(old.exclude(Exists(booked_since)).order_by("pk").values_list("pk", flat=True)[:ERASED_AT_ONCE])


def waiting_for(user: object) -> list[tuple[str, int, str]]:
    """What waits for a person at the treasury: the words, how much of it, the name of the page.

    Only what this person can carry out now. One small statement for each line they may see.
    """
    may, own, orders = permissions_of(user), getattr(user, "pk", None) or 0, RefundOrder.objects
    counts: list[tuple[str, QuerySet[Any], str]] = []
    if "payments.mark_received" in may:
        counts += [
            ("Zahlungen zu klären", PaymentRequest.objects.unclear(), "payments:unclear"),
            ("Bezahlt ohne Termin", PaymentRequest.objects.without_date(), "payments:without_date"),
            ("Erstattungen auszuzahlen", orders.approved().from_afar(), "payments:refunds"),
            ("Erstattungen ohne IBAN", orders.without_account(), "payments:refunds"),
        ]
    if "payments.take_cash" in may:
        counts.append(("Erstattungen am Schalter", orders.approved().at_counter(), "payments:refunds"))
    if "payments.approve_waiver" in may:
        counts += [
            ("Erstattungen zu genehmigen", orders.to_decide_by(own), "payments:refunds"),
            ("Erlasse zu entscheiden", Waiver.objects.to_decide_by(own), "payments:waivers"),
        ]
    waiting = [(words, found.count(), page) for words, found, page in counts]
    return [item for item in waiting if item[1]]


def waivers_waiting() -> QuerySet[Waiver]:
    """Waivers nobody has decided for payments that are still open, longest waiting first."""
    return Waiver.objects.waiting().select_related("request")


def are_covered(orders: Iterable[RefundOrder]) -> list[tuple[RefundOrder, bool]]:
    """Refund orders, each with whether the town still holds its money (one statement)."""
    orders = list(orders)
    lines: defaultdict[int, list[tuple[str, int]]] = defaultdict(list)
    booked = LedgerEntry.objects.filter(request__in={order.request_id for order in orders})
    for request_id, kind, cents in booked.values_list("request_id", "kind", "amount_cents"):
        lines[request_id].append((kind, cents))
    return [(order, ledger.balance(lines[order.request_id]).spare_cents >= order.amount_cents) for order in orders]
