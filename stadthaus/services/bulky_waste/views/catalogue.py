"""The catalogue at the office: how much room each thing takes, corrected where experience says otherwise."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from stadthaus.accounts.audience import staff
from stadthaus.accounts.queries import actor_of, permissions_of
from stadthaus.services.bulky_waste import actions, forms, queries
from stadthaus.ui.pages import page


@staff("rules.view")
@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """All things with their volumes, in the catalogue's order; what the office has changed is marked."""
    may_change = "rules.change" in permissions_of(request.user)
    context = {"items": queries.catalogue_items(), "may_change": may_change}
    return page(request, "bulky_waste/office/catalogue.html", context)


@staff("rules.change")
def volume(request: HttpRequest, key: str) -> HttpResponse:
    """Correct the volume of one thing; orders already placed keep theirs."""
    item = queries.catalogue_item(key)
    if item is None:
        raise Http404
    known = {"litres": item.litres, "litres_dismantled": item.litres_dismantled}
    form = forms.VolumeForm(request.POST or None, initial=known)
    if form.is_valid():
        actions.change_volume(key=key, **form.cleaned_data, actor=actor_of(request), now=timezone.now())
        return redirect(f"{reverse('bulky_waste:office_catalogue')}#{key}")
    changes = queries.changes_of_volume(key)
    return page(request, "bulky_waste/office/volume.html", {"form": form, "item": item, "changes": changes})
