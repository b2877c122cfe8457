"""Addresses of the portal."""

from django.urls import path

from stadthaus.portal.views import citizen, health, office

app_name = "portal"

urlpatterns = [
    path("", citizen.start, name="start"),
    path("impressum/", citizen.legal, {"text": "town.imprint", "title": "Impressum"}, name="imprint"),
    path("datenschutz/", citizen.legal, {"text": "town.privacy", "title": "Datenschutz"}, name="privacy"),
    path(
        "barrierefreiheit/",
        citizen.legal,
        {"text": "town.accessibility", "title": "Barrierefreiheit"},
        name="accessibility",
    ),
    path(".well-known/security.txt", citizen.security_txt, name="security_txt"),
    path("robots.txt", citizen.robots_txt, name="robots_txt"),
    path("favicon.ico", citizen.icon, name="icon"),
    path("healthz", health.alive, name="alive"),
    path("readyz", health.ready, name="ready"),
    path("buero/", office.home, name="office"),
    path("buero/regeln/", office.rules, name="rules"),
    path("buero/aufgaben/", office.unfinished_jobs, name="unfinished"),
    path("buero/aufgaben/<int:job_id>/noch-einmal/", office.try_again, name="try_again"),
    path("ui/", citizen.components, name="components"),
]
