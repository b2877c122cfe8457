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
    """What a volume costs: cards, amount in cents, and litres still free on the last card.

    `litres_over` is what the last card was begun for, if it is little; `litres_too_much` what no order may hold.
    """

    litres: int
    cards: int
    amount: int
    free_litres: int
    litres_over: int
    litres_too_much: int

    @property
    def too_much(self) -> bool:
        """More than one order may hold."""
        return self.litres_too_much > 0


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
        litres_over=litres_over(litres, tariff.litres_per_card),
        litres_too_much=max(0, litres - tariff.max_litres),
    )


def litres_over(litres: int, litres_per_card: int) -> int:
    """What would have to stay at home to need one card less, if it is at most a tenth of a card; else 0."""
    over = litres % litres_per_card if litres > litres_per_card else 0
    return over if over * 10 <= litres_per_card else 0
