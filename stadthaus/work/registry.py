"""Who does which kind of work."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from stadthaus.work.rules.pace import Pace


@dataclass(frozen=True)
class DueJob:
    """One piece of work as its handler sees it. `attempts` counts this one, from 1."""

    kind: str
    key: str
    payload: dict[str, Any]
    attempts: int


Handler = Callable[[DueJob, datetime], None]
RegularHandler = Callable[[datetime], None]
_handlers: dict[str, Handler] = {}
_paces: dict[str, Pace] = {}


def handles(kind: str) -> Callable[[Handler], Handler]:
    """Register the function that does this kind of work: `handler(job, now)`.

    A handler may be called twice for one job (after a crash), so it leads to an idempotent action.
    It finishes by returning; an exception means "try again later"; `work.actions.schedule` with the
    same kind and key inside the handler means "again, then".
    """

    def register(handler: Handler) -> Handler:
        if kind in _handlers:
            raise ValueError(f"Two handlers for {kind!r}")
        _handlers[kind] = handler
        return handler

    return register


def handles_regularly(kind: str, pace: Pace) -> Callable[[RegularHandler], RegularHandler]:
    """Register what is done again and again: `handler(now)`.

    Nobody has to schedule it: the worker begins it, and it is due again whatever becomes of one run.
    """

    def register(handler: RegularHandler) -> RegularHandler:
        handles(kind)(lambda _job, now: handler(now))
        _paces[kind] = pace
        return handler

    return register


def next_times(now: datetime) -> dict[str, datetime]:
    """When each kind of regular work is due next."""
    return {kind: pace(now) for kind, pace in _paces.items()}


def next_time(kind: str, now: datetime) -> datetime | None:
    """When this kind is due next; None if it is not regular."""
    pace = _paces.get(kind)
    return pace(now) if pace else None


def handler_of(kind: str) -> Handler:
    """The registered handler of a kind."""
    return _handlers[kind]
