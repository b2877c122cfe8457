"""Page 3 asks for what the chosen answer needs, and judges nothing else."""

from typing import Any

import pytest

from stadthaus.base_services.collection_tours.models import CollectionDay
from stadthaus.services.bulky_waste.documents import order_link
from stadthaus.services.bulky_waste.forms import WhoForm
from stadthaus.services.bulky_waste.models import Draft, Order
from stadthaus.services.bulky_waste.tests import walk
from stadthaus.services.bulky_waste.tests.browser import Browser

HOME = "Zwetschgenpfad 77, 59368 Werne"
UNSEEN = "Erika\x07"  # no field takes it
CHOICES = {
    "email": {"channel": "email", "email": "erika@example.org"},
    "phone": {"channel": "phone", "phone": "02389 71123"},
    "letter": {"channel": "letter"},
}
OTHER = {"for_other": "on", "other_name": "Balduin Holunder", "debtor": "other"}


def form(channel: str, **answers: Any) -> WhoForm:
    return WhoForm({"name": "Erika Beispiel", **CHOICES[channel], **answers})


@pytest.mark.parametrize(
    ("channel", "left_over", "besides"),
    [
        ("phone", {"email": "erika@"}, {}),
        ("letter", {"email": "keine"}, {}),
        ("email", {"phone": "ruf mich an"}, {}),
        ("letter", {"phone": "ruf mich an"}, {}),
        ("email", {"address": UNSEEN}, {}),
        ("email", {"other_name": UNSEEN, "other_address": UNSEEN, "debtor": "nobody"}, {}),
        ("letter", {"own_address": UNSEEN}, {**OTHER, "address": HOME}),
    ],
)
def test_what_stands_in_a_field_that_is_not_needed_is_no_error_and_no_answer(
    channel: str, left_over: dict[str, str], besides: dict[str, str]
) -> None:
    answered = form(channel, **left_over, **besides)
    assert answered.is_valid(), answered.errors
    assert {name: answered.cleaned_data[name] for name in left_over} == dict.fromkeys(left_over, "")


def test_an_address_for_the_letter_that_is_incomplete_is_told_one_thing() -> None:
    assert len(form("letter", **OTHER, address="Lange Straße 5, Selm").errors["address"]) == 1


@pytest.mark.parametrize(
    ("channel", "wrong", "field"),
    [
        ("email", {"email": "erika@"}, "email"),
        ("phone", {"phone": "ruf mich an"}, "phone"),
        ("letter", {"address": UNSEEN}, "address"),
        ("email", {"own_address": UNSEEN}, "own_address"),
        ("email", {**OTHER, "own_address": UNSEEN}, "own_address"),
        ("letter", OTHER, "address"),
    ],
)
def test_a_field_that_is_needed_is_judged(channel: str, wrong: dict[str, str], field: str) -> None:
    assert field in form(channel, **wrong).errors


def test_what_was_typed_before_another_choice_is_still_there_after_an_error() -> None:
    unfinished = form("phone", name="", email="erika@example.org")
    assert not unfinished.is_valid()
    assert 'value="erika@example.org"' in str(unfinished["email"])


def test_every_field_says_which_choice_needs_it() -> None:
    fields = form("email").fields
    unneeded = {name: fields[name].widget.attrs.get("data-needed-for") for name in ("name", "channel", "on_site_name")}
    assert unneeded == dict.fromkeys(unneeded)
    assert {name: fields[name].widget.attrs["data-needed-for"] for name in WhoForm.NEEDED_FOR} == WhoForm.NEEDED_FOR


def test_without_style_sheet_the_hints_say_when_a_field_is_needed() -> None:
    hints = [form("email").fields[name].help_text for name in ("email", "phone", "address", "own_address")]
    assert all(hint.startswith("Nur ") for hint in hints), hints


def test_a_letter_needs_an_address_at_which_it_arrives() -> None:
    lost = form("letter", address="zuhause")
    assert "Postleitzahl und Ort, zum Beispiel" in str(lost.errors["address"])
    assert form("letter", address="Steinstraße 7, 59368 Werne").is_valid()
    assert form("letter", address="").is_valid()


# Slips that would cost somebody a message, or money


@pytest.mark.parametrize(
    "typed", ["\u017f@example.org", "\u212aarl@example.org", '"a@b"@example.org', "erika@[192.0.2.1]"]
)
def test_an_address_to_which_no_mail_can_go_is_refused(typed: str) -> None:
    assert "können wir nicht schreiben" in str(form("email", email=typed).errors["email"])
    assert form("email", email="erika@müller.example").is_valid()


def test_an_ending_that_does_not_exist_is_asked_about() -> None:
    for typed, meant in (("erika@gmial.con", "erika@gmail.com"), ("erika@firma.con", "erika@firma.com")):
        assert f"Meinen Sie {meant}?" in str(form("email", email=typed).errors["email"])


def test_a_slip_in_the_providers_name_is_asked_about() -> None:
    slipped = form("email", email="erika@gmial.com")
    assert slipped.errors["email"] == [
        "Meinen Sie erika@gmail.com? Wenn nicht, bestätigen Sie bitte, dass die Adresse stimmt."
    ]


def test_an_address_that_looks_like_a_slip_can_be_confirmed() -> None:
    confirmed = form("email", email="erika@gmial.com", email_confirmed="on")
    assert confirmed.is_valid()
    assert confirmed.cleaned_data["email"] == "erika@gmial.com"


def test_the_page_lets_an_address_be_confirmed_only_when_it_asks(day: CollectionDay) -> None:
    del day
    browser = walk.what(walk.where(Browser()))
    assert "email_confirmed" not in browser.form_with("email").fields
    walk.who(browser, email="erika@t-onlin.de").fill(email_confirmed="on")
    assert browser.heading == "Wann sollen wir kommen?"


def test_nobody_owes_the_fee_by_an_oversight() -> None:
    unsaid = form("email", for_other="on", other_name="Balduin Holunder")
    assert unsaid.errors == {"debtor": ["Bitte wählen Sie, wer die Gebühr zahlt."]}


def test_a_number_is_understood_with_the_word_before_it() -> None:
    answered = form("phone", phone="Tel. 02389 123456")
    assert answered.is_valid()
    assert answered.cleaned_data["phone"] == "02389 123456"


# What becomes of the answers


def ordered(day: CollectionDay, **answers: str) -> Order:
    browser = Browser()
    walk.who(walk.what(walk.where(browser)), **answers)
    walk.place(walk.when(browser, day))
    walk.check(browser)
    return Order.objects.get()


def test_who_orders_for_somebody_else_and_pays_owes_the_fee_at_home(day: CollectionDay) -> None:
    order = ordered(day, for_other="on", other_name="Balduin Holunder", debtor="me", own_address=HOME)
    assert (order.debtor_name, order.debtor_address) == ("Erika Beispiel", HOME)


@pytest.mark.parametrize("reached", [{}, {"channel": "phone", "email": "", "phone": "02389 71123"}])
def test_who_has_moved_out_owes_the_fee_at_the_new_home(day: CollectionDay, reached: dict[str, str]) -> None:
    order = ordered(day, **reached, own_address=HOME)
    assert (order.debtor_name, order.debtor_address, order.pickup_address) == (
        "Erika Beispiel",
        HOME,
        "Mozartstraße 12",
    )


@pytest.mark.parametrize("answers", [{}, {**OTHER, "other_address": "Neue Straße 1, 59379 Selm"}])
def test_the_check_page_shows_every_address_that_was_given(day: CollectionDay, answers: dict[str, str]) -> None:
    browser = Browser()
    walk.who(walk.what(walk.where(browser)), own_address=HOME, **answers)
    walk.place(walk.when(browser, day))
    assert HOME in browser.text
    assert answers.get("other_address", "") in browser.text


def test_who_typed_the_new_home_and_then_chose_a_letter_gets_it_there(day: CollectionDay) -> None:
    order = ordered(day, channel="letter", email="", own_address=HOME)
    assert (order.address, order.debtor_address) == (HOME, HOME)
    assert form("letter", own_address="Lange Straße 5, Selm").errors["address"]


def test_a_letter_goes_where_it_was_asked_to_go(day: CollectionDay) -> None:
    assert ordered(day, channel="letter", email="", address=HOME).address == HOME


def test_a_letter_goes_to_the_pickup_address_if_nothing_else_is_said(day: CollectionDay) -> None:
    order = ordered(day, channel="letter", email="")
    assert (order.address, order.debtor_address) == ("", "Mozartstraße 12")


def test_who_changes_the_way_to_be_answered_finds_the_address_again(day: CollectionDay) -> None:
    del day
    browser = Browser()
    walk.who(walk.what(walk.where(browser)), **OTHER, own_address=HOME)
    draft = Draft.objects.get()
    browser.open(walk.draft_page(draft, "wer"))
    values = browser.form_with("own_address").values
    assert (values["own_address"], values["address"]) == (HOME, HOME)


@pytest.mark.parametrize(("debtor", "name"), [("me", "Erika Beispiel"), ("other", "Balduin Holunder")])
def test_the_finished_page_says_for_whom_it_is_and_who_pays(day: CollectionDay, debtor: str, name: str) -> None:
    browser = Browser()
    walk.who(walk.what(walk.where(browser)), for_other="on", other_name="Balduin Holunder", debtor=debtor)
    walk.place(walk.when(browser, day))
    walk.check(browser)
    assert f"für Balduin Holunder<br>Die Gebühr zahlt: {name}" in browser.text


@pytest.mark.parametrize("debtor", ["me", "other"])
@pytest.mark.parametrize("surname", ["Beispiel", "Holunder"])
def test_who_orders_and_for_whom_it_is_both_open_the_page(day: CollectionDay, debtor: str, surname: str) -> None:
    order = ordered(day, for_other="on", other_name="Balduin Holunder", debtor=debtor)
    somebody = Browser().open(f"{order_link(order)}ausweisen/").fill(surname=surname, house="12")
    assert "Balduin Holunder" in somebody.text
