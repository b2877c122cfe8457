"""Registers the app with Django."""

from django.apps import AppConfig


class AddressesConfig(AppConfig):
    """Streets, house numbers, districts."""

    name = "stadthaus.base_services.addresses"
    label = "addresses"
