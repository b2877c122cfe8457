"""Takes the official house coordinates (Gebäudereferenzen NRW) in."""

from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from stadthaus.base_services.addresses.actions import NoStreets, Report, import_houses
from stadthaus.kernel.actors import SYSTEM

MOST_REASONS_SHOWN = 100


class Command(BaseCommand):
    """`manage.py import_house_coordinates gebref.txt`; fails if a line was refused, keeps the good ones."""

    help = "Liest amtliche Hauskoordinaten (gebref.txt, 15 oder 21 Spalten, UTF-8 oder ISO 8859-1) ein."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Name the file."""
        parser.add_argument("file", type=Path, metavar="DATEI")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:  # noqa: ARG002  Django's signature
        """Read the file and say what was taken in, line by line what was not."""
        try:
            report = import_houses(lines=read_lines(file), now=timezone.now(), actor=SYSTEM)
        except (OSError, NoStreets) as error:
            raise CommandError(f"Nichts eingelesen: {error}") from error
        for sentence in sentences(report):
            self.stdout.write(sentence)
        if report.refused:
            raise CommandError("Nicht alle Zeilen waren brauchbar. Die guten sind gespeichert.")


def read_lines(file: Path) -> Iterator[str]:
    """Read the lines of a file in UTF-8 or, as older files are, ISO 8859-1."""
    with file.open("rb") as lines:
        for line in lines:
            yield _decode(line)


def sentences(report: Report) -> Iterator[str]:
    """Write the report in German, one sentence a line."""
    yield f"{report.accepted} Hausnummern übernommen."
    yield f"{report.not_ours} Zeilen betreffen andere Gemeinden, {report.no_address} sind keine Gebäudeadressen."
    yield f"{len(report.refused)} Zeilen abgelehnt."
    for line_number, reason in report.refused[:MOST_REASONS_SHOWN]:
        yield f"  Zeile {line_number}: {reason}"
    if len(report.refused) > MOST_REASONS_SHOWN:
        yield f"  … und {len(report.refused) - MOST_REASONS_SHOWN} weitere."


def _decode(line: bytes) -> str:
    try:
        return line.decode("utf-8-sig")
    except UnicodeDecodeError:
        return line.decode("iso-8859-1")
