"""The contractor's desk (Stadtwerke Selm): days, the orders of a day as page and file, the crew's phone."""

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from stadthaus.accounts import actions as accounts
from stadthaus.accounts.audience import contractor, dispatcher
from stadthaus.accounts.queries import actor_of
from stadthaus.base_services.collection_tours.models import CollectionDay
from stadthaus.kernel.calendars import day_of
from stadthaus.services.bulky_waste import documents, queries
from stadthaus.services.bulky_waste.forms import CrewPhoneForm
from stadthaus.ui.pages import file, page, town_of

DayView = Callable[[HttpRequest, CollectionDay, str], HttpResponse]


def of_day(view: DayView) -> Callable[[HttpRequest, int], HttpResponseBase]:
    """Give a view its day with the district's name; a day that is over for two weeks is not there any more."""

    @wraps(view)
    def guarded(request: HttpRequest, /, day_id: int) -> HttpResponse:
        day = queries.contractor_day(day_id, _today())
        if day is None:
            raise Http404
        names = queries.district_names(town_of(request), day.date)
        return view(request, day, names.get(day.district, day.district))

    return guarded


@contractor
@require_safe
def days(request: HttpRequest) -> HttpResponse:
    """The days to come and how full they are, and those just over."""
    now, today, town = timezone.now(), _today(), town_of(request)
    names = queries.district_names(town, today)
    rows = [
        (day, names.get(day.district, day.district), now >= queries.order_cut_off(town, day.date))
        for day in queries.contractor_days(today)
    ]
    coming = [row for row in rows if row[0].date >= today]
    over = [row for row in reversed(rows) if row[0].date < today]
    context = {"coming": coming, "over": over, "today": today, "look_back": queries.CONTRACTOR_LOOKS_BACK.days}
    return page(request, "bulky_waste/contractor/days.html", context)


@contractor
@of_day
@require_safe
def day(request: HttpRequest, day: CollectionDay, district: str) -> HttpResponse:
    """The orders of a day in the order of the streets."""
    context = {"day": day, "district": district, **_orders(day)}
    context["cut_off"] = cut_off = queries.order_cut_off(town_of(request), day.date)
    context["is_complete"], context["is_over"] = timezone.now() >= cut_off, day.date < _today()
    context["takes_phones"] = day.date <= _today() and actor_of(request).kind == "contractor"
    return page(request, "bulky_waste/contractor/day.html", context)


@contractor
@of_day
@require_safe
def day_csv(request: HttpRequest, day: CollectionDay, district: str) -> HttpResponse:  # noqa: ARG001  a view takes a request
    """The orders of a day as a file for spreadsheets and route planners."""
    content = documents.day_csv(day, district, _orders(day)["stops"])
    return file(content, "text/csv; charset=utf-8", f"{_file_name(day)}.csv", download=True)


@contractor
@of_day
@require_safe
def day_pdf(request: HttpRequest, day: CollectionDay, district: str) -> HttpResponse:
    """The orders of a day on paper."""
    seen = _orders(day)
    content = documents.day_pdf(
        day=day,
        district=district,
        stops=seen["stops"],
        reserved=seen["reserved"],
        town=town_of(request),
        now=timezone.now(),
    )
    return file(content, "application/pdf", f"{_file_name(day)}.pdf")


@dispatcher
@of_day
def phone(request: HttpRequest, day: CollectionDay, district: str) -> HttpResponse:
    """Show the QR code that signs a crew's phone in for this day; on the day itself or after it."""
    if day.date > _today():
        raise Http404
    form = CrewPhoneForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"day": day, "district": district, "form": form}
    if form.is_valid():
        actor, label = actor_of(request), form.cleaned_data["label"]
        link = accounts.invite_crew(
            label=label, tour=day.reference, tour_name=district, day=day.date, actor=actor, now=timezone.now()
        )
        address = settings.PUBLIC_URL + reverse("accounts:crew_sign_in", args=[link.token])
        context |= {"device": link.device, "address": address, "code": documents.crew_code(address)}
    return page(request, "bulky_waste/contractor/phone.html", context)


def _today() -> date:
    return day_of(timezone.now())


def _orders(day: CollectionDay) -> dict[str, Any]:
    """The stops the contractor may see, how many places beside them are only reserved, and what was struck off."""
    stops = queries.tour_stops([day])
    return {
        "stops": stops,
        "litres": sum(stop.litres for stop in stops),
        "reported": sum(stop.stop is not None for stop in stops),
        "reserved": max(0, day.booked_stops - len(stops)),
        "struck_off": queries.struck_off(day),
    }


def _file_name(day: CollectionDay) -> str:
    return f"Sperrmuell-{day.date:%Y-%m-%d}-{day.district}"
