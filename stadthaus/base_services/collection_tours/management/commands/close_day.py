"""`manage.py close_day 2026-12-24 nord --by "Name, Amt"`: take nobody on a collection day any more."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from stadthaus.base_services.collection_tours import actions, queries
from stadthaus.base_services.collection_tours.models import CollectionDay
from stadthaus.kernel.actors import Actor


class Command(BaseCommand):
    """Close a day that is laid out already, for snow or a new holiday, and say who has to be called."""

    help = "Closes a collection day, and lists the orders that are booked on it."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which day, and who decides."""
        parser.add_argument("date", type=date.fromisoformat, metavar="JJJJ-MM-TT")
        parser.add_argument("district", help="code of the district, for example nord")
        parser.add_argument("--by", required=True, help="name and office of the person who decides")
        parser.add_argument("--reopen", action="store_true", help="take people on the day again")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002  Django's signature
        """Close or open the day; booked places stay until somebody moves or cancels their orders."""
        day = CollectionDay.objects.filter(date=options["date"], district=options["district"]).first()
        if day is None:
            raise CommandError(f"Am {options['date']:%d.%m.%Y} ist in „{options['district']}“ kein Abholtag.")
        change, word = (actions.reopen_day, "offen") if options["reopen"] else (actions.close_day, "geschlossen")
        now = timezone.now()
        change(day_id=day.pk, actor=Actor(kind="staff", label=f"{options['by']}, auf der Befehlszeile"), now=now)
        self.stdout.write(f"{day}: jetzt {word}.")
        for booking in queries.stranded(day.date):
            if booking.day_id == day.pk:
                self.stdout.write(f"Noch gebucht: {booking.reference}")
