from copy import deepcopy

import pytest
from django.db import DatabaseError
from django.http import HttpResponse
from django.template import Context, Template
from django.template.loader import render_to_string
from pytest_django import DjangoAssertNumQueries, Settings

from stadthaus.town import queries
from stadthaus.ui import pages
from stadthaus.ui.context import page_frame
from stadthaus.ui.tests.factories import make_request, make_town
from stadthaus.ui.views import components

PAGE = "ui/components.html"
HTMX = {"HX-Request": "true", "HX-Target": "bausteine-meldungen"}


def body_of(response: HttpResponse) -> str:
    return response.content.decode()


def test_a_browser_gets_the_whole_page() -> None:
    assert body_of(components(make_request())).startswith("<!doctype html>")


def test_htmx_gets_only_the_part_it_wants_to_fill() -> None:
    body = body_of(components(make_request(headers=HTMX)))
    assert "<html" not in body
    assert "kern-alert" in body


def test_htmx_gets_the_whole_page_if_there_is_no_such_part() -> None:
    assert "<html" in body_of(components(make_request(headers={**HTMX, "HX-Target": "gibt-es-nicht"})))


def test_htmx_gets_the_whole_page_when_it_restores_its_history() -> None:
    assert "<html" in body_of(components(make_request(headers={**HTMX, "HX-History-Restore-Request": "true"})))


def test_a_target_that_is_no_name_is_no_template() -> None:
    assert "<html" in body_of(components(make_request(headers={**HTMX, "HX-Target": "../../x#y"})))


def test_caches_keep_pages_and_parts_apart() -> None:
    assert components(make_request())["Vary"] == "HX-Request, HX-Target"


def test_the_status_is_the_one_asked_for() -> None:
    response = pages.page(make_request(), "ui/base.html", status=404)
    assert response.status_code == 404


def test_the_frame_shows_telephone_and_hours() -> None:
    body = body_of(pages.page(make_request(), "ui/base.html"))
    assert 'href="tel:02389710"' in body
    assert "Montag bis Freitag" in body
    assert "<title>Stadthaus – Stadt Werne</title>" in body


def test_a_page_with_errors_says_so_in_its_title() -> None:
    assert "<title>Fehler: Bausteine" in body_of(components(make_request()))


@pytest.mark.django_db
def test_view_and_frame_ask_for_the_town_once(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    queries.current()
    request = make_request(knows_town=False)
    with django_assert_num_queries(1):
        town = pages.town_of(request)
        pages.page(request, "ui/base.html")
    assert pages.town_of(request) is town


def test_a_page_that_shows_nothing_of_the_town_asks_nothing() -> None:
    request = make_request(knows_town=False)
    assert Template("Hallo").render(Context(page_frame(request))) == "Hallo"


def test_the_frame_stands_while_the_database_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone() -> None:
        raise DatabaseError("gone")

    pages.remember(make_town())
    monkeypatch.setattr(queries, "current", gone)
    request = make_request(knows_town=False)
    body = body_of(pages.page(request, "ui/base.html", status=500))
    assert "02389 71-0" in body


def test_a_page_renders_without_request_and_town(settings: Settings) -> None:
    program = deepcopy(settings.TEMPLATES)
    program[0]["OPTIONS"]["string_if_invalid"] = ""  # as the program has it; in tests a missing name is a failure
    settings.TEMPLATES = program
    assert "Zum Inhalt springen" in render_to_string("ui/base.html")


@pytest.mark.parametrize("frame", ["", "arbeitsplatz", "fahrzeug", "gibt-es-nicht"])
def test_every_frame_shows_its_components(frame: str) -> None:
    assert components(make_request(f"/ui/?rahmen={frame}")).status_code == 200


def test_no_page_carries_style_or_script_in_itself() -> None:
    for frame in ("", "arbeitsplatz", "fahrzeug"):
        body = body_of(components(make_request(f"/ui/?rahmen={frame}")))
        assert " style=" not in body
        assert "<style" not in body
        assert "<script>" not in body
        assert " onclick=" not in body


def test_a_file_is_shown_under_its_name_or_kept_if_that_is_meant() -> None:
    shown = pages.file(b"%PDF", "application/pdf", "Briefe.pdf")
    assert (shown.content, shown["Content-Type"]) == (b"%PDF", "application/pdf")
    assert shown["Content-Disposition"] == 'inline; filename="Briefe.pdf"'
    kept = pages.file("Summe;1", "text/csv; charset=utf-8", "buchungen.csv", download=True)
    assert kept["Content-Disposition"] == 'attachment; filename="buchungen.csv"'
