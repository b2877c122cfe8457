"""Addresses for tests: the app's own, one page for each audience, and one whose author forgot it."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from stadthaus.accounts import audience, queries


def _page(request: HttpRequest) -> HttpResponse:
    return HttpResponse(queries.actor_of(request).label)


def _by_link(request: HttpRequest, secret: str) -> HttpResponse:  # noqa: ARG001  the address names it
    return _page(request)


def _broken(request: HttpRequest, secret: str) -> HttpResponse:  # noqa: ARG001  as every view
    raise LookupError(secret)


urlpatterns = [
    path("", include("stadthaus.accounts.urls")),
    path("test/public/", audience.public(_page)),
    path("test/link/<str:secret>/", audience.link(_by_link), name="by_link"),
    path("test/citizen/", audience.citizen(_page)),
    path("test/orders/", audience.staff("orders.view")(_page)),
    path("test/any-staff/", audience.any_staff(_page)),
    path("test/contractor/", audience.contractor(_page)),
    path("test/crew/", audience.crew(_page)),
    path("test/demo/", audience.demo_only(_page)),
    path("test/forgotten/", _page),
    path("test/broken/<str:secret>/", audience.link(_broken), name="broken"),
]
