"""Registers the app with Django."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Start page, office home, health, loading and filling."""

    name = "stadthaus.portal"
    label = "portal"
