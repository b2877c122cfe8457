"""Page 1: where the things will stand."""

from typing import Any

from django import forms

from stadthaus.base_services.addresses import queries as addresses
from stadthaus.base_services.addresses.models import Street
from stadthaus.base_services.addresses.rules.house_numbers import read_house_number, with_number_apart
from stadthaus.base_services.addresses.rules.typed import street_and_house
from stadthaus.ui.forms import PlainTextField


class WhereForm(forms.Form):
    """Page 1: where to collect. `choices` holds streets to choose from when the typed name is not clear."""

    street = PlainTextField(
        label="Straße",
        max_length=120,
        error_messages={"required": "Bitte geben Sie die Straße ein, in der die Sachen stehen werden."},
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-suggest-url": "/adressen/strassen/"}),
    )
    # Not a ChoiceField: which streets can be chosen is known only once the name has been looked up.
    street_key = forms.CharField(
        required=False, max_length=17, label="Welche Straße meinen Sie?", widget=forms.RadioSelect
    )
    house = PlainTextField(
        label="Hausnummer",
        help_text="Zum Beispiel 12, 12a oder 12-14.",
        max_length=20,
        error_messages={"required": "Bitte geben Sie die Hausnummer ein."},
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "field-short"}),
    )
    house_confirmed = forms.BooleanField(required=False, label="Diese Hausnummer stimmt.")
    household = forms.ChoiceField(
        label="Woher kommen die Sachen?",
        choices=[("yes", "Aus einem privaten Haushalt"), ("no", "Aus einem Betrieb, einer Praxis oder einem Verein")],
        widget=forms.RadioSelect,
        error_messages={"required": "Bitte sagen Sie uns, woher die Sachen kommen."},
    )

    def __init__(self, *args: Any, town_place: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_bound:
            self.data = _with_parts_apart(self.data, town_place)
        self.found_street: Street | None = None
        self.choices: list[Street] = []
        self.house_is_unknown = False

    def ask_about_house(self) -> None:
        """The number can be read and is in no list: lists are never complete, so the person may confirm it."""
        self.house_is_unknown = True
        self.add_error("house", "Diese Hausnummer kennen wir nicht. Stimmt sie? Dann bestätigen Sie das bitte.")

    def clean_house(self) -> str:
        """Write the house number the usual way, or say what is wrong."""
        number = read_house_number(self.cleaned_data["house"])
        if number is None:
            raise forms.ValidationError(
                "Diese Hausnummer verstehen wir nicht. Bitte schreiben Sie sie wie auf dem Schild, zum Beispiel 12a "
                "oder 12–14. Ein Hinterhaus können Sie später unter „Wo genau?“ dazuschreiben."
            )
        return str(number)

    def clean(self) -> dict[str, Any]:
        """Find the street; where the name fits several, ask which one is meant."""
        cleaned = super().clean() or {}
        typed = cleaned.get("street")
        if typed:
            self._find_street(typed, cleaned.get("street_key", ""))
            self._compare_numbers(typed, cleaned.get("house", ""))
        return cleaned

    def _compare_numbers(self, typed: str, house: str) -> None:
        """Behind the street and in its own field: two numbers are one too many."""
        number = read_house_number(with_number_apart(typed)[1])
        if number and house and str(number) != house:
            self.add_error("house", f"Bei der Straße steht {number}, hier steht {house}. Welche Nummer stimmt?")

    def _find_street(self, typed: str, key: str) -> None:
        candidates = addresses.exact_streets(typed)
        chosen = [street for street in candidates or addresses.find_streets(typed) if street.key == key]
        if len(candidates) == 1 or chosen:
            self.found_street = (chosen or candidates)[0]
            return
        self.choices = list(candidates) or addresses.find_streets(typed)
        self.fields["street_key"].required = True  # only now: the page then does not call it optional
        radio = self.fields["street_key"].widget
        assert isinstance(radio, forms.RadioSelect)
        radio.choices = [(street.key, street.label) for street in self.choices]
        if candidates:
            self.add_error("street_key", "Diesen Namen gibt es zweimal. Bitte wählen Sie aus.")
        elif self.choices:
            self.add_error("street_key", "Diese Straße finden wir so nicht. Meinen Sie eine von diesen?")
        else:
            self.add_error(
                "street",
                "Diese Straße finden wir nicht in unserer Stadt. Bitte prüfen Sie die Schreibweise. "
                "Steht das Haus in einer anderen Stadt? Dann folgen Sie dem Link ganz unten.",
            )


def _with_parts_apart(data: Any, town_place: str) -> Any:
    """Many write all in one field: put the number where it belongs, leave out our own town."""
    street, house = street_and_house(data.get("street", ""), data.get("house", ""), town_place)
    return {**data.dict(), "street": street, "house": house} if hasattr(data, "dict") else data
