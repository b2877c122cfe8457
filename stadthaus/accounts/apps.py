"""Registers the app with Django."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People, roles, audiences, audit trail."""

    name = "stadthaus.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Listen to sign-in."""
        from stadthaus.accounts import receivers  # noqa: F401  importing connects
