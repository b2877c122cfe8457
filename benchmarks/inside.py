"""Runs inside the program's environment, with its models; prints JSON. Started by `Program.inside`.

prepare                confirm the placeholder rules and texts, make room, open an access for the treasury
crowded PLACES         leave so many places on one day
last LITRES DAYS       leave so many litres on each of so many other days
figures                what is booked on each day, by the day's own count and by its bookings
card NUMBER            make the card of one order so often
"""

import json
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import django

django.setup()

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db.models import Count, Q, Sum
from django.utils import timezone

from stadthaus.accounts import actions as accounts
from stadthaus.base_services.collection_tours import actions as tours
from stadthaus.base_services.collection_tours.models import Booking, CollectionDay
from stadthaus.base_services.payments import queries as payments
from stadthaus.kernel.actors import SYSTEM
from stadthaus.services.bulky_waste import documents
from stadthaus.services.bulky_waste import queries as bulky_waste
from stadthaus.services.bulky_waste.models import Order
from stadthaus.town import actions as town_actions
from stadthaus.town import queries as town
from stadthaus.town.rules.dated import Source

LITRES_ENOUGH = 1_000_000_000
STOPS_ENOUGH = 1_000_000
TREASURER = "kasse@bench.example"
INVENTED = Source("Satzung der Messung", "§ 1", "nie beschlossen", "nie bekannt gemacht")
PASSWORD = "only-for-the-bench-and-gone-afterwards"  # noqa: S105  of a database that is thrown away


def prepare() -> dict[str, str]:
    """Confirm rules and texts of this temporary database, lift the days' capacities, open the treasury's access."""
    now = timezone.now()
    placeholders = town.current()
    for rule in placeholders.unconfirmed(timezone.localdate(now)):
        # Nobody has found out where Werne's statute says so; nobody but the bench will read what stands here.
        stated = replace(rule, source=INVENTED) if rule.kind == "statute" else rule
        town_actions.confirm_rule(rule=stated, actor=SYSTEM, now=now)
    for key in placeholders.placeholder_texts:
        town_actions.enter_text(key=key, translations=placeholders.texts[key], actor=SYSTEM, now=now)
    for day in CollectionDay.objects.all():
        tours.set_capacity(day_id=day.pk, litres=LITRES_ENOUGH, stops=STOPS_ENOUGH, actor=SYSTEM, now=now)
    user, _ = accounts.create_staff(
        email=TREASURER, name="Bench Kasse", organisation="town", role="treasury", actor=SYSTEM, now=now
    )
    user.set_password(PASSWORD)
    user.password_is_initial = False
    user.save(update_fields=["password", "password_is_initial"])
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return {"email": TREASURER, "password": PASSWORD, "totp": secret}


def crowded(places: int) -> dict[str, int]:
    """Leave so many places on one day, which lies late enough for transfers."""
    day = _late_days()[0]
    tours.set_capacity(
        day_id=day.pk, litres=LITRES_ENOUGH, stops=day.booked_stops + places, actor=SYSTEM, now=timezone.now()
    )
    return {"day": day.pk}


def last(litres: int, days: int) -> dict[str, list[int]]:
    """Leave so much on each of so many days; the last day keeps room for everybody who comes too late."""
    chosen = _late_days()[1 : days + 1]
    for day in chosen:
        tours.set_capacity(
            day_id=day.pk, litres=day.booked_litres + litres, stops=STOPS_ENOUGH, actor=SYSTEM, now=timezone.now()
        )
    return {"days": [day.pk for day in chosen]}


def _late_days() -> list[CollectionDay]:
    """All days of the district "nord" for which a transfer still comes in time, but the last."""
    now, picture = timezone.now(), town.current()
    days = CollectionDay.objects.filter(district="nord", date__gt=timezone.localdate(now)).order_by("date")
    return [day for day in days if _takes_transfers(day, picture, now)][:-1]


def _takes_transfers(day: CollectionDay, picture: town.Town, now: datetime) -> bool:
    cut_off = bulky_waste.order_cut_off(picture, day.date)
    ways = payments.offered_ways(now=now, cut_off=cut_off, town=picture, told_on=timezone.localdate(now))
    return any(way.way == "transfer" for way in ways)


def figures() -> dict[str, dict[str, int]]:
    """Capacity and booked by the days' own count, against the bookings that live on them and the orders placed."""
    live = Q(bookings__state__in=Booking.LIVE)
    days = CollectionDay.objects.annotate(
        stops_taken=Count("bookings", filter=live), litres_taken=Sum("bookings__litres", filter=live, default=0)
    ).values()
    orders = Counter(Order.objects.values_list("booking__day", flat=True))
    return {
        str(day["id"]): {
            "capacity_stops": day["capacity_stops"],
            "capacity_litres": day["capacity_litres"],
            "counted_stops": day["booked_stops"],
            "counted_litres": day["booked_litres"],
            "live_stops": day["stops_taken"],
            "live_litres": day["litres_taken"],
            "orders": orders[day["id"]],
        }
        for day in days
    }


def card(number: int) -> dict[str, Any]:
    """Make a card, then `number` more, in milliseconds on the clock and of the CPU.

    Each is another one (number, name), because Typst remembers what it has set before.
    """
    order = Order.objects.select_related("payment", "booking__day", "street").order_by("-id")[0]
    picture = town.current()
    times, cpu = [], 0.0
    for turn in range(number + 1):
        order.number, order.name = str(100_000_000 + turn), f"Erika Öffentlich-{turn}"
        began, cpu_began = time.perf_counter(), time.process_time()
        size = len(documents.card(order, picture))
        times.append((time.perf_counter() - began) * 1000)
        cpu += time.process_time() - cpu_began if turn else 0.0
    return {"first_ms": times[0], "times_ms": times[1:], "cpu_ms": cpu * 1000 / number, "bytes": size}


COMMANDS: dict[str, Callable[..., object]] = {
    "prepare": prepare,
    "crowded": crowded,
    "last": last,
    "figures": figures,
    "card": card,
}

if __name__ == "__main__":
    command, *numbers = sys.argv[1:]
    print(json.dumps(COMMANDS[command](*map(int, numbers))))
