"""What a payment provider (Zahlungsdienst) answers when asked, and when it is asked again."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

AnswerState = Literal["paid", "failed", "cancelled", "pending", "unknown"]
WRONG_AMOUNT = "wrong_amount"
NOT_PAID = frozenset({"failed", "cancelled"})
KNOWN = NOT_PAID | {WRONG_AMOUNT}  # what came by a wrong amount is booked, and decided or sent back

FIRST_ASK = timedelta(minutes=2)
SHORTEST_PAUSE = timedelta(seconds=30)
_LONGEST_PAUSE = timedelta(hours=1)


@dataclass(frozen=True)
class Answer:
    """A provider's answer to our question about one attempt.

    `pending` means that the provider itself does not know yet, `unknown` that it did not answer or
    answered nonsense. `amount_cents` is what was really paid; `provider_ref` names the payment the
    provider speaks of, empty if it does not say.
    """

    state: AnswerState
    amount_cents: int = 0
    provider_ref: str = ""


def pause_before_next_ask(asks: int) -> timedelta:
    """How long to wait after the `asks`-th question: 2, 4, 8 … minutes, at most an hour."""
    return min(FIRST_ASK * (1 << min(asks, 10)), _LONGEST_PAUSE)
