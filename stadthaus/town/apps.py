"""Registers the app with Django."""

from django.apps import AppConfig

from stadthaus.town.registry import asks_for
from stadthaus.town.rules.town_values import TEXTS, VALUES


class TownConfig(AppConfig):
    """The current town."""

    name = "stadthaus.town"
    label = "town"

    def ready(self) -> None:
        """Say what is asked of a town."""
        asks_for(VALUES, TEXTS)
