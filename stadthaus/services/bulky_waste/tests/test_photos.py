"""The photo of a place while two tabs are at work: an order names no file that is gone, and nothing is left over."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from stadthaus.base_services.collection_tours.models import CollectionDay
from stadthaus.services.bulky_waste import jobs
from stadthaus.services.bulky_waste.models import Draft, Order
from stadthaus.services.bulky_waste.tests import walk
from stadthaus.services.bulky_waste.tests.browser import Browser
from stadthaus.services.bulky_waste.tests.factories import submit
from stadthaus.services.bulky_waste.tests.walk import draft_page

pytestmark = pytest.mark.django_db

TOMORROW = timedelta(hours=25)


class SlowStorage(FileSystemStorage):
    """While it stores its first file, something else happens in another tab."""

    def __init__(self, meanwhile: list[Callable[[], object]], **options: Any) -> None:
        super().__init__(**options)
        self.meanwhile = meanwhile

    def save(self, *args: Any, **kwargs: Any) -> str:
        while self.meanwhile:
            self.meanwhile.pop()()
        return super().save(*args, **kwargs)


@pytest.fixture
def meanwhile(settings: Any, tmp_path: Path) -> list[Callable[[], object]]:
    """What another tab does while the next photo is being stored."""
    waiting: list[Callable[[], object]] = []
    options = {"location": str(tmp_path), "meanwhile": waiting}
    slow = {"BACKEND": f"{__name__}.SlowStorage", "OPTIONS": options}
    settings.STORAGES = {**settings.STORAGES, "default": slow}
    return waiting


def a_photo(colour: str = "brown") -> SimpleUploadedFile:
    picture = BytesIO()
    Image.new("RGB", (40, 30), colour).save(picture, "PNG")
    return SimpleUploadedFile("foto.png", picture.getvalue(), content_type="image/png")


@pytest.fixture
def draft(browser: Browser, day: CollectionDay, meanwhile: list[Any]) -> Draft:  # noqa: ARG001  the storage comes first
    """All answers, with a photo."""
    walk.who(walk.what(walk.where(browser)))
    walk.place(walk.when(browser, day), photo=a_photo())
    return Draft.objects.get()


def send_a_photo(browser: Browser, draft: Draft, colour: str) -> None:
    browser.client.post(draft_page(draft, "platz"), {"place_note": "links", "photo": a_photo(colour)})


def files(folder: Path) -> list[str]:
    return [str(file.relative_to(folder)) for file in folder.rglob("*.jpg")]


def test_an_order_placed_while_a_new_photo_is_sent_keeps_its_photo(
    browser: Browser, draft: Draft, meanwhile: list[Callable[[], object]], tmp_path: Path
) -> None:
    meanwhile.append(lambda: submit(draft, now=timezone.now(), way="transfer"))
    send_a_photo(browser, draft, "red")
    photo = Order.objects.get().place_photo
    assert photo == draft.answer("place")["photo"]
    assert default_storage.exists(photo)
    assert len(files(tmp_path)) == 2, "the new one came too late"
    jobs.tidy_up(timezone.now() + TOMORROW)
    assert files(tmp_path) == [photo]


def test_of_two_photos_sent_at_once_one_is_left(
    browser: Browser, draft: Draft, meanwhile: list[Callable[[], object]], tmp_path: Path
) -> None:
    meanwhile.append(partial(send_a_photo, browser, draft, "red"))
    send_a_photo(browser, draft, "blue")
    jobs.tidy_up(timezone.now() + TOMORROW)
    assert files(tmp_path) == [Draft.objects.get().answer("place")["photo"]]


def test_a_photo_sent_while_another_tab_changes_only_words_stays(
    browser: Browser, draft: Draft, meanwhile: list[Callable[[], object]], tmp_path: Path
) -> None:
    meanwhile.append(partial(browser.client.post, draft_page(draft, "platz"), {"place_note": "rechts"}))
    send_a_photo(browser, draft, "blue")
    assert files(tmp_path) == [Draft.objects.get().answer("place")["photo"]]


def test_a_photo_that_a_draft_or_an_order_names_is_no_leftover(browser: Browser, draft: Draft, tmp_path: Path) -> None:
    jobs.tidy_up(timezone.now() + TOMORROW)
    assert len(files(tmp_path)) == 1
    walk.check(browser)
    Draft.objects.all().delete()
    jobs.tidy_up(timezone.now() + TOMORROW)
    assert files(tmp_path) == [Order.objects.get(draft=None).place_photo]
    assert draft.answer("place")["photo"] == Order.objects.get().place_photo
