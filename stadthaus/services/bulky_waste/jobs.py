"""Due work of the bulky-waste card."""

from datetime import datetime, time, timedelta

from stadthaus.base_services.collection_tours.documents import remove_photo, remove_stray_photos
from stadthaus.kernel.actors import CITIZEN
from stadthaus.services.bulky_waste import actions, queries
from stadthaus.services.bulky_waste.documents import PLACES_FOLDER
from stadthaus.services.bulky_waste.models import REMIND_OF_PAYMENT, SEND_LINKS, TELL_RESULT
from stadthaus.town import queries as town
from stadthaus.work.registry import DueJob, handles, handles_regularly
from stadthaus.work.rules.pace import daily, every


@handles_regularly("bulky_waste.hand_over", every(timedelta(minutes=1)))
def hand_over(now: datetime) -> None:
    """What belongs to a day whose cut-off has passed goes to the contractor."""
    for day_id in queries.days_to_hand_over(town.current(), now):
        actions.hand_over(day_id=day_id, now=now)


@handles(REMIND_OF_PAYMENT)
def remind_of_payment(job: DueJob, now: datetime) -> None:
    """A payment is still open shortly before the order would lapse."""
    actions.remind_of_payment(number=job.key, now=now)


@handles(SEND_LINKS)
def send_links(job: DueJob, now: datetime) -> None:
    """Somebody asked for the links to the orders of an e-mail address."""
    for number in job.payload["orders"]:
        actions.send_link_again(number=number, actor=CITIZEN, now=now)


@handles(TELL_RESULT)
def tell_result(job: DueJob, now: datetime) -> None:
    """The crew can no longer correct a result: now whoever ordered hears it."""
    actions.tell_result(number=job.key, now=now)


@handles_regularly("bulky_waste.erase_people", every(timedelta(hours=1)))
def erase_people(now: datetime) -> None:
    """Contact data and photos go, each when their term is over."""
    current = town.current()
    for number in queries.people_to_erase(current, now):
        actions.erase_person(number=number, now=now)
    for number in queries.photos_to_erase(current, now):
        if photo := actions.erase_photos(number=number, now=now):
            remove_photo(photo)


@handles_regularly("bulky_waste.delete_old_drafts", every(timedelta(hours=1)))
def delete_old_drafts(now: datetime) -> None:
    """Drafts that nobody touched for seven days go."""
    for photo in actions.delete_old_drafts(now=now):
        remove_photo(photo)


@handles_regularly("bulky_waste.tidy_up", daily(time(2)))
def tidy_up(now: datetime) -> None:
    """Photos that neither an order nor a draft names go."""
    remove_stray_photos(folder=PLACES_FOLDER, named=queries.photo_names, now=now)
