"""Addresses of this app; included at the root."""

from django.urls import path

from stadthaus.base_services.addresses.views import citizen

app_name = "addresses"
urlpatterns = [
    path("adressen/strassen/", citizen.suggest_streets, name="suggest_streets"),
]
