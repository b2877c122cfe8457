"""The page with all components; the portal mounts it in demo mode."""

from django.urls import path

from stadthaus.ui import views

app_name = "ui"
urlpatterns = [path("", views.components, name="components")]
