"""Paying online: off to the provider's page, and back."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from stadthaus.accounts.audience import link, public
from stadthaus.accounts.rate_limits import allow, client_address
from stadthaus.base_services.payments import actions, jobs
from stadthaus.base_services.payments.models import PaymentAttempt, PaymentRequest
from stadthaus.ui.pages import page

_COOKIE = "zurueck"
_COOKIE_SALT = "stadthaus.payments.back"
_COOKIE_DAYS = 2


@link
@require_POST
def pay(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """Begin to pay online. `back` in the form is the path of the page to return to."""
    now = timezone.now()
    asked = get_object_or_404(PaymentRequest, public_id=public_id)
    back = _own_path(request.POST.get("back", ""))
    if not allow(name="payments.pay", who=public_id, limit=10, per_seconds=600, now=now):
        return _not_now(request, asked, back, "Das waren viele Versuche. Bitte warten Sie zehn Minuten.", status=429)
    try:
        attempt = actions.start_attempt(request_id=asked.pk, now=now)
    except actions.PaymentRefused as refusal:
        return _not_now(request, asked, back, str(refusal))
    return_url = settings.PUBLIC_URL + reverse("payments:came_back", args=[attempt.public_id])
    address = jobs.open_payment_page(attempt=attempt, return_url=return_url, now=now)
    if address is None:
        return _not_now(request, asked, back, "", status=503)
    return _remember_way_back(redirect(address), attempt, back)


@link
@require_safe
def came_back(request: HttpRequest, attempt_id: str) -> HttpResponseBase:
    """Ask the provider once what happened, then go back. That the browser is here proves nothing."""
    now = timezone.now()
    attempt = get_object_or_404(PaymentAttempt, public_id=attempt_id)
    if allow(name="payments.came_back", who=attempt_id, limit=10, per_seconds=60, now=now):
        jobs.ask_provider(attempt_id=attempt.pk, now=now)
    back = request.get_signed_cookie(_cookie_of(attempt), default="", salt=_COOKIE_SALT)
    if back:
        return redirect(back)
    attempt.refresh_from_db()
    return page(request, "payments/came_back.html", {"asked": attempt.request, "attempt": attempt})


@public
@csrf_exempt
@require_POST
def notification(request: HttpRequest, provider_ref: str) -> HttpResponse:
    """Somebody says that there is news: a reason to ask the provider, nothing more. The answer tells nothing."""
    now = timezone.now()
    if allow(name="payments.notification", who=client_address(request), limit=120, per_seconds=60, now=now):
        actions.ask_soon(provider_ref=provider_ref, now=now)
    return HttpResponse(status=204)


def _not_now(
    request: HttpRequest, asked: PaymentRequest, back: str, reason: str, *, status: int = 200
) -> HttpResponse:
    context: dict[str, object] = {
        "asked": asked,
        "back": back,
        "reason": reason,
        "uncertain": asked.is_uncertain,
        "in_time": asked.is_open and timezone.now() < asked.pay_by,
    }
    return page(request, "payments/not_now.html", context, status=status)


def _own_path(typed: str) -> str:
    """The path if it leads to a page of ours, else the start page."""
    is_ours = typed.startswith("/") and url_has_allowed_host_and_scheme(typed, allowed_hosts=None)
    return typed if is_ours else "/"


def _remember_way_back(response: HttpResponse, attempt: PaymentAttempt, back: str) -> HttpResponse:
    """Keep the way back in the payer's browser: it can be a private link, which the database never sees."""
    response.set_signed_cookie(
        _cookie_of(attempt),
        back,
        salt=_COOKIE_SALT,
        max_age=_COOKIE_DAYS * 24 * 3600,
        path=reverse("payments:came_back", args=[attempt.public_id]),
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )
    return response


def _cookie_of(attempt: PaymentAttempt) -> str:
    return f"{_COOKIE}-{attempt.public_id}"
