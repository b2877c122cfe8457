"""Page 6: the way of paying and the declarations; and the account money goes back to."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, ClassVar

from django import forms

from stadthaus.base_services.payments.rules.accounts import Account, read_iban, why_unreadable
from stadthaus.base_services.payments.rules.pay_by import Way
from stadthaus.services.bulky_waste.documents import until_words
from stadthaus.services.bulky_waste.queries import Shown
from stadthaus.town.queries import Town
from stadthaus.ui.forms import Card, CardSelect, NameField, PlainTextField, WholeNumberField

MOST_CENTS = 100_000_00


class WayForm(forms.Form):
    """Another way to pay an order that is still open."""

    way = forms.ChoiceField(
        label="Wie möchten Sie bezahlen?",
        widget=CardSelect,
        error_messages={
            "required": "Bitte wählen Sie, wie Sie bezahlen möchten.",
            "invalid_choice": "Diese Zahlungsart geht für diesen Tag nicht mehr. Bitte wählen Sie eine andere.",
        },
    )

    def __init__(self, *args: Any, ways: Sequence[Way], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["way"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(way.way, _way_card(way)) for way in ways]


class CheckForm(WayForm):
    """Page 6: the way of paying and the declarations; these three are kept if the order has to wait."""

    KEPT: ClassVar = ("way", "from_household", "may_put_there")

    from_household = forms.BooleanField(
        error_messages={"required": "Bitte bestätigen Sie, dass die Sachen aus einem privaten Haushalt kommen."},
    )
    may_put_there = forms.BooleanField(
        error_messages={"required": "Bitte bestätigen Sie, dass Sie die Sachen dort hinstellen dürfen."},
    )
    # What the page showed, sent back (check.html writes it). What no page can have shown is not said again.
    amount_shown = WholeNumberField(
        label="Gebühr",
        min_value=0,
        max_value=MOST_CENTS,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"),
            "Bitte prüfen Sie die Gebühr und bestellen Sie noch einmal.",
        ),
    )
    answers_shown = forms.CharField(required=False)  # without it nothing was shown

    def __init__(self, *args: Any, town: Town, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["from_household"].label = town.text("bulky_waste.declaration.household")
        self.fields["may_put_there"].label = town.text("bulky_waste.declaration.permission")

    @property
    def shown(self) -> Shown | None:
        """What the page showed that was sent; None if none was, or none that a page can have shown."""
        sent: dict[str, Any] = getattr(self, "cleaned_data", {})  # a form that was not sent has none
        return Shown(sent["amount_shown"], sent.get("answers_shown", "")) if "amount_shown" in sent else None


class RefundAccountForm(forms.Form):
    """Where a transfer goes back to. Nobody has to know it by heart: without an IBAN there is no account yet."""

    iban = PlainTextField(
        label="IBAN",
        max_length=42,
        error_messages={"required": "Bitte geben Sie die IBAN ein."},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    holder = NameField(
        label="Name auf dem Konto",
        max_length=70,
        error_messages={"required": "Bitte geben Sie den Namen ein, auf den das Konto läuft."},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def __init__(self, *args: Any, later: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if later:
            self.fields["iban"].required = self.fields["holder"].required = False
            self.fields["iban"].help_text = (
                "Sie steht auf Ihrer Bankkarte. Ohne sie können wir nichts überweisen: "
                "Sie können sie auch später auf der Seite Ihrer Bestellung eingeben."
            )

    def clean_iban(self) -> str:
        """A mistyped digit is noticed here and not at the bank."""
        typed: str = self.cleaned_data["iban"]
        written = read_iban(typed) if typed else ""
        if written is None:
            raise forms.ValidationError(why_unreadable(typed))
        return written

    def clean(self) -> dict[str, Any]:
        """An IBAN needs to be somebody's."""
        cleaned = super().clean() or {}
        if cleaned.get("iban") and "holder" in cleaned and not cleaned["holder"]:
            self.add_error("holder", self.fields["holder"].error_messages["required"])
        return cleaned

    @property
    def account(self) -> Account | None:
        """The account, if one was given."""
        iban = self.cleaned_data["iban"]
        return Account(self.cleaned_data["holder"], iban) if iban else None


@lru_cache(maxsize=16)
def _way_card(way: Way) -> Card:
    until = until_words(way.way, way.last_chance)
    cards = {
        "online": Card("Sofort online", "Sie bezahlen gleich im nächsten Schritt."),
        "transfer": Card("Überweisung", f"Bitte überweisen Sie bis {until}."),
        "counter": Card("Im Bürgerbüro, bar oder mit Karte", f"Bezahlen Sie dort bis {until}."),
    }
    return cards[way.way]
