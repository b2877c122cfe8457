"""Back, reload, two tabs, other people's drafts – and what only the server may say: date, price, place."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from stadthaus.base_services.collection_tours import actions as tours
from stadthaus.base_services.collection_tours.models import Booking, CollectionDay
from stadthaus.base_services.messages.models import Message
from stadthaus.base_services.payments.models import PaymentRequest
from stadthaus.kernel.actors import SYSTEM
from stadthaus.services.bulky_waste import actions
from stadthaus.services.bulky_waste.documents import order_link, resume_link
from stadthaus.services.bulky_waste.models import Draft, Order
from stadthaus.services.bulky_waste.rules.items import Line
from stadthaus.services.bulky_waste.rules.steps import Step
from stadthaus.services.bulky_waste.tests import walk
from stadthaus.services.bulky_waste.tests.browser import Browser
from stadthaus.services.bulky_waste.tests.factories import again_draft, make_day, today
from stadthaus.services.bulky_waste.tests.walk import draft_page, enter_rule, step_of
from stadthaus.services.bulky_waste.views.link import PROOF_COOKIE

pytestmark = pytest.mark.usefixtures("town")


# Scenario 18: back, reload, two tabs


@pytest.mark.parametrize("step", list(Step))
def test_a_bookmark_of_a_page_too_far_leads_to_the_first_open_one(
    browser: Browser, day: CollectionDay, step: Step
) -> None:
    del day
    walk.where(browser)
    draft = Draft.objects.get()
    browser.open(draft_page(draft, step))
    assert step_of(browser) == (step if step in {Step.WHERE, Step.WHAT} else Step.WHAT)


@pytest.mark.parametrize("step", list(Step))
def test_every_page_can_be_opened_again_and_shows_what_was_answered(
    browser: Browser, day: CollectionDay, step: Step
) -> None:
    draft = walk.to_check(browser, day)
    for _ in range(2):
        browser.open(draft_page(draft, step))
        assert step_of(browser) == step
    expected = {
        Step.WHERE: "Mozartstraße",
        Step.WHAT: "Kleiderschrank, 3-türig",
        Step.WHO: "Erika Beispiel",
        Step.WHEN: "checked",
        Step.PLACE: "rechts neben der Einfahrt",
        Step.CHECK: "Erika Beispiel",
    }
    assert expected[step] in browser.text
    assert again_draft(draft).answers == draft.answers


@pytest.mark.parametrize("step", list(Step)[:-1])
def test_sending_a_page_again_as_it_stands_changes_nothing(browser: Browser, day: CollectionDay, step: Step) -> None:
    draft = walk.to_check(browser, day)
    browser.open(draft_page(draft, step))
    field = {"wo": "house", "was": "within_limits", "wer": "name", "wann": "day", "platz": "place_note"}[step]
    browser.send(browser.form_with(field))
    assert step_of(browser) == Step.CHECK
    after = again_draft(draft).answers
    assert {page: after[page] for page in ("where", "what", "when")} == {
        page: draft.answers[page] for page in ("where", "what", "when")
    }
    assert after["who"]["name"] == "Erika Beispiel"
    assert Booking.objects.live().count() == 1


def test_who_changes_one_answer_from_the_last_page_goes_back_to_it(browser: Browser, day: CollectionDay) -> None:
    draft = walk.to_check(browser, day)
    browser.open(f"{draft_page(draft, 'wer')}").fill(name="Erika Neu")
    assert step_of(browser) == Step.CHECK
    assert "Erika Neu" in browser.text


def test_the_submit_sent_twice_shows_the_first_order(browser: Browser, day: CollectionDay) -> None:
    walk.to_check(browser, day)
    form = browser.form_with("amount_shown")
    answers = {"way": "online", "from_household": "on", "may_put_there": "on"}
    paths = [browser.send(form, answers).path for _ in range(3)]
    assert len(set(paths)) == 1
    assert Order.objects.count() == PaymentRequest.objects.count() == Message.objects.count() == 1


def test_two_tabs_place_one_order(browser: Browser, day: CollectionDay) -> None:
    walk.to_check(browser, day)
    first_tab, second_tab = browser.form_with("amount_shown"), browser.form_with("amount_shown")
    answers = {"from_household": "on", "may_put_there": "on"}
    browser.send(first_tab, {**answers, "way": "online"})
    own_page = browser.path
    browser.send(second_tab, {**answers, "way": "counter"})
    assert browser.path == own_page
    assert Order.objects.get().payment.way == "online"


@pytest.mark.parametrize("step", [*Step, "spaeter"])
def test_every_page_of_a_placed_draft_leads_to_the_order(browser: Browser, day: CollectionDay, step: str) -> None:
    draft = walk.to_check(browser, day)
    walk.check(browser)
    browser.open(draft_page(draft, step))
    assert browser.path == order_link(Order.objects.get())


def test_two_orders_can_be_begun_in_one_browser(browser: Browser, day: CollectionDay) -> None:
    walk.where(browser)
    first = Draft.objects.latest("id")
    walk.where(browser, house="14")
    assert Draft.objects.count() == 2
    browser.open(draft_page(first, "wo"))
    assert 'value="12"' in browser.text
    del day


def test_an_order_begun_anew_by_mistake_does_not_hide_the_one_with_more_answers(
    browser: Browser, day: CollectionDay
) -> None:
    walk.where(browser)
    first = Draft.objects.latest("id")
    walk.what(browser)
    walk.where(browser, house="14")
    browser.open(walk.BEGIN)
    assert "Sie haben schon angefangen" in browser.text
    assert first.public_id in browser.text
    assert Draft.objects.latest("id").public_id not in browser.text
    del day


def test_without_its_cookie_a_draft_is_not_shown_and_not_lost(browser: Browser, day: CollectionDay) -> None:
    draft = walk.to_check(browser, day)
    browser.client.cookies.clear()
    browser.open(draft_page(draft, "pruefen"))
    assert browser.response.status_code == 404
    assert "Erika" not in browser.text
    assert again_draft(draft).answers == draft.answers


@pytest.mark.parametrize("change", [lambda cookie: cookie[:-1], lambda _: "x", lambda cookie: f"z{cookie}"])
def test_a_forged_cookie_opens_nothing(browser: Browser, day: CollectionDay, change: Callable[[str], str]) -> None:
    draft = walk.to_check(browser, day)
    cookie = browser.client.cookies["stadthaus_drafts"]
    browser.client.cookies["stadthaus_drafts"] = change(cookie.value)
    browser.open(draft_page(draft, "wer"))
    assert browser.response.status_code == 404


@pytest.mark.parametrize("step", [*Step, "spaeter", "was/eigenes"])
def test_the_draft_of_another_browser_is_not_found(browser: Browser, day: CollectionDay, step: str) -> None:
    draft = walk.to_check(browser, day)
    stranger = Browser()
    walk.where(stranger)
    stranger.open(draft_page(draft, step))
    assert stranger.response.status_code == 404
    assert "Erika" not in stranger.text
    assert stranger.client.post(draft_page(draft, step), {"name": "Mallory"}).status_code in {404, 405}
    assert again_draft(draft).answers == draft.answers


def test_a_draft_goes_on_with_its_link_on_another_device(browser: Browser, day: CollectionDay) -> None:
    draft = walk.to_check(browser, day)
    browser.open(draft_page(draft, "spaeter"))
    assert resume_link(draft) in browser.text
    phone = Browser()
    phone.open(resume_link(draft))
    assert "Erika" not in phone.text, "a preview of the link shows nothing"
    phone.post(resume_link(draft), {"surname": "Fremd", "house": "12"})
    assert "Erika" not in phone.text, "a stranger with the mail sees nothing"
    phone.post(resume_link(draft), {"surname": "Beispiel", "house": "12"})
    phone.open(draft_page(draft, "pruefen"))
    assert phone.heading == "Stimmt alles?"
    walk.check(phone)
    assert Order.objects.get().name == "Erika Beispiel"


def test_guessing_whose_draft_it_is_is_limited_and_says_so(browser: Browser, day: CollectionDay) -> None:
    draft = walk.to_check(browser, day)
    stranger = Browser().open(resume_link(draft))
    for _ in range(9):
        stranger.post(resume_link(draft), {"surname": "Fremd", "house": "1"})
    assert "Das waren zu viele Versuche. Bitte warten Sie eine Stunde oder fangen Sie neu an." in stranger.text
    owner = Browser()
    owner.client.defaults["REMOTE_ADDR"] = "203.0.113.7"
    owner.post(resume_link(draft), {"surname": "Beispiel", "house": "12"})
    assert owner.open(draft_page(draft, "pruefen")).heading == "Stimmt alles?", "elsewhere nobody is locked out"


@pytest.mark.parametrize(
    "change",
    [
        lambda link: link[:-2] + ("b/" if link[-2] == "a" else "a/"),
        lambda link: link.replace("weitermachen/", "weitermachen/aaaa", 1)[:-5] + "/",
    ],
    ids=["another proof", "another order"],
)
def test_a_wrong_link_to_go_on_opens_nothing(
    browser: Browser, day: CollectionDay, change: Callable[[str], str]
) -> None:
    draft = walk.to_check(browser, day)
    stranger = Browser()
    link = change(resume_link(draft))
    assert link != resume_link(draft)
    for answer in (stranger.client.get(link), stranger.client.post(link)):
        assert answer.status_code == 404


def test_the_link_of_a_draft_does_not_open_an_order_and_the_other_way_round(
    browser: Browser, day: CollectionDay
) -> None:
    draft = walk.to_check(browser, day)
    walk.check(browser)
    order, stranger = Order.objects.get(), Browser().client
    proof = resume_link(draft).rstrip("/").rpartition("/")[2]
    assert stranger.get(f"/bestellung/{proof}/").status_code == 404
    assert stranger.get(order_link(order).replace("/bestellung/", "/sperrmuell/weitermachen/")).status_code == 404


# The server's word: date, price, hold


@pytest.mark.parametrize("amount", ["1", "0", "-1500", "1499", "", "abc", "9" * 30, "15.00"])
def test_an_amount_changed_in_the_form_orders_nothing(browser: Browser, day: CollectionDay, amount: str) -> None:
    walk.to_check(browser, day)
    walk.check(browser, amount_shown=amount)
    assert browser.heading == "Stimmt alles?"
    assert not Order.objects.exists()
    walk.check(browser)
    assert Order.objects.get().amount == 1500


@pytest.mark.parametrize("amount", ["9" * 400, "9" * 9])
def test_an_amount_that_no_page_can_have_shown_is_not_said_again(
    browser: Browser, day: CollectionDay, amount: str
) -> None:
    walk.to_check(browser, day)
    walk.check(browser, amount_shown=amount)
    assert "Bitte prüfen Sie die Gebühr" in browser.text
    assert "99999" not in browser.text.replace(".", "")


def test_other_fields_put_into_the_form_have_no_effect(browser: Browser, day: CollectionDay) -> None:
    draft = walk.to_check(browser, day)
    other = make_day(today() + timedelta(days=35))
    data = {**browser.form_with("way").values, "way": "online", "from_household": "on", "may_put_there": "on"}
    smuggled = {"day": str(other.pk), "amount": "1", "litres": "1", "state": "confirmed", "held_until": "2099"}
    browser.post(draft_page(draft, "pruefen"), {**data, **smuggled})
    order = Order.objects.get()
    assert (order.amount, order.litres, order.state, order.booking.day_id) == (1500, 1800, "placed", day.pk)


@pytest.mark.parametrize("choose", ["other district", "full", "closed", "too soon", "past", "nonsense", "none"])
def test_only_a_day_that_is_offered_can_be_chosen(browser: Browser, day: CollectionDay, choose: str) -> None:
    days = {
        "other district": make_day(today() + timedelta(days=29), district="sued"),
        "full": make_day(today() + timedelta(days=30), litres=100),
        "closed": make_day(today() + timedelta(days=31)),
        "too soon": make_day(today() + timedelta(days=1)),
        "past": make_day(today() - timedelta(days=1)),
    }
    tours.close_day(day_id=days["closed"].pk, actor=SYSTEM, now=timezone.now())
    walk.who(walk.what(walk.where(browser)))
    wish = str(days[choose].pk) if choose in days else {"nonsense": "1 OR 1=1", "none": ""}[choose]
    browser.fill(day=wish)
    assert browser.heading == "Wann sollen wir kommen?"
    assert 'href="#id_day' in browser.text
    assert not Booking.objects.exists()
    del day


def test_ways_and_declarations_are_needed(browser: Browser, day: CollectionDay) -> None:
    walk.to_check(browser, day)
    form = browser.form_with("amount_shown")
    browser.send(form)
    for field in ("way", "from_household", "may_put_there"):
        assert f'href="#id_{field}' in browser.text
    assert not Order.objects.exists()


def test_a_way_that_is_not_offered_is_refused(browser: Browser, day: CollectionDay) -> None:
    walk.to_check(browser, day)
    walk.check(browser, way="gold")
    assert not Order.objects.exists()
    assert 'href="#id_way' in browser.text


def test_a_list_that_another_tab_made_longer_is_not_called_a_new_fee(browser: Browser, day: CollectionDay) -> None:
    walk.to_check(browser, day)
    form = browser.form_with("amount_shown")
    actions.edit_lines(draft=Draft.objects.get(), edit=lambda _: [Line("sofa-3-seater", 2)], now=timezone.now())
    browser.send(form, {"way": "transfer", "from_household": "on", "may_put_there": "on"})
    assert "Ihre Angaben haben sich inzwischen geändert" in browser.text
    assert "Die Gebühr hat sich" not in browser.text
    assert "Ihre Bestellung kostet jetzt 30,00" in browser.text
    assert not Order.objects.exists()


@pytest.mark.parametrize("page", ["where", "what", "who", "when", "place"])
def test_what_another_tab_changed_is_shown_before_it_is_ordered(
    browser: Browser, day: CollectionDay, page: str
) -> None:
    draft, now = walk.to_check(browser, day), timezone.now()
    form = browser.form_with("amount_shown")
    changed = {**draft.answer(page), "house": "14", "name": "Erika Neu", "place_note": "an der Ecke"}
    if page == "when":
        actions.choose_day(draft=draft, day_id=make_day(today() + timedelta(days=35)).pk, now=now)
    elif page == "what":
        actions.edit_lines(draft=draft, edit=lambda _: [Line("chair", 1)], now=now)
    else:
        actions.answer(draft=draft, page=page, answers=changed, now=now)
    browser.send(form, {"way": "transfer", "from_household": "on", "may_put_there": "on"})
    assert "Ihre Angaben haben sich geändert" in browser.text
    assert not Order.objects.exists()
    again = browser.form_with("amount_shown")
    browser.send(again, {"way": "transfer", "from_household": "on", "may_put_there": "on"})
    assert browser.path == order_link(Order.objects.get())


def test_what_another_tab_changed_is_said_also_where_a_tick_is_missing(browser: Browser, day: CollectionDay) -> None:
    draft = walk.to_check(browser, day)
    form = browser.form_with("amount_shown")
    actions.answer(draft=draft, page="place", answers={"place_note": "an der Ecke"}, now=timezone.now())
    browser.send(form, {"way": "transfer", "from_household": "on"})
    assert "Bitte bestätigen Sie, dass Sie die Sachen dort hinstellen dürfen." in browser.text
    assert "Ihre Angaben haben sich geändert" in browser.text
    browser.send(browser.form_with("amount_shown"), {"way": "transfer", "from_household": "on"})
    assert "Ihre Angaben haben sich geändert" not in browser.text
    assert not Order.objects.exists()


def test_an_answer_given_again_as_it_was_changes_nothing(browser: Browser, day: CollectionDay) -> None:
    draft = walk.to_check(browser, day)
    form = browser.form_with("amount_shown")
    actions.answer(draft=draft, page="who", answers=draft.answer("who"), now=timezone.now())
    browser.send(form, {"way": "transfer", "from_household": "on", "may_put_there": "on"})
    assert browser.path == order_link(Order.objects.get())


def test_a_fee_that_changed_between_two_pages_is_shown_before_it_counts(browser: Browser, day: CollectionDay) -> None:
    walk.to_check(browser, day)
    enter_rule("bulky_waste.fee_per_card", 1800)
    walk.check(browser)
    assert "Gebühr oder Volumen haben sich inzwischen geändert. Ihre Bestellung kostet jetzt 18,00" in browser.text
    assert not Order.objects.exists()
    walk.check(browser)
    assert Order.objects.get().amount == 1800


# Scenarios 2 and 3 on the page


def test_when_the_day_is_full_at_the_submit_the_date_page_opens_with_all_else_kept(
    browser: Browser, day: CollectionDay
) -> None:
    draft = walk.to_check(browser, day)
    other = make_day(today() + timedelta(days=35))
    tours.release(reference=draft.hold_reference, now=timezone.now())
    tours.hold(reference="somebody/else", day_id=day.pk, litres=25_000, minutes=60, now=timezone.now())
    walk.check(browser)
    assert browser.heading == "Wann sollen wir kommen?"
    assert "Der gewählte Tag hat für Ihre Bestellung keinen Platz mehr" in browser.text
    assert browser.form_with("day").choices["day"] == [str(other.pk)]
    kept = {page: answers for page, answers in draft.answers.items() if page != "when"}
    declared = {"way": "online", "from_household": True, "may_put_there": True, "where": draft.answer("where")}
    assert again_draft(draft).answers == {**kept, "declared": declared}
    walk.when(browser, other)
    browser.open(draft_page(draft, "pruefen")).fill()  # as it stands there, ticked and chosen
    assert Order.objects.get().booking.day_id == other.pk


def test_what_was_declared_for_one_address_is_not_declared_for_another(browser: Browser, day: CollectionDay) -> None:
    draft = walk.to_check(browser, day)
    declared = {"way": "transfer", "from_household": True, "may_put_there": True, "where": draft.answer("where")}
    actions.answer(draft=draft, page="declared", answers=declared, now=timezone.now())
    check = draft_page(draft, "pruefen")
    assert browser.open(check).form_with("way").values["may_put_there"] == "on"
    where = {**draft.answer("where"), "house": "14"}
    actions.answer(draft=again_draft(draft), page="where", answers=where, now=timezone.now())
    values = browser.open(check).form_with("way").values
    assert ("may_put_there" in values, values.get("way")) == (False, "transfer")


def test_when_every_day_is_full_nothing_is_lost(browser: Browser, day: CollectionDay) -> None:
    tours.hold(reference="somebody/else", day_id=day.pk, litres=25_000, minutes=60, now=timezone.now())
    walk.who(walk.what(walk.where(browser)))
    assert "Im Moment ist kein Tag frei" in browser.text
    assert Draft.objects.get().answer("who")["name"] == "Erika Beispiel"


def test_the_hold_is_shown_with_its_end(browser: Browser, day: CollectionDay) -> None:
    walk.who(walk.what(walk.where(browser)))
    walk.when(browser, day)
    assert "für Sie reserviert" in browser.text


@pytest.mark.parametrize("step", [step for step in Step if step is not Step.CHECK])
def test_back_from_a_page_opened_by_change_leads_to_the_last_page(
    browser: Browser, day: CollectionDay, step: Step
) -> None:
    draft = walk.to_check(browser, day)
    browser.open(draft_page(draft, step))
    assert f'<a href="{draft_page(draft, Step.CHECK)}">Zurück</a>' in browser.text


def test_who_moves_to_another_district_learns_that_the_lorry_comes_on_other_days(
    browser: Browser, day: CollectionDay
) -> None:
    draft = walk.to_check(browser, day)
    elsewhere = {**draft.answer("where"), "district": "sued"}
    actions.answer_where(draft=draft, answers=elsewhere, now=timezone.now())
    assert "An der neuen Adresse kommen wir an anderen Tagen." in browser.open(draft_page(draft, Step.WHEN)).text


def test_a_second_click_is_asked_for_no_proof_though_the_answer_to_the_first_never_came(
    browser: Browser, day: CollectionDay
) -> None:
    walk.to_check(browser, day)
    form = browser.form_with("amount_shown")
    walk.check(browser)
    link = order_link(Order.objects.get())
    for name in [name for name in browser.client.cookies if name.startswith(PROOF_COOKIE)]:
        del browser.client.cookies[name]
    browser.send(form, {"way": "transfer", "from_household": "on", "may_put_there": "on"})
    assert browser.open(f"{link}stornieren/").heading == "Bestellung stornieren?"


def test_after_an_hour_the_next_one_at_this_computer_is_asked_for_proof(browser: Browser, day: CollectionDay) -> None:
    draft = walk.to_check(browser, day)
    walk.check(browser)
    Order.objects.update(placed_at=timezone.now() - timedelta(minutes=61))
    for name in [name for name in browser.client.cookies if name.startswith(PROOF_COOKIE)]:
        del browser.client.cookies[name]
    browser.open(draft_page(draft, Step.WHO))
    link = order_link(Order.objects.get())
    assert browser.path == link
    assert browser.open(f"{link}stornieren/").heading == "Nur zur Sicherheit"
