from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.contrib.staticfiles import finders
from django.template import Context, Template, TemplateSyntaxError
from django.urls import NoReverseMatch

from stadthaus.ui.tests.factories import make_request
from stadthaus.ui.views import DRAWINGS


def rendered(source: str, **context: object) -> str:
    return Template("{% load ui %}" + source).render(Context(context))


def test_money_and_volume_are_written_with_a_narrow_space() -> None:
    assert rendered("{{ cents|euro }}", cents=150_000) == "1.500,00\u202f€"
    assert rendered("{{ litres|cubic_metres }}", litres=2750) == "2,75\u202fm³"


@pytest.mark.parametrize(
    "name", ["euro", "cubic_metres", "free_cubic_metres", "metres", "long_day", "short_day", "clock", "order_number"]
)
def test_nothing_is_written_for_nothing(name: str) -> None:
    assert rendered("{{ value|" + name + " }}", value=None) == ""


@pytest.mark.parametrize(
    ("number", "dialled"),
    [("02389 71-0", "02389710"), ("+49 (0)2389/71–0", "+492389710"), ("(02389) 222", "02389222")],
)
def test_a_telephone_number_is_dialled_without_what_people_write_between(number: str, dialled: str) -> None:
    assert rendered("{{ number|dialled }}", number=number) == dialled


def test_a_day_is_written_in_words() -> None:
    assert rendered("{{ day|long_day }}", day=date(2025, 12, 9)) == "Dienstag, 9.\u00a0Dezember"


def test_a_moment_just_after_midnight_in_berlin_is_that_day() -> None:
    moment = datetime(2025, 12, 8, 23, 30, tzinfo=UTC)
    assert rendered("{{ m|long_day }} {{ m|clock }}", m=moment) == "Dienstag, 9.\u00a0Dezember 0:30\u00a0Uhr"


def test_summer_time_is_summer_time() -> None:
    assert rendered("{{ m|clock }}", m=datetime(2026, 7, 1, 12, 0, tzinfo=UTC)) == "14:00\u00a0Uhr"


def test_an_order_number_stands_in_groups() -> None:
    assert rendered('{{ "482917305"|order_number }}') == "482\u00a0917\u00a0305"


def test_an_alert_says_its_kind_in_a_word() -> None:
    html = rendered('{% alert "warning" title %}<p>Text</p>{% endalert %}', title="A <b>")
    assert '<span class="kern-sr-only">Achtung: </span>A &lt;b&gt;' in html
    assert '<div class="kern-alert__body"><p>Text</p></div>' in html
    assert "role=" not in html


def test_an_alert_that_appears_later_is_read_out() -> None:
    assert 'role="alert"' in rendered('{% alert "info" "A" live=True %}{% endalert %}')


def test_a_badge_is_a_word_with_a_shape() -> None:
    html = rendered('{% badge "success" "Bestätigt" %}')
    assert "kern-icon--success" in html
    assert "Bestätigt" in html


def test_steps_are_said_and_drawn() -> None:
    html = rendered("{% steps 2 6 %}")
    assert "Schritt 2 von 6" in html
    assert html.count('<i class="done"></i>') == 2
    assert html.count("<i") == 6


def test_the_breadcrumb_ends_at_the_page_itself() -> None:
    html = rendered('{% breadcrumb "Start" "/" "Über uns" "portal:start" "Hier" %}')
    assert '<a href="/">Start</a>' in html
    assert '<a href="/">Über uns</a>' in html
    assert '<span aria-current="page">Hier</span>' in html


def test_a_misspelt_page_in_a_breadcrumb_is_an_error_and_no_missing_link() -> None:
    with pytest.raises(NoReverseMatch):
        rendered('{% breadcrumb "Start" "portal:strat" "Hier" %}')


def test_pagination_keeps_the_filters() -> None:
    page = SimpleNamespace(previous=None, next="70")
    html = rendered("{% pagination page %}", page=page, request=make_request("/?stand=offen&vor=3"))
    assert 'href="?stand=offen&amp;nach=70"' in html
    assert "Vorherige" not in html


def test_one_page_needs_no_pagination() -> None:
    page = SimpleNamespace(previous=None, next=None)
    assert rendered("{% pagination page %}", page=page, request=make_request()).strip() == ""


@pytest.mark.parametrize(("value", "width"), [(0, 0), (1500, 50), (9000, 100)])
def test_a_fill_level_is_never_wider_than_full(value: int, width: int) -> None:
    assert f'<rect width="{width}"' in rendered('{% fill_level value 3000 "voll" %}', value=value)


def test_a_drawing_is_decoration_unless_it_has_a_label() -> None:
    assert 'aria-hidden="true"' in rendered('{% drawing "sofa" %}')
    assert 'role="img" aria-label="Sofa"' in rendered('{% drawing "sofa" "Sofa" %}')


def test_a_summary_stands_once_for_phones_and_once_for_wide_screens() -> None:
    html = rendered('{% summary title="Ihre Bestellung" line="15,00 €" %}<p>Inhalt</p>{% endsummary %}')
    assert html.count("<p>Inhalt</p>") == 2
    assert "<summary>15,00 €</summary>" in html


def test_an_unknown_kind_of_alert_is_a_mistake() -> None:
    with pytest.raises((KeyError, TemplateSyntaxError)):
        rendered('{% alert "blue" "A" %}{% endalert %}')


def test_every_drawing_is_in_the_sprite() -> None:
    sprite = Path(str(finders.find("ui/drawings.svg"))).read_text()
    assert [name for name in DRAWINGS if f'id="{name}"' not in sprite] == []


def test_a_towns_text_has_paragraphs_and_headings_and_no_markup_of_its_own() -> None:
    shown = rendered("{{ text|prose }}", text="## Cookies\n\nNur <nötige>.\n\nKeine Werbung.")
    assert shown == "<h2>Cookies</h2>\n<p>Nur &lt;nötige&gt;.</p>\n<p>Keine Werbung.</p>"
