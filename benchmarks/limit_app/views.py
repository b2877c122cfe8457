"""One view: form and CSRF checked, one conditional UPDATE, one order, one message, 302."""

from django import forms
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token

from benchmarks.limit_app.models import Order, Outbox, Slot


class OrderForm(forms.Form):
    """What is asked."""

    slot = forms.IntegerField(min_value=1)
    name = forms.CharField(max_length=200)
    email = forms.EmailField()


def alive(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  a view takes a request
    """The process answers."""
    return HttpResponse("ok")


def order(request: HttpRequest) -> HttpResponse:
    """Give the token, or take the order."""
    if request.method != "POST":
        return HttpResponse(f'<input name="csrfmiddlewaretoken" value="{get_token(request)}">')
    form = OrderForm(request.POST)
    if not form.is_valid():
        return HttpResponse("What was sent is not valid.", status=400)
    taken = _take(form.cleaned_data["slot"], form.cleaned_data["name"], form.cleaned_data["email"])
    return HttpResponseRedirect("/order/") if taken else HttpResponse("There is nothing left.", status=409)


@transaction.atomic
def _take(slot_id: int, name: str, email: str) -> bool:
    if not Slot.objects.filter(pk=slot_id, free__gt=0).update(free=F("free") - 1):
        return False
    taken = Order.objects.create(slot_id=slot_id, name=name, email=email)
    Outbox.objects.create(order=taken, kind="received")
    return True
