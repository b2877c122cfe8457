"""How often somebody may try something, or how much: one UPSERT each, the same for all processes and databases."""

import ipaddress
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from stadthaus.accounts.models import RateLimit

_COUNT = """
INSERT INTO accounts_ratelimit (name, who, window_start, count) VALUES (%s, %s, %s, %s)
ON CONFLICT (name, who) DO UPDATE SET
    count = CASE WHEN accounts_ratelimit.window_start = excluded.window_start
        THEN accounts_ratelimit.count + excluded.count ELSE excluded.count END,
    window_start = excluded.window_start
RETURNING count
"""


def allow(*, name: str, who: str, limit: int, per_seconds: int, now: datetime, weight: int = 1) -> bool:
    """Count one try; True while there were at most `limit` in this window of `per_seconds`.

    A try counts by its `weight`: for things of which not the number matters but the sum.
    Inside a transaction only what comes of the try is counted: rolled back, it is forgotten.
    """
    seconds = int(now.timestamp())
    window_start = seconds - seconds % per_seconds
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [name, _hashed(who), window_start, weight])
        (count,) = cursor.fetchone()
    return bool(count <= limit * settings.RATE_FACTOR)


def forget_old_tries(*, now: datetime, after: timedelta = timedelta(days=2)) -> int:
    """Delete what was counted before; returns how many rows."""
    deleted, _ = RateLimit.objects.filter(window_start__lt=int((now - after).timestamp())).delete()
    return deleted


def client_address(request: HttpRequest) -> str:
    """Find the address a request comes from; an IPv6 address as its /64, because a household owns all of it.

    With `TRUSTED_PROXIES = n` it is the n-th address from the right of X-Forwarded-For: what stands
    further left was written by the client and proves nothing.
    """
    direct = request.META.get("REMOTE_ADDR", "")
    return _network(_forwarded(request, settings.TRUSTED_PROXIES)) or _network(direct) or "unknown"


def _hashed(who: str) -> str:
    return salted_hmac("stadthaus.accounts.rate_limits", who, algorithm="sha256").hexdigest()


def _forwarded(request: HttpRequest, proxies: int) -> str:
    addresses = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    return addresses[-proxies].strip() if 0 < proxies <= len(addresses) else ""


def _network(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(ipaddress.ip_network(f"{address.partition('%')[0]}/64", strict=False))
    return str(parsed)
