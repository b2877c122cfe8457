"""A town, collection days and real orders, placed and paid through the actions."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from stadthaus.accounts import actions as accounts
from stadthaus.base_services.addresses.models import Street
from stadthaus.base_services.addresses.rules.names import fold_name
from stadthaus.base_services.collection_tours import actions as tours
from stadthaus.base_services.collection_tours.models import CollectionDay
from stadthaus.base_services.payments import actions as payments
from stadthaus.kernel.actors import Actor
from stadthaus.kernel.calendars import day_of
from stadthaus.services.bulky_waste import actions, queries, town_data
from stadthaus.services.bulky_waste.models import Draft, Order
from stadthaus.services.bulky_waste.rules.items import Line
from stadthaus.town import actions as town_actions
from stadthaus.town import queries as town
from stadthaus.town import town_data as rules_and_texts

CLERK = Actor(kind="staff", label="Karla Kasse")
CREW = Actor(kind="crew", label="UN-SW 7")
LONG_AGO = timedelta(days=28)  # orders for today were placed then, well before every cut-off


def today() -> date:
    return day_of(timezone.now())


def then() -> datetime:
    """The moment at which orders for today can still be placed and paid."""
    return timezone.now() - LONG_AGO


def make_town() -> None:
    """Werne's rules, texts and catalogue, as its files have them."""
    folder = Path(settings.BASE_DIR) / "towns" / "werne"
    rules_and_texts.load(folder, then())
    town_data.load(folder)


def leave_time_for_the_counter() -> None:
    """Two weeks to pay at the counter: the town's three days can be holidays, and then this way is not offered."""
    town_actions.enter_rule(
        key="payments.pay_by.counter",
        kind="operational",
        value={"days": 14, "unit": "calendar", "at": "23:59"},
        valid_from=today(),
        source=None,
        confirmed=True,
        actor=CLERK,
        now=timezone.now(),
    )


def make_day(
    on: date | None = None, *, district: str = "nord", litres: int = 25_000, stops: int = 40
) -> CollectionDay:
    return CollectionDay.objects.create(
        date=on or today(), district=district, capacity_litres=litres, capacity_stops=stops
    )


def make_street(name: str = "Mozartstraße", hint: str = "") -> Street:
    known = Street.objects.filter(name=name, hint=hint).first()
    key = f"0597800000{Street.objects.count():07d}"
    return known or Street.objects.create(
        key=key, name=name, hint=hint, folded=fold_name(name), lat=51.67, lon=7.64, changed_at=then()
    )


def address(day: CollectionDay, street: str | Street, house: str) -> dict[str, object]:
    """The answer to "where", in the district of this day."""
    found = make_street(street) if isinstance(street, str) else street
    return {
        "street_id": found.pk,
        "street_name": found.name,
        "street_hint": found.hint,
        "street_label": found.label,
        "house": house,
        "district": day.district,
        "latitude": found.lat,
        "longitude": found.lon,
    }


def place_order(
    day: CollectionDay,
    street: str | Street = "Mozartstraße",
    house: str = "12",
    *,
    name: str = "Erika Beispiel",
    things: tuple[Line, ...] = (Line("sofa-3-seater", 1),),
    place: dict[str, str] | None = None,
    who: Mapping[str, object] | None = None,
    way: str = "transfer",
    now: datetime | None = None,
) -> Order:
    """An order as a citizen places it: page after page, nothing paid yet."""
    at = now or then()
    draft = actions.start_draft(where=address(day, street, house), now=at)
    actions.edit_lines(draft=draft, edit=lambda _: list(things), now=at)
    draft.refresh_from_db()
    actions.answer(draft=draft, page="what", answers={**draft.answer("what"), "within_limits": True}, now=at)
    contact = {"name": name, "channel": "email", "email": "erika@example.org", "phone": "02389 111", **(who or {})}
    actions.answer(draft=draft, page="who", answers=contact, now=at)
    actions.choose_day(draft=draft, day_id=day.pk, now=at)
    actions.answer(
        draft=draft, page="place", answers={"place_note": "links neben der Garage", **(place or {})}, now=at
    )
    draft.refresh_from_db()
    seen = queries.picture(draft, town.current(), at)
    return actions.place_order(draft=draft, way=way, shown=seen.shown, now=at)


def pay(order: Order, now: datetime | None = None, *, cents: int | None = None) -> Order:
    """The money has come, or so many cents of it as the statement shows: fully paid, the order is confirmed."""
    at = now or order.placed_at
    payments.mark_received(
        request_id=order.payment_id,
        received_on=day_of(at),
        amount_cents=order.amount if cents is None else cents,
        actor=CLERK,
        now=at,
        as_stated=cents is not None,
        booked=order.payment.ledger.count(),
    )
    return again(order)


def hand_over(day: CollectionDay) -> None:
    """The cut-off has passed: the contractor has the day."""
    actions.hand_over(day_id=day.pk, now=timezone.now())


def crew_says(
    order: Order,
    outcome: str,
    reason: str = "",
    *,
    remark: str = "",
    photo: str = "",
    now: datetime | None = None,
) -> Order:
    """What became of the order at the kerb."""
    tours.record_result(
        reference=order.reference,
        outcome=outcome,
        reason=reason,
        remark=remark,
        found_litres=None,
        photo=photo,
        actor=CREW,
        now=now or timezone.now(),
    )
    return again(order)


def again(order: Order) -> Order:
    """The order as the database has it now."""
    return queries.orders_with_all().get(pk=order.pk)


def crew_token(day: CollectionDay, *, tour: str = "", label: str = "UN-SW 7") -> str:
    """The secret in the QR code that signs a crew's phone in for this day."""
    reference = tour or day.reference
    link = accounts.invite_crew(
        label=label, tour=reference, tour_name="Nord", day=day.date, actor=CLERK, now=timezone.now()
    )
    return link.token


def full_draft(
    day: CollectionDay,
    *,
    now: datetime,
    things: tuple[Line, ...] = (Line("sofa-3-seater", 1),),
    who: Mapping[str, object] | None = None,
    house: str = "12",
    street: str | Street = "Mozartstraße",
) -> Draft:
    """Answers to all pages, with a place held: only the submit is missing."""
    contact = {"name": "Erika Beispiel", "channel": "email", "email": "erika@example.org", **(who or {})}
    lines = [line.as_data() for line in things]
    draft = actions.start_draft(where=address(day, street, house), now=now)
    actions.answer(draft=draft, page="what", answers={"lines": lines, "within_limits": True}, now=now)
    actions.answer(draft=draft, page="who", answers=contact, now=now)
    actions.choose_day(draft=draft, day_id=day.pk, now=now)
    return actions.answer(draft=draft, page="place", answers={"place_note": "vor dem Haus"}, now=now)


def submit(draft: Draft, *, now: datetime, way: str = "online", amount: int | None = None) -> Order:
    """The last page is sent; `amount` is what the page showed, if not what it costs now."""
    shown = queries.picture(again_draft(draft), town.current(), now).shown
    if amount is not None:
        shown = replace(shown, amount=amount)
    return actions.place_order(draft=draft, way=way, shown=shown, now=now)


def again_draft(draft: Draft) -> Draft:
    """The draft as the database has it now."""
    return Draft.objects.select_related("order").get(pk=draft.pk)
