"""The crew's phone: the next stop, what belongs to it, and what became of it."""

from collections.abc import Callable
from functools import wraps
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_POST, require_safe

from stadthaus.accounts.audience import crew, link
from stadthaus.accounts.models import CrewDevice
from stadthaus.accounts.queries import actor_of, crew_device_on, find_crew_device
from stadthaus.base_services.collection_tours import actions as tours
from stadthaus.base_services.collection_tours.documents import STOPS_FOLDER, keep_photo
from stadthaus.base_services.collection_tours.models import Stop
from stadthaus.base_services.collection_tours.rules.outcomes import Result
from stadthaus.services.bulky_waste import actions, queries
from stadthaus.services.bulky_waste.forms import LeftForm
from stadthaus.services.bulky_waste.queries import CrewTour, TourStop
from stadthaus.services.bulky_waste.rules.states import TransitionRefused
from stadthaus.services.bulky_waste.views.photos import photo_or_404
from stadthaus.ui.pages import page, town_of

TourView = Callable[[HttpRequest, CrewTour, TourStop], HttpResponseBase]
LEFT = {"teilweise": Stop.Outcome.PARTLY_COLLECTED, "nicht": Stop.Outcome.NOT_COLLECTED}


def at_stop(view: TourView) -> Callable[[HttpRequest, int], HttpResponseBase]:
    """Give a view the tour of this phone and its stop; any other number is simply not on this tour."""

    @crew
    @wraps(view)
    def guarded(request: HttpRequest, /, number: int) -> HttpResponseBase:
        tour = _tour(request)
        stop = tour.find(str(number))
        return view(request, tour, stop) if stop else _not_here(request)

    return guarded


@crew
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The next stop, large, and the list of the rest."""
    return page(request, "bulky_waste/crew/home.html", {"tour": _tour(request)})


@link
@require_safe
def stop(request: HttpRequest, number: int) -> HttpResponse:
    """One stop with its three buttons. The card's code leads here: strangers learn nothing of any number."""
    if find_crew_device(request, timezone.now()) is None:
        return page(request, "bulky_waste/crew/not_for_you.html")
    tour = _tour(request)
    found = tour.find(str(number))
    if found is None:
        return _not_here(request)
    return _stop_page(request, tour, found)


@at_stop
@require_safe
def place_photo(request: HttpRequest, tour: CrewTour, stop: TourStop) -> HttpResponseBase:  # noqa: ARG001  a view takes both
    """The orderer's photo of where the things stand."""
    return photo_or_404(stop.place_photo)


@at_stop
@require_POST
def collected(request: HttpRequest, tour: CrewTour, stop: TourStop) -> HttpResponse:
    """Everything is taken: on to the next stop."""
    return _record(request, tour, stop, outcome=Stop.Outcome.COLLECTED)


@at_stop
def left_partly(request: HttpRequest, tour: CrewTour, stop: TourStop) -> HttpResponse:
    """A part stays: why, and what it looks like."""
    return _left(request, tour, stop, "teilweise")


@at_stop
def left_all(request: HttpRequest, tour: CrewTour, stop: TourStop) -> HttpResponse:
    """Everything stays: why, and what it looks like."""
    return _left(request, tour, stop, "nicht")


@at_stop
@require_POST
def undo(request: HttpRequest, tour: CrewTour, stop: TourStop) -> HttpResponse:
    """Take a result back within the minutes there are for it, and only the one that the page showed."""
    try:
        given_at = parse_datetime(request.POST.get("seen", ""))
    except ValueError:
        given_at = None
    try:
        actions.take_back_result(number=stop.number, given_at=given_at, actor=actor_of(request), now=tour.now)
    except tours.AlreadyReported:
        return _refused(request, stop)
    except (tours.ResultIsFinal, tours.NoSuchStop, TransitionRefused):
        return page(request, "bulky_waste/crew/final.html", {"tour": tour, "stop": stop}, status=409)
    return redirect("bulky_waste:crew_stop", stop.number)


def _left(request: HttpRequest, tour: CrewTour, stop: TourStop, way: str) -> HttpResponse:
    sent = request.method == "POST"
    if stop.stop and not sent:  # nobody fills in what cannot be kept
        return redirect("bulky_waste:crew_stop", stop.number)
    form = LeftForm(request.POST if sent else None, request.FILES if sent else None, outcome=LEFT[way])
    if form.is_valid():
        photo = form.cleaned_data["photo"]
        name = keep_photo(photo, folder=STOPS_FOLDER) if photo else ""
        return _record(request, tour, stop, outcome=LEFT[way], form=form, photo=name)
    return page(request, "bulky_waste/crew/left.html", {"tour": tour, "stop": stop, "form": form, "way": way})


def _record(
    request: HttpRequest,
    tour: CrewTour,
    stop: TourStop,
    *,
    outcome: Stop.Outcome,
    form: LeftForm | None = None,
    photo: str = "",
) -> HttpResponse:
    """Write the result down and go to the next stop; what cannot be changed any more, or not so, is said."""
    said = form.cleaned_data if form else {"reason": "", "remark": ""}
    found = form.found_litres if form else None
    result = Result(outcome, reason=said["reason"], remark=said["remark"], found_litres=found, photo=photo)
    try:
        actions.report_result(number=stop.number, result=result, actor=actor_of(request), now=tour.now)
    except tours.AlreadyReported:
        return _refused(request, stop)
    except (tours.NoSuchStop, TransitionRefused):
        return page(request, "bulky_waste/crew/final.html", {"tour": tour, "stop": stop}, status=409)
    next_stop = tour.next_after(stop.number)
    return redirect("bulky_waste:crew_stop", next_stop.number) if next_stop else redirect("bulky_waste:crew_home")


def _stop_page(request: HttpRequest, tour: CrewTour, stop: TourStop, *, refused: bool = False) -> HttpResponse:
    context = {"tour": tour, "stop": stop, "may_undo": tour.may_undo(stop), "refused": refused}
    return page(request, "bulky_waste/crew/stop.html", context, status=409 if refused else 200)


def _refused(request: HttpRequest, stop: TourStop) -> HttpResponse:
    """The stop as it is now: somebody else was faster, or the page was old."""
    tour = _tour(request)
    return _stop_page(request, tour, tour.find(stop.number) or stop, refused=True)


def _tour(request: HttpRequest) -> CrewTour:
    device = cast(CrewDevice, crew_device_on(request))  # the audience has seen to it
    return queries.crew_tour(device, town_of(request), timezone.now())


def _not_here(request: HttpRequest) -> HttpResponse:
    return page(request, "bulky_waste/crew/not_here.html", {"tour": _tour(request)}, status=404)
