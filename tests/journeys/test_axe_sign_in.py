"""The pages about one's own access – signing in, password, second factor – pass what a machine can tell."""

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from allauth.mfa.totp.internal import auth as totp
from playwright.sync_api import Page, expect

from tests.journeys.conftest import AtWork, Inspect, Window
from tests.journeys.inspector import Inspector
from tests.journeys.people import follow, heading, press
from tests.server import Server

OWN_PASSWORD = "wolke-teekanne-fahrrad"
SECOND_FACTOR = "/anmelden/zweiter-faktor/"
CONFIRM = "/anmelden/bestaetigen/"

Verify = Callable[[bool], None]


@pytest.mark.inspects("account_login", "account_inactive", "account_reset_password", "account_reset_password_done")
@pytest.mark.inspects("account_reset_password_from_key", "account_reset_password_from_key_done")
def test_a_forgotten_password(window: Window, inspect: Inspect, at_work: AtWork, town_hall: Server) -> None:
    email, _ = _new_access(at_work)
    page = window()
    inspector = inspect(page)
    inspector.visit("/anmelden/geschlossen/", "/anmelden/")
    press(page, "Anmelden")
    inspector.look("signing in, nothing filled in")
    follow(page, "Passwort vergessen?")
    inspector.look("a new password?")
    press(page, "Link schicken")
    inspector.look("a new password?, nothing filled in")
    page.get_by_label("E-Mail-Adresse").fill(email)
    press(page, "Link schicken")
    inspector.look("the link is on its way")
    link = town_hall.run("-m", "tests.journeys.password_link", email)
    page.goto(link)
    inspector.look("a new password")
    press(page, "Passwort speichern")
    inspector.look("a new password, nothing filled in")
    page.get_by_label("Neues Passwort", exact=True).fill(OWN_PASSWORD)
    page.get_by_label("Neues Passwort noch einmal").fill(OWN_PASSWORD)
    press(page, "Passwort speichern")
    inspector.look("a new password is set")
    page.goto(link)
    expect(heading(page)).to_have_text("Dieser Link gilt nicht mehr")
    inspector.look("a link used up")


@pytest.mark.inspects("accounts:add_staff", "account_change_password", "account_logout", "mfa_index")
@pytest.mark.inspects("mfa_activate_totp", "mfa_deactivate_totp", "account_reauthenticate", "mfa_reauthenticate")
@pytest.mark.inspects("mfa_reauthenticate_webauthn", "mfa_view_recovery_codes", "mfa_generate_recovery_codes")
@pytest.mark.inspects("mfa_add_webauthn", "mfa_list_webauthn", "mfa_remove_webauthn", "mfa_authenticate")
def test_the_first_day_with_a_second_factor(window: Window, inspect: Inspect, at_work: AtWork) -> None:
    email, initial = _new_access(at_work, inspect)
    page = window()
    key = _plug_in_a_key(page)
    inspector = inspect(page)
    _sign_in(page, email, initial)
    page.goto("/entsorger/")
    _choose_password(inspector, initial)
    inspector.visit(SECOND_FACTOR)
    codes = _set_up_app(inspector)
    _key_that_breaks_off(inspector, key)
    _set_up_key(inspector)
    inspector.visit(SECOND_FACTOR, CONFIRM, f"{CONFIRM}code/", f"{CONFIRM}schluessel/", "/anmelden/abmelden/")
    press(page, "Abmelden")
    _sign_in(page, email, OWN_PASSWORD)
    inspector.look("the second factor")
    press(page, "Anmelden")
    inspector.look("the second factor, nothing filled in")
    page.get_by_label("Code aus der App oder Notfallcode").fill(codes[0])
    press(page, "Anmelden")
    expect(heading(page)).to_contain_text("Abholtage")


def _new_access(at_work: AtWork, inspect: Inspect | None = None) -> tuple[str, str]:
    """Somebody new at the contractor's: e-mail address and initial password."""
    page = at_work("verwaltung")
    email = f"{uuid4().hex[:12]}@demo.example"
    page.goto("/buero/zugaenge/neu/")
    page.get_by_label("Name", exact=True).fill("Neo Disponent")
    page.get_by_label("Dienstliche E-Mail-Adresse").fill(email)
    page.get_by_role("radio", name="Entsorger").check()
    page.get_by_label("Rolle").select_option("Disposition des Entsorgers")
    press(page, "Zugang anlegen")
    if inspect:
        inspect(page).look("an initial password")
    return email, page.locator("code").inner_text()


def _sign_in(page: Page, email: str, password: str) -> None:
    page.goto("/anmelden/")
    page.get_by_label("E-Mail").fill(email)
    page.get_by_label("Passwort", exact=True).fill(password)
    press(page, "Anmelden")


def _choose_password(inspector: Inspector, initial: str) -> None:
    page = inspector.page
    inspector.look("an own password")
    press(page, "Passwort speichern")
    inspector.look("an own password, nothing filled in")
    page.get_by_label("Jetziges Passwort").fill(initial)
    page.get_by_label("Neues Passwort", exact=True).fill(OWN_PASSWORD)
    page.get_by_label("Neues Passwort noch einmal").fill(OWN_PASSWORD)
    press(page, "Passwort speichern")


def _set_up_app(inspector: Inspector) -> list[str]:
    """An app for codes and the emergency codes that come with it."""
    page = inspector.page
    inspector.visit(f"{SECOND_FACTOR}app/")
    press(page, "App speichern")
    inspector.look("an app, nothing filled in")
    page.get_by_label("Code, den die App jetzt zeigt").fill(_code_of(page.locator("code").inner_text()))
    press(page, "App speichern")
    inspector.look("emergency codes")
    codes = page.locator("code").all_inner_texts()
    page.goto(f"{SECOND_FACTOR}app/entfernen/")
    _confirm(inspector)
    inspector.visit(f"{SECOND_FACTOR}notfallcodes/neu/", f"{SECOND_FACTOR}app/entfernen/")
    return codes


def _confirm(inspector: Inspector) -> None:
    page = inspector.page
    press(page, "Bestätigen")
    inspector.look("the password once more, nothing filled in")
    page.get_by_label("Passwort", exact=True).fill(OWN_PASSWORD)
    press(page, "Bestätigen")


def _set_up_key(inspector: Inspector) -> None:
    page = inspector.page
    inspector.visit(f"{SECOND_FACTOR}schluessel/neu/")
    press(page, "Schlüssel hinzufügen")
    inspector.visit(f"{SECOND_FACTOR}schluessel/")
    follow(page, "entfernen")
    inspector.look("remove a key?")


def _key_that_breaks_off(inspector: Inspector, key: Verify) -> None:
    """Whoever turns the device's question down is told so."""
    page = inspector.page
    page.goto(f"{SECOND_FACTOR}schluessel/neu/")
    key(False)
    page.get_by_role("button", name="Schlüssel hinzufügen", exact=True).click()
    expect(page.locator("[data-key-failed]")).to_be_focused()
    expect(page.locator("[data-key-failed]")).to_contain_text("noch einmal")
    inspector.look("a key that breaks off")
    key(True)


def _plug_in_a_key(page: Page) -> Verify:
    """A device that says yes to every passkey, until it is told whether its owner does."""
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    device = {"protocol": "ctap2", "transport": "internal", "hasUserVerification": True, "isUserVerified": True}
    plugged = tools.send("WebAuthn.addVirtualAuthenticator", {"options": device})

    def verify(says_yes: bool) -> None:
        tools.send(
            "WebAuthn.setUserVerified",
            {"authenticatorId": plugged["authenticatorId"], "isUserVerified": says_yes},
        )

    return verify


def _code_of(secret: str) -> str:
    """What the app shows now for a secret it was given."""
    counter = next(iter(totp.yield_hotp_counters_from_time()))
    return str(totp.format_hotp_value(totp.hotp_value(re.sub(r"\s", "", secret), counter)))
