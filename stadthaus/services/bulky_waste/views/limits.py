"""What one connection may do, and so everybody behind a library's or a mobile network's address: this stops machines.

What one person may keep from others by orders is `bulky_waste.max_unpaid_orders`.
"""

from collections.abc import Callable

from django.http import HttpRequest
from django.utils import timezone

from stadthaus.accounts import rate_limits
from stadthaus.services.bulky_waste.actions import TooOften

HOUR, DAY = 3600, 86_400
# Litres held in twenty minutes: two of the largest orders or ten usual ones, less than the smallest usual day has.
# Windows meet and a hold may be extended once, so at the worst moment it is three times as much: of eight days, two.
LITRES_HELD = 18_000
LITRES_HELD_PER_SECONDS = 1200
# Litres ordered in a day, paid or not: forty-five usual orders, or ten of the largest and so less than four usual
# days of a district.
LITRES_ORDERED_PER_DAY = 90_000
LEAST_LITRES_OF_ORDER = 1000  # a stop for a chair keeps a place from others all the same
UPLOADS_PER_HOUR = 20
DRAFTS_PER_HOUR = 40
GUESSES_PER_HOUR = 8


def may(request: HttpRequest, what: str, limit: int, per_seconds: int, *, weight: int = 1) -> bool:
    """Whether this client may do something once more; who works here orders for others and is not counted."""
    if request.user.is_authenticated:
        return True
    who = rate_limits.client_address(request)
    return rate_limits.allow(
        name=what, who=who, limit=limit, per_seconds=per_seconds, now=timezone.now(), weight=weight
    )


def may_guess(who: str) -> bool:
    """Whether surname and house number may be tried once more; `who` names the order or draft, and who tries."""
    return rate_limits.allow(name="prove", who=who, limit=GUESSES_PER_HOUR, per_seconds=HOUR, now=timezone.now())


def counted_order(request: HttpRequest) -> Callable[[int], None]:
    """Counts an order for this client by its litres, in its own transaction: what fails is not; raises TooOften."""

    def count(litres: int) -> None:
        weight = max(litres, LEAST_LITRES_OF_ORDER)
        if not may(request, "order", LITRES_ORDERED_PER_DAY, DAY, weight=weight):
            raise TooOften

    return count


def weighed_hold(request: HttpRequest) -> Callable[[int], None]:
    """Counts the litres this client comes to keep from others, in the hold's own transaction; raises TooOften."""

    def count(litres: int) -> None:
        if not may(request, "hold", LITRES_HELD, LITRES_HELD_PER_SECONDS, weight=litres):
            raise TooOften

    return count
