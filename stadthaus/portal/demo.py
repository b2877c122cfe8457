"""Believable people and orders for the demo. Every order goes through the same actions as a real one.

All names are invented. The orders' stories are told in the order in which they happened, with the clock set back;
between the steps the worker's part is done, so that the mails of each moment are there and every history reads true.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import chain

from django.db.models import Max, QuerySet

from stadthaus.accounts import actions as accounts
from stadthaus.accounts.models import User
from stadthaus.base_services.addresses import queries as addresses
from stadthaus.base_services.addresses.models import Street
from stadthaus.base_services.collection_tours import actions as tours
from stadthaus.base_services.collection_tours.models import CollectionDay
from stadthaus.base_services.payments import actions as payments
from stadthaus.kernel.actors import CITIZEN, SYSTEM, Actor
from stadthaus.kernel.calendars import BERLIN, day_of
from stadthaus.services.bulky_waste import actions, queries
from stadthaus.services.bulky_waste.models import Order
from stadthaus.services.bulky_waste.rules.items import Line
from stadthaus.town import queries as town
from stadthaus.work import actions as work
from stadthaus.work.models import Job

Step = tuple[datetime, Callable[[datetime], object]]

PASSWORD = "stadthaus-demo"  # noqa: S105  the demo's sign-in, printed at its start
STAFF = (
    ("buergerbuero@demo.example", "Bente Schalter", "town", "clerk"),
    ("kasse@demo.example", "Kim Kassenwart", "town", "treasury"),
    ("abfall@demo.example", "Alex Tonne", "town", "waste_administration"),
    ("disposition@demo.example", "Dana Tour", "contractor", "dispatcher"),
    ("verwaltung@demo.example", "Vera Zugang", "town", "administrator"),
    ("vertretung@demo.example", "Veit Zweitschlüssel", "town", "administrator"),
)
TREASURY = Actor(kind="staff", label="Kim Kassenwart")
CREW = Actor(kind="crew", label="Wagen 1")

NEVER = 0
TODAY = 0


@dataclass(frozen=True)
class DemoOrder:
    """One invented order. `day` counts collection days of its district: −1 is the last past one, 0 is today.

    `ago` is how many days before today it was placed, and at what time. The money comes `paid_after`
    working days later; `cancelled_after` counts days.
    """

    name: str
    street: str
    house: str
    lines: tuple[Line, ...]
    day: int
    ago: tuple[int, time]
    paid_after: int = 1
    channel: str = "email"
    place: str = "vor dem Haus"
    outcome: str = ""
    reason: str = ""
    cancelled_after: int = 0


ORDERS = (
    DemoOrder(
        "Gesine Musterfrau",
        "Münsterstraße",
        "12",
        (Line("sofa-2-seater", 1), Line("armchair", 2)),
        -1,
        (31, time(19, 42)),
        outcome="collected",
    ),
    DemoOrder(
        "Ole Beispielmann",
        "Penningrode",
        "7",
        (Line("mattress-90", 2), Line("bed-single", 2, True)),
        -1,
        (30, time(9, 5)),
        outcome="collected",
    ),
    DemoOrder(
        "Hanne Probst-Demo",
        "Südring",
        "31a",
        (Line("chest-of-drawers", 1), Line("chair", 4)),
        -1,
        (29, time(12, 31)),
        outcome="partly_collected",
        reason="electrical",
    ),
    DemoOrder(
        "Fenja Fiktiv",
        "Ackerstraße",
        "4",
        (Line("wardrobe-3-door", 1, True),),
        -1,
        (28, time(21, 17)),
        outcome="not_collected",
        reason="not_there",
    ),
    DemoOrder(
        "Jorid Erdacht",
        "Horster Straße",
        "18",
        (Line("table-dining", 1), Line("chair", 6)),
        1,
        (12, time(8, 50)),
    ),
    DemoOrder(
        "Merle Musterberg",
        "Stockumer Straße",
        "55",
        (Line("carpet-2x3", 2), Line("bookcase", 2, True)),
        1,
        (11, time(17, 23)),
        place="links neben der Garage",
    ),
    DemoOrder(
        "Tjark Beispiel",
        "Lünener Straße",
        "9",
        (Line("mattress-180", 1), Line("bed-double", 1, True)),
        1,
        (10, time(20, 2)),
    ),
    DemoOrder(
        "Wiebke Probe",
        "Bonenstraße",
        "3",
        (Line("corner-sofa", 1, True),),
        1,
        (10, time(10, 14)),
        channel="letter",
        place="im Hof, Tor ist offen",
    ),
    DemoOrder(
        "Ilse Testmann",
        "Kamener Straße",
        "21",
        (Line("wardrobe-2-door", 2, True), Line("mattress-90", 1)),
        2,
        (9, time(11, 36)),
        channel="phone",
    ),
    DemoOrder(
        "Enno Exempel",
        "Selmer Straße",
        "14",
        (Line("desk", 1), Line("office-chair", 1)),
        2,
        (1, time(18, 8)),
        paid_after=NEVER,
    ),
    DemoOrder(
        "Rieke Modell", "Capeller Straße", "2", (Line("sideboard", 1), Line("tv-bench", 1)), 2, (8, time(7, 54))
    ),
    DemoOrder(
        "Sönke Vorlage", "Ottostraße", "6", (Line("box-spring-bed", 1, True),), 3, (2, time(13, 29)), paid_after=NEVER
    ),
    DemoOrder("Beeke Muster", "Goetheweg", "11", (Line("chair", 8),), 3, (10, time(16, 45)), cancelled_after=8),
    DemoOrder(
        "Arne Phantom",
        "Jüngststraße",
        "17",
        (Line("wall-unit", 1, True), Line("armchair", 1)),
        3,
        (7, time(19, 11)),
    ),
    # The transfer crosses with the cancelling: money without a date.
    DemoOrder(
        "Levke Muster-Probe",
        "Mozartstraße",
        "22",
        (Line("sofa-3-seater", 1),),
        3,
        (12, time(15, 20)),
        paid_after=4,
        cancelled_after=1,
    ),
)

# One lorry's round of today, so that the crew's page can be tried at any time. On a Sunday too: it is a demo.
TOUR_OF_TODAY = (
    DemoOrder(
        "Gerrit Ausgedacht",
        "Fasanenweg",
        "8",
        (Line("sofa-3-seater", 1), Line("footstool", 1)),
        0,
        (27, time(18, 25)),
        place="am Gehweg vor der Hecke",
    ),
    DemoOrder(
        "Silke Frei-Erfunden",
        "Kamener Straße",
        "40",
        (Line("mattress-140", 1), Line("slatted-base-140", 1), Line("bed-140", 1, True)),
        0,
        (26, time(8, 12)),
        place="rechts neben der Einfahrt",
    ),
    DemoOrder(
        "Theda Beispielhaft",
        "Klosterstraße",
        "5",
        (Line("wardrobe-2-door", 1, True), Line("chest-of-drawers", 1)),
        0,
        (26, time(20, 47)),
        place="im Hof, das Tor ist offen",
    ),
    DemoOrder("Uwe Probelauf", "Lerchenweg", "17", (Line("table-kitchen", 1), Line("chair", 4)), 0, (25, time(12, 3))),
    DemoOrder(
        "Nele Niemand",
        "Mühlenfeld",
        "23b",
        (Line("carpet-2x3", 1), Line("armchair", 1), Line("bookcase", 1, True)),
        0,
        (24, time(16, 38)),
        place="vor der Garage, die Straße ist eng",
    ),
    DemoOrder(
        "Piet Platzhalter",
        "Windmühlenberg",
        "2",
        (Line("desk", 1), Line("office-chair", 2)),
        0,
        (23, time(9, 56)),
        place="an der Ecke beim Briefkasten",
    ),
)


def fill(now: datetime) -> str:
    """Fill staff and orders, once, and a tour for each day it is called on; the answer says what was added.

    Orders in streets that the town does not have stand in others of it. What still does not fit is left out and said.
    """
    staff = sum(_add_staff(*person, now=now) for person in STAFF)
    orders = () if Order.objects.exists() else ORDERS
    tour = () if _has_tour(day_of(now)) else TOUR_OF_TODAY
    wanted = (*orders, *tour)
    fitting = [order for order in wanted if _fits(order, now)]
    _tell(fitting, now)
    said = f"{staff} Zugänge und {len(fitting)} Bestellungen neu für die Demo"
    if len(fitting) == len(wanted):
        return said
    return f"{said}\n{len(wanted) - len(fitting)} ausgelassen: Die Stadt hat keine Straßen, Dinge oder Abholtage dafür"


def _fits(demo: DemoOrder, now: datetime) -> bool:
    """Whether the town has a street, the things and days for an order."""
    street, things = _street(demo), queries.catalogue().items
    if street is None or any(line.key not in things for line in demo.lines):
        return False
    return _days_ahead(_district(street, demo, now), now).exists()


def _has_tour(today: date) -> bool:
    names = [order.name for order in TOUR_OF_TODAY]
    return Order.objects.filter(name__in=names, booking__day__date=today).exists()


def _tell(orders: Iterable[DemoOrder], now: datetime) -> None:
    """Tell the orders' stories, all steps in the order in which they happened."""
    latest = Job.objects.aggregate(latest=Max("pk"))["latest"] or 0
    steps = chain.from_iterable(_story(order, now) for order in orders)
    for moment, act in sorted(steps, key=lambda step: step[0]):
        _do_due_work(newer_than=latest, until=moment)
        act(moment)
    _do_due_work(newer_than=latest, until=now)


def _do_due_work(*, newer_than: int, until: datetime) -> None:
    """The worker's part, each piece at the moment at which it became due; work that was there before is not ours."""
    while job := Job.objects.due(until).free(until).filter(pk__gt=newer_than).first():
        work.run(job=job, now=job.due_at)


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


def _story(demo: DemoOrder, now: datetime) -> Iterator[Step]:
    """What happens to an invented order, and when; nothing lies in the future."""
    calendar, today = town.current().calendar, day_of(now)
    street = _street(demo)
    assert street, "an order without a street does not fit"
    day = _day(_district(street, demo, now), demo.day, now)
    days_ago, clock = demo.ago
    placed_on = today - timedelta(days=days_ago)
    made: list[Order] = []
    yield _at(placed_on, clock), lambda moment: made.append(_order(demo, street, day, moment))
    if demo.paid_after:
        paid_on = min(calendar.working_days_after(placed_on, demo.paid_after), today - timedelta(days=1))
        yield _at(paid_on, time(9, 40)), lambda moment: _pay(made[0], moment)
    if demo.cancelled_after:
        cancelled_on = placed_on + timedelta(days=demo.cancelled_after)
        yield (
            _at(cancelled_on, time(19, 30)),
            lambda moment: actions.cancel(number=made[0].number, actor=CITIZEN, now=moment),
        )
    if demo.outcome or demo.day == TODAY:
        cut_off = queries.order_cut_off(town.current(), day.date)
        yield cut_off, lambda moment: actions.hand_over(day_id=day.pk, now=moment)
    if demo.outcome:
        finished = _at(day.date, time(7, 20)) + timedelta(minutes=8 * ORDERS.index(demo))
        yield finished, lambda moment: _collect(demo, made[0], moment)


def _street(demo: DemoOrder) -> Street | None:
    """The street of this name; in a town without it, another one; None in a town without streets."""
    named = addresses.exact_streets(demo.street)
    if named:
        return named[0]
    streets = Street.objects.order_by("key")
    return streets[(*ORDERS, *TOUR_OF_TODAY).index(demo) % len(streets)] if streets else None


def _district(street: Street, demo: DemoOrder, now: datetime) -> str:
    return addresses.place(street, demo.house, town.current(), day_of(now)).district


def _pay(order: Order, now: datetime) -> None:
    payments.mark_received(
        request_id=order.payment_id,
        received_on=day_of(now),
        amount_cents=order.amount,
        actor=TREASURY,
        now=now,
    )


def _collect(demo: DemoOrder, order: Order, now: datetime) -> None:
    tours.record_result(
        reference=order.reference,
        outcome=demo.outcome,
        reason=demo.reason,
        remark="",
        found_litres=None,
        photo="",
        actor=CREW,
        now=now,
    )


def _order(demo: DemoOrder, street: Street, day: CollectionDay, now: datetime) -> Order:
    where = {
        "street_id": street.pk,
        "street_name": street.name,
        "street_hint": street.hint,
        "street_label": street.label,
        "house": demo.house,
        "district": day.district,
        "latitude": street.lat,
        "longitude": street.lon,
    }
    contact = {"name": demo.name, "channel": demo.channel, "email": "", "phone": ""}
    if demo.channel == Order.Channel.PHONE:
        contact["phone"] = "02389 555 0123"
    if demo.channel == Order.Channel.EMAIL:
        contact["email"] = f"{demo.name.split()[0].lower().replace('ö', 'oe')}@demo.example"
    draft = actions.start_draft(where=where, now=now)
    actions.answer(
        draft=draft,
        page="what",
        answers={"lines": [line.as_data() for line in demo.lines], "within_limits": True},
        now=now,
    )
    actions.answer(draft=draft, page="who", answers=contact, now=now)
    actions.answer(draft=draft, page="place", answers={"place_note": demo.place}, now=now)
    actions.choose_day(draft=draft, day_id=day.pk, now=now)
    draft.refresh_from_db()
    shown = queries.picture(draft, town.current(), now).shown
    return actions.place_order(draft=draft, way="transfer", shown=shown, now=now)


def _days_ahead(district: str, now: datetime) -> QuerySet[CollectionDay]:
    first = day_of(now) + timedelta(days=14)
    return CollectionDay.objects.filter(district=district, date__gte=first).order_by("date")


def _day(district: str, number: int, now: datetime) -> CollectionDay:
    """The n-th day, or the last, from two weeks on, where transfers still fit; or today; or the last that is past."""
    today = day_of(now)
    if number > 0:
        return list(_days_ahead(district, now)[:number])[-1]
    wanted = today if number == TODAY else town.current().calendar.working_days_before(today, 3)
    known = CollectionDay.objects.filter(district=district, date=wanted).first()
    return known or tours.add_day(date=wanted, district=district, litres=25_000, stops=40, actor=SYSTEM, now=now)


def _at(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, tzinfo=BERLIN)
