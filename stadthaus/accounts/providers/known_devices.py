"""Browsers in which somebody has signed in before: strangers who guess elsewhere cannot lock these people out."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.crypto import salted_hmac

_COOKIE = "stadthaus_device"
_SALT = "stadthaus.accounts.known_devices"
_DAYS = 180
_MOST_PEOPLE = 5  # at a desk that several share


def remember(response: HttpResponse, request: HttpRequest, email: str) -> None:
    """Keep in this browser that somebody signed in; the cookie names nobody and goes to the sign-in page only."""
    mark = _mark(email)
    others = [known for known in _marks(request) if known != mark]
    response.set_signed_cookie(
        _COOKIE,
        ".".join([mark, *others][:_MOST_PEOPLE]),
        salt=_SALT,
        max_age=_DAYS * 24 * 3600,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
        path=reverse(settings.LOGIN_URL),  # with a second factor the answer comes from another page
    )


def is_known(request: HttpRequest, email: str) -> bool:
    """Whether this person has signed in here before."""
    return _mark(email) in _marks(request)


def _marks(request: HttpRequest) -> list[str]:
    kept = request.get_signed_cookie(_COOKIE, default="", salt=_SALT, max_age=_DAYS * 24 * 3600)
    return (kept or "").split(".")


def _mark(email: str) -> str:
    return salted_hmac(_SALT, email.lower(), algorithm="sha256").hexdigest()[:20]
