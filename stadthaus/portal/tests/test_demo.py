"""The demo's invented orders: believable on every day of the year, and their mails are there at once."""

from datetime import datetime, timedelta
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from django.core.management import call_command
from django.db.models import F, Model
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from stadthaus.accounts.models import AuditEntry, CrewDevice
from stadthaus.accounts.tests.factories import make_crew_secret
from stadthaus.base_services.collection_tours import actions as tours
from stadthaus.base_services.messages.models import Message
from stadthaus.base_services.payments.models import PaymentRequest, RefundOrder
from stadthaus.kernel.calendars import BERLIN
from stadthaus.portal import demo
from stadthaus.services.bulky_waste import queries
from stadthaus.services.bulky_waste.models import CatalogueEdition, CatalogueItem, Order
from stadthaus.services.bulky_waste.queries import TourStop
from stadthaus.town import queries as town
from stadthaus.work import actions as work
from stadthaus.work.models import Job

pytestmark = pytest.mark.django_db

A_DAY_IN_NOVEMBER = datetime(2026, 11, 24, 10, 0, tzinfo=BERLIN)
A_SUNDAY = datetime(2026, 11, 22, 0, 5, tzinfo=BERLIN)
NEW_YEAR = datetime(2027, 1, 1, 23, 55, tzinfo=BERLIN)


@pytest.fixture
def _werne(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_town")
    capsys.readouterr()


def crew_stops(now: datetime) -> list[TourStop]:
    """What a crew sees on the phone that was signed in for the tour of this day."""
    (day,) = {
        order.booking.day
        for order in Order.objects.filter(name=demo.TOUR_OF_TODAY[0].name).select_related("booking__day")
        if order.booking.day.date == timezone.localdate(now)
    }
    make_crew_secret(tour=day.reference, now=now)
    return list(queries.crew_tour(CrewDevice.objects.latest("pk"), town.current(), now).stops)


def everything() -> list[list[dict[str, Any]]]:
    """All orders, messages and jobs there are, oldest first."""
    tables: list[type[Model]] = [Order, Message, Job]
    return [list(table._default_manager.order_by("pk").values()) for table in tables]


def fill(now: datetime) -> None:
    tours.keep_days_ahead(today=timezone.localdate(now), now=now)
    demo.fill(now)


@pytest.mark.usefixtures("_werne")
def test_every_mail_of_the_story_is_in_the_mailbox_at_once(client: Client) -> None:
    fill(A_DAY_IN_NOVEMBER)
    mails = Message.objects.filter(channel=Message.Channel.EMAIL)
    assert set(mails.values_list("state", flat=True)) == {Message.State.SENT}
    told = set(mails.values_list("template", flat=True))
    assert {f"bulky_waste.order_{news}" for news in ("received", "confirmed", "cancelled", "result")} <= told
    assert "Noch leer" not in client.get("/postkorb/").content.decode()


@pytest.mark.usefixtures("_werne")
@pytest.mark.parametrize(
    "now",
    [
        A_DAY_IN_NOVEMBER,
        A_SUNDAY,
        datetime(2026, 12, 27, 20, 0, tzinfo=BERLIN),
        datetime(2027, 1, 4, 8, 0, tzinfo=BERLIN),
        datetime(2027, 3, 30, 9, 0, tzinfo=BERLIN),
        datetime(2027, 10, 31, 12, 0, tzinfo=BERLIN),
    ],
    ids=lambda now: f"{now:%Y-%m-%d}",
)
def test_on_every_day_of_the_year_the_stories_are_over_and_in_order(now: datetime) -> None:
    fill(now)
    assert Order.objects.count() == len(demo.ORDERS) + len(demo.TOUR_OF_TODAY)
    placed = list(Order.objects.order_by("pk").values_list("placed_at", flat=True))
    assert placed == sorted(placed)
    assert not AuditEntry.objects.filter(about__startswith="bulky-waste/", at__gt=now).exists()
    assert not Message.objects.filter(sent_at__gt=now).exists()
    for order in Order.objects.exclude(confirmed_at=None):
        assert order.confirmed_at
        assert order.confirmed_at - order.placed_at > timedelta(hours=8)
        assert town.current().calendar.is_working_day(timezone.localdate(order.confirmed_at))


@pytest.mark.usefixtures("_werne")
def test_each_list_of_the_treasury_has_something_to_show() -> None:
    fill(A_DAY_IN_NOVEMBER)
    assert PaymentRequest.objects.waiting().exists()
    assert PaymentRequest.objects.without_date().exists()
    assert RefundOrder.objects.to_do().exists()


@pytest.mark.usefixtures("_werne")
@pytest.mark.parametrize("now", [A_DAY_IN_NOVEMBER, A_SUNDAY, NEW_YEAR], ids=lambda now: f"{now:%Y-%m-%d}")
def test_a_crew_finds_a_tour_of_paid_orders_on_any_day(now: datetime) -> None:
    fill(now)
    stops = crew_stops(now)
    assert len(stops) == len(demo.TOUR_OF_TODAY)
    assert {stop.stop for stop in stops} == {None}
    orders = Order.objects.filter(number__in=[stop.number for stop in stops])
    assert set(orders.values_list("state", "payment__state")) == {("handed_over", "paid")}


@pytest.fixture
def _two_orders(monkeypatch: pytest.MonkeyPatch) -> None:
    """One order of each kind: all of them would take a minute."""
    monkeypatch.setattr(demo, "ORDERS", demo.ORDERS[5:6])
    monkeypatch.setattr(demo, "TOUR_OF_TODAY", demo.TOUR_OF_TODAY[:1])


@pytest.mark.usefixtures("_two_orders")
@pytest.mark.parametrize(
    ("streets", "said"),
    [
        ("05978000004009001;Testgasse;51.67;7.63;\n05978000004009002;Probeweg;51.66;7.64;\n", "2 Bestellungen neu"),
        ("", "2 ausgelassen: Die Stadt hat keine Straßen"),
    ],
)
def test_in_another_town_the_orders_stand_in_its_own_streets(
    tmp_path: Path, settings: Settings, streets: str, said: str
) -> None:
    settings.TOWN_DIR = tmp_path / "testdorf"
    copytree(settings.BASE_DIR / "towns/werne", settings.TOWN_DIR)
    (settings.TOWN_DIR / "streets.csv").write_text(f"street_key;name;lat;lon;hint\n{streets}", encoding="utf-8")
    call_command("load_town", verbosity=0)
    assert said in demo.fill(A_DAY_IN_NOVEMBER)


@pytest.mark.usefixtures("_werne", "_two_orders")
def test_an_order_of_things_that_the_town_does_not_collect_is_left_out_and_said() -> None:
    CatalogueItem.objects.all().delete()
    CatalogueEdition.objects.update(number=F("number") + 1)  # as every change of the catalogue does
    assert "2 ausgelassen: Die Stadt hat keine Straßen, Dinge" in demo.fill(A_DAY_IN_NOVEMBER)


@pytest.mark.usefixtures("_werne")
def test_filling_again_on_the_same_day_adds_nothing() -> None:
    fill(A_DAY_IN_NOVEMBER)
    before = (Order.objects.count(), Message.objects.count())
    fill(A_DAY_IN_NOVEMBER + timedelta(hours=8))
    assert (Order.objects.count(), Message.objects.count()) == before


@pytest.mark.usefixtures("_werne")
def test_filling_on_a_later_day_adds_a_tour_and_touches_nothing_else() -> None:
    fill(A_DAY_IN_NOVEMBER)
    work.start_regular_jobs(now=A_DAY_IN_NOVEMBER)
    before = everything()
    later = A_DAY_IN_NOVEMBER + timedelta(days=3)
    fill(later)
    assert len(crew_stops(later)) == len(demo.TOUR_OF_TODAY)
    assert [rows[: len(was)] for rows, was in zip(everything(), before, strict=True)] == before
