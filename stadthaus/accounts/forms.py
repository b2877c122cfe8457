"""Forms of sign-in and of the pages about people; each guess at a secret is counted first."""

from secrets import token_hex
from typing import Any, ClassVar

from allauth.account import forms as account
from allauth.core import context
from allauth.mfa.base import forms as second_factor
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp
from allauth.mfa.utils import decrypt
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.http import HttpRequest
from django.utils import timezone

from stadthaus.accounts import actions, rate_limits
from stadthaus.accounts.models import SEND_PASSWORD_LINK, User
from stadthaus.accounts.providers import known_devices
from stadthaus.accounts.providers.sign_in import step_of_code
from stadthaus.accounts.rules.permissions import ROLE_NAMES, ROLES_OF_ORGANISATION
from stadthaus.ui.forms import PlainTextField
from stadthaus.work import actions as work

QUARTER_HOUR, DAY = 900, 86_400
# A town hall shares one address, so the address is no narrow limit; the person is.
TRIES_OF_ADDRESS = 150
TRIES_OF_PERSON = 10
TRIES_OF_PERSON_ANYWHERE = 100
RESETS_OF_ADDRESS = 20
RESETS_OF_PERSON_PER_DAY = 5  # a link that was sent stays good, so nobody is locked out by somebody else's asking

_OFTEN = "Das waren zu viele Versuche. Bitte warten Sie eine Viertelstunde und versuchen Sie es dann noch einmal."
_SPENT = "Diesen Code haben Sie schon benutzt. Bitte warten Sie, bis die App den nächsten zeigt."
_PASSWORD_HINT = (
    "Mindestens 12 Zeichen. Drei oder vier Wörter, die nichts miteinander zu tun haben, merken Sie sich leicht."  # noqa: S105  a hint
)


class _German(forms.Form):
    """allauth's form with our labels and hints, without placeholders."""

    labels: ClassVar[dict[str, str]] = {}
    hints: ClassVar[dict[str, str]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = self.labels.get(name, field.label)
            field.help_text = self.hints.get(name, "")
            field.widget.attrs.pop("placeholder", None)

    def add_error(self, field: str | None, error: Any) -> None:
        """Say it to somebody we call "Sie", where allauth finds that the new password was typed in two ways."""
        differs = field == "password2" and not isinstance(error, forms.ValidationError)
        super().add_error(field, "Die beiden neuen Passwörter sind nicht gleich." if differs else error)


class SignInForm(_German, account.LoginForm):  # type: ignore[misc]  # allauth has no types
    """E-mail address and password."""

    labels: ClassVar[dict[str, str]] = {"login": "E-Mail-Adresse", "password": "Passwort"}

    def clean(self) -> Any:
        """Count the try for the address and for the person, then look at the password."""
        here = rate_limits.client_address(self.request)
        _count("sign-in-from", here, TRIES_OF_ADDRESS)
        login = str(self.cleaned_data.get("login", "")).lower()
        # By person and place: a stranger elsewhere locks nobody out. All places together have a wide limit. A browser
        # in which this person has signed in before counts for itself: a town hall shares one address.
        if known_devices.is_known(self.request, login):
            _count("sign-in-known", here, TRIES_OF_PERSON, about=login)
        else:
            _count("sign-in", here, TRIES_OF_PERSON, about=login)
            _count("sign-in-all", login, TRIES_OF_PERSON_ANYWHERE)
        return super().clean()


class ConfirmPasswordForm(_German, account.ReauthenticateForm):  # type: ignore[misc]  # allauth has no types
    """The password once more, before something that matters."""

    labels: ClassVar[dict[str, str]] = {"password": "Passwort"}

    def clean_password(self) -> Any:
        """Count the try, then look at the password."""
        _count("confirm", self.user.email, TRIES_OF_PERSON)
        return super().clean_password()


class ChangePasswordForm(_German, account.ChangePasswordForm):  # type: ignore[misc]  # allauth has no types
    """The present password and a new one."""

    labels: ClassVar[dict[str, str]] = {
        "oldpassword": "Jetziges Passwort",
        "password1": "Neues Passwort",
        "password2": "Neues Passwort noch einmal",
    }
    hints: ClassVar[dict[str, str]] = {"password1": _PASSWORD_HINT}

    def clean_oldpassword(self) -> Any:
        """Count the try, then look at the password."""
        _count("confirm", self.user.email, TRIES_OF_PERSON)
        return super().clean_oldpassword()


class AskForResetForm(_German, account.ResetPasswordForm):  # type: ignore[misc]  # allauth has no types
    """Where the link for a new password goes."""

    labels: ClassVar[dict[str, str]] = {"email": "E-Mail-Adresse"}

    def clean_email(self) -> Any:
        """Count the try for who asks."""
        _count("reset-from", rate_limits.client_address(context.request), RESETS_OF_ADDRESS)
        return super().clean_email()

    def save(self, request: HttpRequest, **kwargs: Any) -> str:  # noqa: ARG002  allauth's signature
        """Leave the mail to the worker: with and without an access the page does the same and takes as long.

        A mailbox must not be filled by somebody else: beyond the limit nothing is sent and the same is said.
        """
        now, email = timezone.now(), str(self.cleaned_data["email"])
        person = next(iter(self.users), None)
        payload = {"user": person.pk if person else None}
        if rate_limits.allow(
            name="reset", who=email.lower(), limit=RESETS_OF_PERSON_PER_DAY, per_seconds=DAY, now=now
        ):
            work.schedule(kind=SEND_PASSWORD_LINK, key=token_hex(8), due_at=now, payload=payload)
        return email


class NewPasswordForm(_German, account.ResetPasswordKeyForm):  # type: ignore[misc]  # allauth has no types
    """A new password, behind the link of the mail."""

    labels: ClassVar[dict[str, str]] = {"password1": "Neues Passwort", "password2": "Neues Passwort noch einmal"}
    hints: ClassVar[dict[str, str]] = {"password1": _PASSWORD_HINT}


class _Code(forms.Form):
    """A code of the app counts once, a try of it always."""

    user: User  # both as allauth's form keeps them
    authenticator: Authenticator

    def clean_code(self) -> Any:
        """Count the try, look at the code, and spend it."""
        _count("second-factor", str(self.user.pk), TRIES_OF_PERSON)
        code = super().clean_code()  # type: ignore[misc]  # the next class, allauth's form, has it
        if self.authenticator.type == Authenticator.Type.TOTP:
            _spend(self.user, decrypt(self.authenticator.data["secret"]), code)
        return code


def _spend(user: User, secret: str, code: str) -> None:
    step = step_of_code(secret, code)
    if step is None or not actions.spend_code(user_id=user.pk, step=step):
        raise forms.ValidationError(_SPENT)


class CodeForm(_German, _Code, second_factor.AuthenticateForm):  # type: ignore[misc]  # allauth has no types
    """The code of the app, or an emergency code, when signing in."""

    labels: ClassVar[dict[str, str]] = {"code": "Code aus der App oder Notfallcode"}


class ConfirmCodeForm(_German, _Code, second_factor.ReauthenticateForm):  # type: ignore[misc]  # allauth has no types
    """The code once more, before something that matters."""

    labels: ClassVar[dict[str, str]] = {"code": "Code aus der App oder Notfallcode"}


class SetUpAppForm(_German, totp.ActivateTOTPForm):  # type: ignore[misc]  # allauth has no types
    """The first code of a new app."""

    labels: ClassVar[dict[str, str]] = {"code": "Code, den die App jetzt zeigt"}

    def clean_code(self) -> Any:
        """Look at the code, and spend it."""
        code = super().clean_code()
        _spend(self.user, self.secret, code)
        return code


class AddKeyForm(_German, webauthn.AddWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """The name of a new passkey; the key itself comes from the device."""

    labels: ClassVar[dict[str, str]] = {"name": "Name des Schlüssels"}
    hints: ClassVar[dict[str, str]] = {"name": "Damit Sie ihn wiedererkennen, zum Beispiel „Schlüsselbund“."}


class NewStaffForm(forms.Form):
    """Who gets an access, and the first role."""

    name = PlainTextField(label="Name", max_length=150)
    email = forms.EmailField(label="Dienstliche E-Mail-Adresse", max_length=254)
    organisation = forms.ChoiceField(
        label="Arbeitet bei", choices=User.Organisation.choices, widget=forms.RadioSelect, initial="town"
    )
    role = forms.ChoiceField(label="Rolle", choices=list(ROLE_NAMES.items()))

    def clean(self) -> dict[str, Any]:
        """Refuse a role that does not fit the organisation, at the role."""
        data = super().clean() or self.cleaned_data
        fitting = ROLES_OF_ORGANISATION.get(data.get("organisation", ""), frozenset(ROLE_NAMES))
        if data.get("role") not in fitting | {None}:
            self.add_error("role", "Diese Rolle gibt es bei diesem Arbeitgeber nicht. Bitte wählen Sie eine andere.")
        return data


class RoleForm(forms.Form):
    """One role."""

    role = forms.ChoiceField(label="Rolle", choices=list(ROLE_NAMES.items()))


def _count(name: str, who: str, limit: int, *, about: str = "") -> None:
    now = timezone.now()
    if not rate_limits.allow(name=name, who=who, about=about, limit=limit, per_seconds=QUARTER_HOUR, now=now):
        raise forms.ValidationError(_OFTEN, code="too_often")
