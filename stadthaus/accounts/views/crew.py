"""A crew's phone is signed in by the dispatcher's QR code and stays so until the shift ends."""

from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from stadthaus.accounts import actions, queries, rate_limits
from stadthaus.accounts.audience import crew, link
from stadthaus.accounts.models import CrewDevice
from stadthaus.ui.pages import page

CREW_HOME = "/fahrt/"
_TRIES, _PER_SECONDS = 30, 900


@link
def sign_in(request: HttpRequest, token: str) -> HttpResponse:
    """Show a button; only pressing it uses the link up, so that a camera's preview does no harm."""
    if request.method != "POST":
        return page(request, "accounts/crew_sign_in.html")
    now = timezone.now()
    who = rate_limits.client_address(request)
    if not rate_limits.allow(name="crew-sign-in", who=who, limit=_TRIES, per_seconds=_PER_SECONDS, now=now):
        return page(request, "accounts/crew_refused.html", status=429)
    try:
        device, secret = actions.sign_in_crew_device(token=token, now=now)
    except actions.CrewLinkUsedUp:
        return page(request, "accounts/crew_refused.html", {"used_up": True}, status=410)
    return _with_cookie(redirect(CREW_HOME), device, secret, now)


@crew
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the shift on this phone."""
    device = queries.crew_device_on(request)
    if device is not None:
        actions.end_crew_shift(device_id=device.pk, actor=queries.actor_of(request), now=timezone.now())
    response = page(request, "accounts/crew_signed_out.html")
    response.delete_cookie(queries.CREW_COOKIE)
    return response


def _with_cookie(response: HttpResponse, device: CrewDevice, secret: str, now: datetime) -> HttpResponse:
    response.set_signed_cookie(
        queries.CREW_COOKIE,
        secret,
        salt=queries.CREW_SALT,
        max_age=device.valid_until - now,
        httponly=True,
        secure=settings.HTTPS,
        samesite="Lax",
    )
    return response
