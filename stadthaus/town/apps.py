"""Registers the app with Django."""

from django.apps import AppConfig


class TownConfig(AppConfig):
    """The current town."""

    name = "stadthaus.town"
    label = "town"
