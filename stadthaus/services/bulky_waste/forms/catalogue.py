"""The catalogue at the office: how much room a thing takes."""

from typing import Any

from django import forms

from stadthaus.ui.forms import WholeNumberField

MOST_LITRES = 20_000  # more than any lorry's stop


class VolumeForm(forms.Form):
    """Volume of a thing, whole and dismantled, in litres."""

    litres = WholeNumberField(
        label="Volumen am Stück, in Litern",
        help_text="1000 Liter sind 1 m³. Länge × Breite × Höhe in Zentimetern, geteilt durch 1000.",
        min_value=1,
        max_value=MOST_LITRES,
    )
    litres_dismantled = WholeNumberField(
        label="Zerlegt, in Litern",
        help_text="Leer lassen, wenn man es nicht zerlegen kann.",
        required=False,
        min_value=1,
        max_value=MOST_LITRES,
    )

    def clean(self) -> dict[str, Any]:
        """Taking a thing apart never makes it larger."""
        cleaned = super().clean() or {}
        whole, dismantled = cleaned.get("litres"), cleaned.get("litres_dismantled")
        if whole is not None and dismantled is not None and dismantled > whole:
            self.add_error("litres_dismantled", "Zerlegt kann es nicht mehr Platz brauchen als am Stück.")
        return cleaned
