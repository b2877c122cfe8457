"""Page 2 of an order: what is to be collected."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from stadthaus.accounts.audience import citizen
from stadthaus.kernel.measures import format_cubic_metres, format_whole_cubic_metres
from stadthaus.services.bulky_waste import actions, forms, queries
from stadthaus.services.bulky_waste.models import Draft
from stadthaus.services.bulky_waste.queries import Picture
from stadthaus.services.bulky_waste.rules import items
from stadthaus.services.bulky_waste.rules.items import Offer
from stadthaus.services.bulky_waste.rules.search import Found, search
from stadthaus.services.bulky_waste.rules.steps import Step
from stadthaus.services.bulky_waste.views import limits
from stadthaus.services.bulky_waste.views.drafts import after, at_step, posted, step_page
from stadthaus.ui.pages import page, town_of

TOO_MANY = (
    f"Mehr als {items.MAX_COUNT} gleiche Stücke oder {items.MAX_LINES} Zeilen passen nicht in eine Bestellung. "
    "Was schon auf der Liste steht, bleibt."
)


@citizen
@require_safe
@at_step(Step.WHAT)
def what(request: HttpRequest, seen: Picture) -> HttpResponse:
    """Page 2: search, list of things, volume and price."""
    return _what_page(request, seen)


def _what_page(
    request: HttpRequest,
    seen: Picture,
    *,
    form: forms.WithinLimitsForm | None = None,
    to_list: bool = False,
    said: str = "",
) -> HttpResponse:
    text = request.GET.get("q", "").strip()[:80]
    found = search(text, seen.catalogue.names) if text else Found((), ())
    everyday = [item for key, item in seen.catalogue.items.items() if key in items.EVERYDAY] if not text else []
    context = {
        "q": text,
        "found": found,
        "choices": items.choices(found.items or everyday, seen.limits),
        "form": form or forms.WithinLimitsForm(initial=_within(seen), limits=seen.limits),
        "to_list": to_list,
        "said": said,
    }
    return step_page(request, seen, Step.WHAT, context)


def _within(seen: Picture) -> dict[str, str]:
    return {"within_limits": "yes"} if seen.draft.answer("what").get("within_limits") else {}


def _refused(request: HttpRequest, seen: Picture, why: str) -> HttpResponse:
    """The page as it was, and why nothing changed; the question below it is not asked yet."""
    form = forms.WithinLimitsForm(_within(seen), limits=seen.limits, refusal=why)
    form.fields["within_limits"].required = False
    return _what_page(request, seen, form=form)


@citizen
@posted
@at_step(Step.WHAT)
def add_item(request: HttpRequest, seen: Picture) -> HttpResponse:
    """Add a catalogue item; where something electrical may be built in, ask once before."""
    item = seen.catalogue.items.get(request.POST.get("item", ""))
    if item is None:
        return _to_items(request, seen.draft, before=seen.lines)
    offer = item.offer(seen.limits)
    if offer is Offer.NONE:
        return _refused(request, seen, f"{item.name}: am Stück zu lang für die Abfuhr.")
    answer = request.POST.get("electrical")
    if item.asks_electrical and answer != "no":
        question = reverse("bulky_waste:electrical", args=[seen.draft.public_id, item.key])
        return redirect(f"{question}?antwort=ja" if answer == "yes" else question)
    new = items.Line(item.key, 1, dismantled=offer is Offer.DISMANTLED)
    return _edit(request, seen, lambda lines: items.with_added(lines, new), to_list=True)


@citizen
@require_safe
@at_step(Step.WHAT)
def electrical(request: HttpRequest, seen: Picture, key: str) -> HttpResponse:
    """Ask whether something electrical is built in; who said yes reads where such a thing goes."""
    item = seen.catalogue.items.get(key)
    if item is None or not item.asks_electrical:
        return redirect("bulky_waste:what", seen.draft.public_id)
    on_list = sum(line.line.count for line in seen.lines if line.line.key == key)
    context = {"seen": seen, "draft": seen.draft, "item": item, "on_list": on_list}
    context["answered_yes"] = request.GET.get("antwort") == "ja"
    return page(request, "bulky_waste/order/electrical.html", context)


@citizen
@posted
@at_step(Step.WHAT)
def count_item(request: HttpRequest, seen: Picture, line: str) -> HttpResponse:
    """One more or one less of a line; none left removes it."""
    step = {"+": 1, "-": -1}.get(request.POST.get("count", ""), 0)
    shown = request.POST.get("seen", "")
    return _edit(request, seen, lambda lines: items.with_counted(lines, line, step, shown))


@citizen
@posted
@at_step(Step.WHAT)
def turn_item(request: HttpRequest, seen: Picture, line: str) -> HttpResponse:
    """Switch a line between whole and dismantled, where it may have another form."""
    if all(known.line.ref != line or known.litres_other_form is None for known in seen.lines):
        return _to_items(request, seen.draft, before=seen.lines)
    return _edit(request, seen, lambda lines: items.with_other_form(lines, line))


def _edit(request: HttpRequest, seen: Picture, edit: actions.Edit, *, to_list: bool = False) -> HttpResponse:
    """Change the list as it stands now: what another tab did meanwhile is kept."""
    try:
        draft = actions.edit_lines(draft=seen.draft, edit=edit, now=seen.now, count=limits.weighed_hold(request, seen))
    except items.ListFull:
        return _refused(request, seen, TOO_MANY)
    return _to_items(request, draft, before=seen.lines, to_list=to_list)


def _to_items(
    request: HttpRequest, draft: Draft, *, before: Sequence[items.PricedLine] = (), to_list: bool = False
) -> HttpResponse:
    """Back to page 2; `to_list` leads on to the list, where something new stands. HTMX gets the page at once."""
    if request.headers.get("HX-Request"):
        seen = queries.picture(draft, town_of(request), timezone.now())
        is_shorter = len(seen.lines) < len(before)  # the button that had the focus is gone
        said = items.change_in_words(before, seen.lines)
        return _what_page(request, seen, to_list=to_list or is_shorter, said=said)
    address = reverse("bulky_waste:what", args=[draft.public_id])
    return redirect(f"{address}#liste" if to_list else address)


@citizen
@at_step(Step.WHAT)
def own_item(request: HttpRequest, seen: Picture) -> HttpResponse:
    """A thing that the catalogue does not know, by length, width and height."""
    form = _own_form(request.POST or None, seen)
    valid, doubt = form.is_valid(), form.doubt() if form.is_bound else None
    if doubt:
        form = _own_form({**request.POST.dict(), "asked_about": form.cleaned_data["name"]}, seen)
    if doubt or not valid:
        context = {"seen": seen, "draft": seen.draft, "form": form, "doubt": doubt}
        choices = items.choices(doubt.items if doubt else (), seen.limits)
        return page(request, "bulky_waste/order/own_item.html", {**context, "choices": choices})
    return _add_own(request, seen, form.cleaned_data)


def _own_form(data: Mapping[str, str] | None, seen: Picture) -> forms.OwnItemForm:
    return forms.OwnItemForm(data, limits=seen.limits, names=seen.catalogue.names)


def _add_own(request: HttpRequest, seen: Picture, data: Mapping[str, Any]) -> HttpResponse:
    size = (data["length"], data["width"], data["height"])
    line = items.Line(items.OWN, data["count"], name=data["name"], size_cm=size, own_id=secrets.token_hex(4))
    return _edit(request, seen, lambda lines: items.with_added(lines, line), to_list=True)


@citizen
@posted
@at_step(Step.WHAT)
def what_done(request: HttpRequest, seen: Picture) -> HttpResponse:
    """Leave page 2: something must be on the list, within the limits per piece and per order."""
    if not seen.lines:
        return _refused(request, seen, "Ihre Liste ist noch leer. Suchen Sie zuerst einen Gegenstand.")
    form = forms.WithinLimitsForm(request.POST, limits=seen.limits, refusal=_why_not(seen))
    if not form.is_valid():
        return _what_page(request, seen, form=form)
    return after(actions.confirm_limits(draft=seen.draft, now=seen.now), Step.WHAT)


def _why_not(seen: Picture) -> str:
    """Why this list cannot be ordered as it is, and what to do; nothing if it can."""
    if seen.too_long:
        names = ", ".join(line.name for line in seen.too_long)
        return f"Am Stück zu lang: {names}. Zerlegen Sie es, oder nehmen Sie es von der Liste."
    if seen.quote.too_much:
        most = f"{seen.tariff.max_cards} Karten, {format_whole_cubic_metres(seen.tariff.max_litres)}"
        too_much = format_cubic_metres(seen.quote.litres_too_much)
        return (
            f"Eine Bestellung fasst höchstens {most}. Das sind {too_much} zu viel. "
            "Nehmen Sie etwas von der Liste, und bestellen Sie es extra."
        )
    return ""
