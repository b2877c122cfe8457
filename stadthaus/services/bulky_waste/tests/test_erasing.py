"""After the term nobody can be found in an order any more; before it nothing goes."""

from datetime import datetime, timedelta

import pytest
from django.db import connection

from stadthaus.base_services.collection_tours.models import CollectionDay
from stadthaus.kernel.actors import SYSTEM
from stadthaus.services.bulky_waste import actions, jobs, queries
from stadthaus.services.bulky_waste.models import Order
from stadthaus.services.bulky_waste.tests.factories import make_day, place_order
from stadthaus.town import queries as town
from stadthaus.work.registry import DueJob

pytestmark = pytest.mark.usefixtures("town")
NAME = "Quirina Unverwechselbar"


@pytest.fixture
def ended() -> tuple[Order, datetime]:
    """A cancelled order, and the first moment after the term of its contact data."""
    day: CollectionDay = make_day()
    order = place_order(day, name=NAME)
    actions.cancel(number=order.number, actor=SYSTEM, now=order.placed_at)
    days = town.current().value("bulky_waste.retention_contact_days", day.date)
    return order, order.placed_at.replace(year=day.date.year, month=day.date.month, day=day.date.day) + timedelta(
        days=days + 1
    )


def test_nothing_goes_before_the_term(ended: tuple[Order, datetime]) -> None:
    _, after = ended
    assert queries.orders_to_erase(town.current(), after - timedelta(days=2)) == []


def test_after_the_term_the_person_is_gone_from_the_order(ended: tuple[Order, datetime]) -> None:
    order, after = ended
    jobs.erase_people(DueJob(kind="bulky_waste.erase_people", key="regular", payload={}, attempts=1), after)
    order.refresh_from_db()
    assert (order.name, order.email, order.house, order.debtor_name, order.place_note) == ("", "", "", "", "")
    assert order.litres > 0
    assert order.items.count() > 0


def test_only_the_payment_voucher_still_names_the_debtor(ended: tuple[Order, datetime]) -> None:
    order, after = ended
    actions.erase_person(number=order.number, now=after)
    assert tables_with(NAME) == {"payments_paymentrequest"}


def test_an_order_is_erased_once(ended: tuple[Order, datetime]) -> None:
    order, after = ended
    actions.erase_person(number=order.number, now=after)
    assert queries.orders_to_erase(town.current(), after) == []


def tables_with(text: str) -> set[str]:
    """Every table of the database in which a text stands anywhere."""
    found = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table.startswith("bulky_waste_draft"):
                continue  # drafts go after seven days, see test_actions
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608  our own table names
            if any(text in str(value) for row in cursor.fetchall() for value in row):
                found.add(table)
    return found
