"""Reads about payments: ways offered, the transfer's QR code, the treasury's lists."""

from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO

import segno
from django.conf import settings
from django.db.models import Q, QuerySet

from stadthaus.accounts.queries import permissions_of
from stadthaus.base_services.payments.models import LedgerEntry, PaymentRequest, RefundOrder, Waiver
from stadthaus.base_services.payments.rules import giro_code as giro
from stadthaus.base_services.payments.rules import kassenzeichen, ledger, pay_by
from stadthaus.base_services.payments.rules.pay_by import PayByRules, Way
from stadthaus.town.queries import Town
from stadthaus.ui.forms import read_euro

DEMO_PROVIDER = "demo"
PAGE_SIZE = 50


def online_provider() -> str | None:
    """The name of the provider for online payments; None where the town has none.

    The demo provider exists in demo mode only, whatever the settings say.
    """
    if settings.DEMO:
        return DEMO_PROVIDER
    name = str(getattr(settings, "PAYMENT_PROVIDER", ""))
    return name if name and name != DEMO_PROVIDER else None


def offered_ways(*, now: datetime, cut_off: datetime, town: Town, today: date) -> list[Way]:
    """The ways to pay that end before the cut-off, each with its deadline (no statement)."""
    online_minutes = int(town.value("payments.pay_by.online", today)["minutes"]) if online_provider() else None
    rules = PayByRules(
        online_minutes=online_minutes,
        transfer=town.term("payments.pay_by.transfer", today),
        counter=town.term("payments.pay_by.counter", today),
        banking_days=int(town.value("payments.banking_days_for_transfer", today)),
    )
    return pay_by.offered(rules, now=now, today=today, cut_off=cut_off, calendar=town.calendar)


def giro_code(request: PaymentRequest, town: Town) -> bytes:
    """The QR code that fills in a transfer, as SVG without inline styles, black on white, with its quiet zone."""
    payload = giro.payload(
        name=town.text("town.bank.holder"),
        iban=town.text("town.bank.iban"),
        bic=town.text("town.bank.bic"),
        amount_cents=request.amount_cents,
        text=request.kassenzeichen,
        information=request.purpose,
    )
    picture = BytesIO()
    code = segno.make(
        payload, error="m", micro=False, boost_error=False, encoding="utf-8", mask=0
    )  # scoring all eight masks costs 5 ms
    code.save(picture, kind="svg", xmldecl=False, svgclass=None, lineclass=None, omitsize=True, light="#fff", border=4)
    return picture.getvalue().strip()


def giro_code_svg(request: PaymentRequest, town: Town) -> str:
    """The same code as text, to be put into a page (`{{ svg|safe }}`; it holds numbers and colours only)."""
    return giro_code(request, town).decode()


def balance(request: PaymentRequest) -> ledger.Balance:
    """What the request's ledger adds up to (one statement)."""
    return LedgerEntry.objects.filter(request=request).balance()


def refundable_cents(request: PaymentRequest) -> int:
    """Cents the town holds for this request that no refund order speaks for yet (two statements)."""
    ordered = RefundOrder.objects.filter(request=request).to_do().values_list("amount_cents", flat=True)
    return balance(request).held_cents - sum(ordered)


def search(requests: QuerySet[PaymentRequest], text: str) -> QuerySet[PaymentRequest]:
    """Requests for a Kassenzeichen (also its beginning), an order number or an amount in euros."""
    typed = text.strip()
    if not typed:
        return requests
    found = Q(kassenzeichen=kassenzeichen.read(typed) or typed.upper())
    plain = "".join(character for character in typed.upper() if character.isalnum())
    found |= Q(kassenzeichen__startswith=plain) | Q(reference__endswith=f"/{plain}")
    cents = read_euro(typed)
    if cents is not None:
        found |= Q(amount_cents=cents)
    return requests.filter(found)


@dataclass(frozen=True)
class WorkItem:
    """Something that waits for a person: what, how much of it, and the name of the page where it is done."""

    label: str
    count: int
    url_name: str


def needs_attention(user: object) -> list[WorkItem]:
    """What waits at the treasury for this person (at most four small statements)."""
    may = permissions_of(user)
    items = []
    if "payments.mark_received" in may:
        items += [
            WorkItem("Zahlungen zu klären", PaymentRequest.objects.unclear().count(), "payments:unclear"),
            WorkItem("Bezahlt ohne Termin", PaymentRequest.objects.without_date().count(), "payments:without_date"),
            WorkItem("Erstattungen auszuzahlen", _refunds(RefundOrder.State.APPROVED), "payments:refunds"),
        ]
    if "payments.take_cash" in may:
        counter = RefundOrder.objects.at_counter().filter(state=RefundOrder.State.APPROVED).count()
        items.append(WorkItem("Erstattungen am Schalter", counter, "payments:refunds"))
    if "payments.approve_waiver" in may:
        items += [
            WorkItem("Erstattungen zu genehmigen", _refunds(RefundOrder.State.OPEN), "payments:refunds"),
            WorkItem("Erlasse zu entscheiden", waivers_waiting().count(), "payments:waivers"),
        ]
    return [item for item in items if item.count]


def waivers_waiting() -> QuerySet[Waiver]:
    """Waivers nobody has decided, longest waiting first."""
    return Waiver.objects.filter(state=Waiver.State.REQUESTED).select_related("request")


def _refunds(state: RefundOrder.State) -> int:
    return RefundOrder.objects.filter(state=state).count()
