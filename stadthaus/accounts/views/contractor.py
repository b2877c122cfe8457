"""The dispatcher signs crews' phones in and out."""

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from stadthaus.accounts import actions, queries
from stadthaus.accounts.audience import contractor
from stadthaus.accounts.forms import CrewInvitationForm
from stadthaus.kernel.calendars import BERLIN
from stadthaus.ui.pages import page


@contractor
def crews(request: HttpRequest) -> HttpResponse:
    """Phones that are signed in or invited now; invite another (the QR code is shown once)."""
    now = timezone.now()
    form = CrewInvitationForm(request.POST or None)
    if form.is_valid():
        today = now.astimezone(BERLIN).date()
        link = actions.invite_crew(**form.cleaned_data, day=today, actor=queries.actor_of(request), now=now)
        address = settings.PUBLIC_URL + reverse("accounts:crew_sign_in", args=[link.token])
        code = segno.make(address, error="m").svg_data_uri(border=4, light="white")
        return page(request, "accounts/crew_link.html", {"device": link.device, "code": code})
    devices = queries.crew_devices(since=now)
    return page(request, "accounts/crews.html", {"form": form, "devices": devices, "now": now})


@require_POST
@contractor
def end_shift(request: HttpRequest, device_id: int) -> HttpResponse:
    """Sign a phone out, or withdraw its link."""
    actions.end_crew_shift(device_id=device_id, actor=queries.actor_of(request), now=timezone.now())
    return redirect("accounts:crews")
