"""Template tags of the page frame: `{% load ui %}`; every one is shown on the page `/ui/`."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any

from django import forms, template
from django.conf import settings
from django.forms.utils import flatatt
from django.http import HttpRequest, QueryDict
from django.template import Context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.dateformat import format as format_date
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from stadthaus.kernel.calendars import BERLIN
from stadthaus.kernel.measures import (
    format_cubic_metres,
    format_free_cubic_metres,
    format_metres,
    format_whole_cubic_metres,
)
from stadthaus.kernel.money import format_euro
from stadthaus.kernel.references import format_number
from stadthaus.town.queries import Town

register = template.Library()

NO_BREAK_SPACE = "\u00a0"
_KIND_WORDS = {"info": "Hinweis", "success": "Erfolg", "warning": "Achtung", "danger": "Fehler"}


@register.filter
def euro(cents: int | None) -> str:
    """Cents as an amount: 1500 → "15,00 €"; nothing for None."""
    return "" if cents is None else format_euro(cents)


@register.filter
def cubic_metres(litres: int | None) -> str:
    """Litres as cubic metres: 2750 → "2,75 m³"; nothing for None."""
    return "" if litres is None else format_cubic_metres(litres)


@register.filter
def free_cubic_metres(litres: int | None) -> str:
    """Room that is left, as cubic metres: 2974 → "2,97 m³"; nothing for None."""
    return "" if litres is None else format_free_cubic_metres(litres)


@register.filter
def whole_cubic_metres(litres: int | None) -> str:
    """Litres for running text: 3000 → "3 m³"; nothing for None."""
    return "" if litres is None else format_whole_cubic_metres(litres)


@register.filter
def metres(length_cm: int | None) -> str:
    """Centimetres for running text: 250 → "2,50 m"; nothing for None."""
    return "" if length_cm is None else format_metres(length_cm)


@register.filter
def long_day(day: date | None) -> str:
    """A day in words: "Dienstag, 9. Dezember"; nothing for None."""
    return "" if day is None else format_date(_in_berlin(day), f"l, j.{NO_BREAK_SPACE}F")


@register.filter
def short_day(day: date | None) -> str:
    """A day for tables: "Di 09.12.2025"; nothing for None."""
    return "" if day is None else format_date(_in_berlin(day), f"D{NO_BREAK_SPACE}d.m.Y")


@register.filter
def clock(moment: datetime | None) -> str:
    """The time on the town's clock: "8:05 Uhr"; nothing for None."""
    if moment is None:
        return ""
    there = moment.astimezone(BERLIN)
    return f"{there.hour}:{there:%M}{NO_BREAK_SPACE}Uhr"


@register.filter
def order_number(number: str | None) -> str:
    """A nine-digit number in groups of three: "482 917 305"; nothing for None."""
    return "" if not number else format_number(str(number)).replace(" ", NO_BREAK_SPACE)


@register.filter
def dialled(number: str) -> str:
    """A telephone number as it is dialled, for `tel:`: "+49 (0)2389 71-0" → "+492389710"."""
    return re.sub(r"\(0\)|[^+\d]", "", number)


@register.filter
def prose(text: str) -> SafeString:
    """A town's text in paragraphs; one that begins with "## " is a heading."""
    paragraphs = [part.strip() for part in re.split(r"\n\s*\n", text.strip())]
    marked = ((("h2", part[3:]) if part.startswith("## ") else ("p", part)) for part in paragraphs)
    return format_html_join("\n", "<{0}>{1}</{0}>", marked)


@register.simple_tag(takes_context=True)
def town_text(context: Context, key: str) -> str:
    """A text of the town for the page frame; empty while nothing is loaded, so that no page breaks for it."""
    town = context.get("town")
    texts = town.texts if isinstance(town, Town) else {}
    return texts.get(key, {}).get("de", "")


@register.simple_tag(takes_context=True)
def phone(context: Context, key: str = "town.phone") -> SafeString | str:
    """A telephone number of the town, to be tapped; empty while nothing is loaded."""
    number = town_text(context, key)
    return number and format_html('<a class="kern-link no-break" href="tel:{}">{}</a>', dialled(number), number)


@register.simple_tag
@cache
def drawing(name: str, label: str = "") -> SafeString:
    """One of our own drawings from the sprite; decoration unless it is given a label."""
    names = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    address = static("ui/drawings.svg")
    return format_html(
        '<svg class="drawing" {} focusable="false"><use href="{}#{}"></use></svg>', names, address, name
    )


@register.simple_tag
@cache
def icon(name: str, size: str = "") -> SafeString:
    """One of KERN's icons, as decoration (`size`: small, large, x-large)."""
    sized = f" kern-icon--{size}" if size else ""
    return format_html('<span class="kern-icon kern-icon--{}{}" aria-hidden="true"></span>', name, sized)


@register.simple_block_tag
def alert(content: str, kind: str, title: str, *, live: bool = False) -> SafeString:
    """A message box: info, success, warning or danger; `live` reads it out when it appears later."""
    return format_html(
        '<div class="kern-alert kern-alert--{}"{}><div class="kern-alert__header">{}<p class="kern-title">'
        '<span class="kern-sr-only">{}: </span>{}</p></div>{}</div>',
        kind,
        mark_safe(' role="alert"') if live else "",
        icon(kind),
        _KIND_WORDS[kind],
        title,
        format_html('<div class="kern-alert__body">{}</div>', content) if content.strip() else "",
    )


@register.simple_tag
def badge(kind: str, word: str) -> SafeString:
    """A state as a word with a shape: info, success, warning, danger or neutral."""
    shape = icon(kind, "small") if kind in _KIND_WORDS else mark_safe('<span class="badge-dot"></span>')
    return format_html(
        '<span class="kern-badge kern-badge--small kern-badge--{}">{}<span class="kern-label">{}</span></span>',
        kind,
        shape,
        word,
    )


@register.simple_tag
@cache
def steps(current: int, total: int) -> SafeString:
    """Where one is on the way: "Schritt 2 von 6" with a bar of that many parts."""
    parts = format_html_join(
        "", "<i{}></i>", ((mark_safe(' class="done"') if n < current else "",) for n in range(total))
    )
    return format_html(
        '<p class="steps"><span>Schritt {} von {}</span><span class="steps__bar" aria-hidden="true">{}</span></p>',
        current,
        total,
        parts,
    )


@register.simple_tag
def breadcrumb(*labels_and_pages: str) -> SafeString:
    """The way to this page: `{% breadcrumb "Start" "portal:start" "Sperrmüll" "bulky_waste:service" "Bestellen" %}`.

    Labels and addresses take turns (a URL name, a path, or "../"); the last label is the page itself.
    """
    return _breadcrumb(settings.ROOT_URLCONF, labels_and_pages)


@lru_cache(maxsize=200)
def _breadcrumb(_urlconf: str, labels_and_pages: tuple[str, ...]) -> SafeString:
    labels, pages = labels_and_pages[0:-1:2], labels_and_pages[1:-1:2]
    context = {"ways": list(zip(labels, map(_address, pages), strict=True)), "here": labels_and_pages[-1]}
    return render_to_string("ui/breadcrumb.html", context)


@register.inclusion_tag("ui/pagination.html", takes_context=True)
def pagination(context: Context, page: Any) -> dict[str, object]:
    """Links to the page before and after: `page` is a `ui.lists.KeyPage` or has `previous` and `next` keys."""
    request: HttpRequest = context["request"]
    return {
        "page": page,
        "previous": _query(request.GET, "vor", page.previous) if page.previous else None,
        "next": _query(request.GET, "nach", page.next) if page.next else None,
    }


@register.simple_block_tag
def summary(content: str, title: str, line: str) -> SafeString:
    """What belongs beside a form: a column on a wide screen, on a phone one line that opens on tap.

    The content stands twice in the page (one of them is never shown): give no id inside.
    """
    return format_html(
        '<section class="summary" aria-label="{title}"><details class="summary__slim"><summary>{line}</summary>'
        '<div class="summary__body">{content}</div></details><div class="summary__wide">'
        '<h2 class="summary__title">{title}</h2><div class="summary__body">{content}</div></div></section>',
        title=title,
        line=line,
        content=content,
    )


@register.simple_block_tag
def table_frame(content: str, label: str) -> SafeString:
    """Room for a table that is wider than a phone: it scrolls by itself, by keyboard too."""
    return format_html('<div class="table-frame" tabindex="0" role="region" aria-label="{}">{}</div>', label, content)


@register.simple_tag
def fill_level(value: int, limit: int, label: str) -> SafeString:
    """A bar that shows how full something is (any unit, same for both); the label says it in words."""
    return format_html(
        '<svg class="fill-level" role="img" aria-label="{}" viewBox="0 0 100 1" preserveAspectRatio="none">'
        '<rect width="{}" height="1"/></svg>',
        label,
        0 if limit <= 0 else min(100, max(0, round(100 * value / limit))),
    )


@register.simple_tag
def input_attributes(widget: Mapping[str, Any], css_class: str) -> SafeString:
    """Attributes of an input: KERN's class, the error state, required as aria-required (our own errors help more)."""
    attributes = {name: value for name, value in widget["attrs"].items() if name not in {"class", "required"}}
    return flatatt(_classed(attributes, css_class, widget["attrs"].get("class", ""), required=widget["required"]))


@register.simple_tag
def choice_attributes(option: Mapping[str, Any]) -> SafeString:
    """Attributes of one radio button or check box of a group."""
    kept = {name: value for name, value in option["attrs"].items() if name not in {"class", "required"}}
    attributes = _classed(kept, f"kern-form-check__{option['type']}", option["attrs"].get("class", ""), required=False)
    attributes.pop("aria-invalid", None)  # the group is wrong, not one of its buttons
    return flatatt(attributes)


@register.filter
def has_key(mapping: Mapping[str, object], key: str) -> bool:
    """Whether a mapping has a key (names with a dash cannot be looked up in a template)."""
    return key in mapping


@register.filter
def error_count(form: forms.BaseForm) -> int:
    """How many things in a form are wrong."""
    return sum(len(errors) for errors in form.errors.values())


@register.filter
def keeps_anything(form: forms.BaseForm) -> bool:
    """Whether some field of a form is wrong and another one has an answer. A password is never sent back."""
    shown = [
        field for field in form if not field.is_hidden and not isinstance(field.field.widget, forms.PasswordInput)
    ]
    right = [field for field in shown if not field.errors]
    kept = any(field.value() not in (*field.field.empty_values, False) for field in right)
    return kept and any(field.errors for field in form)


@register.filter
def with_colon(label: str) -> str:
    """A label that a sentence follows: "Straße:", but "Wann sollen wir kommen?"."""
    return label if label.endswith((".", "?", "!", ":")) else f"{label}:"


@register.filter
def first_input_id(field: forms.BoundField) -> str:
    """Where a link to a field leads: its input, or the first choice of its group."""
    return f"{field.auto_id}_0" if field.use_fieldset else str(field.id_for_label)


def _classed(attributes: dict[str, Any], css_class: str, more: str, *, required: bool) -> dict[str, Any]:
    state = f"{css_class}--error" if attributes.get("aria-invalid") else ""
    attributes["class"] = " ".join(filter(None, [css_class, state, more]))
    if required:
        attributes["aria-required"] = "true"
    return attributes


def _in_berlin(day: date) -> date:
    return day.astimezone(BERLIN) if isinstance(day, datetime) else day


def _address(page: str) -> str:
    return page if page.startswith(("/", "../")) else reverse(page)


def _query(current: QueryDict, name: str, key: str) -> str:
    query = current.copy()
    for old in ("vor", "nach"):
        query.pop(old, None)
    query[name] = key
    return f"?{query.urlencode()}"
