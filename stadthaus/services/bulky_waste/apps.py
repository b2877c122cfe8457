"""Registers the app with Django and listens to the base services."""

from django.apps import AppConfig


class BulkyWasteConfig(AppConfig):
    """The bulky-waste card."""

    name = "stadthaus.services.bulky_waste"
    label = "bulky_waste"

    def ready(self) -> None:
        """Connect the receivers."""
        from stadthaus.services.bulky_waste import receivers  # noqa: F401  importing connects
