"""The one page."""

from django.urls import path

from benchmarks.limit_app.views import alive, order

urlpatterns = [path("healthz", alive), path("order/", order)]
