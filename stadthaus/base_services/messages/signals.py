"""What other parts of the program are asked and told."""

from django.dispatch import Signal

# Sent when a message is about to go out, outside any transaction; arguments: sender=Message, message, now.
# The service that queued it answers with what its channel needs, everybody else with None:
# a rules.content.Content for a mail, a Letter or a Call.
# If all answer None there is nothing to say any more, and the message is dropped.
content_wanted = Signal()

# Sent when a mail could not be delivered, to show the office whom it is for; arguments: sender=Message, message.
# The service that queued it answers with a rules.content.Addressee, everybody else with None;
# if all answer None there is nothing to say any more.
addressee_wanted = Signal()
