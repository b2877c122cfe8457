"""Fields of the treasury's pages."""

from collections.abc import Sequence
from datetime import date
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.formats import date_format

from stadthaus.base_services.payments.models import Means
from stadthaus.base_services.payments.rules.paper_cards import plain_number
from stadthaus.ui.forms import EuroField, LatinField, NameField, PlainTextArea, PlainTextField


class SearchForm(forms.Form):
    """Find a payment."""

    q = PlainTextField(
        label="Suchen",
        required=False,
        max_length=60,
        help_text="Kassenzeichen, Bestellnummer oder Betrag wie 15,00",
        widget=forms.SearchInput(attrs={"autocomplete": "off"}),
    )


class MonthForm(forms.Form):
    """A month of the ledger; its value is the month's first day."""

    monat = forms.TypedChoiceField(
        label="Monat",
        coerce=lambda month: date.fromisoformat(f"{month}-01"),
        error_messages={"invalid_choice": "Für diesen Monat gibt es keine Buchungen. Bitte wählen Sie einen anderen."},
    )

    def __init__(self, data: QueryDict | None = None, *, months: Sequence[date]) -> None:
        super().__init__(data)
        choices = [(f"{month:%Y-%m}", date_format(month, "F Y")) for month in months]
        cast("forms.ChoiceField", self.fields["monat"]).choices = choices


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


class TransferForm(ReceivedForm):
    """A transfer that is expected. Only where the amount is another one, the person is asked whether it is right."""

    as_stated = forms.BooleanField(
        label="Kassenzeichen und Betrag stehen so auf dem Kontoauszug", required=False, widget=forms.HiddenInput
    )

    def ask_whether_stated(self) -> None:
        """Show the box that says so."""
        self.fields["as_stated"].widget = forms.CheckboxInput()


class CounterForm(forms.Form):
    """Money at the counter."""

    means = forms.ChoiceField(
        label="Womit wird bezahlt?",
        choices=[(Means.CASH, "Bar"), (Means.CARD, "Mit Karte")],
        widget=forms.RadioSelect,
    )


class PaperCardField(LatinField):
    """The number of an old paper card; its value is the plain number."""

    def clean(self, value: Any) -> str:
        """Refuse what holds no digit."""
        number = plain_number(super().clean(value))
        if not any(sign.isdigit() for sign in number):
            raise ValidationError("Bitte schreiben Sie die Nummer ab, die auf der Karte steht.", code="invalid")
        return number


class PaperCardForm(forms.Form):
    """Old paper cards in payment: as many numbers as the request needs cards."""

    def __init__(self, data: QueryDict | None = None, *, cards: int) -> None:
        super().__init__(data)
        for place in range(1, cards + 1):
            self.fields[f"card_{place}"] = PaperCardField(
                label="Nummer der Papierkarte" if cards == 1 else f"Nummer der {place}. Papierkarte",
                help_text="Wie auf der Karte. Leerzeichen und Striche sind egal.",
                max_length=40,
                widget=forms.TextInput(attrs={"autocomplete": "off"}),
            )

    def clean(self) -> None:
        """Each number is another card."""
        above: set[str] = set()
        for name, number in list(self.cleaned_data.items()):
            if number in above:
                self.add_error(name, "Diese Nummer steht schon weiter oben. Jede Karte gilt nur einmal.")
            above.add(number)

    @property
    def numbers(self) -> list[str]:
        """The plain numbers."""
        return list(self.cleaned_data.values())

    def field_of(self, number: str) -> str | None:
        """The field in which a number was typed."""
        return next((name for name, typed in self.cleaned_data.items() if typed == number), None)


class WaiverForm(forms.Form):
    """Why a fee is to be waived."""

    ground = PlainTextArea(
        label="Grund für den Erlass",
        max_length=500,
        rows=3,
        help_text="Eine zweite Person entscheidet. Keine Angaben zur Gesundheit oder zu Sozialleistungen.",
        error_messages={"required": "Bitte schreiben Sie, warum die Gebühr erlassen werden soll."},
    )


class RefusalForm(forms.Form):
    """Why money that was promised does not go back."""

    refused_because = PlainTextArea(
        label="Warum geht das Geld nicht zurück?",
        max_length=500,
        rows=3,
        help_text="Wer bezahlt hat, liest diesen Satz. Bitte ohne Namen.",
        error_messages={"required": "Bitte schreiben Sie, warum das Geld nicht zurückgeht."},
    )


class AccountForm(forms.Form):
    """Where a transfer goes back to."""

    account_holder = NameField(label="Name auf dem Konto", max_length=70)
    iban = PlainTextField(label="IBAN", max_length=42, widget=forms.TextInput(attrs={"autocomplete": "off"}))
