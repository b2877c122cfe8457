"""`manage.py load_town`: load the town's folder into the database. Adds versions, overwrites no edit."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from stadthaus.accounts import actions as accounts
from stadthaus.base_services.addresses import town_data as addresses
from stadthaus.base_services.collection_tours import actions as tours
from stadthaus.services.bulky_waste import town_data as bulky_waste
from stadthaus.town import town_data as town


class Command(BaseCommand):
    """Load rules, texts, streets and catalogue, and start what is done regularly."""

    help = "Loads the town's folder (setting STADTHAUS_TOWN) into the database."

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002  Django's signature
        """Load part after part; each says in one line what it added."""
        now = timezone.now()
        for part in (town, addresses, bulky_waste):
            self.stdout.write(part.load(settings.TOWN_DIR, now))
        days = tours.keep_days_ahead(today=timezone.localdate(now), now=now)
        self.stdout.write(f"{days} Abholtage neu")
        tours.start_regular_jobs(now=now)
        accounts.start_regular_jobs(now=now)
