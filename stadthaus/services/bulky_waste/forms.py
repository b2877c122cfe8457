"""The questions of an order: fields, wording, and where an error stands."""

import string
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, ClassVar

from django import forms

from stadthaus.base_services.addresses import queries as addresses
from stadthaus.base_services.addresses.models import Street
from stadthaus.base_services.addresses.rules.house_numbers import with_number_apart
from stadthaus.base_services.collection_tours.models import CollectionDay
from stadthaus.base_services.payments.rules.pay_by import Way
from stadthaus.kernel.measures import format_metres
from stadthaus.kernel.words import fold
from stadthaus.services.bulky_waste.documents import until_words
from stadthaus.services.bulky_waste.models import Order
from stadthaus.services.bulky_waste.rules.items import Limits
from stadthaus.services.bulky_waste.rules.search import Found, Index, names_it, search
from stadthaus.services.bulky_waste.rules.slips import address_meant, number_alone
from stadthaus.town.queries import Town
from stadthaus.ui.forms import Card, CardSelect, LatinField, NameField, PlainTextArea, PlainTextField
from stadthaus.ui.templatetags.ui import long_day

MOST_CENTS = 100_000_00
ELECTRICAL = [("no", "Nein, nichts"), ("yes", "Ja")]


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
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "kern-form-input__input--width-4"}),
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
        number = addresses.read_house_number(self.cleaned_data["house"])
        if number is None:
            raise forms.ValidationError(
                "Diese Hausnummer verstehen wir nicht. Bitte schreiben Sie sie wie auf dem Schild, zum Beispiel 12a."
            )
        return str(number)

    def clean(self) -> dict[str, Any]:
        """Find the street; where the name fits several, ask which one is meant."""
        cleaned = super().clean() or {}
        typed = cleaned.get("street")
        if typed:
            self._find_street(typed, cleaned.get("street_key", ""))
        return cleaned

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
                "Steht das Haus in einer anderen Stadt? Dann nehmen Sie den Link unter „Weiter“.",
            )


def _with_parts_apart(data: Any, town_place: str) -> Any:
    """Many write all in one field, as on an envelope: put the number where it belongs, leave out our own town."""
    typed, _, place = data.get("street", "").strip().partition(",")
    if place and not set(fold(place).split()) <= set(fold(town_place).split()):
        return data  # another town: not found, and said so
    street, number = with_number_apart(typed)
    if data.get("house", "").strip() or not number:
        street, number = typed, data.get("house", "")
    return {**data.dict(), "street": street, "house": number} if hasattr(data, "dict") else data


class OwnItemForm(forms.Form):
    """Page 2: a thing that the catalogue does not know, by its measures. `found` is what its name could mean."""

    name = LatinField(
        label="Was ist es?",
        max_length=80,
        error_messages={"required": "Bitte schreiben Sie kurz, was es ist."},
    )
    length = forms.IntegerField(label="Länge in cm", min_value=1)
    width = forms.IntegerField(label="Breite in cm", min_value=1)
    height = forms.IntegerField(label="Höhe in cm", min_value=1)
    count = forms.IntegerField(label="Wie viele?", min_value=1, max_value=20, initial=1)
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
        for name in ("length", "width", "height"):
            field = self.fields[name]
            field.widget.attrs["inputmode"] = "numeric"
            field.error_messages |= {
                "required": "Bitte messen Sie nach und tragen Sie ganze Zentimeter ein.",
                "invalid": "Bitte tragen Sie ganze Zentimeter ein, zum Beispiel 120.",
            }

    def clean_name(self) -> str:
        """What is known to be no bulky waste is refused here as in the search, with where it goes instead."""
        name: str = self.cleaned_data["name"]
        self.found = search(name, self.names)
        if self.found.not_bulky_first and names_it(name, self.found):
            thing = self.found.not_bulky[0]
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
        """No side may be longer than the town allows for one piece."""
        cleaned = super().clean() or {}
        for name in ("length", "width", "height"):
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


class WhoForm(forms.Form):
    """Page 3: who orders, how to reach them, and who owes the fee.

    Fields with `data-needed-for` are shown only while that choice is made (order.css); in a browser that cannot do so
    they all stand there. Either way what stands in a field that the choice does not need is no answer and no error.
    """

    NEEDED_FOR: ClassVar = {
        "email": "email",
        "email_confirmed": "email",
        "phone": "phone",
        "address": "letter",
        "own_address": "other",
        "other_name": "other",
        "other_address": "other",
        "debtor": "other",
    }

    name = NameField(
        label="Vor- und Nachname",
        max_length=200,
        error_messages={"required": "Bitte geben Sie Ihren Namen ein."},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    channel = forms.ChoiceField(
        label="Wie sollen wir Ihnen antworten?",
        choices=Order.Channel.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Bitte wählen Sie, wie wir Ihnen antworten sollen."},
    )
    email = forms.EmailField(
        label="E-Mail-Adresse",
        help_text="Für die Antwort per E-Mail. Dorthin schicken wir auch den Link zu Ihrer Bestellung.",
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )
    email_confirmed = forms.BooleanField(required=False, label="Die Adresse stimmt so.")
    phone = PlainTextField(
        label="Telefonnummer",
        help_text="Für die Antwort per Telefon. Bitte mit Vorwahl.",
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    address = LatinField(
        label="Anschrift für den Brief",
        help_text="Nur wenn der Brief nicht an die Abholadresse gehen soll: Straße, Hausnummer, Postleitzahl und Ort.",
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )
    for_other = forms.BooleanField(required=False, label="Ich bestelle für jemand anderen")
    other_name = NameField(label="Name der anderen Person", required=False, max_length=200)
    other_address = LatinField(
        label="Anschrift der anderen Person",
        help_text="Nur wenn sie nicht an der Abholadresse wohnt.",
        required=False,
        max_length=300,
    )
    debtor = forms.ChoiceField(
        label="Wer zahlt die Gebühr?",
        help_text="Diese Person bekommt die Zahlungsaufforderung.",
        choices=[("me", "Ich"), ("other", "Die andere Person")],
        required=False,
        widget=forms.RadioSelect,
    )
    own_address = LatinField(
        label="Ihre eigene Anschrift",
        help_text="Nur wenn Sie nicht an der Abholadresse wohnen: Straße, Hausnummer, Postleitzahl und Ort.",
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )
    on_site_name = NameField(label="Wen treffen wir vor Ort?", required=False, max_length=200)
    on_site_phone = PlainTextField(
        label="Telefonnummer vor Ort",
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choice in self.NEEDED_FOR.items():
            self.fields[name].widget.attrs["data-needed-for"] = choice
        self.email_is_odd = False

    def clean_email(self) -> str:
        """An address that can never arrive is refused now, not when the mail comes back."""
        email: str = self.cleaned_data["email"]
        if email and (email.count("@") != 1 or email.startswith('"') or email.endswith("]")):
            raise forms.ValidationError(
                "An diese E-Mail-Adresse können wir nicht schreiben. Bitte geben Sie eine andere ein."
            )
        if email and "." not in email.rsplit("@", 1)[1]:
            raise forms.ValidationError("Dieser E-Mail-Adresse fehlt etwas, zum Beispiel „.de“ am Ende.")
        return email

    def clean_phone(self) -> str:
        """Digits with the usual signs between them."""
        return _phone(self.cleaned_data["phone"])

    def clean_on_site_phone(self) -> str:
        """Digits with the usual signs between them."""
        return _phone(self.cleaned_data["on_site_phone"])

    def clean(self) -> dict[str, Any]:
        """What each way of answering needs, and nothing of what it does not need."""
        cleaned = super().clean() or {}
        channel = cleaned.get("channel")
        for name in self._not_needed(cleaned):
            self.errors.pop(name, None)
            cleaned[name] = ""
        if channel != Order.Channel.LETTER:
            cleaned["address"] = cleaned.get("own_address", "")
        if channel == Order.Channel.EMAIL and not cleaned.get("email") and "email" not in self.errors:
            self.add_error("email", "Bitte geben Sie Ihre E-Mail-Adresse ein oder wählen Sie Telefon oder Brief.")
        if channel == Order.Channel.PHONE and not cleaned.get("phone") and "phone" not in self.errors:
            self.add_error("phone", "Bitte geben Sie eine Telefonnummer ein, damit wir Sie anrufen können.")
        if cleaned.get("for_other"):
            self._check_other(cleaned)
        self._ask_about_email(cleaned.get("email", ""), confirmed=cleaned.pop("email_confirmed", False))
        return cleaned

    def _check_other(self, cleaned: dict[str, Any]) -> None:
        """Who orders for somebody else says for whom, and who owes the fee: nobody owes money by an oversight."""
        if cleaned.get("channel") == Order.Channel.LETTER and not cleaned.get("address"):
            self.add_error("address", "Wohin sollen wir den Brief schicken? Bitte geben Sie Ihre Anschrift ein.")
        if not cleaned.get("other_name"):
            self.add_error("other_name", "Bitte geben Sie den Namen der Person ein, für die Sie bestellen.")
        if not cleaned.get("debtor") and "debtor" not in self.errors:
            self.add_error("debtor", "Bitte wählen Sie, wer die Gebühr zahlt.")

    def _ask_about_email(self, email: str, *, confirmed: bool) -> None:
        """A slip in a well-known provider's name is asked about: the mail would reach nobody, or a stranger."""
        meant = address_meant(email)
        self.email_is_odd = bool(meant)
        if meant and not confirmed:
            self.add_error("email", f"Meinen Sie {meant}? Wenn nicht, bestätigen Sie bitte, dass die Adresse stimmt.")

    def _not_needed(self, cleaned: dict[str, Any]) -> set[str]:
        choices = {cleaned.get("channel"), "other" if cleaned.get("for_other") else ""}
        names = {name for name, choice in self.NEEDED_FOR.items() if choice not in choices}
        # A letter asks for the same address already.
        return names | {"own_address"} if Order.Channel.LETTER in choices else names


def _phone(typed: str) -> str:
    text = number_alone(typed)
    digits = sum(character in string.digits for character in text)
    if text and (digits < 5 or set(text) - set(string.digits + "+-–/() .")):  # noqa: PLR2004  the shortest number with its area code
        raise forms.ValidationError(
            "Diese Telefonnummer verstehen wir nicht. Bitte schreiben Sie sie mit Vorwahl, zum Beispiel 02389 71123."
        )
    return text


DAY_IS_FULL = "Dieser Tag ist gerade voll geworden. Alles andere ist gespeichert – bitte wählen Sie einen anderen Tag."


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
    """Page 6: the way of paying and the declarations."""

    from_household = forms.BooleanField(
        error_messages={"required": "Bitte bestätigen Sie, dass die Sachen aus einem privaten Haushalt kommen."},
    )
    may_put_there = forms.BooleanField(
        error_messages={"required": "Bitte bestätigen Sie, dass Sie die Sachen dort hinstellen dürfen."},
    )
    # What the page showed, sent back (check.html writes it). What no page can have shown is not said again.
    amount_shown = forms.IntegerField(
        label="Gebühr",
        min_value=0,
        max_value=MOST_CENTS,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"),
            "Bitte prüfen Sie die Gebühr und bestellen Sie noch einmal.",
        ),
    )

    def __init__(self, *args: Any, town: Town, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["from_household"].label = town.text("bulky_waste.declaration.household")
        self.fields["may_put_there"].label = town.text("bulky_waste.declaration.permission")


def _payable(ways: Sequence[Way]) -> str:
    """Say on a day's card when not every way to pay is left for it."""
    names = {"online": "online", "transfer": "mit Überweisung", "counter": "im Bürgerbüro"}
    left = [names[way.way] for way in ways]
    if "mit Überweisung" in left or not left:
        return ""
    return f"So kurz vorher nur noch {' oder '.join(left)} zu bezahlen"


@lru_cache(maxsize=16)
def _way_card(way: Way) -> Card:
    until = until_words(way.way, way.last_chance)
    cards = {
        "online": Card("Sofort online", "Sie bezahlen gleich nach dem Bestellen."),
        "transfer": Card("Überweisung", f"Bitte überweisen Sie bis {until}."),
        "counter": Card("Vor Ort, bar oder mit Karte", f"Bezahlen Sie bis {until} im Bürgerbüro."),
    }
    return cards[way.way]


class ProveForm(forms.Form):
    """Asked once behind the private link: surname and house number."""

    surname = PlainTextField(
        label="Nachname",
        help_text="Von der Person, die bestellt hat. Es geht auch der Name, auf den die Gebühr läuft.",
        max_length=200,
        error_messages={"required": "Bitte geben Sie den Nachnamen ein."},
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )
    house = PlainTextField(
        label="Hausnummer",
        help_text="Die Hausnummer, an der wir abholen.",
        max_length=20,
        error_messages={"required": "Bitte geben Sie die Hausnummer ein."},
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "kern-form-input__input--width-4"}),
    )
