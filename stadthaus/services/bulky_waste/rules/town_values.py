"""What the Sperrmüllkarte asks of a town: fee, measure, limits, cut-offs and terms."""

from typing import Any

from stadthaus.kernel.measures import format_cubic_metres
from stadthaus.kernel.money import format_euro
from stadthaus.services.bulky_waste.rules.dates import ORDERING, read_moment_of_fee
from stadthaus.town.rules.asked import operational, statute
from stadthaus.town.rules.values import list_of, parts, read_clock, read_cut_off, read_term, text, whole
from stadthaus.town.rules.words import clock, cut_off, each, one_of, term, unit


def read_days_of_reminder(value: Any) -> dict[str, int]:
    """Read `{"transfer": 2, "counter": 1}`: so many days before the payment is due; a way left out has no reminder."""
    return parts(value, {}, {"transfer": whole(0, 365), "counter": whole(0, 365)})


def read_longer(value: Any) -> tuple[dict[str, Any], ...]:
    """Read `[{"name": "Sofas", "length_cm": 250, "items": ["sofa-bed"]}]`: what may be longer in one piece."""
    kind = {"name": text(), "length_cm": whole(1, 10_000), "items": list_of(text(), least=1)}
    return list_of(lambda part: parts(part, kind))(value)


def say_reminders(value: dict[str, int]) -> str:
    """Say so: "Überweisung: 2 Tage vorher"."""
    ways = {"transfer": "Überweisung", "counter": "Bürgerbüro"}
    return "\n".join(f"{ways[way]}: {_DAYS(days)} vorher" for way, days in value.items())


def say_longer(kind: dict[str, Any]) -> str:
    """Say so: "Sofas: bis 250 cm"."""
    return f"{kind['name']}: bis {kind['length_cm']} cm"


_DAYS = unit("Tag", "Tage")
_MOMENTS = {ORDERING: "mit der Bestellung"}

VALUES = {
    "bulky_waste.fee_arises": statute("Die Gebühr entsteht", read_moment_of_fee, one_of(_MOMENTS)),
    "bulky_waste.fee_per_card": statute("Gebühr für eine Karte", whole(1, 1_000_000), format_euro),
    "bulky_waste.litres_per_card": statute("Volumen einer Karte", whole(1, 1_000_000), format_cubic_metres),
    "bulky_waste.longer_in_one_piece": operational("Am Stück länger erlaubt", read_longer, each(say_longer)),
    "bulky_waste.max_cards_per_order": operational(
        "Höchstens in einer Bestellung", whole(1, 100), unit("Karte", "Karten")
    ),
    "bulky_waste.max_length_cm": operational("Größte Länge eines Stücks", whole(1, 10_000), unit("cm")),
    "bulky_waste.max_unpaid_orders": operational(
        "Höchstens unbezahlt bei einem Kontakt", whole(1, 1000), unit("Bestellung", "Bestellungen")
    ),
    "bulky_waste.max_weight_kg": operational("Größtes Gewicht eines Stücks", whole(1, 10_000), unit("kg")),
    "bulky_waste.order_until": operational("Bestellen bis", read_cut_off, cut_off),
    "bulky_waste.cancel_until": operational("Stornieren bis", read_cut_off, cut_off),
    "bulky_waste.refund_until": operational("Gebühr zurück bei Storno bis", read_cut_off, cut_off),
    "bulky_waste.out_from": operational("An der Straße frühestens", read_cut_off, cut_off),
    "bulky_waste.out_by": operational("Am Abholtag an der Straße bis", read_clock, clock),
    "bulky_waste.leftovers_gone_by": operational("Liegengebliebenes wegräumen", read_term, term),
    "bulky_waste.hold_minutes": operational("Ein gewählter Tag bleibt reserviert", whole(1, 24 * 60), unit("Minuten")),
    "bulky_waste.letter_days": operational("Ein Brief braucht", whole(0, 60), unit("Werktag", "Werktage")),
    "bulky_waste.remind_of_payment_days": operational("An die Zahlung erinnern", read_days_of_reminder, say_reminders),
    "bulky_waste.retention_contact_days": operational("Kontaktdaten nach der Abholung", whole(1, 10_000), _DAYS),
    "bulky_waste.retention_photo_days": operational("Fotos nach der Abholung", whole(1, 10_000), _DAYS),
}
TEXTS = {
    "bulky_waste.business": text(),
    "bulky_waste.outside_town": text(),
    "bulky_waste.declaration.household": text(),
    "bulky_waste.declaration.permission": text(),
}
