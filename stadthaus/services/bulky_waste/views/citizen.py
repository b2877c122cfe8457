"""The service page and the pages of ordering; the second one, about things, has a file of its own."""

import re
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from stadthaus.accounts.audience import citizen, public
from stadthaus.base_services.addresses import queries as addresses
from stadthaus.base_services.collection_tours.actions import DayIsClosed, DayIsFull
from stadthaus.base_services.collection_tours.documents import PhotoRefused, clean_photo, keep_photo, remove_photo
from stadthaus.base_services.collection_tours.models import CollectionDay
from stadthaus.kernel.calendars import day_of
from stadthaus.services.bulky_waste import actions, forms, queries
from stadthaus.services.bulky_waste.documents import PLACES_FOLDER
from stadthaus.services.bulky_waste.forms.when import DAY_IS_FULL, DAY_IS_GONE
from stadthaus.services.bulky_waste.queries import Picture
from stadthaus.services.bulky_waste.rules import dates, items
from stadthaus.services.bulky_waste.rules.search import search
from stadthaus.services.bulky_waste.rules.steps import Step
from stadthaus.services.bulky_waste.views import limits
from stadthaus.services.bulky_waste.views.drafts import (
    after,
    at_step,
    back_from,
    remember,
    step_page,
    to_order,
    to_step,
    unfinished_draft,
)
from stadthaus.ui.pages import page, town_of

# One sentence for every reason: nobody learns whether a strange contact has orders.
NOT_ONLINE = (
    "Online können wir diese Bestellung nicht annehmen. Sind noch Bestellungen mit dieser E-Mail-Adresse oder "
    "Telefonnummer unbezahlt? Dann bezahlen oder stornieren Sie bitte zuerst eine davon. Sonst rufen Sie uns an: "
    "{phone}. Ihre Angaben bleiben gespeichert."
)

_OUR_PLACES = ("town.postcode_place", "town.parts")
DECLARED = "declared"  # the answers of page 6, kept only if the order has to wait
_ID = re.compile(r"[0-9]{1,18}")


# --- Before ordering --------------------------------------------------------------------------


@public
@require_safe
def service(request: HttpRequest) -> HttpResponse:
    """What the service is, what it costs, and what is bulky waste."""
    town = town_of(request)
    today = day_of(timezone.now())
    text = request.GET.get("q", "").strip()[:80]
    limits = queries.limits(town, today)
    context = {"tariff": queries.tariff(town, today), "limits": limits, "q": text, "asked": "q" in request.GET}
    context |= {"fee": town.rule("bulky_waste.fee_per_card", today), "out_by": queries.out_by(town, today)}
    if text:
        context["found"] = found = search(text, queries.catalogue().names)
        context["choices"] = items.choices(found.items, limits)
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
        context["back"] = back_from(None, Step.WHERE)
        return page(request, "bulky_waste/order/where.html", {**context, "unfinished": unfinished_draft(request)})
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
    return step_page(request, seen, Step.WHERE, {"form": form})


def _answer_where(request: HttpRequest, seen: Picture | None) -> HttpResponse:
    form = forms.WhereForm(request.POST, town_place=" ".join(map(town_of(request).text, _OUR_PLACES)))
    valid = form.is_valid()
    if form.cleaned_data.get("household") == "no":
        return redirect("bulky_waste:not_for_you", "betrieb")
    now = timezone.now()
    answer = _place_answer(request, form) if valid else None
    if answer is None:
        frame = {"step": Step.WHERE, "step_number": 1, "steps": len(Step), "draft": seen.draft if seen else None}
        frame |= {"form": form, "back": back_from(seen, Step.WHERE)}
        return page(request, "bulky_waste/order/where.html", frame)
    if seen is None and not limits.may(request, "draft", limits.DRAFTS_PER_HOUR, limits.HOUR):
        return page(request, "bulky_waste/too_often.html", status=429)
    if seen is None:
        draft = actions.start_draft(where=answer, now=now)
    else:
        draft = actions.answer_where(draft=seen.draft, answers=answer, now=now)
    return remember(request, after(draft, Step.WHERE), draft)


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
        return step_page(request, seen, Step.WHO, {"form": form, **terms})
    draft = actions.answer(draft=seen.draft, page="who", answers=form.cleaned_data, now=seen.now)
    return after(draft, Step.WHO)


@citizen
@at_step(Step.WHEN)
def when(request: HttpRequest, seen: Picture) -> HttpResponse:
    """Page 4: the days with room for this order; choosing one holds a place."""
    refusal = _hold(request, seen) if request.method == "POST" else ""
    if refusal is None:
        return after(seen.draft, Step.WHEN)
    days = queries.offered_days(seen)
    own = seen.day if seen.booking else None
    if own and own not in days:
        days = sorted([*days, own], key=lambda day: day.date)
    payable = [(day, queries.ways_to_pay(day, seen.channel, seen.town, seen.now)) for day in days]
    form = forms.WhenForm(request.POST or None, days=payable, initial={"day": str(own.pk) if own else None})
    if refusal and form.is_valid():
        form.add_error("day", refusal)
    minutes = limits.hold_minutes(seen)
    free_soon = not days and bool(queries.offered_days(seen, later=timedelta(minutes=minutes)))
    context = {"form": form, "days": days, "minutes": minutes, "free_soon": free_soon}
    return step_page(request, seen, Step.WHEN, context)


def _hold(request: HttpRequest, seen: Picture) -> str | None:
    """Hold a place on the chosen day, or say why not."""
    typed = request.POST.get("day", "")
    if not _ID.fullmatch(typed):
        return DAY_IS_FULL
    try:
        count = limits.weighed_hold(request, seen)
        actions.choose_day(draft=seen.draft, day_id=int(typed), now=seen.now, seen=seen, count=count)
    except actions.TooOften:
        return (
            "Von Ihrem Internet-Anschluss ist gerade sehr viel reserviert. "
            f"Bitte warten Sie {limits.hold_minutes(seen)} Minuten, oder rufen Sie uns an: {_phone(seen)}. "
            "Ihre Angaben bleiben gespeichert."
        )
    except DayIsClosed:
        return DAY_IS_GONE
    except DayIsFull:
        return DAY_IS_FULL
    return None


@citizen
@at_step(Step.PLACE)
def place(request: HttpRequest, seen: Picture) -> HttpResponse:
    """Page 5: where it will stand, with a photo if wished."""
    known = seen.draft.answer("place")
    form = forms.PlaceForm(request.POST or None, request.FILES or None, initial={**known, "photo": None})
    photo = _new_photo(request, form) if form.is_valid() else None
    if form.is_valid():
        answers = {name: form.cleaned_data[name] for name in ("place_note", "access_note")}
        draft = actions.answer_place(draft=seen.draft, answers=answers, photo=photo, now=seen.now, seen=seen)
        if photo is not None and known.get("photo"):
            remove_photo(known["photo"])  # only now: until this was written an order could have come to name it
        return after(draft, Step.PLACE)
    assert seen.day is not None
    day = seen.day.date
    out = {"out_by": queries.out_by(seen.town, day), "out_from": queries.out_from(seen.town, day)}
    context = {"has_photo": bool(known.get("photo")), **out}
    return step_page(request, seen, Step.PLACE, {"form": form, **context})


def _new_photo(request: HttpRequest, form: forms.PlaceForm) -> str | None:
    """The name of the photo just stored, empty if the old one shall go; None if nothing changes or it is refused."""
    upload = form.cleaned_data["photo"]
    if not upload:
        return "" if form.cleaned_data["remove_photo"] else None
    if not limits.may(request, "photo", limits.UPLOADS_PER_HOUR, limits.HOUR):
        form.add_error("photo", "Das waren viele Fotos. Bitte warten Sie eine Stunde oder bestellen Sie ohne Foto.")
        return None
    try:
        return keep_photo(clean_photo(upload), folder=PLACES_FOLDER)
    except PhotoRefused as refused:
        form.add_error("photo", str(refused))
        return None


# --- Check and place --------------------------------------------------------------------------


@citizen
@at_step(Step.CHECK)
def check(request: HttpRequest, seen: Picture) -> HttpResponse:
    """Page 6: all answers, the amount with its source, the way of paying; placing the order."""
    form = _check_form(request, seen)
    if not form.is_valid():
        return _check_page(request, seen, form, other=_shown_otherwise(form, seen))
    try:
        return _place_order(request, seen, form)
    except actions.NotAsShown as other:
        return _check_page(request, other.seen, _check_form(request, other.seen), other=other)
    except actions.WayNotOffered:
        form.add_error("way", str(form.fields["way"].error_messages["invalid_choice"]))
        return _check_page(request, seen, form)
    except (actions.TooManyUnpaid, actions.TooOften):
        return _check_page(request, seen, form, refusal=NOT_ONLINE.format(phone=_phone(seen)))


def _check_form(request: HttpRequest, seen: Picture) -> forms.CheckForm:
    only_way = seen.ways[0].way if len(seen.ways) == 1 else None
    declared = seen.draft.answer(DECLARED)
    is_same_place = declared.get("where") == seen.draft.answer("where")  # who may put it there may not elsewhere
    kept = (declared if is_same_place else {}) | {"way": only_way or declared.get("way")}
    return forms.CheckForm(request.POST or None, ways=seen.ways, town=seen.town, initial=kept)


def _shown_otherwise(form: forms.CheckForm, seen: Picture) -> actions.NotAsShown | None:
    """What to say of a form that was sent from a page that showed something else."""
    shown = form.shown
    return actions.NotAsShown(shown, seen) if shown and shown != seen.shown else None


def _check_page(request: HttpRequest, seen: Picture, form: forms.CheckForm, **said: Any) -> HttpResponse:
    assert seen.day is not None
    return step_page(request, seen, Step.CHECK, {"form": form, **said, **_terms(seen, seen.day)})


def _terms(seen: Picture, day: CollectionDay) -> dict[str, Any]:
    """What somebody orders by: the statute of the fee, until when cancelling is free, whether no transfer is left."""
    return {
        "fee": seen.town.rule("bulky_waste.fee_per_card", dates.fee_day(seen.now)),
        "free_until": queries.free_until(seen.town, day.date),
        "no_transfer": all(way.way != "transfer" for way in seen.ways),
    }


def _place_order(request: HttpRequest, seen: Picture, form: forms.CheckForm) -> HttpResponse:
    assert form.shown is not None
    try:
        order = actions.place_order(
            draft=seen.draft,
            way=form.cleaned_data["way"],
            shown=form.shown,
            now=seen.now,
            seen=seen,
            most_unpaid=_most_unpaid(request, seen),
            count=limits.counted_order(request, seen),
        )
    except (DayIsFull, DayIsClosed):
        actions.ask_for_another_day(draft=seen.draft, now=seen.now)
        return _back_to(Step.WHEN, seen, form)
    except actions.StillOpen as still_open:
        return _back_to(still_open.step, seen, form)
    return to_order(order)


def _back_to(step: Step, seen: Picture, form: forms.CheckForm) -> HttpResponse:
    """Something has to be answered anew; what was chosen and declared here is kept for the next time."""
    kept = {name: form.cleaned_data[name] for name in forms.CheckForm.KEPT} | {"where": seen.draft.answer("where")}
    actions.answer(draft=seen.draft, page=DECLARED, answers=kept, now=seen.now)
    return to_step(seen.draft, step)


def _most_unpaid(request: HttpRequest, seen: Picture) -> int | None:
    """How many unpaid orders are enough; who works here orders for others."""
    if limits.orders_for_others(request):
        return None
    most: int = seen.town.value("bulky_waste.max_unpaid_orders", day_of(seen.now))
    return most * settings.RATE_FACTOR


def _phone(seen: Picture) -> str:
    return seen.town.text("town.phone")
