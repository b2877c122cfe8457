"""The service page and the pages of ordering."""

import re
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from stadthaus.accounts.audience import citizen, public
from stadthaus.base_services.addresses import queries as addresses
from stadthaus.base_services.collection_tours.actions import DayIsClosed, DayIsFull
from stadthaus.base_services.collection_tours.documents import PhotoRefused, clean_photo, keep_photo, remove_photo
from stadthaus.base_services.collection_tours.models import CollectionDay
from stadthaus.base_services.payments import queries as payment_queries
from stadthaus.base_services.payments.rules.pay_by import Way
from stadthaus.kernel.calendars import day_of
from stadthaus.services.bulky_waste import actions, forms, queries
from stadthaus.services.bulky_waste.documents import PLACES_FOLDER, order_link
from stadthaus.services.bulky_waste.models import Draft
from stadthaus.services.bulky_waste.queries import Picture
from stadthaus.services.bulky_waste.rules import dates, items
from stadthaus.services.bulky_waste.rules.search import Found, search
from stadthaus.services.bulky_waste.rules.steps import Step, number_of, way_back
from stadthaus.services.bulky_waste.views import limits
from stadthaus.services.bulky_waste.views.drafts import (
    at_step,
    latest_draft,
    posted,
    remember,
    to_step,
)
from stadthaus.services.bulky_waste.views.link import remember_proof
from stadthaus.ui.pages import page, town_of

# One sentence for every reason: nobody learns whether a strange contact has orders.
NOT_ONLINE = (
    "Online können wir diese Bestellung gerade nicht annehmen. Rufen Sie uns an: {phone}. "
    "Ihre Angaben bleiben gespeichert."
)
TOO_MANY = (
    f"Mehr als {items.MAX_COUNT} gleiche Stücke oder {items.MAX_LINES} Zeilen passen nicht in eine Bestellung. "
    "Was schon auf der Liste steht, bleibt."
)


_ID = re.compile(r"[0-9]{1,18}")


def _step_page(request: HttpRequest, seen: Picture, step: Step, context: dict[str, Any]) -> HttpResponse:
    frame = {"seen": seen, "draft": seen.draft, "step": step, "step_number": number_of(step), "steps": len(Step)}
    frame["back"] = _back(seen, step)
    return page(request, f"bulky_waste/order/{step.name.lower()}.html", {**frame, **context})


def _back(seen: Picture | None, step: Step) -> str:
    """The address behind "Zurück"."""
    before = way_back(step, seen.answered) if seen else None
    if seen is None or before is None:
        return reverse("bulky_waste:service")
    return reverse(f"bulky_waste:{before.name.lower()}", args=[seen.draft.public_id])


def _after(draft: Draft, step: Step) -> HttpResponse:
    """The next page; who has been to the last one and changed an answer goes back there, if all else holds."""
    return to_step(draft, Step.CHECK if draft.answer("place") else list(Step)[number_of(step)])


# --- Before ordering --------------------------------------------------------------------------


@public
@require_safe
def service(request: HttpRequest) -> HttpResponse:
    """What the service is, what it costs, and what is bulky waste."""
    town = town_of(request)
    today = day_of(timezone.now())
    text = request.GET.get("q", "").strip()[:80]
    context = {"tariff": queries.tariff(town, today), "limits": queries.limits(town, today), "q": text}
    context |= {"fee": town.rule("bulky_waste.fee_per_card", today), "out_by": queries.out_by(town, today)}
    if text:
        context["found"] = search(text, queries.catalogue().names)
    return page(request, "bulky_waste/service.html", context)


@public
@require_safe
def not_for_you(request: HttpRequest, reason: str) -> HttpResponse:
    """Stop page: outside the town, or not a private household; it says where to turn."""
    if reason not in {"ausserhalb", "betrieb"}:
        raise Http404
    return page(request, "bulky_waste/order/stop.html", {"reason": reason})


@citizen
def begin(request: HttpRequest) -> HttpResponse:
    """Page 1 without a draft yet: the first answer begins one."""
    if request.method != "POST":
        context = {"form": forms.WhereForm(), "step": Step.WHERE, "step_number": 1, "steps": len(Step)}
        context["back"] = _back(None, Step.WHERE)
        return page(request, "bulky_waste/order/where.html", {**context, "unfinished": latest_draft(request)})
    return _answer_where(request, None)


@citizen
@at_step(Step.WHERE)
def where(request: HttpRequest, seen: Picture) -> HttpResponse:
    """Page 1: change the address."""
    if request.method == "POST":
        return _answer_where(request, seen)
    answer = seen.draft.answer("where")
    form = forms.WhereForm(
        initial={
            "street": answer.get("street_label"),
            "house": answer.get("house"),
            "household": "yes" if answer else None,
        }
    )
    return _step_page(request, seen, Step.WHERE, {"form": form})


def _answer_where(request: HttpRequest, seen: Picture | None) -> HttpResponse:
    form = forms.WhereForm(request.POST, town_place=town_of(request).text("town.postcode_place"))
    valid = form.is_valid()
    if form.cleaned_data.get("household") == "no":
        return redirect("bulky_waste:not_for_you", "betrieb")
    now = timezone.now()
    answer = _place_answer(request, form) if valid else None
    if answer is None:
        frame = {"step": Step.WHERE, "step_number": 1, "steps": len(Step), "draft": seen.draft if seen else None}
        return page(request, "bulky_waste/order/where.html", {**frame, "form": form, "back": _back(seen, Step.WHERE)})
    if seen is None and not limits.may(request, "draft", limits.DRAFTS_PER_HOUR, limits.HOUR):
        return page(request, "bulky_waste/too_often.html", status=429)
    if seen is None:
        draft = actions.start_draft(where=answer, now=now)
    else:
        draft = actions.answer_where(draft=seen.draft, answers=answer, now=now)
    return remember(request, _after(draft, Step.WHERE), draft)


def _place_answer(request: HttpRequest, form: forms.WhereForm) -> dict[str, Any] | None:
    """The address with its district; None after asking about an unknown house number."""
    street = form.found_street
    assert street is not None
    house = form.cleaned_data["house"]
    place = addresses.place(street, house, town_of(request), day_of(timezone.now()))
    if place.known is False and not form.cleaned_data["house_confirmed"]:
        form.ask_about_house()
        return None
    return {
        "street_id": street.pk,
        "street_name": street.name,
        "street_hint": street.hint,
        "street_label": street.label,
        "house": house,
        "district": place.district,
        "latitude": place.lat,
        "longitude": place.lon,
    }


# --- What -------------------------------------------------------------------------------------


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
    return _step_page(
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


EVERYDAY = ("sofa-3-seater", "wardrobe-3-door", "mattress-90", "table-dining", "carpet-2x3", "chair")


@citizen
@require_safe
@at_step(Step.WHAT)
def suggest_items(request: HttpRequest, seen: Picture) -> HttpResponse:
    """What the search finds while typing, as a part of the page."""
    return _what_page(request, seen)


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
def count_item(request: HttpRequest, seen: Picture, index: int) -> HttpResponse:
    """One more or one less of a line; none left removes it."""
    step = {"+": 1, "-": -1}.get(request.POST.get("count", ""), 0)
    return _edit(request, seen, lambda lines: items.with_counted(lines, index, step))


@citizen
@posted
@at_step(Step.WHAT)
def turn_item(request: HttpRequest, seen: Picture, index: int) -> HttpResponse:
    """Switch a line between whole and dismantled."""
    return _edit(request, seen, lambda lines: items.with_other_form(lines, index))


def _edit(request: HttpRequest, seen: Picture, edit: actions.Edit, *, to_list: bool = False) -> HttpResponse:
    """Change the list as it stands now, not as this page last saw it: two taps at once both count."""
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
    line = items.Line(
        items.OWN, data["count"], name=data["name"], size_cm=(data["length"], data["width"], data["height"])
    )
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
    return _after(draft, Step.WHAT)


# --- Who, when, place -------------------------------------------------------------------------


@citizen
@at_step(Step.WHO)
def who(request: HttpRequest, seen: Picture) -> HttpResponse:
    """Page 3: name, how to answer, who owes the fee."""
    form = forms.WhoForm(request.POST or None, initial=seen.draft.answer("who"))
    if not form.is_valid():
        today = day_of(seen.now)
        terms = {
            "contact_days": seen.town.value("bulky_waste.retention_contact_days", today),
            "photo_days": seen.town.value("bulky_waste.retention_photo_days", today),
            "payment_years": seen.town.value("payments.retention_years", today),
        }
        return _step_page(request, seen, Step.WHO, {"form": form, **terms})
    draft = actions.answer(draft=seen.draft, page="who", answers=form.cleaned_data, now=seen.now)
    return _after(draft, Step.WHO)


@citizen
@at_step(Step.WHEN)
def when(request: HttpRequest, seen: Picture) -> HttpResponse:
    """Page 4: the days with room for this order; choosing one holds a place."""
    refusal = _hold(request, seen) if request.method == "POST" else ""
    if refusal is None:
        return _after(seen.draft, Step.WHEN)
    days = queries.offered_days(seen)
    own = seen.day if seen.booking else None
    if own and own not in days:
        days = sorted([*days, own], key=lambda day: day.date)
    payable = [(day, _ways(seen, day)) for day in days]
    form = forms.WhenForm(request.POST or None, days=payable, initial={"day": str(own.pk) if own else None})
    if refusal and form.is_valid():
        form.add_error("day", refusal)
    minutes = seen.town.value("bulky_waste.hold_minutes", day_of(seen.now))
    free_soon = not days and bool(queries.offered_days(seen, later=timedelta(minutes=minutes)))
    context = {"form": form, "days": days, "minutes": minutes, "free_soon": free_soon}
    return _step_page(request, seen, Step.WHEN, context)


def _ways(seen: Picture, day: CollectionDay) -> list[Way]:
    """The ways to pay that still end before a day's cut-off (no statement)."""
    cut_off = queries.order_cut_off(seen.town, day.date)
    return payment_queries.offered_ways(now=seen.now, cut_off=cut_off, town=seen.town, today=day_of(seen.now))


def _hold(request: HttpRequest, seen: Picture) -> str | None:
    """Hold a place on the chosen day, or say why not."""
    typed = request.POST.get("day", "")
    day = queries.day_if_offered(seen, int(typed)) if _ID.fullmatch(typed) else None
    if day is None:
        return forms.DAY_IS_FULL
    try:
        count = limits.weighed_hold(request)
        actions.choose_day(draft=seen.draft, day_id=day.pk, now=seen.now, seen=seen, count=count)
    except actions.TooOften:
        return (
            "Von Ihrem Internet-Anschluss ist gerade sehr viel reserviert. "
            f"Bitte warten Sie 20 Minuten, oder rufen Sie uns an: {_phone(seen)}. Ihre Angaben bleiben gespeichert."
        )
    except (DayIsFull, DayIsClosed):
        return forms.DAY_IS_FULL
    return None


@citizen
@at_step(Step.PLACE)
def place(request: HttpRequest, seen: Picture) -> HttpResponse:
    """Page 5: where it will stand, with a photo if wished."""
    known = seen.draft.answer("place")
    form = forms.PlaceForm(request.POST or None, request.FILES or None, initial={**known, "photo": None})
    sends_photo = form.is_valid() and form.cleaned_data["photo"]
    if sends_photo and not limits.may(request, "photo", limits.UPLOADS_PER_HOUR, limits.HOUR):
        form.add_error("photo", "Das waren viele Fotos. Bitte warten Sie eine Stunde oder bestellen Sie ohne Foto.")
    if form.is_valid():
        try:
            photo = _new_photo(form)
        except PhotoRefused as refused:
            form.add_error("photo", str(refused))
        else:
            answers = {"place_note": form.cleaned_data["place_note"], "access_note": form.cleaned_data["access_note"]}
            draft = actions.answer_place(draft=seen.draft, answers=answers, photo=photo, now=seen.now, seen=seen)
            if photo is not None and known.get("photo"):
                remove_photo(known["photo"])  # only now: until this was written an order could have come to name it
            return _after(draft, Step.PLACE)
    assert seen.day is not None
    out_by = queries.out_by(seen.town, seen.day.date)
    return _step_page(
        request, seen, Step.PLACE, {"form": form, "out_by": out_by, "has_photo": bool(known.get("photo"))}
    )


def _new_photo(form: forms.PlaceForm) -> str | None:
    """The name of the photo just stored, empty if the old one shall go; None if nothing changes."""
    if upload := form.cleaned_data["photo"]:
        return keep_photo(clean_photo(upload), folder=PLACES_FOLDER)
    return "" if form.cleaned_data["remove_photo"] else None


# --- Check and place --------------------------------------------------------------------------


@citizen
@at_step(Step.CHECK)
def check(request: HttpRequest, seen: Picture) -> HttpResponse:
    """Page 6: all answers, the amount with its source, the way of paying; placing the order."""
    assert seen.day is not None
    ways = _ways(seen, seen.day)
    initial = {"way": ways[0].way if len(ways) == 1 else None}
    form = forms.CheckForm(request.POST or None, ways=ways, town=seen.town, initial=initial)
    context: dict[str, Any] = {"form": form, "ways": ways, "free_until": queries.free_until(seen.town, seen.day.date)}
    context["no_transfer"] = bool(ways) and all(way.way != "transfer" for way in ways)
    context["fee"] = seen.town.rule("bulky_waste.fee_per_card", dates.fee_day(seen.now))
    if form.is_valid():
        try:
            return _place_order(request, seen, form)
        except actions.PriceChanged as change:
            context["price_change"] = change
        except actions.WayNotOffered:
            form.add_error("way", str(form.fields["way"].error_messages["invalid_choice"]))
        except (actions.TooManyUnpaid, actions.TooOften):
            context["refusal"] = NOT_ONLINE.format(phone=_phone(seen))
    return _step_page(request, seen, Step.CHECK, context)


def _place_order(request: HttpRequest, seen: Picture, form: forms.CheckForm) -> HttpResponse:
    data = form.cleaned_data
    try:
        order = actions.place_order(
            draft=seen.draft,
            way=data["way"],
            amount_shown=data["amount_shown"],
            now=seen.now,
            seen=seen,
            most_unpaid=_most_unpaid(request, seen),
            count=limits.counted_order(request),
        )
    except (DayIsFull, DayIsClosed):
        actions.ask_for_another_day(draft=seen.draft, now=seen.now)
        return to_step(seen.draft, Step.WHEN)
    except actions.StillOpen as still_open:
        return to_step(seen.draft, still_open.step)
    link = order_link(order)
    return remember_proof(redirect(link), order, link)


def _most_unpaid(request: HttpRequest, seen: Picture) -> int | None:
    """How many unpaid orders are enough; who works here orders for others."""
    if request.user.is_authenticated:
        return None
    most: int = seen.town.value("bulky_waste.max_unpaid_orders", day_of(seen.now))
    return most * settings.RATE_FACTOR


def _phone(seen: Picture) -> str:
    return seen.town.text("town.phone")
