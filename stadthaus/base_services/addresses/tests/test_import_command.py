"""`manage.py import_house_coordinates`."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from stadthaus.base_services.addresses.models import House
from stadthaus.base_services.addresses.tests.factories import MUNICIPALITY, a_new_line, a_street, an_old_line

pytestmark = pytest.mark.django_db


def run(file: Path) -> str:
    out = StringIO()
    call_command("import_house_coordinates", str(file), stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "iso-8859-1"])
def test_a_good_file_of_any_age_is_taken_in_and_reported(tmp_path: Path, encoding: str) -> None:
    a_street(key=f"{MUNICIPALITY}02500")
    file = tmp_path / "gebref.txt"
    file.write_text(f"{an_old_line('12')}\r\n{an_old_line(municipality='020')}\r\n", encoding=encoding)
    assert "1 Hausnummern übernommen." in run(file)
    assert House.objects.count() == 1


def test_a_refused_line_makes_the_command_fail_and_the_good_ones_stay(tmp_path: Path) -> None:
    a_street(key=f"{MUNICIPALITY}02500")
    file = tmp_path / "gebref.txt"
    file.write_text(f"{an_old_line('12')}\n{an_old_line('0')}\n", encoding="utf-8")
    out = StringIO()
    with pytest.raises(CommandError, match="Die guten sind gespeichert"):
        call_command("import_house_coordinates", str(file), stdout=out)
    assert "Zeile 2: „0“ ist keine Hausnummer." in out.getvalue()
    assert House.objects.count() == 1


@pytest.mark.parametrize("abroad", [an_old_line("14", east="32205000,060"), a_new_line("14", east="205000,060")])
def test_a_house_that_would_lie_abroad_is_refused_by_its_line_and_the_good_ones_stay(
    tmp_path: Path, abroad: str
) -> None:
    a_street(key=f"{MUNICIPALITY}02500")
    file = tmp_path / "gebref.txt"
    file.write_text(f"{an_old_line('12')}\n{abroad}\n{a_new_line('16')}\n", encoding="utf-8")
    out = StringIO()
    with pytest.raises(CommandError, match="Die guten sind gespeichert"):
        call_command("import_house_coordinates", str(file), stdout=out)
    assert "Zeile 2: Die Koordinaten" in out.getvalue()
    assert list(House.objects.order_by("number").values_list("number", flat=True)) == [12, 16]


def test_a_very_bad_file_is_reported_briefly(tmp_path: Path) -> None:
    a_street(key=f"{MUNICIPALITY}02500")
    file = tmp_path / "gebref.txt"
    file.write_bytes(b"\x00\xff;\n" * 150)
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("import_house_coordinates", str(file), stdout=out)
    assert "150 Zeilen abgelehnt." in out.getvalue()
    assert "und 50 weitere" in out.getvalue()


def test_a_missing_file_or_missing_streets_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Nichts eingelesen"):
        run(tmp_path / "missing.txt")
    file = tmp_path / "gebref.txt"
    file.write_text(an_old_line(), encoding="utf-8")
    with pytest.raises(CommandError, match="Zuerst die Straßen"):
        run(file)
