"""What is due: days made ahead, holds given back, leftovers tidied up."""

from datetime import datetime, time, timedelta

from stadthaus.base_services.collection_tours import actions, documents, queries
from stadthaus.kernel.calendars import day_of
from stadthaus.work.registry import handles_regularly
from stadthaus.work.rules.pace import daily, every


@handles_regularly("collection_tours.keep_days", daily(time(2)))
def keep_days(now: datetime) -> None:
    """Make the missing days."""
    actions.keep_days_ahead(today=day_of(now), now=now)


@handles_regularly("collection_tours.release_holds", every(timedelta(minutes=1)))
def release_holds(now: datetime) -> None:
    """Give back expired holds."""
    actions.release_expired_holds(now=now)


@handles_regularly("collection_tours.tidy_up", daily(time(2)))
def tidy_up(now: datetime) -> None:
    """Delete old released holds and photos no stop names."""
    actions.forget_released_holds(now=now)
    documents.remove_stray_photos(folder=documents.STOPS_FOLDER, named=queries.photo_names, now=now)
