"""Page 2 of an order: what is to be collected."""

import secrets

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from stadthaus.accounts.audience import citizen
from stadthaus.services.bulky_waste import actions, forms, queries
from stadthaus.services.bulky_waste.models import Draft
from stadthaus.services.bulky_waste.queries import Picture
from stadthaus.services.bulky_waste.rules import items
from stadthaus.services.bulky_waste.rules.search import Found, search
from stadthaus.services.bulky_waste.rules.steps import Step
from stadthaus.services.bulky_waste.views import limits
from stadthaus.services.bulky_waste.views.drafts import after, at_step, posted, step_page
from stadthaus.ui.pages import page, town_of

EVERYDAY = ("sofa-3-seater", "wardrobe-3-door", "mattress-90", "table-dining", "carpet-2x3", "chair")
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
    limits_form: forms.WithinLimitsForm | None = None,
    error: str = "",
    to_list: bool = False,
) -> HttpResponse:
    text = request.GET.get("q", "").strip()[:80]
    found = search(text, seen.catalogue.names) if text else Found((), ())
    within = {"within_limits": "yes"} if seen.draft.answer("what").get("within_limits") else None
    return step_page(
        request,
        seen,
        Step.WHAT,
        {
            "q": text,
            "found": found,
            "search_form": forms.ItemSearchForm(initial={"q": text}),
            "limits_form": limits_form or forms.WithinLimitsForm(initial=within, limits=seen.limits),
            "error": error,
            "to_list": to_list,
            "suggestions": [item for key, item in seen.catalogue.items.items() if key in EVERYDAY] if not text else [],
        },
    )


@citizen
@posted
@at_step(Step.WHAT)
def add_item(request: HttpRequest, seen: Picture) -> HttpResponse:
    """Add a catalogue item; where something electrical may be built in, ask once before."""
    item = seen.catalogue.items.get(request.POST.get("item", ""))
    if item is None:
        return _to_items(request, seen.draft)
    answer = request.POST.get("electrical")
    if item.asks_electrical and answer != "no":
        context = {"seen": seen, "draft": seen.draft, "item": item, "answered_yes": answer == "yes"}
        return page(request, "bulky_waste/order/electrical.html", context)
    new = items.Line(item.key, 1, dismantled=item.must_be_dismantled(seen.limits))
    return _edit(request, seen, lambda lines: items.with_added(lines, new), to_list=True)


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
    """Switch a line between whole and dismantled."""
    return _edit(request, seen, lambda lines: items.with_other_form(lines, line))


def _edit(request: HttpRequest, seen: Picture, edit: actions.Edit, *, to_list: bool = False) -> HttpResponse:
    """Change the list as it stands now: what another tab did meanwhile is kept."""
    try:
        draft = actions.edit_lines(draft=seen.draft, edit=edit, now=seen.now, count=limits.weighed_hold(request))
    except items.ListFull:
        return _what_page(request, seen, error=TOO_MANY)
    return _to_items(request, draft, to_list=to_list)


def _to_items(request: HttpRequest, draft: Draft, *, to_list: bool = False) -> HttpResponse:
    """Back to page 2; `to_list` leads on to the list, where something new stands. HTMX gets the page at once."""
    if request.headers.get("HX-Request"):
        return _what_page(request, queries.picture(draft, town_of(request), timezone.now()), to_list=to_list)
    address = reverse("bulky_waste:what", args=[draft.public_id])
    return redirect(f"{address}#liste" if to_list else address)


@citizen
@at_step(Step.WHAT)
def own_item(request: HttpRequest, seen: Picture) -> HttpResponse:
    """A thing that the catalogue does not know, by length, width and height."""
    form = forms.OwnItemForm(request.POST or None, limits=seen.limits)
    if not form.is_valid():
        return page(request, "bulky_waste/order/own_item.html", {"seen": seen, "draft": seen.draft, "form": form})
    data = form.cleaned_data
    size = (data["length"], data["width"], data["height"])
    line = items.Line(items.OWN, data["count"], name=data["name"], size_cm=size, own_id=secrets.token_hex(4))
    return _edit(request, seen, lambda lines: items.with_added(lines, line), to_list=True)


@citizen
@posted
@at_step(Step.WHAT)
def what_done(request: HttpRequest, seen: Picture) -> HttpResponse:
    """Leave page 2: something must be on the list, within the limits per piece and per order."""
    form = forms.WithinLimitsForm(request.POST, limits=seen.limits)
    valid = form.is_valid()
    error = "" if seen.lines else "Ihre Liste ist noch leer. Suchen Sie zuerst einen Gegenstand."
    if seen.quote.too_much:
        error = (
            "Das ist mehr, als eine Bestellung fassen darf. Bitte nehmen Sie etwas heraus und bestellen Sie es extra."
        )
    if error or not valid:
        return _what_page(request, seen, limits_form=form, error=error)
    answers = {**seen.draft.answer("what"), "within_limits": True}
    draft = actions.answer(draft=seen.draft, page="what", answers=answers, now=seen.now)
    return after(draft, Step.WHAT)
