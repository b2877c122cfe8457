"""The clerk's desk: which orders the list shows, why one is cancelled or paid back, and its new day."""

from collections.abc import Sequence
from typing import Any

from django import forms

from stadthaus.base_services.collection_tours.models import CollectionDay
from stadthaus.services.bulky_waste.rules.states import BADGES
from stadthaus.ui.forms import PlainTextArea, PlainTextField
from stadthaus.ui.templatetags.ui import long_day

NO_ROOM_LEFT = "Dieser Tag ist gerade voll geworden. Bitte wählen Sie einen anderen."


class OrderFilter(forms.Form):
    """What the list shows; every field may stay empty."""

    q = PlainTextField(label="Nummer, Name, Straße", max_length=200, required=False, widget=forms.SearchInput)
    stand = forms.ChoiceField(
        label="Stand",
        choices=[("", "Alle"), *((state, badge.word) for state, badge in BADGES.items())],
        required=False,
    )
    tag = forms.DateField(
        label="Abholtag",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Bitte schreiben Sie den Tag so: 9.12.2026."},
    )


class CancelForm(forms.Form):
    """Why the office cancels an order, and whether the fee goes back although the time for that is over.

    What was promised goes back without being asked for: then there is nothing to tick.
    """

    reason = PlainTextArea(
        label="Grund",
        help_text="Ein kurzer Satz ohne Namen, für die Kolleginnen und Kollegen.",
        max_length=140,
        rows=2,
        error_messages={"required": "Bitte schreiben Sie kurz, warum Sie stornieren."},
    )
    refund = forms.BooleanField(
        label="Gebühr erstatten",
        help_text="Zum Beispiel, wenn wir selbst nicht kommen können. Schreiben Sie das auch als Grund.",
        required=False,
    )

    def __init__(self, *args: Any, asks_for_refund: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks_for_refund:
            del self.fields["refund"]


class FeeBackForm(forms.Form):
    """Why the fee goes back although the crew has been there."""

    reason = PlainTextArea(
        label="Grund",
        help_text="Ein kurzer Satz ohne Namen, zum Beispiel: Die Abfuhr war in der falschen Straße.",
        max_length=140,
        rows=2,
        error_messages={"required": "Bitte schreiben Sie kurz, warum die Gebühr zurückgeht."},
    )


class NewDayForm(forms.Form):
    """The day an order gets instead of the one it lost."""

    day = forms.ChoiceField(
        label="Tag",
        widget=forms.RadioSelect,
        error_messages={"required": "Bitte wählen Sie einen Tag.", "invalid_choice": NO_ROOM_LEFT},
    )

    def __init__(self, *args: Any, days: Sequence[CollectionDay], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["day"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(str(day.pk), long_day(day.date)) for day in days]
