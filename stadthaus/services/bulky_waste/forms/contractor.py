"""The contractor's desk: signing a crew's phone in."""

from django import forms

from stadthaus.ui.forms import PlainTextField


class CrewPhoneForm(forms.Form):
    """Which vehicle the phone belongs to."""

    label = PlainTextField(
        label="Fahrzeug",
        help_text="Kennzeichen oder Nummer, keine Namen.",
        max_length=60,
        error_messages={"required": "Bitte geben Sie Kennzeichen oder Nummer des Fahrzeugs ein."},
    )
