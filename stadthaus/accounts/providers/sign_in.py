"""allauth's adapters: no sign-up, German errors, secrets encrypted at rest."""

import base64
import hashlib
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.core import context
from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import is_mfa_enabled
from cryptography.fernet import Fernet
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from stadthaus import rows
from stadthaus.accounts.models import User
from stadthaus.accounts.providers.known_devices import remember
from stadthaus.accounts.rules.passwords import is_everyday

CONTRACTOR_HOME = "/entsorger/"
FIRST_LOOK_UNTIL = "emergency_codes_until"
_WRONG = "E-Mail-Adresse oder Passwort stimmt nicht. Bitte prüfen Sie beides."
_CODE = "Dieser Code stimmt nicht oder ist abgelaufen. Bitte geben Sie den ein, den die App gerade zeigt."


_OF_ID = rows.Prepared(lambda given: User.objects.filter(pk=given("id")).order_by())


class Backend(AuthenticationBackend):  # type: ignore[misc]  # allauth has no types
    """Sign-in by e-mail address; who is signed in is read on every page of the staff."""

    def get_user(self, user_id: int) -> User | None:
        """The signed-in person, unless their access is closed (one statement)."""
        user = _OF_ID.first(id=user_id)
        return user if user is not None and self.user_can_authenticate(user) else None


class EverydayPasswordValidator:
    """Refuses a new password that anybody would try first."""

    def validate(self, password: str, user: User | None = None) -> None:  # noqa: ARG002  Django's signature
        """Raise ValidationError if it is made of everyday words."""
        if is_everyday(password):
            raise ValidationError("Das errät man leicht. Nehmen Sie Wörter, die nichts miteinander zu tun haben.")

    def get_help_text(self) -> str:
        """What Django can show beside a field."""
        return "Nicht nur Wörter wie „Passwort“ oder „Sommer“ mit Zahlen."


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Sign-in with e-mail address and password."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": "Dieser Zugang ist geschlossen.",
        "email_password_mismatch": _WRONG,
        "enter_current_password": "Das ist nicht Ihr jetziges Passwort.",
        "incorrect_code": _CODE,
        "incorrect_password": "Das Passwort stimmt nicht.",
        "invalid_password_reset": "Dieser Link gilt nicht mehr. Bitte fordern Sie einen neuen an.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002  allauth's signature
        """Nobody signs up: an administrator opens each access."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Lead the contractor's people to their own pages, the town's to the office."""
        if getattr(request.user, "organisation", "") == User.Organisation.CONTRACTOR:
            return CONTRACTOR_HOME
        return str(super().get_login_redirect_url(request))

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """Go on to work; the next time this browser is known."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        remember(response, request, user.email)
        return response

    def set_password(self, user: User, password: str) -> None:
        """Keep a password the person chose; it is no longer the initial one."""
        user.password_is_initial = False
        super().set_password(user, password)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:  # noqa: ARG002  allauth's signature
        """Ask for password or code again before a second factor changes.

        Not for the first one, nor for a look at the emergency codes that come with it: who stops here has none.
        """
        request = context.request
        if not is_mfa_enabled(request.user):
            return False
        looks = request.path in map(reverse, ("mfa_view_recovery_codes", "mfa_download_recovery_codes"))
        return not looks or timezone.now().timestamp() > request.session.get(FIRST_LOOK_UNTIL, 0)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Go on to work with the new password."""
        return str(self.get_login_redirect_url(request))

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Make the link of the mail from the public address, never from what a request claims to be its host."""
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return f"{settings.PUBLIC_URL}{path.replace('UID-KEY', key)}"


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """Second factor by app code, passkey or emergency code."""

    error_messages = DefaultMFAAdapter.error_messages | {"incorrect_code": _CODE}

    def encrypt(self, text: str) -> str:
        """Encrypt an app's secret before it is stored; whoever reads the database alone cannot make codes."""
        return _fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Read an app's secret back."""
        return _fernet().decrypt(encrypted_text.encode()).decode()

    def get_public_key_credential_rp_entity(self) -> dict[str, Any]:
        """Bind passkeys to the public address, never to what a request claims to be its host."""
        return {"id": urlsplit(settings.PUBLIC_URL).hostname, "name": settings.MFA_TOTP_ISSUER}


def step_of_code(secret: str, code: str) -> int | None:
    """The time step (RFC 6238) an app code belongs to; None if it is none of those that count now."""
    matching = (
        step
        for step in totp.yield_hotp_counters_from_time()
        if compare_user_code(actual=code, expected=totp.format_hotp_value(totp.hotp_value(secret, step)))
    )
    return next(matching, None)


def _fernet() -> Fernet:
    key = hashlib.sha256(b"stadthaus.accounts.second_factor" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
