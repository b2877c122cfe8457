"""What each kind of ledger entry (Buchung) changes: what is owed and what the town holds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

CLAIM = "claim"
PAYMENT = "payment"
REFUND = "refund"
REVERSAL = "reversal"
WAIVER = "waiver"
WITHDRAWAL = "withdrawal"

# kind → (sign of the claim, sign of the money held)
EFFECTS: Mapping[str, tuple[int, int]] = {
    CLAIM: (1, 0),
    PAYMENT: (0, 1),
    REFUND: (0, -1),
    REVERSAL: (0, -1),
    WAIVER: (-1, 0),
    WITHDRAWAL: (-1, 0),
}


@dataclass(frozen=True)
class Balance:
    """Cents that are owed in all (Soll) and cents the town holds (Ist)."""

    owed_cents: int
    held_cents: int

    @property
    def spare_cents(self) -> int:
        """Cents the town holds beyond what is owed; less than 0 if money is missing."""
        return self.held_cents - self.owed_cents


def balance(entries: Iterable[tuple[str, int]]) -> Balance:
    """Add up entries given as (kind, cents)."""
    owed = held = 0
    for kind, cents in entries:
        claim_sign, money_sign = EFFECTS[kind]
        owed += claim_sign * cents
        held += money_sign * cents
    return Balance(owed, held)
