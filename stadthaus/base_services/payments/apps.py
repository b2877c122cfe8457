"""Registers the app with Django."""

from django.apps import AppConfig

from stadthaus.base_services.payments.rules.town_values import VALUES
from stadthaus.town.registry import asks_for


class PaymentsConfig(AppConfig):
    """Payment requests, attempts, refunds, ledger."""

    name = "stadthaus.base_services.payments"
    label = "payments"

    def ready(self) -> None:
        """Say what is asked of a town."""
        asks_for(VALUES)
