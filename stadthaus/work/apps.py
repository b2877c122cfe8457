"""Registers the app with Django and finds every app's jobs."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class WorkConfig(AppConfig):
    """Due work."""

    name = "stadthaus.work"
    label = "work"

    def ready(self) -> None:
        """Import every app's `jobs.py`, which registers its handlers."""
        autodiscover_modules("jobs")
