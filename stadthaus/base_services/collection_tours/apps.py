"""Registers the app with Django."""

from django.apps import AppConfig

from stadthaus.base_services.collection_tours.rules.town_values import VALUES
from stadthaus.town.registry import asks_for


class CollectionToursConfig(AppConfig):
    """Collection days, capacity, bookings, results."""

    name = "stadthaus.base_services.collection_tours"
    label = "collection_tours"

    def ready(self) -> None:
        """Say what is asked of a town."""
        asks_for(VALUES)
