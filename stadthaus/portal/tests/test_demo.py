"""The demo's invented orders: believable on every day of the year, and their mails are there at once."""

from datetime import datetime, timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from stadthaus.accounts.models import AuditEntry
from stadthaus.base_services.collection_tours import actions as tours
from stadthaus.base_services.messages.models import Message
from stadthaus.base_services.payments.models import PaymentRequest, RefundOrder
from stadthaus.kernel.calendars import BERLIN
from stadthaus.portal import demo
from stadthaus.services.bulky_waste.models import Order
from stadthaus.town import queries as town

pytestmark = pytest.mark.django_db

A_DAY_IN_NOVEMBER = datetime(2026, 11, 24, 10, 0, tzinfo=BERLIN)


@pytest.fixture
def _werne(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_town")
    capsys.readouterr()


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
        datetime(2026, 11, 22, 0, 5, tzinfo=BERLIN),
        datetime(2026, 12, 27, 20, 0, tzinfo=BERLIN),
        datetime(2027, 1, 4, 8, 0, tzinfo=BERLIN),
        datetime(2027, 3, 30, 9, 0, tzinfo=BERLIN),
        datetime(2027, 10, 31, 12, 0, tzinfo=BERLIN),
    ],
    ids=lambda now: f"{now:%Y-%m-%d}",
)
def test_on_every_day_of_the_year_the_stories_are_over_and_in_order(now: datetime) -> None:
    fill(now)
    assert Order.objects.count() == len(demo.ORDERS)
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
def test_filling_again_adds_nothing() -> None:
    fill(A_DAY_IN_NOVEMBER)
    before = (Order.objects.count(), Message.objects.count())
    fill(A_DAY_IN_NOVEMBER + timedelta(days=1))
    assert (Order.objects.count(), Message.objects.count()) == before
