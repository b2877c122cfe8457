"""Page 3: who orders and who pays; behind the private link: whether somebody is that person."""

import re
import string
from collections.abc import Collection
from typing import Any, ClassVar

from django import forms

from stadthaus.services.bulky_waste.models import Order
from stadthaus.services.bulky_waste.rules.proof import knows_the_order
from stadthaus.services.bulky_waste.rules.slips import address_meant, number_alone
from stadthaus.ui.forms import LatinField, NameField, PlainTextField

_POSTCODE = re.compile(r"\b[0-9]{5}\b")


class WhoForm(forms.Form):
    """Page 3: who orders, how to reach them, and who owes the fee.

    Fields with `data-needed-for` are shown only while that choice is made (fields.css); in a browser that cannot do so
    they all stand there. Either way what stands in a field that the choice does not need is no answer and no error.
    """

    NEEDED_FOR: ClassVar = {
        "email": "email",
        "email_confirmed": "email",
        "phone": "phone",
        "address": "letter",
        "other_name": "other",
        "other_address": "other",
        "debtor": "other",
    }

    name = NameField(
        label="Vor- und Nachname",
        max_length=200,
        error_messages={"required": "Bitte geben Sie Ihren Namen ein."},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    channel = forms.ChoiceField(
        label="Wie sollen wir Ihnen Bescheid geben?",
        choices=Order.Channel.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Bitte wählen Sie, wie wir Ihnen Bescheid geben sollen."},
    )
    email = forms.EmailField(
        label="E-Mail-Adresse",
        help_text="Nur für E-Mail. Dorthin schicken wir auch den Link zu Ihrer Bestellung.",
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )
    email_confirmed = forms.BooleanField(required=False, label="Die Adresse stimmt so.")
    phone = PlainTextField(
        label="Telefonnummer",
        help_text="Nur für Telefon. Bitte mit Vorwahl.",
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    address = LatinField(
        label="Anschrift für den Brief",
        help_text="Nur für Briefe: Straße, Hausnummer, Postleitzahl und Ort. Lassen Sie das Feld leer, "
        "wenn Sie selbst an der Abholadresse wohnen und nicht für jemand anderen bestellen.",
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )
    for_other = forms.BooleanField(required=False, label="Ich bestelle für jemand anderen")
    other_name = NameField(label="Name der anderen Person", required=False, max_length=200)
    other_address = LatinField(
        label="Anschrift der anderen Person",
        help_text="Nur wenn sie nicht an der Abholadresse wohnt.",
        required=False,
        max_length=300,
    )
    debtor = forms.ChoiceField(
        label="Wer zahlt die Gebühr?",
        help_text="Diese Person schuldet die Gebühr. Alle Nachrichten bekommen Sie.",
        choices=[("me", "Ich"), ("other", "Die andere Person")],
        required=False,
        widget=forms.RadioSelect,
    )
    own_address = LatinField(
        label="Ihre eigene Anschrift",
        help_text="Nur wenn Sie nicht an der Abholadresse wohnen, zum Beispiel nach einem Umzug: Straße, Hausnummer, "
        "Postleitzahl und Ort.",
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )
    on_site_name = NameField(label="Wen erreichen wir vor Ort?", required=False, max_length=200)
    on_site_phone = PlainTextField(
        label="Telefonnummer vor Ort",
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choice in self.NEEDED_FOR.items():
            self.fields[name].widget.attrs["data-needed-for"] = choice
        self.email_is_odd = False

    def clean_email(self) -> str:
        """An address that can never arrive is refused now, not when the mail comes back."""
        email: str = self.cleaned_data["email"]
        before = email.partition("@")[0]  # Django takes the long s and the Kelvin sign for letters of ASCII
        if email and (email.count("@") != 1 or email.startswith('"') or email.endswith("]") or not before.isascii()):
            raise forms.ValidationError(
                "An diese E-Mail-Adresse können wir nicht schreiben. Bitte geben Sie eine andere ein."
            )
        if email and "." not in email.rsplit("@", 1)[1]:
            raise forms.ValidationError("Dieser E-Mail-Adresse fehlt etwas, zum Beispiel „.de“ am Ende.")
        return email

    def clean_address(self) -> str:
        """Where a letter arrives."""
        return _postal_address(self.cleaned_data["address"])

    def clean_other_address(self) -> str:
        """Where a letter arrives."""
        return _postal_address(self.cleaned_data["other_address"])

    def clean_own_address(self) -> str:
        """Where a letter arrives."""
        return _postal_address(self.cleaned_data["own_address"])

    def clean_phone(self) -> str:
        """Digits with the usual signs between them."""
        return _phone(self.cleaned_data["phone"])

    def clean_on_site_phone(self) -> str:
        """Digits with the usual signs between them."""
        return _phone(self.cleaned_data["on_site_phone"])

    def clean(self) -> dict[str, Any]:
        """What each way of answering needs, and nothing of what it does not need."""
        cleaned = super().clean() or {}
        channel = cleaned.get("channel")
        if channel == Order.Channel.LETTER and not cleaned.get("address") and "address" not in self.errors:
            self._take_own_address(cleaned)
        for name in self._not_needed(cleaned):
            self.errors.pop(name, None)
            cleaned[name] = ""
        if channel != Order.Channel.LETTER:
            cleaned["address"] = cleaned.get("own_address", "")
        if channel == Order.Channel.EMAIL and not cleaned.get("email") and "email" not in self.errors:
            self.add_error("email", "Bitte geben Sie Ihre E-Mail-Adresse ein oder wählen Sie Telefon oder Brief.")
        if channel == Order.Channel.PHONE and not cleaned.get("phone") and "phone" not in self.errors:
            self.add_error("phone", "Bitte geben Sie eine Telefonnummer ein, damit wir Sie anrufen können.")
        if cleaned.get("for_other"):
            self._check_other(cleaned)
        self._ask_about_email(cleaned.get("email", ""), confirmed=cleaned.pop("email_confirmed", False))
        return cleaned

    def _take_own_address(self, cleaned: dict[str, Any]) -> None:
        """Typed before the letter was chosen, which then asks for the same in another field: it is the same answer."""
        cleaned["address"] = cleaned.get("own_address", "")
        for error in self.errors.get("own_address", []):
            self.add_error("address", error)

    def _check_other(self, cleaned: dict[str, Any]) -> None:
        """Who orders for somebody else says for whom, and who owes the fee: nobody owes money by an oversight."""
        by_letter = cleaned.get("channel") == Order.Channel.LETTER
        if by_letter and not cleaned.get("address") and "address" not in self.errors:
            self.add_error("address", "Wohin sollen wir den Brief schicken? Bitte geben Sie Ihre Anschrift ein.")
        if not cleaned.get("other_name"):
            self.add_error("other_name", "Bitte geben Sie den Namen der Person ein, für die Sie bestellen.")
        if not cleaned.get("debtor") and "debtor" not in self.errors:
            self.add_error("debtor", "Bitte wählen Sie, wer die Gebühr zahlt.")

    def _ask_about_email(self, email: str, *, confirmed: bool) -> None:
        """A slip in a well-known provider's name is asked about: the mail would reach nobody, or a stranger."""
        meant = address_meant(email)
        self.email_is_odd = bool(meant)
        if meant and not confirmed:
            self.add_error("email", f"Meinen Sie {meant}? Wenn nicht, bestätigen Sie bitte, dass die Adresse stimmt.")

    def _not_needed(self, cleaned: dict[str, Any]) -> set[str]:
        choices = {cleaned.get("channel"), "other" if cleaned.get("for_other") else ""}
        names = {name for name, choice in self.NEEDED_FOR.items() if choice not in choices}
        # A letter asks for the same address already.
        return names | {"own_address"} if Order.Channel.LETTER in choices else names


def _postal_address(typed: str) -> str:
    if typed and not _POSTCODE.search(typed):
        raise forms.ValidationError(
            "Bitte schreiben Sie Straße, Hausnummer, Postleitzahl und Ort, zum Beispiel: Steinstraße 7, 59368 Werne."
        )
    return typed


def _phone(typed: str) -> str:
    text = number_alone(typed)
    digits = sum(character in string.digits for character in text)
    if text and (digits < 5 or set(text) - set(string.digits + "+-–/() .")):  # noqa: PLR2004  the shortest number with its area code
        raise forms.ValidationError(
            "Diese Telefonnummer verstehen wir nicht. Bitte schreiben Sie sie mit Vorwahl, zum Beispiel 02389 71123."
        )
    return text


class LostLinkForm(forms.Form):
    """Where the links of earlier orders shall be sent."""

    email = forms.EmailField(
        label="E-Mail-Adresse",
        help_text="Die Adresse, die Sie beim Bestellen angegeben haben.",
        max_length=254,
        error_messages={"required": "Bitte geben Sie Ihre E-Mail-Adresse ein."},
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )


class ProveForm(forms.Form):
    """Asked once behind the private link: surname and house number."""

    surname = PlainTextField(
        label="Nachname",
        help_text="Von der Person, die bestellt hat oder die Gebühr zahlt, zum Beispiel: Weber.",
        max_length=200,
        error_messages={"required": "Bitte geben Sie den Nachnamen ein."},
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )
    house = PlainTextField(
        label="Hausnummer",
        help_text="Die Hausnummer, an der wir abholen.",
        max_length=20,
        error_messages={"required": "Bitte geben Sie die Hausnummer ein."},
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "field-short"}),
    )

    def fits(self, *, names: Collection[str], houses: Collection[str]) -> bool:
        """Whether one of the names and one of the houses is meant; if not, it is said here."""
        if knows_the_order(self.cleaned_data["surname"], self.cleaned_data["house"], names=names, houses=houses):
            return True
        self.add_error(None, "Nachname und Hausnummer passen nicht zu dieser Bestellung. Bitte prüfen Sie beides.")
        return False

    def refuse_guess(self, wait: str) -> None:
        """Say that there were too many guesses, and how long to wait or what else to do."""
        self.add_error(None, f"Das waren zu viele Versuche. Bitte warten Sie {wait}.")
