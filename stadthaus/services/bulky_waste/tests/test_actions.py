"""Ordering: what one submit writes, and what happens when the world changed meanwhile."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext

from stadthaus.accounts.queries import trail
from stadthaus.base_services.collection_tours import actions as tours
from stadthaus.base_services.collection_tours import queries as tour_queries
from stadthaus.base_services.collection_tours.models import Booking, CollectionDay
from stadthaus.base_services.messages.models import Message
from stadthaus.base_services.payments.models import PaymentRequest
from stadthaus.kernel.actors import SYSTEM
from stadthaus.kernel.calendars import BERLIN
from stadthaus.kernel.references import has_valid_check_digit
from stadthaus.services.bulky_waste import actions, queries
from stadthaus.services.bulky_waste.actions import NotAsShown, StillOpen, WayNotOffered
from stadthaus.services.bulky_waste.models import CatalogueItem, Draft, Order, OrderItem
from stadthaus.services.bulky_waste.rules.items import Line
from stadthaus.services.bulky_waste.rules.steps import Step
from stadthaus.services.bulky_waste.tests import factories
from stadthaus.services.bulky_waste.tests.factories import again, again_draft, full_draft, make_day, submit
from stadthaus.town import actions as town_actions
from stadthaus.town import queries as town
from stadthaus.town.tests.factories import SOURCE

pytestmark = pytest.mark.usefixtures("town")

NOW = datetime(2026, 11, 16, 10, 0, tzinfo=BERLIN)
TODAY, TUESDAY = NOW.date(), date(2026, 12, 8)
SOFA = (Line("sofa-3-seater", 1),)  # 1,700 litres
NOT_COUNTED = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


@pytest.fixture
def day(town: None) -> CollectionDay:  # noqa: ARG001  the town is there first
    return make_day(TUESDAY)


def later(minutes: int) -> datetime:
    return NOW + timedelta(minutes=minutes)


def enter_rule(key: str, value: Any, on: date = TODAY) -> None:
    town_actions.enter_rule(
        key=key,
        kind="statute",
        value=value,
        valid_from=on,
        source=SOURCE,
        confirmed=True,
        actor=SYSTEM,
        now=NOW,
    )


def rows() -> dict[str, int]:
    tables = (Order, OrderItem, PaymentRequest, Message)
    counts = {table.__name__: table.objects.count() for table in tables}
    return counts | {"booked": Booking.objects.filter(state=Booking.State.BOOKED).count()}


NOTHING = {"Order": 0, "OrderItem": 0, "PaymentRequest": 0, "Message": 0, "booked": 0}


def fill_up(day: CollectionDay, now: datetime) -> None:
    """Somebody else takes all the room there is."""
    day.refresh_from_db()
    tours.release_expired_holds(now=now)
    day.refresh_from_db()
    tours.hold(reference="somebody/else", day_id=day.pk, litres=day.free_litres, minutes=60, now=now)


def figures_agree() -> bool:
    return not tour_queries.imbalanced_days().exists()


# One submit


def test_an_order_is_written_as_it_was_answered(day: CollectionDay) -> None:
    who = {"phone": "02389 71123", "address": "Beethovenweg 7, 59368 Werne", "on_site_name": "Otto Vorort"}
    order = submit(full_draft(day, now=NOW, things=(Line("wardrobe-3-door", 2, dismantled=True),), who=who), now=NOW)
    assert order.state == "placed"
    assert has_valid_check_digit(order.number)
    assert (order.pickup_address, order.district, order.place_note) == ("Mozartstraße 12", "nord", "vor dem Haus")
    assert (order.name, order.email, order.phone) == ("Erika Beispiel", "erika@example.org", "02389 71123")
    assert (order.debtor_name, order.debtor_address) == ("Erika Beispiel", "Beethovenweg 7, 59368 Werne")
    assert order.on_site_name == "Otto Vorort"
    assert (order.litres, order.cards, order.amount) == (900, 1, 1500)
    assert [(item.name, item.count, item.dismantled, item.litres) for item in order.items.all()] == [
        ("Kleiderschrank, 3-türig", 2, True, 900)
    ]


def test_an_order_asks_for_its_fee_takes_its_place_and_tells_once(day: CollectionDay) -> None:
    order = submit(full_draft(day, now=NOW), now=NOW)
    assert (order.payment.amount_cents, order.payment.reference) == (1500, f"bulky-waste/{order.number}")
    assert (order.payment.debtor, order.payment.state) == ("Erika Beispiel", "open")
    assert (order.booking.state, order.booking.day_id, order.booking.litres) == ("booked", day.pk, 1700)
    assert list(Message.objects.values_list("template", "about")) == [("bulky_waste.order_received", order.reference)]
    assert figures_agree()


@pytest.mark.parametrize("way", ["online", "transfer"])
def test_the_second_submit_of_a_draft_shows_the_first_order(day: CollectionDay, way: str) -> None:
    draft = full_draft(day, now=NOW)
    first = submit(draft, now=NOW)
    once = rows()
    second = submit(draft, now=later(1), way=way, amount=99)
    assert second.pk == first.pk
    assert rows() == once == {"Order": 1, "OrderItem": 1, "PaymentRequest": 1, "Message": 1, "booked": 1}


def test_the_first_order_is_shown_also_after_the_day_can_no_longer_be_ordered(day: CollectionDay) -> None:
    draft = full_draft(day, now=NOW)
    first = submit(draft, now=NOW)
    assert submit(draft, now=NOW + timedelta(days=40), amount=1500).pk == first.pk


@pytest.mark.parametrize("page", ["where", "what", "who", "when", "place"])
def test_an_order_with_an_open_page_is_not_placed(day: CollectionDay, page: str) -> None:
    draft = full_draft(day, now=NOW)
    Draft.objects.filter(pk=draft.pk).update(answers={k: v for k, v in draft.answers.items() if k != page})
    with pytest.raises(StillOpen) as open_page:
        submit(again_draft(draft), now=NOW)
    first_open = {"where": Step.WHERE, "what": Step.WHAT, "who": Step.WHO, "when": Step.WHEN, "place": Step.PLACE}
    assert open_page.value.step == first_open[page]
    assert rows() == NOTHING


def test_more_than_an_order_may_hold_is_not_placed(day: CollectionDay) -> None:
    draft = full_draft(day, now=NOW)
    lines = [line.as_data() for line in (Line("sofa-3-seater", 6),)]
    actions.answer(draft=draft, page="what", answers={"lines": lines, "within_limits": True}, now=NOW)
    with pytest.raises(StillOpen):
        submit(draft, now=NOW)
    assert rows() == NOTHING


@pytest.mark.usefixtures("town")
def test_a_way_that_ends_too_late_is_refused_and_nothing_is_ordered() -> None:
    soon = make_day(date(2026, 11, 24))  # to be ordered until the 19th at noon
    with pytest.raises(WayNotOffered):
        submit(full_draft(soon, now=NOW), now=NOW, way="transfer")
    with pytest.raises(WayNotOffered):
        submit(full_draft(soon, now=NOW), now=NOW, way="gold")
    assert rows() == NOTHING


def test_a_submit_costs_at_most_twenty_statements(day: CollectionDay, django_assert_max_num_queries: Any) -> None:
    draft = full_draft(day, now=NOW)
    with django_assert_max_num_queries(99) as seen:
        submit(draft, now=NOW, amount=1500)
    assert len(counted(seen)) <= 20 + 2, "two are this test's own: the draft and the picture"


def counted(seen: CaptureQueriesContext) -> list[str]:
    statements = [query["sql"] for query in seen.captured_queries]
    return [sql for sql in statements if not sql.lstrip().upper().startswith(NOT_COUNTED)]


# Who is answered how


def test_an_order_can_be_answered_by_telephone(day: CollectionDay) -> None:
    order = submit(full_draft(day, now=NOW, who={"channel": "phone", "email": "", "phone": "02389 71123"}), now=NOW)
    assert order.channel == "phone"


def test_an_order_can_be_answered_by_letter(day: CollectionDay) -> None:
    submit(full_draft(day, now=NOW, who={"channel": "letter", "email": ""}), now=NOW)
    assert Message.objects.get().channel == "letter"


@pytest.mark.parametrize(
    "name", ["ß" * 200, "ﷺ" * 200, "Ä" * 200, "O’Neill-Müller", "Анна Иванова", "王小明", "🛋 Sofa"]
)
def test_every_name_can_be_ordered_for(day: CollectionDay, name: str) -> None:
    order = submit(full_draft(day, now=NOW, who={"name": name}), now=NOW)
    assert again(order).name == name


def test_who_orders_for_somebody_else_says_who_owes_the_fee(day: CollectionDay) -> None:
    who = {"for_other": True, "other_name": "Oma Beispiel", "other_address": "Am Markt 1", "debtor": "other"}
    order = submit(full_draft(day, now=NOW, who=who), now=NOW)
    assert (order.name, order.debtor_name, order.debtor_address) == ("Erika Beispiel", "Oma Beispiel", "Am Markt 1")
    assert order.payment.debtor == "Oma Beispiel"


def test_who_orders_for_somebody_else_and_pays_owes_the_fee(day: CollectionDay) -> None:
    who = {"for_other": True, "other_name": "Oma Beispiel", "debtor": "me"}
    assert submit(full_draft(day, now=NOW, who=who), now=NOW).debtor_name == "Erika Beispiel"


# Scenario 13: the statute changes


def test_a_changed_fee_is_shown_before_it_counts(day: CollectionDay) -> None:
    draft = full_draft(day, now=NOW)
    enter_rule("bulky_waste.fee_per_card", 1800)
    with pytest.raises(NotAsShown) as change:
        submit(draft, now=NOW, amount=1500)
    assert (change.value.shown.amount, change.value.seen.shown.amount) == (1500, 1800)
    assert rows() == NOTHING
    assert again_draft(draft).order_id is None


def test_the_new_fee_counts_once_it_was_shown(day: CollectionDay) -> None:
    draft = full_draft(day, now=NOW)
    enter_rule("bulky_waste.fee_per_card", 1800)
    order = submit(draft, now=NOW, amount=1800)
    rule = town.current().rule("bulky_waste.fee_per_card", NOW.date())
    assert (order.amount, order.payment.amount_cents, order.fee_rule) == (1800, 1800, rule.id)


def test_a_stored_amount_never_changes(day: CollectionDay) -> None:
    order = submit(full_draft(day, now=NOW), now=NOW)
    rule = order.fee_rule
    enter_rule("bulky_waste.fee_per_card", 1800)
    enter_rule("bulky_waste.litres_per_card", 1000)
    order = factories.pay(order, NOW)
    assert (order.amount, order.cards, order.payment.amount_cents, order.fee_rule) == (1500, 1, 1500, rule)


def test_a_changed_measure_that_makes_the_order_dearer_is_shown_too(day: CollectionDay) -> None:
    draft = full_draft(day, now=NOW)
    enter_rule("bulky_waste.litres_per_card", 1000)
    with pytest.raises(NotAsShown):
        submit(draft, now=NOW, amount=1500)


def test_a_fee_of_tomorrow_does_not_count_today(day: CollectionDay) -> None:
    draft = full_draft(day, now=NOW)
    enter_rule("bulky_waste.fee_per_card", 1800, TODAY + timedelta(days=1))
    assert submit(draft, now=NOW, amount=1500).amount == 1500


def test_the_fee_follows_the_towns_clock_at_midnight(day: CollectionDay) -> None:
    enter_rule("bulky_waste.fee_per_card", 1800, date(2026, 11, 17))
    last_second = datetime(2026, 11, 16, 23, 59, 59, tzinfo=BERLIN)
    assert submit(full_draft(day, now=NOW), now=last_second).amount == 1500
    assert submit(full_draft(day, now=NOW), now=last_second + timedelta(seconds=1)).amount == 1800


def test_an_amount_made_up_in_the_form_orders_nothing(day: CollectionDay) -> None:
    for amount in (0, 1, 1499, -1500, 10**12):
        with pytest.raises(NotAsShown):
            submit(full_draft(day, now=NOW), now=NOW, amount=amount)
    assert rows() == NOTHING


def test_a_changed_volume_of_the_catalogue_is_shown_and_placed_orders_keep_theirs(day: CollectionDay) -> None:
    placed, draft = submit(full_draft(day, now=NOW), now=NOW), full_draft(day, now=NOW)
    actions.change_volume(key="sofa-3-seater", litres=3100, litres_dismantled=None, actor=SYSTEM, now=NOW)
    with pytest.raises(NotAsShown):
        submit(draft, now=NOW, amount=1500)
    assert again(placed).items.get().litres == 1700


# Scenario 3: the hold expires


def test_a_hold_that_expired_is_taken_again_silently_on_the_same_day(day: CollectionDay) -> None:
    draft = full_draft(day, now=NOW)
    order = submit(draft, now=later(300))
    assert (order.booking.day_id, order.booking.state) == (day.pk, "booked")
    assert figures_agree()


def test_a_hold_that_was_given_back_is_taken_again_silently_on_the_same_day(day: CollectionDay) -> None:
    draft = full_draft(day, now=NOW)
    assert tours.release_expired_holds(now=later(21)) == 1
    assert submit(draft, now=later(22)).booking.day_id == day.pk
    assert figures_agree()


def test_a_full_day_sells_nothing_and_the_draft_keeps_all_answers(day: CollectionDay) -> None:
    draft = full_draft(day, now=NOW)
    fill_up(day, later(21))
    with pytest.raises(tours.DayIsFull):
        submit(draft, now=later(22))
    assert rows() == NOTHING
    assert again_draft(draft).answers == draft.answers
    assert figures_agree()


def test_another_day_is_asked_for_and_all_else_is_kept(day: CollectionDay) -> None:
    draft = full_draft(day, now=NOW)
    kept = {page: answers for page, answers in draft.answers.items() if page != "when"}
    after = actions.ask_for_another_day(draft=draft, now=later(22))
    assert after.answers == kept
    assert after.notice == "day_gone"
    assert Booking.objects.live().count() == 0


def test_a_day_closed_meanwhile_sells_nothing(day: CollectionDay) -> None:
    draft = full_draft(day, now=NOW)
    tours.close_day(day_id=day.pk, actor=SYSTEM, now=NOW)
    with pytest.raises(tours.DayIsClosed):
        submit(draft, now=later(1))
    assert rows() == NOTHING


def test_a_day_whose_cut_off_came_meanwhile_is_asked_for_again(day: CollectionDay) -> None:
    draft = full_draft(day, now=NOW)
    cut_off = queries.order_cut_off(town.current(), day.date)
    with pytest.raises(StillOpen) as open_page:
        submit(draft, now=cut_off, amount=1500)
    assert open_page.value.step == Step.WHEN
    assert submit(draft, now=cut_off - timedelta(minutes=31)).booking.day_id == day.pk


# Scenario 4: holding


def test_ten_tabs_of_one_draft_hold_one_place(day: CollectionDay) -> None:
    draft = full_draft(day, now=NOW)
    for minute in range(10):
        held = actions.choose_day(draft=draft, day_id=day.pk, now=later(minute))
    assert Booking.objects.live().count() == 1
    assert held.held_until == later(20), "reloading keeps nobody away for longer"
    day.refresh_from_db()
    assert (day.booked_litres, day.booked_stops) == (1700, 1)


def test_a_hold_is_extended_once(day: CollectionDay) -> None:
    draft = full_draft(day, now=NOW)
    ends = [
        tours.extend_hold(reference=draft.hold_reference, minutes=20, now=later(minute)).held_until
        for minute in (10, 15, 25)
    ]
    assert ends == [later(30)] * 3


def test_choosing_another_day_moves_the_hold(day: CollectionDay) -> None:
    draft, other = full_draft(day, now=NOW), make_day(date(2026, 12, 15))
    actions.choose_day(draft=draft, day_id=other.pk, now=NOW)
    assert [held.day_id for held in Booking.objects.live()] == [other.pk]
    assert figures_agree()


def test_a_full_day_cannot_be_chosen_and_the_earlier_place_stays(day: CollectionDay) -> None:
    draft, full = full_draft(day, now=NOW), make_day(date(2026, 12, 15), litres=1600)
    with pytest.raises(tours.DayIsFull):
        actions.choose_day(draft=draft, day_id=full.pk, now=NOW)
    assert again_draft(draft).answer("when") == {"day_id": day.pk}
    assert Booking.objects.live().get().day_id == day.pk


@pytest.mark.usefixtures("town")
def test_the_last_litre_of_a_day_can_be_sold() -> None:
    exact = make_day(TUESDAY, litres=1700, stops=1)
    assert submit(full_draft(exact, now=NOW), now=NOW).litres == 1700
    with pytest.raises(tours.DayIsFull):
        full_draft(exact, now=NOW)


@pytest.mark.parametrize(("count", "litres"), [(1, 1700), (2, 3400), (5, 8500)])
def test_the_held_place_grows_and_shrinks_with_the_list(day: CollectionDay, count: int, litres: int) -> None:
    draft = full_draft(day, now=NOW, things=(Line("sofa-3-seater", 3),))
    actions.edit_lines(draft=draft, edit=lambda _: [Line("sofa-3-seater", count)], now=later(1))
    assert Booking.objects.live().get().litres == litres
    assert figures_agree()


@pytest.mark.usefixtures("town")
def test_a_place_that_cannot_grow_is_given_back_and_the_date_is_asked_for_again() -> None:
    tight = make_day(TUESDAY, litres=2000)
    draft = full_draft(tight, now=NOW)
    changed = actions.edit_lines(draft=draft, edit=lambda _: [Line("sofa-3-seater", 2)], now=later(1))
    assert Booking.objects.live().count() == 0
    assert (changed.notice, changed.answer("when")) == ("day_gone", {})
    assert changed.lines == [Line("sofa-3-seater", 2)]


def test_an_empty_list_holds_no_place(day: CollectionDay) -> None:
    draft = full_draft(day, now=NOW)
    actions.edit_lines(draft=draft, edit=lambda _: [], now=later(1))
    assert Booking.objects.live().count() == 0


def test_an_address_in_another_district_gives_the_place_back(day: CollectionDay) -> None:
    draft = full_draft(day, now=NOW)
    where = {**draft.answer("where"), "district": "sued"}
    assert actions.answer_where(draft=draft, answers=where, now=NOW).notice == "other_district"
    assert Booking.objects.live().count() == 0


def test_another_house_in_the_same_district_keeps_the_place(day: CollectionDay) -> None:
    draft = full_draft(day, now=NOW)
    actions.answer_where(draft=draft, answers={**draft.answer("where"), "house": "14"}, now=NOW)
    assert submit(draft, now=NOW).house == "14"


# Drafts and the catalogue


def test_drafts_nobody_touched_for_seven_days_are_deleted(day: CollectionDay) -> None:
    _old, new = full_draft(day, now=NOW), full_draft(day, now=NOW + timedelta(days=3))
    actions.delete_old_drafts(now=NOW + timedelta(days=8))
    assert list(Draft.objects.all()) == [new]


def test_deleting_old_drafts_locks_no_day_that_somebody_may_be_booking(day: CollectionDay) -> None:
    full_draft(day, now=NOW)
    with CaptureQueriesContext(connection) as seen:
        actions.delete_old_drafts(now=NOW + timedelta(days=8))
    assert "bulky_waste_draft" in str(seen.captured_queries)
    assert "collectionday" not in str(seen.captured_queries)


def test_the_place_of_a_deleted_draft_is_given_back_like_every_expired_hold(day: CollectionDay) -> None:
    old = full_draft(day, now=NOW)
    actions.delete_old_drafts(now=NOW + timedelta(days=8))
    tours.release_expired_holds(now=NOW + timedelta(days=8))
    assert Booking.objects.live().filter(reference=old.hold_reference).count() == 0
    assert figures_agree()


def test_deleting_the_draft_leaves_its_order_alone(day: CollectionDay) -> None:
    order = submit(full_draft(day, now=NOW), now=NOW)
    actions.delete_old_drafts(now=NOW + timedelta(days=8))
    assert again(order).booking.state == "booked"


def test_an_item_taken_out_of_the_catalogue_is_left_out_of_the_price(day: CollectionDay) -> None:
    draft = full_draft(day, now=NOW, things=(Line("sofa-3-seater", 1), Line("chair", 2)))
    CatalogueItem.objects.filter(key="sofa-3-seater").update(active=False)
    actions.change_volume(key="chair", litres=210, litres_dismantled=100, actor=SYSTEM, now=NOW)  # a new edition
    order = submit(draft, now=NOW)
    assert [item.key for item in order.items.all()] == ["chair"]
    assert order.booking.litres == order.litres == 420
    assert figures_agree()


# Audit


def test_the_trail_explains_an_order_without_naming_anybody(day: CollectionDay) -> None:
    order = submit(full_draft(day, now=NOW), now=NOW)
    entries = list(trail(order.reference))
    assert {entry.event for entry in entries} == {"payment.requested", "order.placed"}
    assert {entry.actor_label for entry in entries} == {"Bürgerin oder Bürger"}
    assert "Beispiel" not in repr([(entry.values, entry.about, entry.actor_label) for entry in entries])


def test_an_order_that_cannot_be_written_leaves_nothing_behind(
    day: CollectionDay, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = full_draft(day, now=NOW)

    def broken(*_: object, **__: object) -> None:
        raise DatabaseError

    monkeypatch.setattr("stadthaus.rows.insert_all", broken)
    with pytest.raises(DatabaseError):
        submit(draft, now=NOW)
    assert rows() == NOTHING
    assert Booking.objects.live().get().state == "held"
    assert again_draft(draft).order_id is None
    assert figures_agree()
