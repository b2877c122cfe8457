"""Addresses for the tests of this app alone."""

from django.urls import include, path

urlpatterns = [
    path("", include("stadthaus.base_services.payments.urls")),
    path("", include("stadthaus.accounts.urls")),
]
