"""Start page and the pages every public site owes its readers."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.utils import timezone
from django.views.decorators.http import require_safe

from stadthaus.accounts.audience import demo_only, public
from stadthaus.services.bulky_waste import queries as bulky_waste
from stadthaus.ui import views as ui
from stadthaus.ui.pages import page, town_of

NOT_FOR_SEARCH = ("/bestellung/", "/sperrmuell/bestellen/", "/buero/", "/entsorger/", "/fahrt/", "/anmelden/")


@public
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """The start page."""
    tariff = bulky_waste.tariff(town_of(request), timezone.localdate())
    return page(request, "portal/start.html", {"tariff": tariff})


@public
@require_safe
def legal(request: HttpRequest, text: str, title: str) -> HttpResponse:
    """A legal page whose text is town data: imprint, privacy notice, accessibility statement."""
    return page(request, "portal/legal.html", {"title": title, "text": town_of(request).text(text)})


@public
@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Where to report a weakness (RFC 9116)."""
    expires = timezone.now() + timedelta(days=180)
    lines = [
        f"Contact: mailto:{town_of(request).text('town.email')}",
        f"Expires: {expires:%Y-%m-%dT00:00:00Z}",
        "Preferred-Languages: de, en",
        f"Canonical: {settings.PUBLIC_URL}/.well-known/security.txt",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@public
@require_safe
def robots_txt(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  a view takes a request
    """What search engines leave alone: pages that belong to one person or to the people who work here (RFC 9309)."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in NOT_FOR_SEARCH)]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@public
@require_safe
def icon(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  a view takes a request
    """Lead browsers that ask for an icon without having read a page, for example beside a PDF, to ours."""
    return redirect(static("ui/town-hall.svg"))


components = demo_only(ui.components)
