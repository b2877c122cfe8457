"""Fields of the treasury's pages."""

from datetime import date

from django import forms

from stadthaus.base_services.payments.models import Means
from stadthaus.ui.forms import EuroField, PlainTextArea, PlainTextField


class SearchForm(forms.Form):
    """Find a payment."""

    q = PlainTextField(
        label="Suchen",
        required=False,
        max_length=60,
        help_text="Kassenzeichen, Bestellnummer oder Betrag wie 15,00",
    )


class ReceivedForm(forms.Form):
    """A transfer found on the bank statement."""

    received_on = forms.DateField(
        label="Eingegangen am",
        help_text="Datum vom Kontoauszug, zum Beispiel 24.11.2026",
        input_formats=["%d.%m.%Y", "%d.%m.%y", "%Y-%m-%d"],
        error_messages={"invalid": "Bitte schreiben Sie das Datum so: 24.11.2026."},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "field-short", "autocomplete": "off"}),
    )
    amount_cents = EuroField(label="Betrag in Euro", help_text="Genau wie auf dem Kontoauszug", min_cents=1)

    def fill(self, today: date) -> "ReceivedForm":
        """Suggest today; the amount is typed from the statement, so that a wrong one is noticed."""
        self.initial["received_on"] = f"{today:%d.%m.%Y}"
        return self


class CounterForm(forms.Form):
    """Money at the counter."""

    means = forms.ChoiceField(
        label="Womit wird bezahlt?",
        choices=[(Means.CASH, "Bar"), (Means.CARD, "Mit Karte")],
        widget=forms.RadioSelect,
    )


class WaiverForm(forms.Form):
    """Why a fee is to be waived."""

    ground = PlainTextArea(
        label="Grund für den Erlass",
        max_length=500,
        rows=3,
        help_text="Eine zweite Person entscheidet. Keine Angaben zur Gesundheit oder zu Sozialleistungen.",
    )


class AccountForm(forms.Form):
    """Where a transfer goes back to."""

    account_holder = PlainTextField(label="Name auf dem Konto", max_length=70, emoji=False)
    iban = PlainTextField(label="IBAN", max_length=42, widget=forms.TextInput(attrs={"autocomplete": "off"}))
