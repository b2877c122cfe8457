"""Paying back (Erstattung): which way money goes, and which the town must not keep."""

from collections.abc import Mapping

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
