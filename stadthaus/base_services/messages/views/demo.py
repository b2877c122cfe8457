"""The mailbox of the demo (/postkorb/): what would have been sent. It does not exist outside demo mode."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from stadthaus.accounts.audience import demo_only
from stadthaus.base_services.messages.models import Message
from stadthaus.ui.lists import key_page
from stadthaus.ui.pages import page

# A mail brings its own inline styles and nothing else: no script, no picture, no form, no frame.
_MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


@demo_only
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """List the messages, newest first, without those that had nothing left to say."""
    messages = Message.objects.exclude(state=Message.State.DROPPED).order_by("-id")
    return page(request, "messages/inbox.html", {"found": key_page(messages, request.GET)})


@demo_only
@require_safe
def one_message(request: HttpRequest, number: int) -> HttpResponse:
    """Show one message as text."""
    message = get_object_or_404(Message, pk=number)
    return page(request, "messages/one_message.html", {"message": message})


@demo_only
@require_safe
def as_html(request: HttpRequest, number: int) -> HttpResponse:  # noqa: ARG001  a view takes the request
    """Show the HTML of one message as a mail program does."""
    message = get_object_or_404(Message.objects.exclude(demo_html=""), pk=number)
    return HttpResponse(message.demo_html, headers={"Content-Security-Policy": _MAIL_POLICY})
