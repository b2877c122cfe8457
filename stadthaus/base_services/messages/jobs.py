"""Delivery: asks what a message says, hands it to the mail server, notes the answer; forgets old print runs."""

from datetime import datetime
from smtplib import SMTPException

from stadthaus import rows
from stadthaus.base_services.messages import actions, documents
from stadthaus.base_services.messages.models import DELIVER, FORGET_PRINT_RUN, Message
from stadthaus.base_services.messages.rules import delivery
from stadthaus.base_services.messages.rules.content import Content
from stadthaus.town import queries as town
from stadthaus.work.registry import DueJob, handles

_WAITING = rows.Prepared(
    lambda given: Message.objects.filter(once_key=given("once_key"), state=Message.State.WAITING).order_by()
)


@handles(DELIVER)
def deliver(job: DueJob, now: datetime) -> None:
    """Send one mail. A crash between the server's answer and our note repeats it with the same Message-ID."""
    message = _WAITING.first(once_key=job.key)
    if message is None:
        return
    content = documents.wanted(message, Content, now=now)
    if content is None:
        actions.drop(message=message)
        return
    try:
        documents.as_mail(message, content, town=town.current()).send()
    except (SMTPException, OSError) as error:
        _note_fault(message, error, now)
    else:
        actions.mark_sent(message=message, content=content, now=now)


@handles(FORGET_PRINT_RUN)
def forget_print_run(job: DueJob, now: datetime) -> None:
    """The names and addresses of a print run have been kept long enough."""
    actions.forget_print_run(run_id=int(job.key), now=now)


def _note_fault(message: Message, error: SMTPException | OSError, now: datetime) -> None:
    """Refused for good: a person has to look. Otherwise the worker tries again later."""
    if delivery.is_permanent(error):
        actions.mark_failed(message=message, error=delivery.describe(error), now=now)
        return
    actions.mark_delayed(message=message, error=delivery.describe(error))
    raise error
