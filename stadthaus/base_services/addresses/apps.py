"""Registers the app with Django."""

from django.apps import AppConfig

from stadthaus.base_services.addresses.rules.town_values import VALUES
from stadthaus.town.registry import asks_for


class AddressesConfig(AppConfig):
    """Streets, house numbers, districts."""

    name = "stadthaus.base_services.addresses"
    label = "addresses"

    def ready(self) -> None:
        """Say what is asked of a town."""
        asks_for(VALUES)
