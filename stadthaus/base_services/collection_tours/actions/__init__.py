"""Every write to collection days, places and results.

Lock order: collection days by ascending id first, bookings after them. An action reads a booking
without a lock, changes the days concerned, then the booking on condition that it is still as read;
if not, it rolls back to its own beginning and starts again. Two actions skip the day because its
figures stay the same (`book` on a live hold, `extend_hold`): they lock one booking and wait for
nothing after it. Expired holds of others are released with SKIP LOCKED, under the lock of their day.
So no two actions can wait for each other. A transaction with several of these actions calls
`lock_days` for all days concerned first, after its own payment and order locks.
"""

from stadthaus.base_services.collection_tours.actions.days import (
    CapacityTooSmall,
    DayExists,
    add_day,
    close_day,
    keep_days_ahead,
    lock_days,
    reopen_day,
    set_capacity,
)
from stadthaus.base_services.collection_tours.actions.places import (
    DayIsClosed,
    DayIsFull,
    HoldIsOver,
    NoPlace,
    PlaceIsBooked,
    book,
    extend_hold,
    forget_released_holds,
    hold,
    move,
    release,
    release_expired_holds,
)
from stadthaus.base_services.collection_tours.actions.results import (
    AlreadyReported,
    NoSuchStop,
    ResultIsFinal,
    erase_result_details,
    record_result,
    undo_result,
)
from stadthaus.base_services.collection_tours.rules.outcomes import ResultRefused

__all__ = [
    "AlreadyReported",
    "CapacityTooSmall",
    "DayExists",
    "DayIsClosed",
    "DayIsFull",
    "HoldIsOver",
    "NoPlace",
    "NoSuchStop",
    "PlaceIsBooked",
    "ResultIsFinal",
    "ResultRefused",
    "add_day",
    "book",
    "close_day",
    "erase_result_details",
    "extend_hold",
    "forget_released_holds",
    "hold",
    "keep_days_ahead",
    "lock_days",
    "move",
    "record_result",
    "release",
    "release_expired_holds",
    "reopen_day",
    "set_capacity",
    "undo_result",
]
