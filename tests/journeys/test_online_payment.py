"""Paying online: it works, it fails, nobody knows."""

from playwright.sync_api import expect

from tests.journeys.people import Citizen, heading, press

UNCERTAIN = "Wir klären gerade, ob Ihre Zahlung angekommen ist"


def test_who_pays_online_has_the_card_at_once(citizen: Citizen) -> None:
    page = citizen.order_everything("online").page
    press(page, "Jetzt bezahlen")
    press(page, "Bezahlen")
    expect(heading(page)).to_contain_text("Bestellt und bezahlt. Wir kommen am")
    expect(page.get_by_role("link", name="Ihre Karte (PDF)")).to_be_visible()


def test_a_payment_that_failed_can_be_tried_again(citizen: Citizen) -> None:
    page = citizen.order_everything("online").page
    press(page, "Jetzt bezahlen")
    press(page, "Scheitern")
    expect(heading(page)).to_contain_text("Bitte bezahlen Sie 15,00 €.")
    press(page, "Jetzt bezahlen")
    press(page, "Bezahlen")
    expect(heading(page)).to_contain_text("Bestellt und bezahlt.")


def test_while_nobody_knows_whether_money_came_the_page_says_so_and_keeps_the_place(citizen: Citizen) -> None:
    page = citizen.order_everything("online").page
    own_page = page.url
    press(page, "Jetzt bezahlen")
    press(page, "Nie antworten")
    expect(heading(page)).to_have_text("Zeitüberschreitung")
    page.goto(own_page)
    expect(page.get_by_text(UNCERTAIN)).to_be_visible()
    expect(heading(page)).to_have_text("Bestellt. Ihre Zahlung ist noch nicht sicher angekommen.")
    expect(page.get_by_text("Bitte bezahlen Sie nicht noch einmal.")).to_be_visible()
    expect(page.get_by_text("bleibt so lange für Sie frei.")).to_be_visible()


def test_who_leaves_the_payment_page_has_ordered_and_can_pay_later(citizen: Citizen) -> None:
    page = citizen.order_everything("online").page
    press(page, "Jetzt bezahlen")
    press(page, "Abbrechen und zurück")
    expect(heading(page)).to_contain_text("Bitte bezahlen Sie 15,00 €.")
    expect(page.get_by_role("button", name="Jetzt bezahlen")).to_be_visible()
