"""For whom a page is: every view names its audience, and the name is enforced here.

    @staff("orders.view")
    def list_orders(request): ...

The name is kept as `view.audience`; `tests/test_every_page.py` and the middleware refuse a view without one.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.utils import timezone

from stadthaus.accounts.models import User
from stadthaus.accounts.queries import find_crew_device
from stadthaus.accounts.rules.permissions import PERMISSIONS, roles_with
from stadthaus.ui.pages import page

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]
Gate = Callable[[HttpRequest], HttpResponse | None]

SIGN_IN = "account_login"
CHOOSE_PASSWORD = "account_change_password"  # noqa: S105  a URL name
SET_UP_SECOND_FACTOR = "mfa_index"
_SAFE = {"GET", "HEAD", "OPTIONS"}


def public(view: View[P]) -> View[P]:
    """For everybody; nothing on the page depends on who looks."""
    return _for("public", view, _open, private=False)


def link(view: View[P]) -> View[P]:
    """For whoever holds the private link; the view proves it. Never kept by caches or search engines."""
    return _for("link", view, _open)


def citizen(view: View[P]) -> View[P]:
    """For everybody, about their own draft or answers: never kept by caches."""
    return _for("citizen", view, _open)


def signing_in(view: View[P]) -> View[P]:
    """For whoever is on the way in or out: passwords and codes are typed here, so never kept by caches."""
    return _for("signing_in", view, _open)


def demo_only(view: View[P]) -> View[P]:
    """For everybody in demo mode; does not exist outside it."""
    return _for("demo_only", view, _demo)


def staff(permission: str) -> Callable[[View[P]], View[P]]:
    """For people who may do this: signed in, access open, right held, second factor set up (not in demo mode)."""
    if permission not in PERMISSIONS:
        raise ValueError(f"No such permission: {permission!r}")

    def for_staff(view: View[P]) -> View[P]:
        return _for(f"staff:{permission}", view, lambda request: _staff(request, permission))

    return for_staff


def any_staff(view: View[P]) -> View[P]:
    """For everybody who holds a role, whichever; the page shows each only what they may see."""
    return _for("any_staff", view, lambda request: _staff(request, None))


def signed_in(view: View[P]) -> View[P]:
    """For whoever is signed in, about their own access: password and second factor are set up here."""
    return _for("signed_in", view, _signed_in)


def contractor(view: View[P]) -> View[P]:
    """For the contractor's dispatchers. The town's people with `tours.view` may look, not change."""
    return _for("contractor", view, _contractor)


def dispatcher(view: View[P]) -> View[P]:
    """For the contractor's dispatchers alone: where there is nothing to look at, only something to do."""
    return _for("dispatcher", view, _dispatcher)


def crew(view: View[P]) -> View[P]:
    """For the phone that was signed in by QR code, until the shift ends."""
    return _for("crew", view, _crew)


def _for(name: str, view: View[P], gate: Gate, *, private: bool = True) -> View[P]:
    if hasattr(view, "audience"):
        raise ValueError(f"{view!r} has an audience already")

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        answer = gate(request)
        response = view(request, *args, **kwargs) if answer is None else answer
        if private:
            response.headers.setdefault("Cache-Control", "private, no-store")
            response.headers.setdefault("X-Robots-Tag", "noindex, nofollow")
        return response

    vars(guarded)["audience"] = name
    return guarded


def _open(request: HttpRequest) -> HttpResponse | None:  # noqa: ARG001  every gate is asked the same way
    return None


def _demo(request: HttpRequest) -> HttpResponse | None:  # noqa: ARG001  every gate is asked the same way
    if not settings.DEMO:
        raise Http404
    return None


def _signed_in(request: HttpRequest) -> HttpResponse | None:
    user = request.user
    if isinstance(user, User) and user.is_active:
        return None
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(headers={"HX-Redirect": resolve_url(SIGN_IN)})
    # The page behind a form cannot be opened by signing in; its start page can.
    return redirect_to_login(request.get_full_path(), SIGN_IN) if request.method in _SAFE else redirect(SIGN_IN)


def _staff(request: HttpRequest, permission: str | None) -> HttpResponse | None:
    answer = _signed_in(request)
    user = request.user
    if answer is not None or not isinstance(user, User):
        return answer
    if permission not in user.permissions and not (permission is None and user.roles):
        return _refuse(request, permission)
    if user.password_is_initial:
        return redirect(CHOOSE_PASSWORD)
    if not settings.DEMO and not user.has_second_factor:
        return redirect(SET_UP_SECOND_FACTOR)
    return None


def _refuse(request: HttpRequest, permission: str | None) -> HttpResponse:
    roles = roles_with(permission) if permission else []
    return page(request, "accounts/refused.html", {"roles": roles}, status=403)


def _contractor(request: HttpRequest) -> HttpResponse | None:
    return _staff(request, "tours.view") if request.method in _SAFE else _dispatcher(request)


def _dispatcher(request: HttpRequest) -> HttpResponse | None:
    answer = _staff(request, "tours.change")
    if answer is None and getattr(request.user, "organisation", "") != User.Organisation.CONTRACTOR:
        return page(request, "accounts/refused.html", {"only_contractor": True}, status=403)
    return answer


def _crew(request: HttpRequest) -> HttpResponse | None:
    if find_crew_device(request, timezone.now()) is None:
        return page(request, "accounts/crew_refused.html", status=403)
    return None
