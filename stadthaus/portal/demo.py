"""Believable people and orders for the demo. Every order goes through the same actions as a real one.

All names are invented. Past orders are placed with the clock set back, so their history reads true.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from stadthaus.accounts import actions as accounts
from stadthaus.accounts.models import User
from stadthaus.base_services.addresses import queries as addresses
from stadthaus.base_services.collection_tours import actions as tours
from stadthaus.base_services.collection_tours.models import CollectionDay
from stadthaus.base_services.payments import actions as payments
from stadthaus.kernel.actors import SYSTEM, Actor
from stadthaus.kernel.calendars import BERLIN
from stadthaus.services.bulky_waste import actions, queries
from stadthaus.services.bulky_waste.models import Order
from stadthaus.services.bulky_waste.rules.items import Line
from stadthaus.town import queries as town

PASSWORD = "stadthaus-demo"  # noqa: S105  the demo's sign-in, printed at its start
STAFF = (
    ("buergerbuero@demo.example", "Bente Schalter", "town", "clerk"),
    ("kasse@demo.example", "Kim Kassenwart", "town", "treasury"),
    ("abfall@demo.example", "Alex Tonne", "town", "waste_administration"),
    ("disposition@demo.example", "Dana Tour", "contractor", "dispatcher"),
    ("verwaltung@demo.example", "Vera Zugang", "town", "administrator"),
)
TREASURY = Actor(kind="staff", label="Kim Kassenwart")
CREW = Actor(kind="crew", label="Wagen 1")


@dataclass(frozen=True)
class DemoOrder:
    """One invented order. `day` counts collection days of its district, −1 is the last past one."""

    name: str
    street: str
    house: str
    lines: tuple[Line, ...]
    day: int
    paid: bool = True
    channel: str = "email"
    place: str = "vor dem Haus"
    outcome: str = ""
    reason: str = ""
    cancelled: bool = False


ORDERS = (
    DemoOrder(
        "Gesine Musterfrau",
        "Münsterstraße",
        "12",
        (Line("sofa-2-seater", 1), Line("armchair", 2)),
        -1,
        outcome="collected",
    ),
    DemoOrder(
        "Ole Beispielmann",
        "Penningrode",
        "7",
        (Line("mattress-90", 2), Line("bed-single", 2, True)),
        -1,
        outcome="collected",
    ),
    DemoOrder(
        "Hanne Probst-Demo",
        "Südring",
        "31a",
        (Line("chest-of-drawers", 1), Line("chair", 4)),
        -1,
        outcome="partly_collected",
        reason="electrical",
    ),
    DemoOrder(
        "Fenja Fiktiv",
        "Ackerstraße",
        "4",
        (Line("wardrobe-3-door", 1, True),),
        -1,
        outcome="not_collected",
        reason="not_there",
    ),
    DemoOrder("Jorid Erdacht", "Horster Straße", "18", (Line("table-dining", 1), Line("chair", 6)), 1),
    DemoOrder(
        "Merle Musterberg",
        "Stockumer Straße",
        "55",
        (Line("carpet-2x3", 2), Line("bookcase", 2, True)),
        1,
        place="links neben der Garage",
    ),
    DemoOrder("Tjark Beispiel", "Lünener Straße", "9", (Line("mattress-180", 1), Line("bed-double", 1, True)), 1),
    DemoOrder(
        "Wiebke Probe",
        "Bonenstraße",
        "3",
        (Line("corner-sofa", 1),),
        1,
        channel="letter",
        place="im Hof, Tor ist offen",
    ),
    DemoOrder("Ilse Testmann", "Kamener Straße", "21", (Line("wardrobe-2-door", 2, True), Line("mattress-90", 1)), 2),
    DemoOrder("Enno Exempel", "Selmer Straße", "14", (Line("desk", 1), Line("office-chair", 1)), 2, paid=False),
    DemoOrder("Rieke Modell", "Capeller Straße", "2", (Line("sideboard", 1), Line("tv-bench", 1)), 2),
    DemoOrder("Sönke Vorlage", "Ottostraße", "6", (Line("box-spring-bed", 1),), 3, paid=False),
    DemoOrder("Beeke Muster", "Goetheweg", "11", (Line("chair", 8),), 3, cancelled=True),
    DemoOrder("Arne Phantom", "Jüngststraße", "17", (Line("wall-unit", 1, True), Line("armchair", 1)), 3),
)


def fill(now: datetime) -> str:
    """Fill staff and orders, once; the answer says in one line what was added."""
    staff = sum(_add_staff(*person, now=now) for person in STAFF)
    if Order.objects.exists():
        return f"{staff} Zugänge neu; Bestellungen sind schon da"
    for order in ORDERS:
        _place(order, now)
    return f"{staff} Zugänge und {len(ORDERS)} Bestellungen für die Demo"


def _add_staff(email: str, name: str, organisation: str, role: str, *, now: datetime) -> bool:
    if User.objects.filter(email=email).exists():
        return False
    user, _ = accounts.create_staff(
        email=email, name=name, organisation=organisation, role=role, actor=SYSTEM, now=now
    )
    user.set_password(PASSWORD)
    user.password_is_initial = False
    user.save(update_fields=["password", "password_is_initial"])
    return True


def _place(demo: DemoOrder, now: datetime) -> None:
    street = addresses.exact_streets(demo.street)[0]
    district = addresses.place(street, demo.house, town.current(), timezone.localdate(now)).district
    day = _day(district, demo.day, now)
    placed = now if demo.day > 0 else _at(day.date - timedelta(days=16), 10)
    order = _order(demo, street.pk, district, day, placed)
    if demo.paid:
        payments.mark_received(
            request_id=order.payment_id,
            received_on=timezone.localdate(placed),
            amount_cents=order.amount,
            actor=TREASURY,
            now=placed + timedelta(minutes=5),
        )
    if demo.cancelled:
        actions.cancel(number=order.number, actor=SYSTEM, now=now + timedelta(minutes=6))
    if demo.outcome:
        actions.hand_over(day_id=day.pk, now=queries.order_cut_off(town.current(), day.date))
        tours.record_result(
            reference=order.reference,
            outcome=demo.outcome,
            reason=demo.reason,
            remark="",
            found_litres=None,
            photo="",
            actor=CREW,
            now=_at(day.date, 8),
        )


def _order(demo: DemoOrder, street_id: int, district: str, day: CollectionDay, now: datetime) -> Order:
    street = addresses.exact_streets(demo.street)[0]
    where = {
        "street_id": street_id,
        "street_name": street.name,
        "street_label": street.label,
        "house": demo.house,
        "district": district,
        "latitude": street.lat,
        "longitude": street.lon,
    }
    contact = {"name": demo.name, "channel": demo.channel, "email": "", "phone": ""}
    if demo.channel == Order.Channel.EMAIL:
        contact["email"] = f"{demo.name.split()[0].lower().replace('ö', 'oe')}@demo.example"
    draft = actions.start_draft(where=where, now=now)
    actions.change_lines(draft_id=draft.pk, lines=demo.lines, now=now)
    what = actions.answer(
        draft_id=draft.pk,
        page="what",
        answers={"lines": [line.as_data() for line in demo.lines], "within_limits": True},
        now=now,
    )
    actions.answer(draft_id=draft.pk, page="who", answers=contact, now=now)
    actions.answer(draft_id=draft.pk, page="place", answers={"place_note": demo.place}, now=now)
    actions.choose_day(draft_id=draft.pk, day_id=day.pk, now=now)
    quote = queries.picture(what, town.current(), now).quote
    return actions.place_order(draft_id=draft.pk, way="transfer", amount_shown=quote.amount, now=now)


def _day(district: str, number: int, now: datetime) -> CollectionDay:
    """The n-th day from two weeks on, where transfers still fit; or the last day that is past."""
    today = timezone.localdate(now)
    if number > 0:
        days = CollectionDay.objects.filter(district=district, date__gte=today + timedelta(days=14)).order_by("date")
        return days[number - 1]
    past = today - timedelta(days=5)
    known = CollectionDay.objects.filter(district=district, date=past).first()
    return known or tours.add_day(date=past, district=district, litres=25_000, stops=40, actor=SYSTEM, now=now)


def _at(day: date, hour: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=BERLIN)
