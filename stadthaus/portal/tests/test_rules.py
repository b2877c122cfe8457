"""The town's rules as the office sees them, as the command line confirms them, and as a start asks for them."""

from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from stadthaus.accounts.tests.factories import make_person
from stadthaus.portal.production import refuse_placeholders
from stadthaus.town import queries as town
from stadthaus.town.models import Rule, Text
from stadthaus.town.tests.factories import enter_fee, enter_text
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
    places = [content.index(words) for words in ("1 Platzhalter", "06:00", "Bestätigt", "1600", "Abgelöst", "1500")]
    assert places == sorted(places)


def test_a_town_nobody_has_changed_says_so(client: Client) -> None:
    enter_fee(seeded=True)
    assert "hat niemand etwas geändert" in rules_page(client)


def test_names_of_who_changed_are_shown_as_text_and_never_as_markup(client: Client) -> None:
    enter_fee(confirmed=False, seeded=True)
    confirm(FEE, by="<b>Rita</b>")
    assert "<b>Rita" not in rules_page(client)


# A start in production


def test_a_placeholder_stops_a_production_start_and_is_named(settings: Settings) -> None:
    settings.DEMO = False
    enter_fee(confirmed=False)
    with pytest.raises(ImproperlyConfigured, match=r"Regel bulky_waste\.fee_per_card, gilt ab 01\.01\.2021: 1500"):
        refuse_placeholders()


def test_a_placeholder_that_was_replaced_stops_nothing(settings: Settings) -> None:
    settings.DEMO = False
    enter_fee(confirmed=False)
    enter_fee(1800, timezone.localdate())
    refuse_placeholders()


def test_a_placeholder_that_counts_only_from_tomorrow_stops_the_start_today(settings: Settings) -> None:
    settings.DEMO = False
    enter_fee()
    enter_fee(1800, timezone.localdate() + timedelta(days=1), confirmed=False)
    with pytest.raises(ImproperlyConfigured, match="1800"):
        refuse_placeholders()


def test_a_placeholder_text_stops_a_production_start(settings: Settings) -> None:
    settings.DEMO = False
    enter_fee()
    enter_text()
    Text.objects.update(confirmed=False)
    with pytest.raises(ImproperlyConfigured, match=r"Text town\.name: Stadt Werne"):
        refuse_placeholders()


def test_the_demo_starts_with_placeholders() -> None:
    enter_fee(confirmed=False)
    refuse_placeholders()


def test_a_worker_refuses_a_production_start_with_the_same_list(settings: Settings) -> None:
    settings.DEMO = False
    enter_fee(confirmed=False)
    a_job(kind="bulky_waste.tell_result")
    with pytest.raises(ImproperlyConfigured) as web:
        refuse_placeholders()
    with pytest.raises(CommandError) as worker:
        call_command("worker", "--once")
    assert str(worker.value) == str(web.value)
    assert Job.objects.get().attempts == 0


def test_a_worker_in_production_works_once_everything_is_confirmed(settings: Settings) -> None:
    settings.DEMO = False
    enter_fee()
    call_command("worker", "--once")
    assert Job.objects.filter(key=REGULAR).exists()
