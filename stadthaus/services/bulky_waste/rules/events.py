"""What the lines of an order's audit trail mean, in words."""

from collections.abc import Mapping, Sequence

from stadthaus.base_services.collection_tours.rules.outcomes import OUTCOMES, REASONS
from stadthaus.base_services.messages.rules import events as message_events
from stadthaus.base_services.payments.rules import events as payment_events

_WORDS: Mapping[str, str] = {
    "order.placed": "Bestellt",
    "order.confirmed": "Bestätigt, Karte ausgestellt",
    "order.handed_over": "An den Entsorger übergeben",
    "order.collected": "Abgeholt",
    "order.partly_collected": "Teilweise abgeholt",
    "order.not_collected": "Nicht abgeholt",
    "order.erased": "Kontaktdaten gelöscht",
    "order.photos_erased": "Fotos gelöscht",
    "order.reopened": "Wieder offen, Abfuhr hat das Ergebnis zurückgenommen",
    "order.cancelled": "Storniert, Platz ist wieder frei",
    "order.fee_given_back": "Gebühr geht zurück",
    "order.link_sent": "Link noch einmal geschickt",
    "order.lapsed": "Verfallen, Platz ist wieder frei",
    "stop.finished": "Abfuhr meldet",
    "stop.reopened": "Abfuhr nimmt zurück",
    **message_events.WORDS,
}


def describe(event: str, values: Mapping[str, Sequence[str]]) -> str:
    """What happened, with its reason; `values` maps a field to its value before and after."""
    words = _WORDS.get(event) or payment_events.describe(event)
    if not event.startswith("stop."):
        return ": ".join([words, *values.get("reason", [])[1:]])
    side = 1 if event == "stop.finished" else 0
    outcome, reason = (values.get(name, ["", ""])[side] for name in ("outcome", "reason"))
    said = [OUTCOMES[outcome].word] if outcome in OUTCOMES else []
    said += [REASONS[reason].word] if reason in REASONS else []
    return f"{words}: {', '.join(said)}"
