"""Only the pages of this app."""

from django.urls import include, path

urlpatterns = [path("", include("stadthaus.base_services.messages.urls"))]
