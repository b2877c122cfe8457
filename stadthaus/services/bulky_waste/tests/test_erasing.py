"""After the term nobody can be found in an order any more; before it nothing goes."""

from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection
from pytest_django import DjangoCaptureOnCommitCallbacks

from stadthaus.base_services.collection_tours.documents import STOPS_FOLDER, keep_photo
from stadthaus.kernel.calendars import BERLIN
from stadthaus.services.bulky_waste import actions, jobs, queries
from stadthaus.services.bulky_waste.documents import PLACES_FOLDER
from stadthaus.services.bulky_waste.models import Order
from stadthaus.services.bulky_waste.rules.items import OWN, Line
from stadthaus.services.bulky_waste.tests import walk
from stadthaus.services.bulky_waste.tests.browser import Browser
from stadthaus.services.bulky_waste.tests.factories import (
    CLERK,
    again,
    crew_says,
    make_day,
    make_street,
    pay,
    place_order,
)
from stadthaus.services.bulky_waste.tests.walk import enter_rule
from stadthaus.town import queries as town

pytestmark = pytest.mark.usefixtures("town")
NAME = "Quirina Unverwechselbar"
HOUSE_POINT = (51.6612345, 7.6398765)


@pytest.fixture(autouse=True)
def _own_storage(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def an_order() -> Order:
    """A paid order with a name wherever somebody can write one, at a house whose point is known."""
    order = place_order(
        make_day(),
        name=NAME,
        things=(Line("sofa-3-seater", 1), Line(OWN, 1, name=f"Schrank von {NAME}", size_cm=(60, 60, 200))),
        who={"on_site_name": NAME, "on_site_phone": "0170 1"},
        place={
            "place_note": f"bei {NAME}",
            "access_note": f"Klingel {NAME}",
            "photo": keep_photo(b"place", folder=PLACES_FOLDER),
        },
    )
    latitude, longitude = HOUSE_POINT
    Order.objects.filter(pk=order.pk).update(latitude=latitude, longitude=longitude)
    return pay(order)


def cancelled() -> Order:
    """The clerk has cancelled it, has written why, and the money goes back."""
    order = an_order()
    actions.cancel(number=order.number, actor=CLERK, now=order.placed_at, reason=f"{NAME} zieht um")
    return again(order)


def left_behind() -> Order:
    """The crew has left it, and has said and shown why."""
    order = an_order()
    after = datetime.combine(order.booking.day.date, time(9), tzinfo=BERLIN)
    actions.hand_over(day_id=order.booking.day_id, now=after)
    photo = keep_photo(b"stop", folder=STOPS_FOLDER)
    return crew_says(order, "not_collected", "other", remark=f"{NAME} war dagegen", photo=photo, now=after)


def never_reported() -> Order:
    """The crew has said nothing."""
    order = an_order()
    actions.hand_over(day_id=order.booking.day_id, now=datetime.combine(order.booking.day.date, time(), tzinfo=BERLIN))
    return again(order)


def after_the_term(order: Order, kind: str = "contact") -> datetime:
    """The first moment at which contact data or photos of an order may no longer be kept."""
    day = order.booking.day.date
    days = town.current().value(f"bulky_waste.retention_{kind}_days", day)
    return datetime.combine(day + timedelta(days=days + 1), time(), tzinfo=BERLIN)


def files() -> list[str]:
    return [*default_storage.listdir(PLACES_FOLDER)[1], *default_storage.listdir(STOPS_FOLDER)[1]]


def test_nothing_goes_before_the_term() -> None:
    a_second_before = after_the_term(cancelled()) - timedelta(seconds=1)
    assert queries.people_to_erase(town.current(), a_second_before) == []
    assert queries.photos_to_erase(town.current(), a_second_before) == []


def test_after_the_term_things_volume_and_fee_stay_for_figures() -> None:
    order = cancelled()
    jobs.erase_people(after_the_term(order))
    order = again(order)
    assert (order.name, order.email, order.house, order.street_name) == ("", "", "", "Mozartstraße")
    assert [item.name for item in order.items.all()] == ["Sofa, 3-Sitzer", "eigener Gegenstand"]
    assert (order.litres, order.amount) != (0, 0)


@pytest.mark.parametrize("make", [cancelled, left_behind, never_reported])
def test_only_the_payment_voucher_still_names_the_debtor(make: Any) -> None:
    order = make()
    assert len(tables_with(NAME)) > 2
    jobs.erase_people(after_the_term(order))
    assert tables_with(NAME) == {"payments_paymentrequest"}


def test_the_words_a_name_is_searched_by_go_with_it() -> None:
    order = cancelled()
    assert tables_with("unverwechselbar") == {"bulky_waste_ordername"}
    jobs.erase_people(after_the_term(order))
    assert tables_with("unverwechselbar") == set()


def test_no_table_still_says_which_house_it_was() -> None:
    order = cancelled()
    assert tables_with(str(HOUSE_POINT[0])) == {"bulky_waste_order"}
    jobs.erase_people(after_the_term(order))
    assert tables_with(str(HOUSE_POINT[0])) == tables_with(str(HOUSE_POINT[1])) == set()
    order = again(order)
    assert (order.latitude, order.longitude) == (order.street.lat, order.street.lon)


def test_the_reason_of_a_clerk_is_in_the_history_until_then() -> None:
    order = cancelled()
    assert f"Storniert, Platz ist wieder frei: {NAME} zieht um" in words(order)
    jobs.erase_people(after_the_term(order))
    assert "Storniert, Platz ist wieder frei" in words(order)
    assert NAME not in "".join(words(order))
    assert words(order)[-2:] == ["Kontaktdaten gelöscht", "Fotos gelöscht"]


def test_an_order_is_erased_once() -> None:
    order = cancelled()
    actions.erase_person(number=order.number, now=after_the_term(order))
    assert queries.people_to_erase(town.current(), after_the_term(order)) == []


def test_photos_go_with_their_files_at_their_own_term(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    enter_rule("bulky_waste.retention_photo_days", 10)
    order = left_behind()
    assert len(files()) == 2
    jobs.erase_people(after_the_term(order, "photo") - timedelta(seconds=1))
    assert len(files()) == 2
    with django_capture_on_commit_callbacks(execute=True):
        jobs.erase_people(after_the_term(order, "photo"))
    order = again(order)
    assert (order.place_photo, order.booking.stop.photo.name) == ("", "")
    assert files() == []
    assert order.name == NAME


def test_photos_that_may_be_kept_longer_stay_when_the_person_goes() -> None:
    enter_rule("bulky_waste.retention_photo_days", 200)
    order = left_behind()
    jobs.erase_people(after_the_term(order))
    assert again(order).name == ""
    assert len(files()) == 2


def test_photos_are_erased_once() -> None:
    order = left_behind()
    jobs.erase_people(after_the_term(order))
    assert queries.photos_to_erase(town.current(), after_the_term(order)) == []


def test_whoever_orders_reads_all_three_terms(browser: Browser) -> None:
    make_day()
    make_street()
    enter_rule("bulky_waste.retention_photo_days", 10)
    walk.what(walk.where(browser))
    assert "behalten wir Kontaktdaten 90 Tage und Fotos 10 Tage. Zahlungsbelege müssen wir 10 Jahre" in browser.text


def words(order: Order) -> list[str]:
    """The history of an order as the office reads it."""
    return [line.words for line in queries.history(order)]


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


def test_an_order_cannot_end_without_its_time_because_nobody_would_erase_it() -> None:
    order = place_order(make_day())
    with pytest.raises(IntegrityError, match="order_ended_has_its_time"):
        Order.objects.filter(pk=order.pk).update(state="lapsed")
