"""What an order costs (Gebühr)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Tariff:
    """The fee schedule (Gebührentarif) in force on one day, with the rule versions it came from.

    `fee_per_card` in cents, `litres_per_card` in litres; the town's statute sets both.
    """

    fee_per_card: int
    litres_per_card: int
    max_cards: int
    fee_rule_id: int
    measure_rule_id: int

    @property
    def max_litres(self) -> int:
        """The largest volume one order may have."""
        return self.max_cards * self.litres_per_card


@dataclass(frozen=True)
class Quote:
    """What a volume costs: cards, amount in cents, and litres still free on the last card."""

    litres: int
    cards: int
    amount: int
    free_litres: int
    too_much: bool


def cards_needed(litres: int, litres_per_card: int) -> int:
    """One card (Sperrmüllkarte) for each started measure, and at least one.

    Legal source: the measure of a card in the town's waste fee statute (Abfallgebührensatzung).
    """
    started = (litres + litres_per_card - 1) // litres_per_card
    return max(1, started)


def quote(litres: int, tariff: Tariff) -> Quote:
    """Fee = cards × fee per card (Gebühr je Karte), in cents.

    Legal source: the fee per card in the town's waste fee statute (Abfallgebührensatzung) in force
    on the day the fee arises.
    """
    cards = cards_needed(litres, tariff.litres_per_card)
    return Quote(
        litres=litres,
        cards=cards,
        amount=cards * tariff.fee_per_card,
        free_litres=cards * tariff.litres_per_card - litres,
        too_much=cards > tariff.max_cards,
    )
