"""Registers the app with Django and listens to the base services."""

from django.apps import AppConfig

from stadthaus.services.bulky_waste.rules.town_values import TEXTS, VALUES
from stadthaus.town.registry import asks_for


class BulkyWasteConfig(AppConfig):
    """The bulky-waste card."""

    name = "stadthaus.services.bulky_waste"
    label = "bulky_waste"

    def ready(self) -> None:
        """Connect the receivers, and say what is asked of a town."""
        from stadthaus.services.bulky_waste import receivers  # noqa: F401  importing connects

        asks_for(VALUES, TEXTS)
