"""Which state may follow which. These two tables drive actions, pages and jobs."""

from collections.abc import Mapping

OPEN = "open"
PAID = "paid"
PARTLY_REFUNDED = "partly_refunded"
REFUNDED = "refunded"
WAIVED = "waived"
WITHDRAWN = "withdrawn"
PAID_WITHOUT_DATE = "paid_without_date"

INITIAL = "initial"
FAILED = "failed"
CANCELLED = "cancelled"

REQUEST_TRANSITIONS: Mapping[str, frozenset[str]] = {
    OPEN: frozenset({PAID, WAIVED, WITHDRAWN}),
    PAID: frozenset({PARTLY_REFUNDED, REFUNDED}),
    PARTLY_REFUNDED: frozenset({PARTLY_REFUNDED, REFUNDED}),
    REFUNDED: frozenset(),
    WAIVED: frozenset(),
    # Money after release or cancellation never revives an order: somebody offers a date or pays it back.
    WITHDRAWN: frozenset({PAID_WITHOUT_DATE}),
    PAID_WITHOUT_DATE: frozenset({PAID, PARTLY_REFUNDED, REFUNDED}),
}
ATTEMPT_TRANSITIONS: Mapping[str, frozenset[str]] = {
    INITIAL: frozenset({FAILED, CANCELLED, PAID}),
    # A provider may turn "failed" into "paid" later: neither of these two is ever closed.
    FAILED: frozenset({CANCELLED, PAID}),
    CANCELLED: frozenset({FAILED, PAID}),
    PAID: frozenset(),
}
SETTLED = frozenset({PAID, PARTLY_REFUNDED, REFUNDED, WAIVED, PAID_WITHOUT_DATE})


class TransitionRefused(ValueError):
    """A state does not follow the one before; nothing has been changed."""


def check_request(before: str, after: str) -> None:
    """Raise unless a payment request may go from one state to the other."""
    _check(REQUEST_TRANSITIONS, before, after)


def check_attempt(before: str, after: str) -> None:
    """Raise unless a payment attempt may go from one state to the other."""
    _check(ATTEMPT_TRANSITIONS, before, after)


def state_after_refund(*, before: str, amount_cents: int, held_cents: int) -> str:
    """The request's state when money has gone back and `held_cents` are left with the town.

    Paying back a second payment leaves the request paid; a withdrawn request stays withdrawn.
    """
    if before not in (PAID, PARTLY_REFUNDED, PAID_WITHOUT_DATE) or held_cents >= amount_cents:
        return before
    return PARTLY_REFUNDED if held_cents > 0 else REFUNDED


def _check(table: Mapping[str, frozenset[str]], before: str, after: str) -> None:
    if after not in table[before]:
        raise TransitionRefused(f"{before} → {after}")
