"""Registers the app with Django."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Start page, office home, health, loading and filling."""

    name = "stadthaus.portal"
    label = "portal"

    def ready(self) -> None:
        """Listen to accounts and messages."""
        from stadthaus.portal import receivers  # noqa: F401  importing connects
