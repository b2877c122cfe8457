"""Registers the app with Django."""

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    """Payment requests, attempts, refunds, ledger."""

    name = "stadthaus.base_services.payments"
    label = "payments"
