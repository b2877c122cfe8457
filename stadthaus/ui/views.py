"""One page with every component and state, to look at and to check."""

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse

from stadthaus.ui.forms import Card, CardSelect, EuroField, PlainTextArea, PlainTextField
from stadthaus.ui.lists import KeyPage
from stadthaus.ui.pages import page

FRAMES = {"": "ui/components.html", "arbeitsplatz": "ui/components_desk.html", "fahrzeug": "ui/components_crew.html"}
# fmt: off
DRAWINGS = (
    "sofa", "armchair", "chair", "table", "bed", "mattress", "wardrobe", "shelf", "cupboard", "carpet",
    "bicycle", "garden", "toy", "sport", "lamp", "box", "mirror", "metal", "own", "truck", "card", "calendar",
    "town-hall",
)
# fmt: on
MOMENT = datetime(2026, 12, 9, 13, 35, tzinfo=UTC)


class SampleForm(forms.Form):
    """Every kind of field, as an order uses it."""

    street = PlainTextField(
        label="Straße",
        help_text="Die ersten Buchstaben genügen.",
        widget=forms.TextInput(attrs={"autocomplete": "address-line1", "data-suggest-url": "/adressen/strassen/"}),
    )
    house_number = PlainTextField(
        label="Hausnummer",
        help_text="Zum Beispiel 12 oder 12a",
        widget=forms.TextInput(attrs={"class": "field-short"}),
    )
    email = forms.EmailField(
        label="E-Mail-Adresse",
        required=False,
        help_text="Dorthin schicken wir den Link zu Ihrer Bestellung.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    day = forms.ChoiceField(
        label="Wann sollen wir kommen?",
        widget=CardSelect,
        choices=[
            ("1", Card("Dienstag, 9. Dezember", "Bis 6:00 Uhr hinausstellen")),
            ("2", Card("Dienstag, 16. Dezember", "Bis 6:00 Uhr hinausstellen")),
            ("3", Card("Dienstag, 23. Dezember", "Bis 6:00 Uhr hinausstellen")),
        ],
    )
    place = forms.ChoiceField(
        label="Wo stehen die Sachen?",
        choices=[("", "Bitte wählen"), ("kerb", "Am Straßenrand vor dem Haus"), ("drive", "Neben der Einfahrt")],
    )
    reach = forms.ChoiceField(
        label="Wie erreichen wir Sie?",
        widget=forms.RadioSelect,
        choices=[("mail", "Per E-Mail"), ("phone", "Per Telefon"), ("letter", "Per Brief")],
    )
    built_in = forms.MultipleChoiceField(
        label="Ist etwas davon fest eingebaut?",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[("motor", "Motor"), ("light", "Licht"), ("battery", "Akku oder Stecker")],
    )
    remark = PlainTextArea(label="Hinweis für die Fahrerinnen und Fahrer", required=False, rows=3)
    amount = EuroField(label="Betrag", help_text="In Euro, zum Beispiel 12,50", required=False)
    photo = forms.FileField(label="Foto", required=False, help_text="Höchstens 10 MB. Nur die Sachen, keine Personen.")
    private = forms.BooleanField(label="Die Sachen kommen aus einem privaten Haushalt in Werne.")


def components(request: HttpRequest) -> HttpResponse:
    """Show all components; `?rahmen=arbeitsplatz` and `?rahmen=fahrzeug` show the other two frames."""
    template = FRAMES.get(request.GET.get("rahmen", ""), FRAMES[""])
    wrong = {
        "street": "Mozart\u202estraße",
        "email": "jana.weber@",
        "amount": "zwölf",
        "reach": "mail",
        "place": "kerb",
    }
    filled = SampleForm({f"falsch-{name}": value for name, value in wrong.items()}, prefix="falsch")
    pages: KeyPage[Any] = KeyPage(rows=[], previous="120", next="70", count="1.000+")
    context = {"sample": SampleForm(), "form": filled, "drawings": DRAWINGS, "moment": MOMENT, "key_page": pages}
    return page(request, template, context)
