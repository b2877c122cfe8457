"""The outbox: every message to a person, and what became of it."""

from typing import ClassVar

from django.db import models

from stadthaus.base_services.messages.rules import delivery

# The kind of work that sends one message; its key is the message's `once_key`.
DELIVER = "messages.deliver"
# The kind of work that erases the PDF of a print run; its key is the run's row number.
FORGET_PRINT_RUN = "messages.forget_print_run"
_SENT_WORDS = {("phone", "sent"): "gesagt", ("letter", "sent"): "gedruckt"}


class PrintRun(models.Model):
    """Letters that are printed together (Druckstapel).

    The PDF carries names and addresses. It is kept for printing again and goes two weeks after it was made.
    """

    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=200)
    pdf = models.BinaryField()
    printed_at = models.DateTimeField(null=True)
    printed_by = models.CharField(max_length=200, blank=True)

    class Meta:
        """Newest first."""

        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(printed_at=None, printed_by="")
                | (models.Q(printed_at__isnull=False) & ~models.Q(printed_by="")),
                name="messages_printed_by_somebody",
            )
        ]

    def __str__(self) -> str:
        """Show the number."""
        return f"Druckstapel {self.pk}"


class Message(models.Model):
    """One message (Nachricht). It holds no address and no words: it is rendered when it goes out.

    `once_key` names the state change it tells about, so no change is told twice. Recipient, subject
    and bodies are kept in demo mode only, where no mail leaves the house.
    """

    class Channel(models.TextChoices):
        """The way to the person."""

        EMAIL = "email", "E-Mail"
        PHONE = "phone", "Telefon"
        LETTER = "letter", "Brief"

    class State(models.TextChoices):
        """Sent means: the mail server took it, or the letter was printed."""

        WAITING = "waiting", "wartet"
        SENT = "sent", "gesendet"
        FAILED = "failed", "nicht zustellbar"
        DROPPED = "dropped", "hinfällig"

    template = models.CharField(max_length=100)
    about = models.CharField(max_length=100)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    once_key = models.CharField(max_length=200, unique=True)
    message_id = models.CharField(max_length=255, unique=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=200, blank=True, default="")
    print_run = models.ForeignKey(
        PrintRun, null=True, on_delete=models.PROTECT, related_name="messages", db_index=False
    )
    demo_to = models.TextField(blank=True, default="")
    demo_subject = models.TextField(blank=True, default="")
    demo_text = models.TextField(blank=True, default="")
    demo_html = models.TextField(blank=True, default="")

    class Meta:
        """Newest first; states and times fit together."""

        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(channel__in=["email", "phone", "letter"]), name="messages_channel"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "dropped"], sent_at=None, failed_at=None)
                | models.Q(state="sent", sent_at__isnull=False, failed_at=None)
                | models.Q(state="failed", sent_at=None, failed_at__isnull=False),
                name="messages_state_has_its_time",
            ),
            models.CheckConstraint(
                condition=models.Q(print_run=None) | models.Q(channel="letter"),
                name="messages_only_letters_are_printed",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["about", "-id"], name="messages_about"),
            models.Index(fields=["state", "id"], condition=~models.Q(state="sent"), name="messages_not_sent"),
            models.Index(
                fields=["print_run"], condition=models.Q(print_run__isnull=False), name="messages_of_print_run"
            ),
        ]

    def __str__(self) -> str:
        """Show what it is about."""
        return f"{self.template} {self.about}"

    @property
    def state_word(self) -> str:
        """The state in German, as it is said of a mail, a call or a letter."""
        return _SENT_WORDS.get((self.channel, self.state), self.get_state_display())

    @property
    def fault_words(self) -> str:
        """Why it could not be delivered, in German."""
        return delivery.in_words(self.last_error)

    @property
    def number(self) -> str:
        """The number of what it is about, as people say it."""
        return self.about.rpartition("/")[2]
