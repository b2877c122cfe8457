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
    with pytest.raises(CommandError) as refusal:
        call_command("load_town")
    said = str(refusal.value)
    assert f"„bulky_waste.fee_arises“ ab 01.01.2021: „{value}“" in said
    assert "nur „ordering“" in said
    assert "Geladen wurde nichts." in said


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
