"""What payments ask of a town: how long an unpaid order waits, number range, limit of waivers, term of vouchers."""

from typing import Any

from stadthaus.base_services.payments.rules.kassenzeichen import read_pattern
from stadthaus.kernel.money import format_euro
from stadthaus.town.rules.asked import operational
from stadthaus.town.rules.values import parts, read_term, whole
from stadthaus.town.rules.words import term, unit


def read_online_minutes(value: Any) -> int:
    """Read `{"minutes": 30}`."""
    minutes: int = parts(value, {"minutes": whole(1, 24 * 60)})["minutes"]
    return minutes


def say_pattern(value: dict[str, Any]) -> str:
    """Say so: "SPM, 8 Ziffern ab 1, Prüfziffer"."""
    return f"{value['prefix']}, {value['digits']} Ziffern ab {value['first']}, Prüfziffer".removeprefix(", ")


VALUES = {
    "payments.banking_days_for_transfer": operational(
        "Eine Überweisung braucht", whole(0, 30), unit("Bankarbeitstag", "Bankarbeitstage")
    ),
    "payments.kassenzeichen": operational("Kassenzeichen", read_pattern, say_pattern),
    "payments.pay_by.counter": operational("Bezahlen vor Ort", read_term, term),
    "payments.pay_by.online": operational(
        "Online bezahlen", read_online_minutes, lambda value: f"{value['minutes']} Minuten danach"
    ),
    "payments.pay_by.transfer": operational("Überweisen", read_term, term),
    "payments.refund_days": operational("Eine Rückzahlung dauert höchstens", whole(0, 365), unit("Tag", "Tage")),
    "payments.retention_years": operational("Zahlungsbelege aufbewahren", whole(1, 100), unit("Jahr", "Jahre")),
    "payments.waiver_limit": operational("Gebühr erlassen höchstens", whole(0, 1_000_000), format_euro),
}
