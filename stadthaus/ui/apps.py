"""Registers the app with Django."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Page frame, form fields, components."""

    name = "stadthaus.ui"
    label = "ui"

    def ready(self) -> None:
        """Let every form, those of libraries too, speak in the town's voice."""
        from stadthaus.ui.forms import speak_german

        speak_german()
