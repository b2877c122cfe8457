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
# Reasons for which nobody may refuse: this money was never owed to the town.
REASONS_WE_OWE = frozenset({"duplicate", "wrong_amount", "without_date"})
