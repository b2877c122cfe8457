from stadthaus.base_services.payments.models import Means, RefundOrder
from stadthaus.base_services.payments.rules import refunds


def test_all_money_knows_its_way_back() -> None:
    assert set(refunds.WAY_BACK) == set(Means.values)
    assert set(refunds.WAY_BACK.values()) == set(RefundOrder.Way.values)


def test_only_what_staff_give_back_of_their_own_accord_can_be_refused() -> None:
    assert set(RefundOrder.Reason.values) - refunds.REASONS_WE_OWE == {"goodwill", "our_fault"}
    assert set(RefundOrder.Reason.values) > refunds.REASONS_WE_OWE
