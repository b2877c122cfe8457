"""The office home: what needs attention, and the ways to the parts a person may use."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from stadthaus.accounts.audience import any_staff, staff
from stadthaus.accounts.queries import permissions_of
from stadthaus.base_services.payments import queries as payments
from stadthaus.town import queries as town
from stadthaus.ui.pages import page


@any_staff
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What waits for this person, from all parts."""
    context: dict[str, object] = {
        "waiting": payments.needs_attention(request.user),
        "may": permissions_of(request.user),
    }
    return page(request, "portal/office_home.html", context)


@staff("rules.view")
@require_GET
def rules(request: HttpRequest) -> HttpResponse:
    """All dated rules with source and state; placeholders first."""
    current = town.current()
    versions = [rule for versions in current.rules.values() for rule in versions]
    versions.sort(key=lambda rule: (rule.confirmed, rule.key, rule.valid_from, rule.id))
    return page(request, "portal/rules.html", {"versions": versions, "unconfirmed": len(current.unconfirmed)})
