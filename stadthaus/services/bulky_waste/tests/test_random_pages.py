"""Random wrong inputs at every form: a clear answer, never a server error, never a half-written row.

300 inputs for each form. The seed is printed; `RANDOM_SEED=… pytest …` repeats a run, `RANDOM_INPUTS=10000` makes
it longer.
"""

import os
import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import quote_plus

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import F, Sum
from django.utils import timezone
from pytest_django import Settings

from stadthaus.base_services.collection_tours import queries as tours
from stadthaus.base_services.collection_tours.models import Booking, CollectionDay
from stadthaus.base_services.payments.models import PaymentRequest
from stadthaus.services.bulky_waste.documents import order_link
from stadthaus.services.bulky_waste.models import Draft, Order, OrderItem
from stadthaus.services.bulky_waste.tests import walk
from stadthaus.services.bulky_waste.tests.browser import Browser
from stadthaus.services.bulky_waste.tests.factories import full_draft, make_day, make_street, pay, submit, today
from stadthaus.services.bulky_waste.tests.walk import draft_page

pytestmark = pytest.mark.usefixtures("town")

SEED = int(os.environ.get("RANDOM_SEED", random.SystemRandom().randrange(10**9)))
INPUTS = int(os.environ.get("RANDOM_INPUTS", "300"))
ANSWERS_OF_A_SERVER_IN_ORDER = {200, 302, 400, 403, 404, 405, 409, 413}

ODD_TEXTS = [
    *(
        "",
        " ",
        "0",
        "-1",
        "1e9",
        "NaN",
        "1,5",
        "٣",
        "²",
        "½",
        "9" * 30,
        "9" * 5000,
        "0x10",
        "+",
        "-",
        "yes",
        "no",
        "on",
    ),
    *("a" * 81, "Ä" * 300, "ß" * 200, "ﷺ" * 250, "x" * 20_000, "🛋️" * 50, "王小明", "שרה", "a\u0301" * 200),
    *("\x00", "a\x00b", "\x07", "\ue000", "\u202eevil", "\u200d", "\ufeff", "\ufffe", "\U000f0000", "\r\n\r\n", "\t"),
    *("' OR 1=1 --", "%s %(x)s {0} {x}", "../../etc/passwd", "<script>alert(1)</script>", "{{ 7*7 }}", "javascript:x"),
    *("2026-02-30", "12:00", "true", "null", "[]", "{}", "None", "12a", "12-14", "Mozartstraße", "erika@example.org"),
]
ODD_BYTES = [b"%ff%fe", b"%ed%a0%80", b"%00", b"%", b"%zz", b"+", b"%C0%AF", b"\xff\xfe", b"%F0%9F", b"a" * 3000]

FIELDS: dict[str, dict[str, list[str]]] = {
    "wo": {
        "street": ["Mozartstraße", "Mozartstrase"],
        "street_key": ["05978000000000000"],
        "house": ["12", "12a"],
        "house_confirmed": ["on"],
        "household": ["yes", "no"],
        "zurueck_zu": ["pruefen"],
    },
    "was/hinzufuegen": {"item": ["chair", "sofa-3-seater", "trampoline"], "electrical": ["yes", "no"]},
    "was/wardrobe-3-door/anzahl": {"count": ["+", "-", "0"], "seen": ["1", "2"]},
    "was/own-99999999999999999999/anzahl": {"count": ["+", "-", "0"], "seen": ["1"]},
    "was/wardrobe-3-door/form": {"count": ["+"]},
    "was/eigenes": {
        "name": ["Kistenregal"],
        "length": ["10", "200"],
        "width": ["10"],
        "height": ["10"],
        "count": ["1", "20"],
        "electrical": ["yes", "no"],
    },
    "was/fertig": {"within_limits": ["yes", "no"], "zurueck_zu": ["pruefen"]},
    "wer": {
        "name": ["Erika Beispiel"],
        "channel": ["email", "phone", "letter"],
        "email": ["erika@example.org", "erika@"],
        "phone": ["02389 71123"],
        "address": ["Beethovenweg 7"],
        "for_other": ["on"],
        "other_name": ["Otto Anders"],
        "other_address": ["Am Markt 1"],
        "debtor": ["me", "other"],
        "on_site_name": ["Olga"],
        "on_site_phone": ["0170 123456"],
    },
    "wann": {"day": ["1", "2", "3"], "zurueck_zu": ["pruefen"]},
    "platz": {
        "place_note": ["links"],
        "access_note": ["Tor\r\nmit Klingel"],
        "photo": ["kein Bild"],
        "remove_photo": ["on"],
    },
    "pruefen": {
        "way": ["online", "transfer", "counter"],
        "from_household": ["on"],
        "may_put_there": ["on"],
        "amount_shown": ["1500", "3000"],
        "answers_shown": ["", "0123456789abcdef"],
    },
    "spaeter": {"anything": ["1"]},
}
OWN_PAGES: dict[str, dict[str, list[str]]] = {
    "ausweisen/": {"surname": ["Beispiel"], "house": ["12"], "wanted": ["karte.pdf", "stornieren/"]},
    "stornieren/": {"sure": ["yes"]},
}


class Chance:
    """Makes up inputs, always the same ones for one seed and form."""

    def __init__(self, form: str) -> None:
        self.random = random.Random(f"{SEED}/{form}")

    def text(self) -> str:
        made_up = "".join(chr(self.random.choice([*range(32, 127), 228, 0x416, 0x1F6CB])) for _ in range(8))
        return self.random.choice([*ODD_TEXTS, made_up])

    def data(self, fields: dict[str, list[str]]) -> dict[str, Any]:
        """Some of the fields, right or wrong, sometimes twice, sometimes with fields the form does not have."""
        names = [name for name in fields if self.random.random() < 0.85]
        data: dict[str, Any] = {name: self._value(fields[name]) for name in names}
        if self.random.random() < 0.2:
            data[self.random.choice(["id", "state", "answers", "public_id", "csrfmiddlewaretoken"])] = self.text()
        if names and self.random.random() < 0.2:
            data[self.random.choice(names)] = [self.text(), self.text()]
        if "photo" in fields and self.random.random() < 0.5:
            data["photo"] = SimpleUploadedFile(
                self.random.choice(["a.jpg", "ä.png", "x" * 200]), self.random.randbytes(99)
            )
        return data

    def _value(self, right: list[str]) -> str:
        return self.random.choice(right) if self.random.random() < 0.5 else self.text()

    def body(self, fields: dict[str, list[str]]) -> bytes:
        """A body no browser would send."""
        pairs = [
            quote_plus(name).encode() + b"=" + self.random.choice([*ODD_BYTES, b"1", b"yes"])
            for name in fields
            if self.random.random() < 0.85
        ]
        return self.random.choice([b"&", b";", b"&&"]).join(pairs)


@pytest.fixture(autouse=True)
def _as_often_as_wished(settings: Settings, tmp_path: Any) -> None:
    settings.RATE_FACTOR = 10**6
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def day(town: None) -> CollectionDay:  # noqa: ARG001  the town is there first
    make_street()
    make_day(today() + timedelta(days=35))
    return make_day(today() + timedelta(days=28), litres=10**8, stops=10**6)


def bombard(browser: Browser, form: str, path: str, fields: dict[str, list[str]], again: Callable[[], None]) -> None:
    """Send inputs to one form; `again` makes ready for the next."""
    chance = Chance(form)
    print(f"RANDOM_SEED={SEED}")
    for number in range(INPUTS):
        again()
        if number % 10 == 9:
            sent: Any = chance.body(fields)
            kind = chance.random.choice(["application/x-www-form-urlencoded", "text/plain", "multipart/form-data"])
            answer = browser.client.generic("POST", path, sent, content_type=kind)
        else:
            sent = chance.data(fields)
            answer = browser.client.post(path, sent)
        assert answer.status_code in ANSWERS_OF_A_SERVER_IN_ORDER, (SEED, number, sent)


def nothing_is_half_written() -> None:
    assert not tours.imbalanced_days().exists()
    for order in Order.objects.annotate(sum=Sum(F("items__count") * F("items__litres_each"))):
        assert order.items.exists()
        assert order.sum == order.litres == order.booking.litres
        assert order.payment.amount_cents == order.amount
    references = set(Order.objects.values_list("payment__reference", flat=True))
    assert references == set(PaymentRequest.objects.values_list("reference", flat=True))
    assert OrderItem.objects.filter(order=None).count() == 0
    for draft in Draft.objects.all():
        for held in Booking.objects.live().filter(reference=draft.hold_reference):
            assert held.day_id == draft.answer("when").get("day_id")


@pytest.mark.parametrize("step", FIELDS)
def test_random_inputs_on_a_page_of_the_order(day: CollectionDay, step: str) -> None:
    browser = Browser()
    walk.to_check(browser, day)
    draft = Draft.objects.get()
    answers = draft.answers

    def ready() -> None:
        if step != "pruefen" and Draft.objects.filter(pk=draft.pk, order=None).exists():
            return
        Draft.objects.filter(pk=draft.pk).update(answers=answers, order=None)

    bombard(browser, step, draft_page(draft, step), FIELDS[step], ready)
    nothing_is_half_written()
    page = browser.client.get(draft_page(draft, "wo"))
    assert page.status_code in {200, 302}


def test_random_inputs_on_the_first_page(day: CollectionDay) -> None:
    del day
    bombard(Browser(), "begin", walk.BEGIN, FIELDS["wo"], lambda: None)
    assert not Draft.objects.filter(answers={}).exists()
    nothing_is_half_written()


@pytest.mark.parametrize("name", OWN_PAGES)
def test_random_inputs_on_ones_own_order(day: CollectionDay, name: str) -> None:
    now = timezone.now()
    order = pay(submit(full_draft(day, now=now), now=now, way="transfer"), now)
    bombard(Browser(), name, f"{order_link(order)}{name}", OWN_PAGES[name], lambda: None)
    nothing_is_half_written()
    assert Order.objects.get().state == "confirmed", "nobody has proven anything"


def test_random_searches(day: CollectionDay) -> None:
    browser = Browser()
    walk.to_check(browser, day)
    chance = Chance("search")
    print(f"RANDOM_SEED={SEED}")
    for path in ("/sperrmuell/", draft_page(Draft.objects.get(), "was"), "/adressen/strassen/"):
        for _ in range(INPUTS // 3):
            text = chance.text()
            fitting = {400} if "\0" in text else {200, 429}
            assert browser.client.get(path, {"q": text}).status_code in fitting, (SEED, path, text)


@pytest.mark.parametrize(
    "path",
    ["/sperrmuell/bestellen/{}/wo/", "/sperrmuell/weitermachen/{}/", "/bestellung/{}/", "/sperrmuell/nicht-hier/{}/"],
)
def test_random_addresses(day: CollectionDay, path: str) -> None:
    del day
    chance = Chance(path)
    print(f"RANDOM_SEED={SEED}")
    browser = Browser()
    for _ in range(INPUTS // 3):
        text = quote_plus(chance.text()[:200])
        assert browser.client.get(path.format(text)).status_code in {200, 301, 400, 404}, (SEED, text)
