"""`manage.py close_day 2026-12-24 nord --by "Name, Amt"`: take nobody on a collection day any more."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from stadthaus.base_services.collection_tours import actions, queries
from stadthaus.base_services.collection_tours.models import CollectionDay
from stadthaus.kernel.actors import Actor
from stadthaus.kernel.calendars import day_of

SHOWN = 6  # days to choose from


class Command(BaseCommand):
    """Close a day that is laid out already, for snow or a new holiday, and say who has to be called."""

    help = "Closes a collection day, and lists the orders that are booked on it."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which day, and who decides."""
        parser.add_argument("date", type=_date, metavar="JJJJ-MM-TT")
        parser.add_argument("district", help="code of the district, for example nord")
        parser.add_argument("--by", required=True, help="name and office of the person who decides")
        parser.add_argument("--reopen", action="store_true", help="take people on the day again")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002  Django's signature
        """Close or open the day; booked places stay until somebody moves or cancels their orders."""
        by, now = options["by"].strip(), timezone.now()
        if not by:
            raise CommandError("Bitte sagen Sie mit --by, wer das entscheidet: Name und Amt.")
        day = CollectionDay.objects.filter(date=options["date"], district=options["district"]).first()
        if day is None or day.date < day_of(now):
            ahead = CollectionDay.objects.filter(date__gte=day_of(now)).order_by("date", "district")[:SHOWN]
            days = ", ".join(f"{other.date} {other.district}" for other in ahead)
            raise CommandError(
                f"{options['date']} {options['district']} ist kein kommender Abholtag. Die nächsten: {days}"
            )
        change, word = (actions.reopen_day, "offen") if options["reopen"] else (actions.close_day, "geschlossen")
        change(day_id=day.pk, actor=Actor(kind="staff", label=f"{by}, auf der Befehlszeile"), now=now)
        self.stdout.write(f"{day}: jetzt {word}.")
        booked = [booking.reference for booking in queries.stranded(day.date) if booking.day_id == day.pk]
        for reference in booked:
            self.stdout.write(f"Noch gebucht: {reference.rpartition('/')[2]}")
        if booked:
            self.stdout.write("Bitte rufen Sie dort an und stornieren Sie diese Bestellungen im Büro.")


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"„{text}“ ist kein Tag. So geht es: 2026-12-24") from error
