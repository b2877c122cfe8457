"""What happens between the moment a submit reads the draft and the moment it writes the order."""

from datetime import date, datetime, timedelta

import pytest

from stadthaus.accounts import rate_limits
from stadthaus.base_services.collection_tours import actions as tours
from stadthaus.base_services.collection_tours import queries as tour_queries
from stadthaus.base_services.collection_tours.models import Booking, CollectionDay
from stadthaus.base_services.messages.models import Message
from stadthaus.base_services.payments.models import PaymentRequest
from stadthaus.kernel.actors import SYSTEM
from stadthaus.kernel.calendars import BERLIN
from stadthaus.services.bulky_waste import actions, queries
from stadthaus.services.bulky_waste.actions import placing
from stadthaus.services.bulky_waste.models import Draft, Order
from stadthaus.services.bulky_waste.tests.factories import again, again_draft, full_draft, make_day, submit

pytestmark = pytest.mark.usefixtures("town")

NOW = datetime(2026, 11, 16, 10, 0, tzinfo=BERLIN)
LATER = NOW + timedelta(minutes=22)  # holds have run out


@pytest.fixture
def day(town: None) -> CollectionDay:  # noqa: ARG001  the town is there first
    return make_day(date(2026, 12, 8))


def seen_by_submit(draft: Draft) -> queries.Picture:
    """What the request that submits has read, just before something else happens."""
    opened = queries.open_draft(draft.public_id)
    assert opened is not None
    return queries.picture(opened.draft, opened.town, LATER, opened.catalogue)


def submit_seen(seen: queries.Picture) -> Order:
    return actions.place_order(draft=seen.draft, way="online", shown=seen.shown, now=LATER, seen=seen)


def nothing_is_written() -> bool:
    booked = Booking.objects.filter(state=Booking.State.BOOKED)
    return not any(found.exists() for found in (Order.objects, PaymentRequest.objects, Message.objects, booked))


def test_a_hold_given_back_while_the_order_is_being_submitted_is_taken_again(day: CollectionDay) -> None:
    seen = seen_by_submit(full_draft(day, now=NOW))
    assert tours.release_expired_holds(now=LATER) == 1
    order = again(submit_seen(seen))
    assert (order.booking.day_id, order.booking.state) == (day.pk, "booked")
    assert Order.objects.count() == PaymentRequest.objects.count() == Message.objects.count() == 1
    assert not tour_queries.imbalanced_days().exists()


def test_a_day_filled_while_the_order_is_being_submitted_sells_nothing(day: CollectionDay) -> None:
    seen = seen_by_submit(full_draft(day, now=NOW))
    tours.release_expired_holds(now=LATER)
    tours.hold(reference="somebody/else", day_id=day.pk, litres=day.capacity_litres, minutes=60, now=LATER)
    with pytest.raises(tours.DayIsFull):
        submit_seen(seen)
    assert nothing_is_written()
    assert again_draft(seen.draft).order_id is None
    assert not tour_queries.imbalanced_days().exists()


def test_a_day_closed_while_the_order_is_being_submitted_sells_nothing(day: CollectionDay) -> None:
    seen = seen_by_submit(full_draft(day, now=NOW))
    tours.close_day(day_id=day.pk, actor=SYSTEM, now=NOW)
    with pytest.raises(tours.DayIsClosed):
        submit_seen(seen)
    assert nothing_is_written()


def test_a_submit_that_was_too_slow_for_another_one_gets_its_order(day: CollectionDay) -> None:
    draft = full_draft(day, now=NOW)
    seen, order = seen_by_submit(draft), submit(draft, now=NOW)
    assert submit_seen(seen).number == order.number
    assert Order.objects.count() == 1


def test_a_number_that_was_drawn_before_is_drawn_anew(day: CollectionDay, monkeypatch: pytest.MonkeyPatch) -> None:
    first = submit(full_draft(day, now=NOW), now=NOW)
    draft, drawn = full_draft(day, now=NOW, house="14"), iter([first.number, "123456782"])
    monkeypatch.setattr(placing, "new_number", lambda _: next(drawn))
    order = submit(draft, now=NOW)
    assert (order.number, again(order).number) == ("123456782", "123456782")
    assert Order.objects.count() == PaymentRequest.objects.count() == 2
    assert not tour_queries.imbalanced_days().exists()


def test_a_refusal_at_the_end_leaves_nothing_and_the_next_try_is_free(day: CollectionDay) -> None:
    def refuse(_litres: int) -> None:
        rate_limits.allow(name="x", who="y", limit=0, per_seconds=60, now=NOW, or_raise=actions.TooOften())

    seen = seen_by_submit(full_draft(day, now=NOW))
    with pytest.raises(actions.TooOften):
        actions.place_order(draft=seen.draft, way="online", shown=seen.shown, now=LATER, seen=seen, count=refuse)
    assert nothing_is_written()
    assert submit(again_draft(seen.draft), now=LATER).state == "placed"
    assert not tour_queries.imbalanced_days().exists()
