"""The way through an order, page by page, as a person without JavaScript goes it."""

from typing import Any

from django.utils import timezone

from stadthaus.base_services.collection_tours.models import CollectionDay
from stadthaus.kernel.actors import SYSTEM
from stadthaus.services.bulky_waste.models import Draft, Order
from stadthaus.services.bulky_waste.tests.browser import Browser
from stadthaus.services.bulky_waste.tests.factories import today
from stadthaus.town import actions as town_actions
from stadthaus.town.tests.factories import SOURCE

BEGIN = "/sperrmuell/bestellen/"
CONTACT = {"name": "Erika Beispiel", "channel": "email", "email": "erika@example.org"}


def where(browser: Browser, **changes: str) -> Browser:
    """Page 1."""
    return browser.open(BEGIN).fill(**{"street": "Mozartstraße", "house": "12", "household": "yes", **changes})


def what(browser: Browser, item: str = "wardrobe-3-door") -> Browser:
    """Page 2: search for a thing that is asked nothing about, add it, go on."""
    draft = Draft.objects.latest("id")
    add(browser, item)
    assert [line.key for line in Draft.objects.get(pk=draft.pk).lines] == [item]
    return browser.fill(within_limits="yes")


def add(browser: Browser, item: str) -> Browser:
    """Add a thing of the catalogue by its button."""
    draft = Draft.objects.latest("id")
    return browser.post(f"/sperrmuell/bestellen/{draft.public_id}/was/hinzufuegen/", {"item": item})


def who(browser: Browser, **changes: Any) -> Browser:
    """Page 3."""
    return browser.fill(**{**CONTACT, **changes})


def when(browser: Browser, day: CollectionDay) -> Browser:
    """Page 4."""
    return browser.fill(day=str(day.pk))


def place(browser: Browser, **changes: Any) -> Browser:
    """Page 5."""
    return browser.fill(**{"place_note": "rechts neben der Einfahrt", **changes})


def to_check(browser: Browser, day: CollectionDay) -> Draft:
    """Pages 1 to 5; the last one is open."""
    for answer in (where, what, who):
        answer(browser)
    place(when(browser, day))
    assert browser.heading == "Stimmt alles?"
    return Draft.objects.latest("id")


def check(browser: Browser, way: str = "online", **changes: Any) -> Browser:
    """Page 6: order."""
    return browser.fill(**{"way": way, "from_household": "on", "may_put_there": "on", **changes})


def order(browser: Browser, day: CollectionDay, way: str = "online") -> Order:
    """All pages; the new order's own page is open."""
    to_check(browser, day)
    check(browser, way)
    return Order.objects.latest("id")


def draft_page(draft: Draft, step: str) -> str:
    """The address of a page of a draft."""
    return f"/sperrmuell/bestellen/{draft.public_id}/{step}/"


def step_of(browser: Browser) -> str:
    """Which page of the order is open."""
    return browser.path.rstrip("/").rpartition("/")[2]


def enter_rule(key: str, value: Any) -> None:
    """The town changes a rule, from today on."""
    town_actions.enter_rule(
        key=key,
        kind="statute",
        value=value,
        valid_from=today(),
        source=SOURCE,
        confirmed=True,
        actor=SYSTEM,
        now=timezone.now(),
    )
