"""The town's rules as the office sees them, as the command line confirms them, and as a start asks for them."""

from dataclasses import replace
from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from stadthaus.accounts.models import User
from stadthaus.accounts.tests.factories import make_person
from stadthaus.portal import demo
from stadthaus.portal.production import refuse_unready
from stadthaus.services.bulky_waste.models import TELL_RESULT
from stadthaus.services.bulky_waste.tests.factories import make_town
from stadthaus.town import queries as town
from stadthaus.town.actions import confirm_rule as confirm_value
from stadthaus.town.models import Rule, Text
from stadthaus.town.rules.dated import Source
from stadthaus.town.tests.factories import CLERK, NOW, SOURCE, enter_fee, enter_text
from stadthaus.work.actions import REGULAR
from stadthaus.work.models import Job
from stadthaus.work.tests.factories import a_job

pytestmark = pytest.mark.django_db
FEE = "bulky_waste.fee_per_card"
OUT_BY: dict[str, Any] = {"key": "bulky_waste.out_by", "kind": "operational", "source": None}


def rules_page(client: Client) -> str:
    client.force_login(make_person("waste_administration"))
    return client.get("/buero/regeln/").content.decode()


def confirm(*keys: str, by: str = "Rita Regel, Rechtsamt") -> str:
    said = StringIO()
    call_command("confirm_rule", *keys, by=by, stdout=said)
    return said.getvalue()


def test_the_office_reads_every_rule_by_its_name_and_every_value_with_its_unit(client: Client) -> None:
    make_town()
    content = rules_page(client).replace("\u202f", " ")
    for name, value in (("Gebühr für eine Karte", "15,00 €"), ("Bestellen bis", "3 Werktage vor der Abholung")):
        assert name in content
        assert value in content
    assert "{&#x27;" not in content  # no value as the program writes it


def test_a_rule_nobody_asks_for_any_more_is_shown_as_it_stands(client: Client) -> None:
    enter_fee(key="once.upon", confirmed=True)
    assert "once.upon" in rules_page(client)


# The command line


def test_confirming_on_the_command_line_is_kept_with_the_name_and_shown_to_the_office(client: Client) -> None:
    enter_fee(confirmed=False, seeded=True)
    assert "1 Angaben bestätigt durch Rita Regel, Rechtsamt" in confirm(FEE)
    content = rules_page(client)
    assert "Rita Regel, Rechtsamt, auf der Befehlszeile" in content
    assert "bestätigt: nein → ja" in content


def test_an_unknown_key_confirms_nothing(client: Client) -> None:
    enter_fee(confirmed=False, seeded=True)
    with pytest.raises(CommandError, match="Bestätigt wurde nichts"):
        confirm(FEE, "no.such.rule")
    assert not Rule.objects.filter(confirmed=True).exists()
    assert "Rita Regel" not in rules_page(client)


def test_a_text_is_confirmed_as_it_stands(client: Client) -> None:
    enter_text()
    Text.objects.update(confirmed=False)
    confirm("town.name")
    assert town.current().placeholder_texts == ()
    assert town.current().text("town.name") == "Stadt Werne"
    assert "town.name" in rules_page(client)


# The office's page


def test_a_change_is_shown_with_the_value_before_and_after(client: Client) -> None:
    enter_fee(seeded=True)
    enter_fee(1800, date(2090, 1, 1))
    content = rules_page(client)
    assert "Wert: 1500 → 1800" in content
    assert "gilt ab: 01.01.2021 → 01.01.2090" in content
    assert "Rita Regel" in content


def test_placeholders_come_first_and_what_was_replaced_last(client: Client) -> None:
    enter_fee(seeded=True)
    enter_fee(1600, timezone.localdate())
    enter_fee("06:00", confirmed=False, seeded=True, **OUT_BY)
    content = rules_page(client)
    places = [
        content.index(words) for words in ("1 Platzhalter", "6:00\u00a0Uhr", "Bestätigt", "16,00", "Abgelöst", "15,00")
    ]
    assert places == sorted(places)


def test_a_town_nobody_has_changed_says_so(client: Client) -> None:
    enter_fee(seeded=True)
    assert "hat niemand etwas geändert" in rules_page(client)


def test_names_of_who_changed_are_shown_as_text_and_never_as_markup(client: Client) -> None:
    enter_fee(confirmed=False, seeded=True)
    confirm(FEE, by="<b>Rita</b>")
    assert "<b>Rita" not in rules_page(client)


def test_a_statute_value_nobody_could_look_up_is_not_confirmed_and_what_is_missing_is_named() -> None:
    enter_fee(source=Source("Abfallgebührensatzung", "§ 4"), confirmed=False, seeded=True)
    with pytest.raises(CommandError) as refusal:
        confirm(FEE)
    assert f"„{FEE}“ ab 01.01.2021" in str(refusal.value)
    assert "Es fehlt: Beschluss, Bekanntmachung." in str(refusal.value)
    assert not Rule.objects.filter(confirmed=True).exists()


# A start in production


@pytest.fixture
def production(settings: Settings) -> None:
    """A town with all its rules and texts, each confirmed, outside demo mode."""
    make_town()
    for rule in town.current().unconfirmed(timezone.localdate()):
        stated = replace(rule, source=SOURCE) if rule.kind == "statute" else rule
        confirm_value(rule=stated, actor=CLERK, now=NOW)
    Text.objects.update(confirmed=True)
    settings.DEMO = False
    settings.PUBLIC_URL, settings.HTTPS, settings.TRUSTED_PROXIES = "https://stadthaus.example", True, 1
    settings.ALLOWED_HOSTS = ["stadthaus.example", "localhost", "127.0.0.1"]
    settings.SECRET_KEY, settings.LINK_KEY = "only-for-tests-" * 3, b"and-these-as-well-" * 3


def a_demo_access() -> None:
    User.objects.create_user("kasse@demo.example", demo.PASSWORD, name="Kim Kassenwart")


@pytest.mark.usefixtures("production")
def test_a_town_that_has_said_everything_starts() -> None:
    refuse_unready()


@pytest.mark.usefixtures("production")
def test_a_placeholder_stops_a_production_start_and_is_named() -> None:
    enter_fee(confirmed=False)
    with pytest.raises(ImproperlyConfigured, match=r"Regel bulky_waste\.fee_per_card, gilt ab 01\.01\.2021: 1500"):
        refuse_unready()


@pytest.mark.usefixtures("production")
def test_a_placeholder_that_was_replaced_stops_nothing() -> None:
    enter_fee(confirmed=False)
    enter_fee(1800, timezone.localdate())
    refuse_unready()


@pytest.mark.usefixtures("production")
def test_a_placeholder_that_counts_only_from_tomorrow_stops_the_start_today() -> None:
    enter_fee(1800, timezone.localdate() + timedelta(days=1), confirmed=False)
    with pytest.raises(ImproperlyConfigured, match="1800"):
        refuse_unready()


@pytest.mark.usefixtures("production")
def test_a_placeholder_text_stops_a_production_start() -> None:
    enter_text(de="Stadt W.", confirmed=False)
    with pytest.raises(ImproperlyConfigured, match=r"Text town\.name: Stadt W\."):
        refuse_unready()


@pytest.mark.usefixtures("production")
def test_a_missing_rule_stops_a_production_start_and_is_named() -> None:
    Rule.objects.filter(key=FEE).delete()
    enter_text()  # a row deleted by hand is noticed with the next version
    with pytest.raises(ImproperlyConfigured, match=rf"„{FEE}“: Heute gilt kein Wert"):
        refuse_unready()


@pytest.mark.usefixtures("production")
def test_an_unusable_rule_stops_a_production_start_and_is_named() -> None:
    enter_fee(0)
    with pytest.raises(ImproperlyConfigured, match=rf"„{FEE}“ ab 01\.01\.2021: „0“ ist keine ganze Zahl"):
        refuse_unready()


@pytest.mark.usefixtures("production")
@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"PUBLIC_URL": "http://stadthaus.example", "HTTPS": False}, "STADTHAUS_URL ist http://stadthaus.example"),
        ({"PUBLIC_URL": "http://localhost.example", "HTTPS": False}, "STADTHAUS_URL ist http://localhost.example"),
        ({"ALLOWED_HOSTS": ["*"]}, "STADTHAUS_HOSTS lässt mit"),
        ({"ALLOWED_HOSTS": []}, "In STADTHAUS_HOSTS fehlt stadthaus.example"),
        ({"ALLOWED_HOSTS": ["rathaus.example"]}, "In STADTHAUS_HOSTS fehlt stadthaus.example"),
        ({"TRUSTED_PROXIES": 0}, "STADTHAUS_TRUSTED_PROXIES ist 0"),
        ({"DEBUG": True}, "STADTHAUS_DEBUG ist an"),
        ({"SECRET_KEY": "a" * 50}, "STADTHAUS_SECRET_KEY ist zu eintönig"),
        ({"LINK_KEY": b"ab" * 25}, "STADTHAUS_LINK_KEY ist zu eintönig"),
        ({"LINK_KEY": b"only-for-tests-" * 3}, "STADTHAUS_SECRET_KEY und STADTHAUS_LINK_KEY sind gleich"),
        ({"PAYMENT_PROVIDER": "kein"}, "Den Zahlungsdienst „kein“"),
    ],
)
def test_an_unsafe_setting_stops_a_production_start_and_is_named(
    settings: Settings, changed: dict[str, Any], said: str
) -> None:
    for name, value in changed.items():
        setattr(settings, name, value)
    with pytest.raises(ImproperlyConfigured, match=said):
        refuse_unready()


@pytest.mark.usefixtures("production")
@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_on_this_machine_alone_production_needs_no_https(settings: Settings, host: str) -> None:
    settings.PUBLIC_URL, settings.HTTPS = f"http://{host}:8000", False
    refuse_unready()


@pytest.mark.usefixtures("production")
def test_the_open_accesses_of_a_demo_stop_a_production_start_and_are_named() -> None:
    a_demo_access()
    with pytest.raises(ImproperlyConfigured, match=r"kasse@demo\.example\. Nehmen Sie eine neue Datenbank"):
        refuse_unready()
    User.objects.update(is_active=False)
    refuse_unready()


@pytest.mark.usefixtures("production")
def test_all_that_stops_a_production_start_is_said_at_once(settings: Settings) -> None:
    settings.DEBUG = True
    a_demo_access()
    enter_fee(confirmed=False)
    with pytest.raises(ImproperlyConfigured, match=rf"(?s)STADTHAUS_DEBUG.*kasse@demo.*Regel {FEE}"):
        refuse_unready()


def test_the_demo_starts_with_placeholders() -> None:
    enter_fee(confirmed=False)
    refuse_unready()


def test_nothing_starts_while_tables_are_missing() -> None:
    MigrationRecorder.Migration.objects.filter(app="town", name__startswith="0002").delete()
    with pytest.raises(
        ImproperlyConfigured, match=r"Die Datenbank ist nicht auf dem Stand des Programms: manage\.py migrate"
    ):
        refuse_unready()


@pytest.mark.usefixtures("production")
def test_a_worker_refuses_a_production_start_with_the_same_list() -> None:
    enter_fee(confirmed=False)
    a_job(kind=TELL_RESULT)
    with pytest.raises(ImproperlyConfigured) as web:
        refuse_unready()
    with pytest.raises(CommandError) as worker:
        call_command("worker", "--once")
    assert str(worker.value) == str(web.value)
    assert Job.objects.get().attempts == 0


@pytest.mark.usefixtures("production")
def test_a_worker_in_production_works_once_everything_is_confirmed() -> None:
    call_command("worker", "--once")
    assert Job.objects.filter(key=REGULAR).exists()
