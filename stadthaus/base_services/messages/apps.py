"""Registers the app with Django."""

from django.apps import AppConfig


class MessagesConfig(AppConfig):
    """Messages to people: outbox and delivery."""

    name = "stadthaus.base_services.messages"
    label = "messages"
