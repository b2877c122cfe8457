from stadthaus.base_services.payments.models import LedgerEntry
from stadthaus.base_services.payments.rules import ledger


def test_every_kind_of_entry_has_an_effect() -> None:
    assert set(ledger.EFFECTS) == set(LedgerEntry.Kind.values)


def test_a_paid_claim_balances() -> None:
    assert ledger.balance([("claim", 1500), ("payment", 1500)]) == ledger.Balance(1500, 1500)


def test_a_payment_taken_back_by_its_provider_is_not_there_any_more() -> None:
    balance = ledger.balance([("claim", 1500), ("payment", 1600), ("reversal", 200)])
    assert (balance, balance.spare_cents) == (ledger.Balance(1500, 1400), -100)


def test_a_cancelled_and_refunded_claim_leaves_nothing() -> None:
    entries = [("claim", 1500), ("payment", 1500), ("withdrawal", 1500), ("refund", 1500)]
    assert ledger.balance(entries) == ledger.Balance(0, 0)
