import re
from typing import Any
from urllib.parse import quote

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from stadthaus.accounts import actions, queries
from stadthaus.accounts.models import User
from stadthaus.accounts.providers.sign_in import FIRST_LOOK_UNTIL
from stadthaus.accounts.tests.factories import PASSWORD, make_dispatcher, make_person
from stadthaus.work.models import Job

pytestmark = [pytest.mark.django_db, pytest.mark.urls("stadthaus.accounts.tests.urls")]

NEW_PASSWORD = "wolke-teekanne-fahrrad"


def sign_in(client: Client, person: User, password: str = PASSWORD) -> Any:
    return client.post("/anmelden/", {"login": person.email, "password": password})


def code_for(secret: str) -> str:
    counter = max(totp.yield_hotp_counters_from_time())  # the one that stays good longest
    return str(totp.format_hotp_value(totp.hotp_value(secret, counter)))


def set_up_app(client: Client) -> str:
    page = client.get("/anmelden/zweiter-faktor/app/").content.decode()
    (secret,) = re.findall(r"<code>(\w+)</code>", page)
    client.post("/anmelden/zweiter-faktor/app/", {"code": code_for(secret)})
    return str(secret)


@pytest.mark.parametrize(
    "path",
    ["", "abmelden/", "geschlossen/", "passwort/vergessen/", "passwort/gesendet/", "passwort/geschafft/"],
)
def test_every_page_before_sign_in_opens(client: Client, path: str) -> None:
    assert client.get(f"/anmelden/{path}").status_code in {200, 302}


@pytest.mark.parametrize(
    "path", ["", "abmelden/", "geschlossen/", "code/", "passwort/vergessen/", "passwort/gesendet/"]
)
def test_no_page_before_sign_in_is_kept_by_a_cache(client: Client, path: str) -> None:
    assert "no-store" in client.get(f"/anmelden/{path}")["Cache-Control"]


@pytest.mark.parametrize("path", ["passwort/neu/1-set-password/", "passwort/neu/1-abc-def/", "passwort/geschafft/"])
def test_the_pages_behind_the_link_of_the_mail_are_kept_by_no_cache(client: Client, path: str) -> None:
    assert "no-store" in client.get(f"/anmelden/{path}")["Cache-Control"]


@pytest.mark.parametrize(
    "path",
    [
        "passwort/",
        "bestaetigen/",
        "zweiter-faktor/",
        "zweiter-faktor/app/",
        "zweiter-faktor/schluessel/",
        "zweiter-faktor/schluessel/neu/",
    ],
)
def test_every_page_about_the_own_access_opens_after_sign_in_only(client: Client, path: str) -> None:
    assert client.get(f"/anmelden/{path}").status_code == 302
    sign_in(client, make_person("clerk"))
    assert client.get(f"/anmelden/{path}").status_code == 200


def test_sign_in_is_kept_in_the_trail_of_the_person(client: Client) -> None:
    person = make_person("clerk")
    assert sign_in(client, person).status_code == 302
    assert queries.trail(actions.reference(person)).get().event == "staff.signed_in"


def test_everybody_lands_where_their_work_is(client: Client) -> None:
    assert sign_in(client, make_dispatcher())["Location"] == "/entsorger/"


def test_the_address_may_be_written_in_capitals(client: Client) -> None:
    person = make_person("clerk")
    assert client.post("/anmelden/", {"login": person.email.upper(), "password": PASSWORD}).status_code == 302


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client: Client) -> None:
    person = make_person("clerk")
    wrong = sign_in(client, person, "falsch").content.decode()
    unknown = client.post("/anmelden/", {"login": "niemand@example.org", "password": "falsch"}).content.decode()
    assert "stimmt nicht" in wrong
    assert "stimmt nicht" in unknown


def test_guessing_a_password_is_stopped_even_if_the_guess_is_right_at_last(client: Client) -> None:
    person = make_person("clerk")
    for _ in range(10):
        sign_in(client, person, "falsch")
    answer = sign_in(client, person)
    assert answer.status_code == 200
    assert "zu viele Versuche" in answer.content.decode()


def test_a_closed_access_cannot_sign_in(client: Client) -> None:
    person = make_person("clerk", is_active=False)
    sign_in(client, person)
    assert client.get("/test/orders/").status_code == 302


def test_nobody_signs_up(client: Client) -> None:
    assert client.get("/anmelden/signup/").status_code == 404


def test_signing_out_takes_a_button(client: Client) -> None:
    sign_in(client, make_person("clerk"))
    assert client.get("/anmelden/abmelden/").status_code == 200
    client.post("/anmelden/abmelden/")
    assert client.get("/test/orders/").status_code == 302


def test_an_app_is_set_up_and_asked_for_at_the_next_sign_in(client: Client) -> None:
    person = make_person("clerk")
    sign_in(client, person)
    secret = set_up_app(client)
    browser = Client()
    assert sign_in(browser, person)["Location"] == "/anmelden/code/"
    assert "Noch ein Schritt" in browser.get("/anmelden/code/").content.decode()
    assert browser.get("/test/orders/").status_code == 302
    browser.post("/anmelden/code/", {"code": recovery_code(person)})
    assert browser.get("/test/orders/").status_code == 200
    assert secret not in str(list(Authenticator.objects.values()))


def test_an_app_code_counts_once_in_whatever_process_it_is_typed(client: Client) -> None:
    person = make_person("clerk")
    sign_in(client, person)
    secret = set_up_app(client)
    User.objects.update(last_code_step=0)  # as if some time had passed since the app was set up
    code = code_for(secret)
    opened = []
    for _ in range(3):
        cache.clear()  # each process has its own, in which allauth notes what was used
        browser = Client()
        sign_in(browser, person)
        browser.post("/anmelden/code/", {"code": code})
        opened.append(browser.get("/test/orders/").status_code == 200)
    assert opened == [True, False, False]


def test_the_code_that_set_the_app_up_opens_nothing(client: Client) -> None:
    person = make_person("clerk")
    sign_in(client, person)
    secret = set_up_app(client)
    browser = Client()
    sign_in(browser, person)
    answer = browser.post("/anmelden/code/", {"code": code_for(secret)})
    assert "Diesen Code haben Sie schon benutzt" in answer.content.decode()


def guess_everywhere(person: User) -> None:
    for place in range(11):
        for _ in range(10):
            sign_in(Client(REMOTE_ADDR=f"192.0.{place}.1"), person, "falsch")


def somebody_known_to(browser: Client) -> User:
    """Has signed in there before."""
    person = make_person("clerk")
    sign_in(browser, person)
    browser.post("/anmelden/abmelden/")
    return person


def test_strangers_everywhere_lock_nobody_out_of_a_browser_that_has_been_here_before(client: Client) -> None:
    person = somebody_known_to(client)
    guess_everywhere(person)
    assert "zu viele Versuche" in sign_in(Client(REMOTE_ADDR="198.51.100.1"), person).content.decode()
    assert sign_in(client, person).status_code == 302


def test_a_colleague_at_the_same_address_locks_nobody_out_of_a_known_browser(client: Client) -> None:
    person = somebody_known_to(client)
    for _ in range(10):
        sign_in(Client(), person, "falsch")
    assert "zu viele Versuche" in sign_in(Client(), person).content.decode()
    assert sign_in(client, person).status_code == 302


def test_guessing_in_a_known_browser_is_stopped_too(client: Client) -> None:
    person = somebody_known_to(client)
    for _ in range(10):
        sign_in(client, person, "falsch")
    assert "zu viele Versuche" in sign_in(client, person).content.decode()


def test_with_a_second_factor_too_strangers_lock_nobody_out_of_a_known_browser(client: Client) -> None:
    person = make_person("clerk")
    sign_in(client, person)
    set_up_app(client)
    browser = Client()
    sign_in(browser, person)
    browser.post("/anmelden/code/", {"code": recovery_code(person)})
    # A browser sends it to the sign-in page only if it says so; the test's client would send it anywhere.
    assert browser.cookies["stadthaus_device"]["path"] == "/anmelden/"
    browser.post("/anmelden/abmelden/")
    guess_everywhere(person)
    assert "zu viele Versuche" in sign_in(Client(REMOTE_ADDR="198.51.100.1"), person).content.decode()
    assert sign_in(browser, person)["Location"] == "/anmelden/code/"


def test_a_browser_is_known_for_who_signed_in_there_and_for_nobody_else(client: Client) -> None:
    known, other = somebody_known_to(client), make_person("clerk")
    guess_everywhere(other)
    assert "zu viele Versuche" in sign_in(client, other).content.decode()
    assert known.email not in str(client.cookies)


def recovery_code(person: User) -> str:
    codes = Authenticator.objects.get(user=person, type=Authenticator.Type.RECOVERY_CODES)
    return str(RecoveryCodes(codes).get_unused_codes()[0])


def test_an_answer_of_a_key_that_cannot_be_used_is_said(client: Client) -> None:
    person = make_person("clerk")
    sign_in(client, person)
    set_up_app(client)
    browser = Client()
    sign_in(browser, person)
    answer = browser.post("/anmelden/code/", {"credential": "{}"}).content.decode()
    assert "data-key-failed data-focus" in answer
    assert "Das hat mit dem Schlüssel nicht geklappt" in answer
    assert "data-key-failed hidden" in browser.get("/anmelden/code/").content.decode()


def test_guessing_a_code_is_stopped_and_kept_in_the_trail(client: Client) -> None:
    person = make_person("clerk")
    sign_in(client, person)
    set_up_app(client)
    browser = Client()
    sign_in(browser, person)
    answers = [browser.post("/anmelden/code/", {"code": "000000"}).content.decode() for _ in range(11)]
    assert "stimmt nicht" in answers[9]
    assert "zu viele Versuche" in answers[10]
    assert "staff.second_factor_failed" in [entry.event for entry in queries.trail(actions.reference(person))]


@pytest.mark.parametrize("path", ["", "app/entfernen/", "notfallcodes/", "notfallcodes/neu/", "notfallcodes/datei/"])
def test_every_page_about_a_second_factor_opens(client: Client, path: str) -> None:
    sign_in(client, make_person("clerk"))
    set_up_app(client)
    page = f"/anmelden/zweiter-faktor/{path}"
    client.post("/anmelden/bestaetigen/", {"password": PASSWORD, "next": page})
    assert client.get(page).status_code == 200


@pytest.mark.django_db(transaction=True)  # allauth tells of a new factor once it is committed
@pytest.mark.parametrize("path", ["notfallcodes/", "notfallcodes/datei/"])
def test_the_emergency_codes_are_shown_at_once_with_the_first_second_factor_and_not_later(
    client: Client, path: str
) -> None:
    person, another = make_person("clerk"), Client()
    sign_in(another, person)  # somebody else with the password, before the factor was there
    sign_in(client, person)
    set_up_app(client)
    assert client.get(f"/anmelden/zweiter-faktor/{path}").status_code == 200
    assert "/anmelden/bestaetigen/" in another.get(f"/anmelden/zweiter-faktor/{path}")["Location"]
    session = client.session
    session[FIRST_LOOK_UNTIL] = 0
    session.save()
    assert "/anmelden/bestaetigen/" in client.get(f"/anmelden/zweiter-faktor/{path}")["Location"]


def test_a_second_factor_is_removed_only_after_password_or_code(client: Client) -> None:
    person = make_person("clerk")
    sign_in(client, person)
    set_up_app(client)
    page = "/anmelden/zweiter-faktor/app/entfernen/"
    assert client.post(page)["Location"] == f"/anmelden/bestaetigen/?next={quote(page, safe='')}"
    assert client.get("/anmelden/bestaetigen/code/").status_code == 200
    client.post("/anmelden/bestaetigen/code/", {"code": recovery_code(person), "next": page})
    client.post(page)
    assert not Authenticator.objects.exists()


def test_the_first_second_factor_is_set_up_without_asking_again(client: Client) -> None:
    person = make_person("clerk")
    sign_in(client, person)
    set_up_app(client)
    assert User.objects.get(pk=person.pk).has_second_factor


def test_two_different_new_passwords_are_answered_as_we_speak(client: Client) -> None:
    sign_in(client, make_person("clerk", password_is_initial=True))
    typed = {"oldpassword": PASSWORD, "password1": "neblig-Teekanne-Kran", "password2": "neblig-Teekanne-Krug"}
    page = client.post("/anmelden/passwort/", typed).content.decode()
    assert "Die beiden neuen Passwörter sind nicht gleich." in page
    assert "Alles andere ist eingetragen geblieben" not in page


def test_the_own_password_replaces_the_initial_one(client: Client) -> None:
    person = make_person("clerk", password_is_initial=True)
    sign_in(client, person)
    new = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    client.post("/anmelden/passwort/", new)
    person = User.objects.get(pk=person.pk)
    assert person.check_password(NEW_PASSWORD)
    assert not person.password_is_initial
    assert client.get("/test/orders/").status_code == 200


def asked_for_link(email: str) -> tuple[str, list[str]]:
    """Where the page leads, and what it wrote into the database, without the values."""
    with CaptureQueriesContext(connection) as seen:
        response = Client().post("/anmelden/passwort/vergessen/", {"email": email})
    return response["Location"], [query["sql"].split()[0] for query in seen.captured_queries]


def test_asking_for_a_new_password_does_the_same_whether_there_is_such_a_person_or_not() -> None:
    person = make_person("clerk")
    asked_for_link("first@example.org")  # what is looked up once stays remembered
    known, unknown = asked_for_link(person.email), asked_for_link("niemand@example.org")
    assert known == unknown
    assert known[0] == "/anmelden/passwort/gesendet/"
    assert mail.outbox == []
    assert list(Job.objects.order_by("-pk").values_list("payload", flat=True)[:2]) == [
        {"user": None},
        {"user": person.pk},
    ]


def test_a_mailbox_is_not_filled_by_asking_again_and_whoever_asks_is_not_told() -> None:
    person = make_person("clerk")
    answers = {asked_for_link(person.email)[0] for _ in range(7)}
    assert Job.objects.count() == 5
    assert answers == {"/anmelden/passwort/gesendet/"}


def test_who_asks_for_many_mailboxes_is_stopped(client: Client) -> None:
    answers = [client.post("/anmelden/passwort/vergessen/", {"email": f"p{turn}@b.example"}) for turn in range(21)]
    assert answers[19].status_code == 302
    assert "zu viele Versuche" in answers[20].content.decode()


def test_no_key_is_made_from_the_host_a_request_claims(client: Client) -> None:
    sign_in(client, make_person("clerk"))
    page = client.get("/anmelden/zweiter-faktor/schluessel/neu/", headers={"host": "localhost"})
    assert page.context["js_data"]["creation_options"]["publicKey"]["rp"]["id"] == "testserver"


def test_http_is_led_to_https_at_the_public_address(client: Client, settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    answer = client.get("/anmelden/", headers={"host": "localhost"})
    assert answer["Location"] == "https://testserver/anmelden/"
