"""The crew's phone: why something stays at the kerb."""

from typing import Any, cast

from django import forms

from stadthaus.base_services.collection_tours.documents import PhotoRefused, clean_photo
from stadthaus.base_services.collection_tours.models import Stop
from stadthaus.base_services.collection_tours.rules.outcomes import REASONS
from stadthaus.ui.forms import Card, CardSelect, PlainTextArea

MOST_LITRES = 100_000


class LeftForm(forms.Form):
    """Why something stays at the kerb."""

    reason = forms.ChoiceField(
        label="Warum?", widget=CardSelect, error_messages={"required": "Bitte tippen Sie einen Grund an."}
    )
    remark = PlainTextArea(
        label="Bemerkung", help_text="Liest auch, wer bestellt hat.", max_length=500, required=False
    )
    found = forms.DecimalField(
        label="Was stand da? In m³",
        help_text="Geschätzt, zum Beispiel 2,5.",
        localize=True,
        required=False,
        min_value=0,
        max_value=MOST_LITRES // 1000,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "field-short"}),
        error_messages={"invalid": "Bitte schreiben Sie eine Zahl, zum Beispiel 2,5."},
    )
    photo = forms.FileField(
        label="Foto",
        help_text="Nur die Sachen. Keine Menschen, keine Kennzeichen, keine Fenster.",
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/*", "capture": "environment"}),
        error_messages={"empty": "Das Foto ist leer angekommen. Bitte nehmen Sie es noch einmal auf."},
    )

    def __init__(self, *args: Any, outcome: Stop.Outcome, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Nothing was there: then nothing was taken either.
        partly = outcome == Stop.Outcome.PARTLY_COLLECTED
        cast(forms.ChoiceField, self.fields["reason"]).choices = [
            (r.code, Card(r.word)) for r in REASONS.values() if r.leaves_things or not partly
        ]

    def clean_photo(self) -> bytes | None:
        """The photo fit to be kept."""
        try:
            return clean_photo(upload) if (upload := self.cleaned_data["photo"]) else None
        except PhotoRefused as refused:
            raise forms.ValidationError(str(refused)) from refused

    def clean(self) -> dict[str, Any]:
        """Another reason needs words; an empty kerb needs no photo; beside a mistake it has to come again."""
        data = super().clean() or self.cleaned_data
        reason = REASONS.get(data.get("reason", ""))
        if reason is not None and reason.code == "other" and not data.get("remark") and "remark" not in self.errors:
            self.add_error("remark", "Bitte beschreiben Sie den anderen Grund in ein paar Worten.")
        if reason is not None and not reason.leaves_things and data.get("photo"):
            self.add_error("photo", "Wo nichts steht, brauchen wir kein Foto. Bitte lassen Sie es weg.")
        if self.errors and data.get("photo"):
            self.add_error("photo", "Bitte wählen Sie es noch einmal aus.")  # browsers do not send it by themselves
        return data

    @property
    def found_litres(self) -> int | None:
        """The estimate in litres; None if there is none."""
        found = self.cleaned_data["found"]
        return None if found is None else int(found * 1000)
