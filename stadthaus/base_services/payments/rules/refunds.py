"""Paying back (Erstattung): which way money goes, and which the town must not keep."""

from collections.abc import Iterable, Mapping

from stadthaus.base_services.payments.rules.ledger import EFFECTS, PAYMENT

# It goes back the way it came: means of payment → way back. Cash and card both end at the counter.
WAY_BACK: Mapping[str, str] = {
    "online": "online",
    "transfer": "transfer",
    "cash": "counter",
    "card": "counter",
    "paper_card": "paper_card",
}
# Reasons for which nobody may refuse: this money was never owed to the town, or the rules give it back and the payer
# has it in writing. What staff give back of their own accord (goodwill, our_fault) the second person can refuse.
REASONS_WE_OWE = frozenset({"cancelled", "duplicate", "wrong_amount", "without_date"})


def held_by_way(lines: Iterable[tuple[str, str, int]], promised: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Cents the town holds and has promised to nobody, by their way back; what came last stands first.

    `lines` are the ledger's (kind, means, cents), oldest first; `promised` the (way, cents) of refunds to do.
    """
    held: dict[str, int] = {}
    for kind, means, cents in lines:
        money_sign = EFFECTS[kind][1]
        if money_sign:
            way = WAY_BACK[means]
            before = held.pop(way, 0) if kind == PAYMENT else held.get(way, 0)
            held[way] = before + money_sign * cents
    for way, cents in promised:
        held[way] = held.get(way, 0) - cents
    return {way: cents for way, cents in reversed(held.items()) if cents > 0}


def share(cents: int, held: Mapping[str, int]) -> list[tuple[str, int]]:
    """Cents to pay back, each part on the way it came: (way, cents), what came last goes back first."""
    parts = []
    for way, there in held.items():
        part = min(cents, there)
        if part > 0:
            parts.append((way, part))
            cents -= part
    return parts
