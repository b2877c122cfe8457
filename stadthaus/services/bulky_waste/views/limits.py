"""What one connection may do, and so everybody behind a library's or a mobile network's address: this stops machines.

What one person may keep from others by orders is `bulky_waste.max_unpaid_orders`.
"""

from collections.abc import Callable

from django.http import HttpRequest
from django.utils import timezone

from stadthaus.accounts import rate_limits
from stadthaus.accounts.queries import permissions_of
from stadthaus.kernel.calendars import day_of
from stadthaus.services.bulky_waste.actions import TooOften
from stadthaus.services.bulky_waste.queries import Picture

HOUR, DAY = 3600, 86_400
# Litres held in the time of a hold: ten usual orders, less than the smallest usual day has; always two of the largest
# orders the town allows. Windows meet and a hold may be extended once, so at the worst moment it is three times as
# much: of eight days, two.
LITRES_HELD = 18_000
LARGEST_HELD = 2
# Litres ordered in a day, paid or not: forty-five usual orders, less than four usual days of a district; always ten
# of the largest.
LITRES_ORDERED_PER_DAY = 90_000
LARGEST_ORDERED_PER_DAY = 10
LEAST_LITRES_OF_ORDER = 1000  # a stop for a chair keeps a place from others all the same
LIMITS_OF_NETWORK = 2  # what neighbours keep together is still less than the eight days a district has to choose from
UPLOADS_PER_HOUR = 20
DRAFTS_PER_HOUR = 40
GUESSES_PER_HOUR = 8  # from one address
# From all addresses together. The 300 likeliest guesses, the twenty commonest surnames with fifteen house numbers
# each, are right for about two orders in a hundred; with fewer, eight addresses lock the owner out until tomorrow.
GUESSES_PER_DAY = 300
WRONG_LINKS_PER_HOUR = 60
LOST_LINKS_PER_HOUR = 10


def orders_for_others(request: HttpRequest) -> bool:
    """Whether somebody works here who orders for others; the contractor's people are no such."""
    return request.user.is_authenticated and "orders.change" in permissions_of(request.user)


def may(request: HttpRequest, what: str, limit: int, per_seconds: int) -> bool:
    """Whether this client may do something once more; who works here orders for others and is not counted."""
    if orders_for_others(request):
        return True
    who = rate_limits.client_address(request)
    return rate_limits.allow(name=what, who=who, limit=limit, per_seconds=per_seconds, now=timezone.now())


def _keep(request: HttpRequest, what: str, litres: int, most: int, per_seconds: int) -> None:
    """Count that this client keeps so much more room from others, or raise TooOften; its network may twice as much."""
    if orders_for_others(request):
        return
    rate_limits.allow(
        name=what,
        who=rate_limits.client_address(request),
        limit=most,
        per_seconds=per_seconds,
        now=timezone.now(),
        weight=litres,
        limits_of_network=LIMITS_OF_NETWORK,
        or_raise=TooOften(),
    )


def wait_to_guess(request: HttpRequest, about: str) -> str:
    """For how long not to try surname and house number of an order or a draft again; empty for who may guess now."""
    now, here = timezone.now(), rate_limits.client_address(request)  # a stranger elsewhere locks nobody out
    may_here = rate_limits.allow(
        name="prove", who=here, about=about, limit=GUESSES_PER_HOUR, per_seconds=HOUR, now=now
    )
    if not may_here:
        return "eine Stunde"
    may_all = rate_limits.allow(name="prove-all", who=about, limit=GUESSES_PER_DAY, per_seconds=DAY, now=now)
    return "" if may_all else "bis morgen"


def hold_minutes(seen: Picture) -> int:
    """For how long a chosen day is held today."""
    minutes: int = seen.town.value("bulky_waste.hold_minutes", day_of(seen.now))
    return minutes


def counted_order(request: HttpRequest, seen: Picture) -> Callable[[int], None]:
    """Counts an order for this client by its litres, in its own transaction: what fails is not; raises TooOften."""
    most = max(LITRES_ORDERED_PER_DAY, LARGEST_ORDERED_PER_DAY * seen.tariff.max_litres)

    def count(litres: int) -> None:
        _keep(request, "order", max(litres, LEAST_LITRES_OF_ORDER), most, DAY)

    return count


def weighed_hold(request: HttpRequest, seen: Picture) -> Callable[[int], None]:
    """Counts the litres this client comes to keep from others, in the hold's own transaction; raises TooOften."""
    most, seconds = max(LITRES_HELD, LARGEST_HELD * seen.tariff.max_litres), 60 * hold_minutes(seen)

    def count(litres: int) -> None:
        _keep(request, "hold", litres, most, seconds)

    return count
