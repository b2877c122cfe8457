"""Loading a town: everything or nothing, and an honest no to what is not built."""

import shutil
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from stadthaus.base_services.addresses.models import Street
from stadthaus.services.bulky_waste.models import CatalogueItem
from stadthaus.town.models import Rule, Text

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(settings: Settings, tmp_path: Path) -> Path:
    """A copy of the town's folder, and the program set to it."""
    copy: Path = shutil.copytree(settings.TOWN_DIR, tmp_path / "town")
    settings.TOWN_DIR = copy
    return copy


def change(file: Path, before: str, after: str) -> None:
    text = file.read_text()
    assert before in text
    file.write_text(text.replace(before, after, 1))


def refusal_of_load() -> str:
    with pytest.raises(CommandError) as refusal:
        call_command("load_town")
    return str(refusal.value)


def test_the_town_is_loaded_and_loading_again_adds_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_town")
    capsys.readouterr()
    call_command("load_town")
    assert "0 Regelwerte, 0 Texte neu" in capsys.readouterr().out


@pytest.mark.parametrize("value", ["payment", "collection", "irgendwann"])
def test_a_fee_that_arises_at_another_moment_is_refused_and_what_is_possible_is_named(
    folder: Path, value: str
) -> None:
    change(folder / "rules.toml", 'value = "ordering"', f'value = "{value}"')
    said = refusal_of_load()
    assert f"„bulky_waste.fee_arises“ ab 01.01.2021: „{value}“" in said
    assert "nur „ordering“" in said
    assert "Geladen wurde nichts." in said


@pytest.mark.parametrize(
    ("before", "after", "entry", "reason"),
    [
        ("value = 3000", "value = 0", "litres_per_card", "„0“ ist keine ganze Zahl"),
        ("value = 3000", 'value = "drei"', "litres_per_card", "„drei“ ist keine ganze Zahl"),
        ("value = 3000", "value = true", "litres_per_card", "„True“ ist keine ganze Zahl"),
        ("value = 1500", "value = -5", "fee_per_card", "„-5“ ist keine ganze Zahl"),
        ("value = 20\n", 'value = "zwanzig"\n', "hold_minutes", "„zwanzig“ ist keine ganze Zahl"),
        ('value = "06:00"', 'value = "25:99"', "out_by", "„25:99“ ist keine Uhrzeit"),
        ('value = "06:00"', "value = 06:00:00", "out_by", "„06:00:00“ ist keine Uhrzeit"),
        ('{ days = 3, unit = "working"', '{ days = 3, unit = "wochen"', "order_until", "unit: „wochen“ gibt es hier"),
        ('{ days = 1, unit = "working", at = "12:00" }', '"nie"', "cancel_until", "„nie“ ist keine Angabe mit den"),
        ("weekday = 1", "weekday = 9", "collection_tours.series", "1. Eintrag: weekday: „9“"),
        ("litres = 25000", "litres = -1", "collection_tours.series", "1. Eintrag: litres: „-1“"),
        ('district = "nord"', 'district = "ost"', "collection_tours.series", "Den Bezirk „ost“ gibt es nicht"),
        (", first = 1, digits = 8", "", "payments.kassenzeichen", "„first“ fehlt"),
        ('prefix = "SPM"', 'prefix = "spm"', "payments.kassenzeichen", "„spm“ besteht nicht nur aus großen"),
        ("first = 1, digits = 8", "first = 1000, digits = 3", "payments.kassenzeichen", "hat mehr als 3 Stellen"),
        ("lat = 51.66266, lon = 7.63644", "lat = 0, lon = 0", "addresses.centre", "lat: „0“ ist keine Zahl von 47.0"),
        ("value = []", 'value = ["gestern"]', "town.closed_days", "1. Eintrag: „gestern“ ist kein Tag"),
        ('closed = ["12-24"', 'closed = ["13-24"', "town.office_hours", "„13-24“ ist kein Tag"),
        ('"08:00", until = "12:00"', '"12:00", until = "12:00"', "town.office_hours", "nicht vor „until“"),
        ("transfer = 2,", "transver = 2,", "remind_of_payment_days", "„transver“ kennt das Programm hier nicht"),
        (
            "bulky_waste.fee_per_card",
            "bulky_waste.fee_per_cart",
            "fee_per_cart",
            "Diesen Schlüssel kennt das Programm",
        ),
        ('kind = "statute"', 'kind = "operational"', "fee_per_card", "kind ist hier „statute“"),
        ("confirmed = false", "confirmed = 1", "fee_per_card", "confirmed: „1“ ist weder true noch false"),
        ("confirmed = false", "confirmed = true", "fee_per_card", "Es fehlt: Paragraf, Beschluss, Bekanntmachung"),
        ("confirmed = false", "konfirmed = true", "fee_per_card", "„konfirmed“ kennt das Programm hier nicht"),
        ("statute = ", "statut = ", "fee_per_card", "source: „statute“ fehlt"),
        ("valid_from = 2021-01-01", "valid_from = 2021-01-01T08:00:00", "fee_per_card", "ist kein Datum"),
        ("valid_from = 2021-01-01", "valid_from = 2090-01-01", "fee_per_card", "Heute gilt kein Wert"),
        (
            'key = "bulky_waste.litres_per_card"',
            'key = "bulky_waste.fee_per_card"',
            "fee_per_card",
            "steht zweimal da",
        ),
    ],
)
def test_a_mistake_in_a_rule_is_told_with_file_entry_and_reason(
    folder: Path, before: str, after: str, entry: str, reason: str
) -> None:
    change(folder / "rules.toml", before, after)
    said = refusal_of_load()
    assert "rules.toml" in said
    assert f"{entry}“" in said
    assert reason in said


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ("\nplaceholder = true", '\nplaceholder = "ja"', "„town.phone“: placeholder: „ja“ ist weder true noch false"),
        ("\nplaceholder = true", "\nplatzhalter = true", "„town.phone“: „platzhalter“ kennt das Programm hier nicht"),
        ('de = "NW"', 'de = "XX"', "„town.land“: „XX“ gibt es hier nicht"),
        ('key = "town.name"', 'key = "town.nam"', "„town.nam“: Diesen Schlüssel kennt das Programm nicht"),
        ('key = "town.short"', 'key = "town.name"', "„town.name“ steht zweimal da"),
        ("\n[[text]]", "\n[[texte]]", "„texte“ kennt das Programm hier nicht"),
        ("\n[[text]]", "\n[[text", "texts.toml lässt sich nicht lesen"),
    ],
)
def test_a_mistake_in_a_text_is_told_with_file_entry_and_reason(
    folder: Path, before: str, after: str, reason: str
) -> None:
    change(folder / "texts.toml", before, after)
    said = refusal_of_load()
    assert "texts.toml" in said
    assert reason in said


def test_a_statute_value_without_any_source_is_refused(folder: Path) -> None:
    file = folder / "rules.toml"
    start, end = (file.read_text().index(words) for words in ("[rule.source]", "# No source gives"))
    change(file, file.read_text()[start:end], "")
    assert "„bulky_waste.fee_per_card“ ab 01.01.2021: Ein Satzungswert nennt" in refusal_of_load()


def test_a_file_that_is_not_there_is_named(folder: Path) -> None:
    (folder / "texts.toml").unlink()
    assert "texts.toml" in refusal_of_load()


@pytest.mark.parametrize(
    ("file", "before", "after"),
    [
        ("rules.toml", 'value = "ordering"', 'value = "payment"'),
        ("catalogue.toml", 'fraction = "wood"', 'fraction = "stone"'),
    ],
)
def test_a_town_that_is_refused_leaves_nothing_behind(folder: Path, file: str, before: str, after: str) -> None:
    change(folder / file, before, after)
    with pytest.raises(CommandError):
        call_command("load_town")
    assert [table.objects.count() for table in (Rule, Text, Street, CatalogueItem)] == [0, 0, 0, 0]
