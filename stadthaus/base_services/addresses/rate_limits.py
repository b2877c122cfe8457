"""A small rate limit in memory: so many requests at once, then as many as time refills."""

from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock

_MOST_CLIENTS = 10_000


@dataclass
class TokenBuckets:
    """One bucket of `limit` tokens for each client, refilled evenly within `per_seconds`."""

    limit: int
    per_seconds: int
    _buckets: dict[str, tuple[float, datetime]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def take(self, who: str, now: datetime) -> bool:
        """Take one of the client's tokens; False if none is left."""
        with self._lock:
            if len(self._buckets) >= _MOST_CLIENTS and who not in self._buckets:
                self._forget_full_buckets(now)
            tokens = self._tokens(who, now)
            self._buckets[who] = (max(tokens - 1, tokens % 1), now)
            return tokens >= 1

    def _tokens(self, who: str, now: datetime) -> float:
        tokens, since = self._buckets.get(who, (float(self.limit), now))
        refilled = max((now - since).total_seconds(), 0.0) * self.limit / self.per_seconds
        return min(tokens + refilled, float(self.limit))

    def _forget_full_buckets(self, now: datetime) -> None:
        """Keep memory small: a full bucket is the same as none; if all are in use, start afresh."""
        in_use = {who: bucket for who, bucket in self._buckets.items() if self._tokens(who, now) < self.limit}
        self._buckets = in_use if len(in_use) < _MOST_CLIENTS else {}
