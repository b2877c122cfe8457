"""How often somebody may try something, or how much: one UPSERT each, the same for all processes and databases."""

import ipaddress
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from stadthaus import rows
from stadthaus.accounts.models import RateLimit

# A provider's customer owns a /56 or a /48, whoever rents servers a /24: what one address is refused, its neighbours
# would get. So many times what one address may: few neighbours must not be able to lock out all others.
NETWORKS = {4: 24, 6: 48}
LIMITS_OF_NETWORK = 20

# The address first, then its network: always this order, so that two never wait for each other in a circle. What the
# address is refused does not count for its network, or one neighbour would lock out all. The window is computed with,
# so that its index cannot serve: a plan PostgreSQL made of a small table would go through everybody of the window.
_ADDRESS = "VALUES (%s, %s, %s, %s)"
_NETWORK = """
UNION ALL SELECT %s, %s, %s, %s WHERE NOT EXISTS (
    SELECT 1 FROM accounts_ratelimit WHERE name = %s AND who = %s AND window_start + 0 = %s AND count + %s > %s)
"""
_COUNT = """
INSERT INTO accounts_ratelimit (name, who, window_start, count) {rows}
ON CONFLICT (name, who) DO UPDATE SET
    count = CASE WHEN accounts_ratelimit.window_start = excluded.window_start
        THEN accounts_ratelimit.count + excluded.count ELSE excluded.count END,
    window_start = excluded.window_start
RETURNING name, count
"""


def allow(
    *,
    name: str,
    who: str,
    limit: int,
    per_seconds: int,
    now: datetime,
    about: str = "",
    weight: int = 1,
    limits_of_network: int = LIMITS_OF_NETWORK,
    or_raise: Exception | None = None,
) -> bool:
    """Count one try; True while there were at most `limit` in this window of `per_seconds`.

    If `who` is a client's address, its network is counted too, with `limits_of_network` times the limit. `about` names
    the person or thing tried at, if each is counted apart. A try counts by its `weight`: where not the number matters
    but the sum.
    Inside a transaction only what comes of the try is counted: rolled back, it is forgotten.

    With `or_raise` it waits for the other writes of a block (`rows.together`), which its refusal then takes along.
    """
    limit *= settings.RATE_FACTOR
    limits, counted = {name: limit}, _ADDRESS
    seconds = int(now.timestamp())
    address: list[str | int] = [name, _hashed(about, who), seconds - seconds % per_seconds, weight]
    values = [*address]
    if network := _network(who):
        limits[f"{name}/network"], counted = limit * limits_of_network, _ADDRESS + _NETWORK
        values += [f"{name}/network", _hashed(about, network), *address[2:], *address, limit]
    sql = _COUNT.format(rows=counted)
    if or_raise is not None:
        rows.gather(_count_all, (sql, values, _refuse(limits, or_raise)))
        return True
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return _is_within(limits, cursor.fetchall())


def _count_all(tries: Iterable[tuple[str, Sequence[Any], rows.Reader]]) -> None:
    for sql, values, read in tries:
        rows.run(sql, values, read)


def _refuse(limits: Mapping[str, int], refusal: Exception) -> rows.Reader:
    def read(counts: Iterable[tuple[str, int]]) -> None:
        if not _is_within(limits, counts):
            raise refusal

    return read


def _is_within(limits: Mapping[str, int], counts: Iterable[tuple[str, int]]) -> bool:
    return all(count <= limits[counted] for counted, count in counts)


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
    return _line(_forwarded(request, settings.TRUSTED_PROXIES)) or _line(direct) or "unknown"


def _hashed(about: str, who: str) -> str:
    return salted_hmac("stadthaus.accounts.rate_limits", f"{about} {who}", algorithm="sha256").hexdigest()


def _forwarded(request: HttpRequest, proxies: int) -> str:
    addresses = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    return addresses[-proxies].strip() if 0 < proxies <= len(addresses) else ""


@lru_cache(maxsize=1024)
def _line(address: str) -> str:
    """What one household or office has: its IPv4 address or its IPv6 /64; empty if it cannot be read."""
    try:
        parsed = ipaddress.ip_address(_bare(address))
    except ValueError:
        return ""
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped:  # how a socket that listens for both writes IPv4
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, 64), strict=False))


def _bare(address: str) -> str:
    """Without port, brackets and zone, which some proxies write: "198.51.100.7:4711", "[2001:db8::7%eth0]:443"."""
    if address.startswith("["):
        address = address[1:].partition("]")[0]
    elif address.count(":") == 1:
        address = address.partition(":")[0]
    return address.partition("%")[0]


@lru_cache(maxsize=1024)
def _network(who: str) -> str:
    """The network around a client's address; empty for everything else that is counted."""
    try:
        line = ipaddress.ip_network(who)
    except ValueError:
        return ""
    return str(line.supernet(new_prefix=NETWORKS[line.version]))
