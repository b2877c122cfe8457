"""Pages 4 and 5: when we come, and to which spot."""

from collections.abc import Sequence
from typing import Any

from django import forms

from stadthaus.base_services.collection_tours.models import CollectionDay
from stadthaus.base_services.payments.rules.pay_by import Way
from stadthaus.ui.forms import Card, CardSelect, PlainTextArea, PlainTextField
from stadthaus.ui.templatetags.ui import long_day

DAY_IS_FULL = "Dieser Tag ist gerade voll geworden. Alles andere ist gespeichert – bitte wählen Sie einen anderen Tag."
DAY_IS_GONE = "Dieser Tag geht nicht mehr. Alles andere ist gespeichert – bitte wählen Sie einen anderen Tag."


class WhenForm(forms.Form):
    """Page 4: the day."""

    day = forms.ChoiceField(
        label="Tag",
        widget=CardSelect,
        error_messages={
            "required": "Bitte wählen Sie einen Tag.",
            "invalid_choice": DAY_IS_FULL,
        },
    )

    def __init__(self, *args: Any, days: Sequence[tuple[CollectionDay, Sequence[Way]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["day"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(str(day.pk), Card(long_day(day.date), _payable(ways))) for day, ways in days]


class PlaceForm(forms.Form):
    """Page 5: where the things will stand."""

    place_note = PlainTextField(
        label="Wo genau?",
        help_text="Zum Beispiel: rechts neben der Einfahrt.",
        max_length=300,
        error_messages={"required": "Bitte beschreiben Sie kurz, wo die Sachen stehen werden."},
    )
    access_note = PlainTextArea(
        label="Was muss die Abfuhr wissen?",
        help_text="Zum Beispiel: enge Straße, Baustelle, Tor mit Klingel. Bitte keine Zahlencodes.",
        required=False,
        max_length=300,
    )
    photo = forms.FileField(
        label="Foto von der Stelle",
        help_text="Damit die Abfuhr die Stelle findet. Bitte keine Personen und keine Autokennzeichen. "
        "JPG oder PNG, höchstens 10 MB.",
        required=False,
        # Telephones that keep photos in a format of their own then hand them over as one of these.
        widget=forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/png"}),
    )
    remove_photo = forms.BooleanField(required=False, label="Foto entfernen")


def _payable(ways: Sequence[Way]) -> str:
    """Say on a day's card when not every way to pay is left for it."""
    names = {"online": "online", "transfer": "mit Überweisung", "counter": "im Bürgerbüro"}
    left = [names[way.way] for way in ways]
    if "mit Überweisung" in left:
        return ""
    return f"So kurz vorher bezahlen Sie {' oder '.join(left)}"
