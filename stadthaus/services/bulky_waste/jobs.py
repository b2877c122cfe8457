"""Due work of the bulky-waste card."""

from datetime import datetime, timedelta

from stadthaus.base_services.collection_tours.documents import remove_photo
from stadthaus.services.bulky_waste import actions, queries
from stadthaus.town import queries as town
from stadthaus.work import actions as work
from stadthaus.work.registry import DueJob, handles


@handles("bulky_waste.hand_over")
def hand_over(job: DueJob, now: datetime) -> None:
    """Every minute: what belongs to a day whose cut-off has passed goes to the contractor."""
    for day_id in queries.days_to_hand_over(town.current(), now):
        actions.hand_over(day_id=day_id, now=now)
    work.schedule(kind=job.kind, key=job.key, due_at=now + timedelta(minutes=1))


@handles("bulky_waste.remind_of_payment")
def remind_of_payment(job: DueJob, now: datetime) -> None:
    """A payment is still open shortly before the order would lapse."""
    actions.remind_of_payment(number=job.key, now=now)


@handles("bulky_waste.erase_people")
def erase_people(job: DueJob, now: datetime) -> None:
    """Every hour: contact data and photos whose term is over go."""
    for number in queries.orders_to_erase(town.current(), now):
        for photo in actions.erase_person(number=number, now=now):
            remove_photo(photo)
    work.schedule(kind=job.kind, key=job.key, due_at=now + timedelta(hours=1))


@handles("bulky_waste.delete_old_drafts")
def delete_old_drafts(job: DueJob, now: datetime) -> None:
    """Drafts that nobody touched for seven days go, every hour."""
    for photo in actions.delete_old_drafts(now=now):
        remove_photo(photo)
    work.schedule(kind=job.kind, key=job.key, due_at=now + timedelta(hours=1))
