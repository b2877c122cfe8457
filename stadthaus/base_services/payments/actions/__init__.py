"""Every write to payments. Each is one transaction: lock the request, check, write, audit.

Lock order everywhere: draft, payment request, order, collection day, outbox.
"""

from stadthaus.base_services.payments.actions.attempts import (
    ask_again,
    ask_later,
    ask_soon,
    note_provider_ref,
    settle_attempt,
    start_attempt,
)
from stadthaus.base_services.payments.actions.booking import lock
from stadthaus.base_services.payments.actions.deciding import (
    accept_overpayment,
    declare_unpaid,
    give_date,
    refund_without_date,
)
from stadthaus.base_services.payments.actions.demo import choose_outcome
from stadthaus.base_services.payments.actions.erasing import erase_debtor
from stadthaus.base_services.payments.actions.receiving import (
    mark_received,
    redeem_paper_card,
    take_at_counter,
    take_second_transfer,
)
from stadthaus.base_services.payments.actions.refunds import (
    approve_refund,
    enter_account,
    give_account,
    mark_refunded,
    refuse_refund,
)
from stadthaus.base_services.payments.actions.refusals import (
    CardAlreadyRedeemed,
    PaymentRefused,
    SecondPersonNeeded,
    WrongAmount,
)
from stadthaus.base_services.payments.actions.requests import (
    change_way,
    lapse,
    request_payment,
    wait_for_clarity,
    withdraw,
)
from stadthaus.base_services.payments.actions.waivers import approve_waiver, refuse_waiver, request_waiver

__all__ = [
    "CardAlreadyRedeemed",
    "PaymentRefused",
    "SecondPersonNeeded",
    "WrongAmount",
    "accept_overpayment",
    "approve_refund",
    "approve_waiver",
    "ask_again",
    "ask_later",
    "ask_soon",
    "change_way",
    "choose_outcome",
    "declare_unpaid",
    "enter_account",
    "erase_debtor",
    "give_account",
    "give_date",
    "lapse",
    "lock",
    "mark_received",
    "mark_refunded",
    "note_provider_ref",
    "redeem_paper_card",
    "refund_without_date",
    "refuse_refund",
    "refuse_waiver",
    "request_payment",
    "request_waiver",
    "settle_attempt",
    "start_attempt",
    "take_at_counter",
    "take_second_transfer",
    "wait_for_clarity",
    "withdraw",
]
