"""Every write of the bulky-waste card.

Locks are taken in one order everywhere: payment request, order, collection day, outbox.
"""

from stadthaus.services.bulky_waste.actions.catalogue import (
    change_volume,
    load_catalogue,
)
from stadthaus.services.bulky_waste.actions.drafts import (
    AlreadyOrdered,
    Edit,
    answer,
    answer_place,
    answer_where,
    ask_for_another_day,
    choose_day,
    delete_old_drafts,
    edit_lines,
    send_resume_link,
    start_draft,
)
from stadthaus.services.bulky_waste.actions.orders import (
    TooLate,
    cancel,
    confirm,
    erase_person,
    erase_photos,
    finish,
    give_new_day,
    hand_over,
    lapse,
    remind_of_payment,
    reopen,
    report_result,
    take_back_result,
    tell_of_late_money,
    tell_of_refund,
    tell_result,
)
from stadthaus.services.bulky_waste.actions.placing import (
    PriceChanged,
    StillOpen,
    TooManyUnpaid,
    WayNotOffered,
    place_order,
)

__all__ = [
    "AlreadyOrdered",
    "Edit",
    "PriceChanged",
    "StillOpen",
    "TooLate",
    "TooManyUnpaid",
    "WayNotOffered",
    "answer",
    "answer_place",
    "answer_where",
    "ask_for_another_day",
    "cancel",
    "change_volume",
    "choose_day",
    "confirm",
    "delete_old_drafts",
    "edit_lines",
    "erase_person",
    "erase_photos",
    "finish",
    "give_new_day",
    "hand_over",
    "lapse",
    "load_catalogue",
    "place_order",
    "remind_of_payment",
    "reopen",
    "report_result",
    "send_resume_link",
    "start_draft",
    "take_back_result",
    "tell_of_late_money",
    "tell_of_refund",
    "tell_result",
]
