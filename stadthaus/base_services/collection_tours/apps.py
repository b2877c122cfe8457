"""Registers the app with Django."""

from django.apps import AppConfig


class CollectionToursConfig(AppConfig):
    """Collection days, capacity, bookings, results."""

    name = "stadthaus.base_services.collection_tours"
    label = "collection_tours"
