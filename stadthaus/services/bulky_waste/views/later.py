"""Going on with an order later or on another device; finding an order again whose link is lost."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from stadthaus.accounts import rate_limits
from stadthaus.accounts.audience import citizen
from stadthaus.services.bulky_waste import actions, forms, queries
from stadthaus.services.bulky_waste.documents import order_link, resume_link
from stadthaus.services.bulky_waste.models import DRAFT_DAYS, Draft
from stadthaus.services.bulky_waste.rules.steps import first_open_step
from stadthaus.services.bulky_waste.views import limits
from stadthaus.services.bulky_waste.views.drafts import draft_of_link, open_own, remember, to_step
from stadthaus.ui.pages import page, town_of

LINKS_PER_DAY = 3


@citizen
def later(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show the link that goes on with this order later or on another device."""
    opened = open_own(request, public_id)
    if opened is None:
        return page(request, "bulky_waste/draft_elsewhere.html", status=404)
    draft = opened.draft
    if draft.order is not None:
        return redirect(order_link(draft.order))
    email = draft.answer("who").get("email", "")
    wants_mail = request.method == "POST" and bool(email)
    if wants_mail and _may_mail(email):
        actions.send_resume_link(draft=draft, now=timezone.now())
        return redirect(f"{request.path}?verschickt=1")
    context = {"draft": draft, "link": settings.PUBLIC_URL + resume_link(draft), "days": DRAFT_DAYS, "email": email}
    context["too_often"] = wants_mail
    return page(request, "bulky_waste/order/later.html", context)


def _may_mail(email: str) -> bool:
    """A mailbox must not be filled by somebody else."""
    now = timezone.now()
    return rate_limits.allow(name="resume", who=email.casefold(), limit=LINKS_PER_DAY, per_seconds=86_400, now=now)


@citizen
def resume(request: HttpRequest, link: str) -> HttpResponse:
    """Go on with an order on this device. Asks first, so that a preview of the link binds nothing."""
    draft = draft_of_link(link)
    if draft is None:
        return page(request, "bulky_waste/draft_elsewhere.html", status=404)
    who, where = draft.answer("who"), draft.answer("where")
    form = forms.ProveForm(request.POST or None) if who else None
    if request.method == "POST" and (form is None or _knows_draft(request, draft, form, who["name"], where["house"])):
        seen = queries.picture(draft, town_of(request), timezone.now())
        return remember(request, to_step(draft, first_open_step(seen.answered)), draft)
    return page(request, "bulky_waste/order/resume.html", {"draft": draft, "form": form})


def _knows_draft(request: HttpRequest, draft: Draft, form: forms.ProveForm, name: str, house: str) -> bool:
    """Once a draft holds a name, a mistyped e-mail must not show it to a stranger: ask as the order's link does."""
    if not form.is_valid():
        return False
    if wait := limits.wait_to_guess(request, draft.public_id):
        form.refuse_guess(f"{wait} oder fangen Sie neu an")
        return False
    return form.fits(names=[name], houses=[house])


@citizen
def lost_link(request: HttpRequest) -> HttpResponse:
    """Have the links of somebody's orders mailed to them; nobody learns here whether there are any."""
    form = forms.LostLinkForm(request.POST or None)
    if not form.is_valid():
        return page(request, "bulky_waste/own/lost_link.html", {"form": form, "sent": "verschickt" in request.GET})
    if not limits.may(request, "lost_link", limits.LOST_LINKS_PER_HOUR, limits.HOUR):
        return page(request, "bulky_waste/too_often.html", status=429)
    actions.ask_for_links(email=form.cleaned_data["email"], now=timezone.now())
    return redirect(f"{request.path}?verschickt=1")
