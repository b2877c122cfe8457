"""Form fields as KERN shows them, and fields that speak German.

`KernRenderer` is the project's FORM_RENDERER: every Django form gets KERN's markup. Labels of fields that may be
left empty end in "(freiwillig)"; everything else must be filled in.
"""

import re
import unicodedata
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core import validators
from django.core.exceptions import ValidationError
from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from stadthaus.kernel.money import NARROW_SPACE, format_euro
from stadthaus.kernel.words import fold

_OWN_WIDGETS = {
    "django/forms/widgets/checkbox.html": "ui/widgets/checkbox.html",
    "django/forms/widgets/checkbox_select.html": "ui/widgets/choices.html",
    "django/forms/widgets/clearable_file_input.html": "ui/widgets/file.html",
    "django/forms/widgets/date.html": "ui/widgets/input.html",
    "django/forms/widgets/datetime.html": "ui/widgets/input.html",
    "django/forms/widgets/email.html": "ui/widgets/input.html",
    "django/forms/widgets/file.html": "ui/widgets/file.html",
    "django/forms/widgets/input.html": "ui/widgets/input.html",
    "django/forms/widgets/number.html": "ui/widgets/input.html",
    "django/forms/widgets/password.html": "ui/widgets/input.html",
    "django/forms/widgets/radio.html": "ui/widgets/choices.html",
    "django/forms/widgets/search.html": "ui/widgets/input.html",
    "django/forms/widgets/select.html": "ui/widgets/select.html",
    "django/forms/widgets/tel.html": "ui/widgets/input.html",
    "django/forms/widgets/text.html": "ui/widgets/input.html",
    "django/forms/widgets/textarea.html": "ui/widgets/textarea.html",
    "django/forms/widgets/time.html": "ui/widgets/input.html",
    "django/forms/widgets/url.html": "ui/widgets/input.html",
}

# They come along when text is copied from a word processor and mean nothing: dropped without a word.
_EMPTY_CHARACTERS = str.maketrans(dict.fromkeys("\u00ad\u200b\u2060\ufeff"))
# Joiners are part of words in Persian and Hindi; they are no trick.
_ALLOWED_FORMAT_CHARACTERS = {"\u200c", "\u200d"}
_REFUSED_CATEGORIES = {"Cc", "Cf", "Co", "Cs", "Cn"}
# Every character of DIN 91379 in Latin script, with all that stands near it in Unicode; our documents print them all.
_NOT_LATIN = re.compile(
    r"[^ -~\u00a0-\u036f\u1e00-\u1eff\u2010-\u2027\u2030-\u205e\u2070-\u209c\u20a0-\u20bf\u2116\u2122]+"
)
_IN_LATIN_LETTERS = "Bitte schreiben Sie „%(foreign)s“ in lateinischen Buchstaben."
_AS_IN_THE_PASSPORT = f"{_IN_LATIN_LETTERS} So steht der Name im Pass oder Aufenthaltstitel."
_NO_PICTURES = (
    "Bitte schreiben Sie hier nur Buchstaben, Zahlen und Satzzeichen, ohne „%(foreign)s“. "
    "So steht der Text auch richtig auf Papier."
)
_NOT_ON_OFFER = "Das steht hier nicht zur Wahl. Bitte wählen Sie eine der Möglichkeiten aus."
_LINE_BREAKS = re.compile(r"\r\n?|[\u2028\u2029]")
_WHOLE_NUMBER = re.compile(r"-?[0-9]+")
_EURO = re.compile(r"(?P<euros>[0-9]{1,3}(?:\.[0-9]{3})+|[0-9]+)(?:,(?P<cents>[0-9]{1,2}|-|–))?")


class KernField(forms.BoundField):
    """One field of a form on a page.

    Drawing a field takes longer than asking the database, and an empty one looks alike for everybody: it is drawn
    once in each process. What somebody has answered is drawn anew and never kept.
    """

    def as_field_group(self) -> SafeString:
        """Label, hint, errors and input."""
        looks = self._looks()
        if looks is None:
            return super().as_field_group()
        drawn = _drawn.get(looks)
        if drawn is None:
            drawn = super().as_field_group()
            if len(_drawn) >= _MOST_DRAWN:
                _drawn.clear()
            _drawn[looks] = drawn
        return drawn

    def _looks(self) -> Hashable:
        """Everything an empty field's markup depends on; None for one that holds an answer or shows an error."""
        if self.form.is_bound or self.value() not in (None, "", False):
            return None
        field, widget = self.field, self.field.widget
        return (
            *(type(self.form), type(widget), self.html_name, self.auto_id, get_language()),
            *(str(self.label), str(self.help_text), str(widget.attrs)),
            *(field.required, field.disabled, self.form.use_required_attribute),
            tuple((str(value), _fixed(label)) for value, label in getattr(widget, "choices", ())),
        )


def _fixed(label: Any) -> Hashable:
    """The label of a choice, or the choices of a group."""
    return tuple(map(tuple, label)) if isinstance(label, list | tuple) else label


_MOST_DRAWN = 1000
_drawn: dict[Hashable, SafeString] = {}


class KernRenderer(TemplatesSetting):
    """Renders forms, fields and widgets with KERN's markup."""

    bound_field_class = KernField
    form_template_name = "ui/form.html"
    field_template_name = "ui/field.html"

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        """Render a template; Django's own widgets are replaced by ours."""
        return super().render(_OWN_WIDGETS.get(template_name, template_name), context, request)


class _PlainText(forms.CharField):
    """Text that can be printed, spoken and searched: refuses characters nobody can see."""

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """No `maxlength`: a browser cuts what is pasted without a word; the form says how much is too much."""
        return {name: value for name, value in super().widget_attrs(widget).items() if name != "maxlength"}

    def to_python(self, value: Any) -> str:
        """The text in composed letters, with plain line breaks, without space around it."""
        text = _LINE_BREAKS.sub("\n", str(value or "")).translate(_EMPTY_CHARACTERS).replace("\t", " ")
        return super().to_python(unicodedata.normalize("NFC", text)) or ""

    def validate(self, value: Any) -> None:
        """Refuse what cannot be printed; the text itself stays in the field."""
        super().validate(value)
        if refused := refused_characters(value, line_breaks=isinstance(self, PlainTextArea)):
            raise ValidationError(
                "Hier steht ein Zeichen, das man nicht sieht und das wir nicht drucken können (%(codes)s). "
                "Bitte tippen Sie den Text neu ein, statt ihn einzufügen.",
                code="unprintable",
                params={"codes": ", ".join(f"U+{ord(character):04X}" for character in refused)},
            )


class PlainTextField(_PlainText):
    """One line of text without unseen characters."""


class LatinField(PlainTextField):
    """One line that people read from paper: Latin letters of every language, numbers and the usual signs."""

    in_latin_letters = _IN_LATIN_LETTERS

    def validate(self, value: Any) -> None:
        """Refuse what would come out as an empty box, and say how to write it instead."""
        super().validate(value)
        if foreign := _NOT_LATIN.search(value):
            has_letters = any(character.isalpha() for character in foreign.group())
            raise ValidationError(
                self.in_latin_letters if has_letters else _NO_PICTURES,
                code="latin",
                params={"foreign": foreign.group()[:20]},
            )


class NameField(LatinField):
    """The name of a person: a `LatinField` with at least one letter."""

    in_latin_letters = _AS_IN_THE_PASSPORT

    def validate(self, value: Any) -> None:
        """Refuse what nobody could be called by."""
        super().validate(value)
        if value and not any(character.isalpha() for character in fold(value)):
            raise ValidationError(
                "Bitte schreiben Sie den Namen in Buchstaben, zum Beispiel: Kim Weber.", code="no_letter"
            )


class PlainTextArea(_PlainText):
    """Several lines of text without unseen characters."""

    widget = forms.Textarea

    def __init__(self, *, rows: int = 4, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(**kwargs)


class WholeNumberField(forms.IntegerField):
    """A whole number in the digits 0 to 9; Python alone would read "1_0" as ten."""

    def to_python(self, value: Any) -> int | None:
        """The number, or None if the field may be empty and is."""
        if value not in self.empty_values and not _WHOLE_NUMBER.fullmatch(str(value).strip()):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(value)


@dataclass(frozen=True)
class Card:
    """The label of a choice shown as a card: a heading, a note below."""

    heading: str
    note: str = ""

    def __str__(self) -> str:
        return self.heading


class CardSelect(forms.RadioSelect):
    """Radio buttons as cards, for days and ways to pay; choices are `(value, Card(…))`."""

    template_name = "ui/widgets/cards.html"


class EuroField(forms.Field):
    """An amount as people write it, "12,50" or "1.250 €"; its value is a whole number of cents."""

    widget = forms.TextInput

    def __init__(self, *, min_cents: int = 0, max_cents: int = 100_000_00, **kwargs: Any) -> None:
        self.min_cents, self.max_cents = min_cents, max_cents
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "class": "field-short"}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> int | None:
        """The amount in cents, or None if the field may be empty and is."""
        if value is None or isinstance(value, int):
            return value
        text = str(value).strip()
        if not text:
            return None
        cents = read_euro(text)
        if cents is None:
            raise ValidationError("Bitte schreiben Sie den Betrag so: 12,50.", code="invalid")
        return cents

    def validate(self, value: Any) -> None:
        """Refuse an amount outside the limits."""
        super().validate(value)
        if value is not None and not self.min_cents <= value <= self.max_cents:
            raise ValidationError(
                "Bitte geben Sie einen Betrag zwischen %(lowest)s und %(highest)s an.",
                code="range",
                params={"lowest": format_euro(self.min_cents), "highest": format_euro(self.max_cents)},
            )

    def prepare_value(self, value: Any) -> Any:
        """Cents as they stand in the field: 1250 → "12,50"."""
        return format_euro(value).removesuffix(f"{NARROW_SPACE}€") if isinstance(value, int) else value


def refused_characters(text: str, *, line_breaks: bool = False) -> list[str]:
    """The characters of a text that cannot be printed: control, private-use and direction-changing ones."""
    allowed = _ALLOWED_FORMAT_CHARACTERS | ({"\n"} if line_breaks else set())
    return sorted({c for c in text if unicodedata.category(c) in _REFUSED_CATEGORIES and c not in allowed})


def read_euro(text: str) -> int | None:
    """Cents from an amount as people write it; None if it is no amount ("1.250,5 €" → 125050)."""
    match = _EURO.fullmatch(text.replace("€", "").replace("\u202f", "").replace("\u00a0", "").strip())
    if match is None or len(match["euros"]) > len("999.999.999"):
        return None
    cents = (match["cents"] or "").strip("-–")
    return int(match["euros"].replace(".", "")) * 100 + int(cents.ljust(2, "0") or 0)


def speak_german() -> None:
    """Give Django's own messages the town's voice: what is missing, and how it is written."""
    messages: dict[type[forms.Field], dict[str, str]] = {
        forms.Field: {"required": "Bitte füllen Sie dieses Feld aus."},
        forms.ChoiceField: {"required": "Bitte wählen Sie etwas aus.", "invalid_choice": _NOT_ON_OFFER},
        forms.MultipleChoiceField: {
            "required": "Bitte wählen Sie mindestens eines aus.",
            "invalid_choice": _NOT_ON_OFFER,
            "invalid_list": _NOT_ON_OFFER,
        },
        forms.BooleanField: {"required": "Bitte setzen Sie hier ein Häkchen."},
        forms.IntegerField: {"invalid": "Bitte geben Sie eine ganze Zahl ein, zum Beispiel 2."},
        forms.DateField: {"invalid": "Bitte schreiben Sie das Datum so: 09.12.2026."},
        forms.TimeField: {"invalid": "Bitte schreiben Sie die Uhrzeit so: 14:30."},
        forms.FileField: {
            "required": "Bitte wählen Sie eine Datei aus.",
            "empty": "Diese Datei ist leer. Bitte wählen Sie eine andere.",
            "missing": "Es ist keine Datei angekommen. Bitte wählen Sie sie noch einmal aus.",
            "invalid": "Es ist keine Datei angekommen. Bitte wählen Sie sie noch einmal aus.",
            "max_length": "Der Name der Datei ist zu lang. Bitte kürzen Sie ihn auf %(max)d Zeichen.",
            "contradiction": "Bitte wählen Sie entweder eine neue Datei aus oder entfernen Sie die alte.",
        },
        forms.ImageField: {
            "invalid_image": "Das ist kein Bild, das wir öffnen können. Bitte nehmen Sie ein Foto als JPG oder PNG."
        },
        forms.JSONField: {"invalid": "Das ist nicht richtig angekommen. Bitte versuchen Sie es noch einmal."},
    }
    for field, texts in messages.items():
        field.default_error_messages = {**field.default_error_messages, **texts}
    validators.MaxLengthValidator.message = (
        "Bitte kürzen Sie das auf höchstens %(limit_value)d Zeichen. Jetzt sind es %(show_value)d."
    )
    validators.MinLengthValidator.message = (
        "Bitte schreiben Sie mindestens %(limit_value)d Zeichen. Jetzt sind es %(show_value)d."
    )
    validators.ProhibitNullCharactersValidator.message = (
        "Hier steht ein Zeichen, das man nicht sieht. Bitte tippen Sie den Text neu ein, statt ihn einzufügen."
    )
    validators.DecimalValidator.messages = {
        "invalid": "Bitte geben Sie eine Zahl ein, zum Beispiel 2,5.",
        "max_digits": "Bitte schreiben Sie die Zahl mit höchstens %(max)s Ziffern.",
        "max_decimal_places": "Bitte schreiben Sie höchstens %(max)s Stellen hinter das Komma.",
        "max_whole_digits": "Bitte schreiben Sie höchstens %(max)s Stellen vor das Komma.",
    }
    validators.MaxValueValidator.message = "Bitte geben Sie höchstens %(limit_value)s ein."
    validators.MinValueValidator.message = "Bitte geben Sie mindestens %(limit_value)s ein."
    validators.EmailValidator.message = "Diese E-Mail-Adresse ist unvollständig. Sie sieht so aus: name@beispiel.de."
