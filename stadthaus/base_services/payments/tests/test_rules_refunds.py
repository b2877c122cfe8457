from stadthaus.base_services.payments.models import Means, RefundOrder
from stadthaus.base_services.payments.rules import refunds


def test_all_money_knows_its_way_back() -> None:
    assert set(refunds.WAY_BACK) == set(Means.values)
    assert set(refunds.WAY_BACK.values()) == set(RefundOrder.Way.values)


def test_only_what_staff_give_back_of_their_own_accord_can_be_refused() -> None:
    assert set(RefundOrder.Reason.values) - refunds.REASONS_WE_OWE == {"goodwill", "our_fault"}
    assert set(RefundOrder.Reason.values) > refunds.REASONS_WE_OWE


def test_money_goes_back_the_way_it_came_what_came_last_first() -> None:
    held = refunds.held_by_way([("claim", "", 1500), ("payment", "online", 1400), ("payment", "cash", 100)], [])
    assert refunds.share(1500, held) == [("counter", 100), ("online", 1400)]
    assert refunds.share(50, held) == [("counter", 50)]
    assert refunds.share(150, held) == [("counter", 100), ("online", 50)]


def test_what_went_back_or_is_promised_does_not_go_back_again() -> None:
    lines = [
        ("payment", "transfer", 1000),
        ("payment", "card", 500),
        ("refund", "cash", 200),
        ("reversal", "online", 5),
    ]
    assert refunds.held_by_way(lines, [("transfer", 1000)]) == {"counter": 300}
