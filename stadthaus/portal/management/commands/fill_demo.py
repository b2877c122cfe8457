"""`manage.py fill_demo`: staff and believable orders, in demo mode only. Filling again adds a tour on a new day."""

import logging
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from stadthaus.portal import demo


class Command(BaseCommand):
    """Fill the demo."""

    help = "Fills the demo with staff and orders."

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002  Django's signature
        """Fill what is missing; outside demo mode refuse."""
        if not settings.DEMO:
            raise CommandError("Nur in der Demo (STADTHAUS_DEMO=1).")
        logging.getLogger("stadthaus.work").setLevel(logging.WARNING)  # each mail of the story would be a line
        with transaction.atomic():
            self.stdout.write(demo.fill(timezone.now()))
