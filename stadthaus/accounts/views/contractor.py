"""The dispatcher sees crews' phones and signs them out; the service that sends a crew out invites its phone."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from stadthaus.accounts import actions, queries
from stadthaus.accounts.audience import contractor
from stadthaus.ui.pages import page


@contractor
@require_safe
def crews(request: HttpRequest) -> HttpResponse:
    """Phones that are signed in or invited now."""
    now = timezone.now()
    return page(request, "accounts/crews.html", {"devices": queries.crew_devices(since=now), "now": now})


@contractor
@require_POST
def end_shift(request: HttpRequest, device_id: int) -> HttpResponse:
    """Sign a phone out, or withdraw its link."""
    actions.end_crew_shift(device_id=device_id, actor=queries.actor_of(request), now=timezone.now())
    return redirect("accounts:crews")
