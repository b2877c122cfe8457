"""What cannot be read is refused with a page that helps, before it costs anything."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

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
