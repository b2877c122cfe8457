"""Page 2: things of one's own, and the limits per piece."""

import re
from typing import Any, ClassVar

from django import forms

from stadthaus.kernel.measures import format_metres
from stadthaus.services.bulky_waste.rules.items import Limits
from stadthaus.services.bulky_waste.rules.search import Found, Index, named_first, names_it, search
from stadthaus.ui.forms import LatinField, WholeNumberField

_METRES = re.compile(r"([0-9][.,][0-9]{1,2}|[0-9](?= *m))(?: *m)?")  # what is no length in centimetres
LEAST_LENGTH_CM = 30  # what is shorter on every side fits into a bin, or was measured in metres
SIDES = ("length", "width", "height")
ELECTRICAL = [("no", "Nein, nichts"), ("yes", "Ja")]


class CentimetresField(WholeNumberField):
    """A side of a thing in whole centimetres; whoever writes metres is asked, not taken at their word."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "class": "field-short"})
    default_error_messages: ClassVar = {
        "required": "Bitte messen Sie nach und tragen Sie ganze Zentimeter ein.",
        "invalid": "Bitte tragen Sie ganze Zentimeter ein, zum Beispiel 120.",
        "min_value": "Bitte tragen Sie mindestens 1 cm ein.",
    }

    def to_python(self, value: Any) -> int | None:
        """Take "120" and "120 cm"; "1,20" and "1,2 m" are asked about."""
        typed = str(value or "").strip().lower()
        if metres := _METRES.fullmatch(typed):
            centimetres = round(float(metres[1].replace(",", ".")) * 100)
            raise forms.ValidationError(f"Meinen Sie {centimetres} cm? Bitte tragen Sie ganze Zentimeter ein.")
        return super().to_python(typed.removesuffix("cm").rstrip())


class OwnItemForm(forms.Form):
    """Page 2: a thing that the catalogue does not know, by its measures. `found` is what its name could mean."""

    name = LatinField(
        label="Was ist es?",
        max_length=80,
        error_messages={"required": "Bitte schreiben Sie kurz, was es ist."},
    )
    length = CentimetresField(label="Länge in cm", help_text="Zum Beispiel 120. Das sind 1,20 m.", min_value=1)
    width = CentimetresField(label="Breite in cm", min_value=1)
    height = CentimetresField(label="Höhe in cm", min_value=1)
    count = WholeNumberField(
        label="Wie viele?",
        min_value=1,
        max_value=20,
        initial=1,
        error_messages={
            "required": "Bitte geben Sie an, wie viele es sind.",
            "max_value": "Höchstens 20 auf einmal. Sind es mehr, tragen Sie die übrigen danach noch einmal ein.",
        },
        widget=forms.NumberInput(attrs={"class": "field-short"}),
    )
    electrical = forms.ChoiceField(
        label="Ist ein Motor, Licht, Stecker oder Akku fest eingebaut?",
        choices=ELECTRICAL,
        widget=forms.RadioSelect,
        error_messages={"required": "Bitte antworten Sie mit Ja oder Nein."},
    )

    asked_about = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, limits: Limits, names: Index, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.limits, self.names = limits, names
        self.found = Found((), ())

    def clean_name(self) -> str:
        """What is known to be no bulky waste is refused here as in the search, with where it goes instead."""
        name: str = self.cleaned_data["name"]
        self.found = search(name, self.names)
        is_it = self.found.not_bulky_first and names_it(name, self.found)
        thing = self.found.not_bulky[0] if is_it else named_first(name, self.names)
        if thing:
            raise forms.ValidationError(
                f"{thing.reason} {thing.where} Ist es etwas anderes? Dann nennen Sie es genauer."
            )
        return name

    def doubt(self) -> Found | None:
        """What the name could mean just as well, if nobody was asked about this name yet."""
        name = self.cleaned_data.get("name")
        if not name or name == self.cleaned_data.get("asked_about"):
            return None
        return self.found if self.found.not_bulky_first or names_it(name, self.found) else None

    def clean_electrical(self) -> str:
        """Furniture with something electrical built in is an electrical appliance by law."""
        answer: str = self.cleaned_data["electrical"]
        if answer == "yes":
            raise forms.ValidationError(
                "Dann ist es nach dem Elektrogesetz ein Elektrogerät und kein Sperrmüll. "
                "Am Wertstoffhof können Sie es kostenlos abgeben."
            )
        return answer

    def clean(self) -> dict[str, Any]:
        """One side is as long as bulky waste is, and none longer than the town allows for one piece."""
        cleaned = super().clean() or {}
        sides = [cleaned.get(name) or 0 for name in SIDES]
        if min(sides) > 0 and max(sides) < LEAST_LENGTH_CM:
            length, width, height = sides
            self.add_error(
                "length",
                f"Das wären nur {length} × {width} × {height} Zentimeter. Haben Sie in Metern gemessen? "
                "Dann tragen Sie bitte Zentimeter ein. So kleine Sachen gehören in die Tonne.",
            )
        for name in SIDES:
            if (cleaned.get(name) or 0) > self.limits.length_cm:
                self.add_error(
                    name,
                    f"Ein Stück darf höchstens {self.limits.length_cm} cm lang sein. "
                    "Bitte zerlegen Sie es und tragen Sie die Teile ein.",
                )
        return cleaned


class WithinLimitsForm(forms.Form):
    """Page 2, last question: is every piece small and light enough for two people?"""

    within_limits = forms.ChoiceField(
        choices=[("yes", "Ja, alles passt"), ("no", "Nein, etwas ist größer oder schwerer")],
        widget=forms.RadioSelect,
        error_messages={"required": "Bitte sagen Sie uns, ob jedes Teil passt."},
    )

    def __init__(self, *args: Any, limits: Limits, refusal: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.refusal = refusal
        most = f"Höchstens {format_metres(limits.length_cm)} lang, höchstens {limits.weight_kg} kg"
        longer = "".join(
            f" {kind.name} bis {format_metres(kind.length_cm)} nehmen wir am Stück." for kind in limits.longer
        )
        self.fields["within_limits"].label = f"Passt jedes Teil? {most}"
        self.fields[
            "within_limits"
        ].help_text = f"So zerlegt, wie Sie es hinstellen. Zwei Personen tragen es zum Wagen.{longer}"

    def clean(self) -> dict[str, Any]:
        """Refuse what is wrong with the list itself."""
        if self.refusal:
            raise forms.ValidationError(self.refusal)
        return super().clean() or {}

    def clean_within_limits(self) -> str:
        """A piece that is too long or too heavy stays on the kerb: say so before the order."""
        answer: str = self.cleaned_data["within_limits"]
        if answer == "no":
            raise forms.ValidationError(
                "Zu große oder zu schwere Teile kann die Abfuhr nicht mitnehmen. Alles andere holen wir ab: "
                "Zerlegen Sie das Teil, oder nehmen Sie es von der Liste."
            )
        return answer
