"""What the Sperrmüllkarte asks of a town: fee, measure, limits, cut-offs and terms."""

from typing import Any

from stadthaus.services.bulky_waste.rules.dates import read_moment_of_fee
from stadthaus.town.rules.asked import operational, statute
from stadthaus.town.rules.values import list_of, parts, read_clock, read_cut_off, read_term, text, whole


def read_days_of_reminder(value: Any) -> dict[str, int]:
    """Read `{"transfer": 2, "counter": 1}`: so many days before the payment is due; a way left out has no reminder."""
    return parts(value, {}, {"transfer": whole(0, 365), "counter": whole(0, 365)})


def read_longer(value: Any) -> tuple[dict[str, Any], ...]:
    """Read `[{"name": "Sofas", "length_cm": 250, "items": ["sofa-bed"]}]`: what may be longer in one piece."""
    kind = {"name": text(), "length_cm": whole(1, 10_000), "items": list_of(text(), least=1)}
    return list_of(lambda part: parts(part, kind))(value)


VALUES = {
    "bulky_waste.fee_arises": statute(read_moment_of_fee),
    "bulky_waste.fee_per_card": statute(whole(1, 1_000_000)),
    "bulky_waste.litres_per_card": statute(whole(1, 1_000_000)),
    "bulky_waste.longer_in_one_piece": operational(read_longer),
    "bulky_waste.max_cards_per_order": operational(whole(1, 100)),
    "bulky_waste.max_length_cm": operational(whole(1, 10_000)),
    "bulky_waste.max_unpaid_orders": operational(whole(1, 1000)),
    "bulky_waste.max_weight_kg": operational(whole(1, 10_000)),
    "bulky_waste.order_until": operational(read_cut_off),
    "bulky_waste.cancel_until": operational(read_cut_off),
    "bulky_waste.refund_until": operational(read_cut_off),
    "bulky_waste.out_by": operational(read_clock),
    "bulky_waste.leftovers_gone_by": operational(read_term),
    "bulky_waste.hold_minutes": operational(whole(1, 24 * 60)),
    "bulky_waste.letter_days": operational(whole(0, 60)),
    "bulky_waste.remind_of_payment_days": operational(read_days_of_reminder),
    "bulky_waste.retention_contact_days": operational(whole(1, 10_000)),
    "bulky_waste.retention_photo_days": operational(whole(1, 10_000)),
}
TEXTS = {
    "bulky_waste.declaration.household": text(),
    "bulky_waste.declaration.permission": text(),
}
