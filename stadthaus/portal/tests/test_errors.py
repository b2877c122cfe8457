"""What cannot be read is refused with a page that helps, before it costs anything."""

import re
from pathlib import Path
from typing import Any, NoReturn

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.test import Client

from stadthaus.services.bulky_waste.tests.factories import make_town
from stadthaus.town.tests.factories import enter_text

pytestmark = pytest.mark.django_db

ORDER = "/sperrmuell/bestellen/"
TOO_LARGE = settings.LARGEST_BODY + 1


class Unread:
    """A body that nobody may touch."""

    def read(self, *_: Any) -> bytes:
        raise AssertionError("the body was read")

    readline = read


def send(client: Client, size: int) -> Any:
    sent: dict[str, Any] = {"CONTENT_LENGTH": str(size), "wsgi.input": Unread()}
    return client.generic("POST", ORDER, b"", "multipart/form-data; boundary=x", **sent)


def test_a_body_that_is_too_large_is_refused_unread_with_a_page_that_helps(client: Client) -> None:
    response = send(client, TOO_LARGE)
    assert response.status_code == 413
    assert "höchstens 32 MB" in response.content.decode()


def test_what_the_server_in_front_says_about_it_is_the_same(client: Client) -> None:
    page = Path(finders.find("portal/zu-gross.html") or "").read_text(encoding="utf-8")
    ours = send(client, TOO_LARGE).content.decode()
    paragraphs = re.findall(r"<p>([^<]+)</p>", page)
    assert " ".join(paragraphs) in ours
    how_to = (settings.BASE_DIR / "docs" / "how-to" / "deploy.md").read_text(encoding="utf-8")
    assert f"client_max_body_size {settings.LARGEST_BODY // 1024**2}m;" in how_to


def test_a_body_with_a_large_photo_is_read(client: Client) -> None:
    enter_text("town.postcode_place", de="59368 Werne")
    enter_text("town.parts", de="Stockum")
    photo = SimpleUploadedFile("foto.jpg", b"x" * (settings.LARGEST_BODY - 1024))
    assert client.post(ORDER, {"photo": photo}).status_code == 200


def test_a_form_with_more_text_than_any_page_asks_for_is_refused(client: Client) -> None:
    response = client.post(ORDER, {"street": "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)})
    assert response.status_code == 413


@pytest.mark.parametrize(
    "path",
    [
        "/sperrmuell/?q=%00",
        "/sperrmuell/bestellen/%00/wo/",
        "/bezahlen/zurueck/%00/",
        "/demo-bezahlseite/%00/",
        "/fahrt/anmelden/%00/",
        "/anmelden/passwort/neu/1-%00/",
        "/anmelden/?next=%00",
    ],
)
def test_an_address_with_a_nul_is_a_bad_request(client: Client, path: str) -> None:
    assert client.get(path).status_code == 400


def test_a_cookie_with_a_nul_is_a_bad_request(client: Client) -> None:
    client.cookies[settings.SESSION_COOKIE_NAME] = "\0" * 32
    assert client.get("/buero/").status_code == 400


@pytest.mark.parametrize("path", ["/not/there/", "/sperrmuell/?q=%00", "/bestellung/abc/foto.jpg"])
def test_an_error_page_is_kept_by_no_cache(client: Client, path: str) -> None:
    assert client.get(path)["Cache-Control"] == "private, no-store"


def _gone(*_: Any) -> NoReturn:
    raise OperationalError("the database is gone")


def test_while_the_database_is_away_the_page_says_so_without_asking_it_again(client: Client) -> None:
    make_town()
    client.get("/")  # so this process has seen the town
    client.raise_request_exception = False
    asked: list[int] = []

    def gone(*given: Any) -> NoReturn:
        asked.append(1)
        _gone(*given)

    with connection.execute_wrapper(gone):
        answer = client.get("/sperrmuell/")
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert "Stadt Werne" in answer.content.decode()
    assert len(asked) == 1


def test_a_mistake_of_ours_is_no_promise_that_it_works_later(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    make_town()
    client.raise_request_exception = False
    monkeypatch.setattr("stadthaus.services.bulky_waste.queries.tariff", _broken)
    answer = client.get("/sperrmuell/")
    assert answer.status_code == 500
    assert "Retry-After" not in answer


def _broken(*_: Any) -> NoReturn:
    raise ZeroDivisionError
