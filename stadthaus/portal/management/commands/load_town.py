"""`manage.py load_town`: load the town's folder into the database. Adds versions, overwrites no edit."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, transaction
from django.utils import timezone

from stadthaus.base_services.addresses import town_data as addresses
from stadthaus.base_services.collection_tours import actions as tours
from stadthaus.kernel.actors import SYSTEM, Actor
from stadthaus.kernel.calendars import day_of
from stadthaus.services.bulky_waste import town_data as bulky_waste
from stadthaus.town import town_data as town
from stadthaus.town.rules.files import TownDataError


class Command(BaseCommand):
    """Load rules, texts, streets and catalogue, and make the first collection days."""

    help = "Loads the town's folder (setting STADTHAUS_TOWN) into the database."

    def add_arguments(self, parser: CommandParser) -> None:
        """Who changes a value by loading."""
        parser.add_argument("--by", default="", help="name and office of the person who changes rules or texts")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002  Django's signature
        """Load everything or nothing; each part says in one line what it added."""
        by = options["by"]
        actor = Actor(kind="staff", label=f"{by}, auf der Befehlszeile") if by else SYSTEM
        try:
            added = _load(actor)
        except TownDataError as refusal:
            raise CommandError(f"{refusal}\nGeladen wurde nichts.") from refusal
        except FileNotFoundError as missing:
            raise CommandError(f"Es gibt keine Datei {missing.filename}.\nGeladen wurde nichts.") from missing
        except DatabaseError as error:
            raise CommandError(f"{error}\nIst die Datenbank da und auf dem Stand des Programms (migrate)?") from error
        self.stdout.write("\n".join(added))


@transaction.atomic
def _load(actor: Actor) -> list[str]:
    now = timezone.now()
    rules_and_texts = town.load(settings.TOWN_DIR, now, actor)
    town.refuse_faults(day_of(now))
    return [
        rules_and_texts,
        addresses.load(settings.TOWN_DIR, now),
        bulky_waste.load(settings.TOWN_DIR),
        f"{tours.keep_days_ahead(today=day_of(now), now=now)} Abholtage neu",
    ]
