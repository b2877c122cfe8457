"""Who does which kind of work."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class DueJob:
    """One piece of work as its handler sees it. `attempts` counts this one, from 1."""

    kind: str
    key: str
    payload: dict[str, Any]
    attempts: int


Handler = Callable[[DueJob, datetime], None]
_handlers: dict[str, Handler] = {}


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


def handler_of(kind: str) -> Handler:
    """The registered handler of a kind."""
    return _handlers[kind]
