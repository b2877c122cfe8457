"""Makes ready what a crowd needs, on the database of a running server, and reports what is there afterwards.

    python -m tests.scenarios.prepare drafts 200 1000 50000

Runs in a process of its own with the server's environment; answers with JSON.
"""

import json
import sys
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import django

django.setup()

from django.core.signing import get_cookie_signer
from django.db.models import Sum
from django.urls import reverse
from django.utils import timezone

from stadthaus.base_services.addresses.models import Street
from stadthaus.base_services.collection_tours import queries as tours
from stadthaus.base_services.collection_tours.models import Booking, CollectionDay
from stadthaus.base_services.messages.models import Message
from stadthaus.base_services.payments import actions as payments
from stadthaus.base_services.payments import jobs
from stadthaus.base_services.payments.models import (
    DemoCharge,
    LedgerEntry,
    PaymentAttempt,
    PaymentRequest,
    RefundOrder,
)
from stadthaus.kernel.actors import Actor
from stadthaus.services.bulky_waste import actions, queries
from stadthaus.services.bulky_waste.documents import order_link
from stadthaus.services.bulky_waste.models import Draft, Order
from stadthaus.services.bulky_waste.views import drafts as draft_pages
from stadthaus.services.bulky_waste.views import link as link_pages
from stadthaus.town import queries as town

TREASURY = Actor(kind="staff", label="Timo Treu")
STOPS = 10_000
FIRST_DAY = timedelta(days=60)


def drafts(people: int, litres_each: int, capacity: int) -> dict[str, Any]:
    """A new day and drafts that have chosen it; their holds are over, so that everything is decided at the submit."""
    now = timezone.now()
    day = _new_day(capacity)
    made = [_draft(day, litres_each, now) for _ in range(people)]
    return {"day": day.pk, "drafts": [_open_draft(draft) for draft in made]}


def last_places(days: int, litres: int) -> list[dict[str, Any]]:
    """Days with room for one more order, and two drafts for each."""
    return [drafts(2, litres, litres) for _ in range(days)]


def orders(count: int) -> dict[str, Any]:
    """A new day with paid orders on it."""
    day, placed = _placed(count, "transfer")
    now = timezone.now()
    for order in placed:
        payments.mark_received(
            request_id=order.payment_id,
            received_on=timezone.localdate(now),
            amount_cents=order.amount,
            actor=TREASURY,
            now=now,
        )
    return {"day": day.pk, "orders": [_open_order(order) for order in placed]}


def payments_under_way(count: int) -> dict[str, Any]:
    """A new day with orders whose payers have just paid at the provider; nobody here knows it yet."""
    day, placed = _placed(count, "online")
    now = timezone.now()
    opened = []
    for order in placed:
        tried = payments.start_attempt(request_id=order.payment_id, now=now)
        came_back = reverse("payments:came_back", args=[tried.public_id])
        jobs.open_payment_page(attempt=tried, return_url=came_back, now=now)
        charge = DemoCharge.objects.get(attempt_public_id=tried.public_id)
        payments.choose_outcome(charge_id=charge.pk, plan=DemoCharge.Plan.SUCCEED, now=now)
        notification = reverse("payments:notification", args=[charge.provider_ref])
        opened.append({**_open_order(order), "came_back": came_back, "notification": notification})
    return {"day": day.pk, "orders": opened}


def report(day_id: int) -> dict[str, Any]:
    """What is sold, held, paid, refunded and told on a day; whether all figures agree."""
    day = CollectionDay.objects.get(pk=day_id)
    on_day = Order.objects.filter(booking__day=day)
    requests = PaymentRequest.objects.filter(pk__in=on_day.values("payment"))
    references = [order.reference for order in on_day]
    live = Booking.objects.live().filter(day=day)
    messages = Message.objects.filter(about__in=references)
    paid_in = LedgerEntry.objects.filter(request__in=requests, kind=LedgerEntry.Kind.PAYMENT)
    return {
        "orders": Counter(on_day.values_list("state", flat=True)),
        "payments": Counter(requests.values_list("state", flat=True)),
        "live": Counter(live.values_list("state", flat=True)),
        "live_litres": live.aggregate(sum=Sum("litres"))["sum"] or 0,
        "booked": [day.booked_litres, day.booked_stops],
        "free": [day.free_litres, day.free_stops],
        "paid_in": paid_in.count(),
        "paid_attempts": PaymentAttempt.objects.filter(request__in=requests, state="paid").count(),
        "refunds": list(RefundOrder.objects.filter(request__in=requests).values_list("amount_cents", flat=True)),
        "told": Counter(messages.values_list("template", flat=True)),
        "told_twice": messages.count() - messages.values("about", "template").distinct().count(),
        "sent": messages.filter(state=Message.State.SENT).count(),
        "figures_agree": not tours.imbalanced_days().filter(pk=day.pk).exists(),
    }


def reports(*day_ids: int) -> list[dict[str, Any]]:
    """The reports of several days."""
    return [report(day_id) for day_id in day_ids]


def kept(*draft_ids: int) -> list[dict[str, Any]]:
    """The answers of drafts."""
    return list(Draft.objects.filter(pk__in=draft_ids).values_list("answers", flat=True))


def _new_day(capacity: int) -> CollectionDay:
    """A day nobody else uses, far enough away for every way of paying."""
    latest = CollectionDay.objects.order_by("-date").values_list("date", flat=True).first()
    first: date = timezone.localdate() + FIRST_DAY
    on = max(first, latest + timedelta(days=1)) if latest else first
    return CollectionDay.objects.create(date=on, district="nord", capacity_litres=capacity, capacity_stops=STOPS)


def _draft(day: CollectionDay, litres: int, now: datetime) -> Draft:
    street = Street.objects.filter(lat__gt=51.68).order_by("pk")[0]
    where = {
        "street_id": street.pk,
        "street_name": street.name,
        "street_hint": street.hint,
        "street_label": street.label,
        "house": "12",
        "district": day.district,
        "latitude": street.lat,
        "longitude": street.lon,
    }
    thing = {"key": "own", "count": 1, "dismantled": False, "name": "Kiste", "size_cm": [100, 100, litres // 10]}
    pages: dict[str, dict[str, Any]] = {
        "what": {"lines": [thing], "within_limits": True},
        "who": {"name": "Erika Beispiel", "channel": "email", "email": "erika@example.org"},
        "when": {"day_id": day.pk},
        "place": {"place_note": "vor dem Haus"},
    }
    draft = actions.start_draft(where=where, now=now)
    for page, answers in pages.items():
        draft = actions.answer(draft=draft, page=page, answers=answers, now=now)
    return draft


def _placed(count: int, way: str) -> tuple[CollectionDay, list[Order]]:
    now = timezone.now()
    day = _new_day(10**6)
    made = [_draft(day, 1000, now) for _ in range(count)]
    placed = [actions.place_order(draft=draft, way=way, shown=_shown(draft), now=now) for draft in made]
    return day, placed


def _shown(draft: Draft) -> queries.Shown:
    return queries.picture(draft, town.current(), timezone.now()).shown


def _open_draft(draft: Draft) -> dict[str, Any]:
    signer = get_cookie_signer(salt=draft_pages.COOKIE + draft_pages.SALT)
    path = reverse("bulky_waste:check", args=[draft.public_id])
    shown = _shown(draft)
    page = {"amount_shown": str(shown.amount), "answers_shown": shown.answers}
    return {"id": draft.pk, "path": path, "page": page, "cookies": {draft_pages.COOKIE: signer.sign(draft.public_id)}}


def _open_order(order: Order) -> dict[str, Any]:
    name = link_pages.PROOF_COOKIE + order.public_id
    signer = get_cookie_signer(salt=name + link_pages.PROOF_SALT + order.public_id)
    return {"path": order_link(order), "cookies": {name: signer.sign(str(order.link_serial))}}


TASKS: dict[str, Callable[..., Any]] = {
    "drafts": drafts,
    "last_places": last_places,
    "orders": orders,
    "payments_under_way": payments_under_way,
    "report": report,
    "reports": reports,
    "kept": kept,
}

if __name__ == "__main__":
    sys.stdout.write(json.dumps(TASKS[sys.argv[1]](*map(int, sys.argv[2:]))))
