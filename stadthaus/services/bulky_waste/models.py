"""Tables of the bulky-waste card: catalogue, drafts, orders and their items."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Cast, Length
from django.db.models.lookups import Exact, GreaterThanOrEqual

from stadthaus.base_services.addresses.models import Street
from stadthaus.base_services.addresses.rules.names import address_line
from stadthaus.base_services.collection_tours.models import Booking
from stadthaus.base_services.messages.models import Message
from stadthaus.base_services.payments.models import PaymentRequest
from stadthaus.kernel.references import NUMBER_LENGTH
from stadthaus.services.bulky_waste.rules import items
from stadthaus.services.bulky_waste.rules.contact import KEY_LENGTH
from stadthaus.services.bulky_waste.rules.states import BADGES, ENDED, GERMAN, RESULTS, Badge, State

# What other parts know an order and a draft by: these words and the number or public id.
ORDERS = "bulky-waste/"
DRAFTS = "bulky-waste-draft/"
CATALOGUE = "catalogue/"
# The kinds of due work that follow an order; their key is its number.
REMIND_OF_PAYMENT = "bulky_waste.remind_of_payment"
TELL_RESULT = "bulky_waste.tell_result"
SEND_LINKS = "bulky_waste.send_links"
LINK_AGAIN = "link_again"  # the message with the private link once more
PUBLIC_ID_LENGTH = 12
DRAFT_DAYS = 7
WORD_LENGTH = 60  # as much of a name's word as anybody types
FOLDED_LENGTH = 200  # folding can lengthen a text; what is longer is cut, also in searches
STATE_CHOICES = [(state.value, GERMAN[state]) for state in State]

_ENDED = sorted(state.value for state in ENDED)


class CatalogueItem(models.Model):
    """A thing that is bulky waste (Gegenstand), with its volume whole and dismantled, in litres."""

    class Fraction(models.TextChoices):
        """Kind of material (Fraktion), for separate lorries."""

        BULKY = "bulky", "Sperrgut"
        WOOD = "wood", "Holz"
        METAL = "metal", "Metall"

    key = models.SlugField(max_length=60, unique=True)
    name_de = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)
    drawing = models.CharField(max_length=40)
    dimensions = models.CharField(max_length=80, blank=True)
    litres = models.PositiveIntegerField()
    litres_dismantled = models.PositiveIntegerField(null=True, blank=True)
    fraction = models.CharField(max_length=10, choices=Fraction.choices)
    asks_electrical = models.BooleanField(default=False)
    longest_cm = models.PositiveIntegerField(default=0)
    words = models.JSONField(default=list)
    active = models.BooleanField(default=True)
    edited = models.BooleanField(default=False)  # the office has corrected its volume
    position = models.PositiveIntegerField(default=0)

    class Meta:
        """In the order of the town's catalogue."""

        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(litres__gt=0), name="catalogue_item_has_volume"),
            models.CheckConstraint(
                condition=Q(litres_dismantled__isnull=True) | Q(litres_dismantled__lte=F("litres")),
                name="catalogue_item_dismantled_is_smaller",
            ),
        ]

    def __str__(self) -> str:
        """Show the German name."""
        return self.name_de

    def as_rule(self) -> items.Item:
        """The row as a plain item."""
        return items.Item(
            key=self.key,
            name=self.name_de,
            drawing=self.drawing,
            litres=self.litres,
            litres_dismantled=self.litres_dismantled,
            fraction=self.fraction,
            asks_electrical=self.asks_electrical,
            longest_cm=self.longest_cm,
            words=tuple(self.words),
        )


class NotBulkyThing(models.Model):
    """A thing that is not bulky waste: why, and where it goes instead."""

    key = models.SlugField(max_length=60, unique=True)
    name_de = models.CharField(max_length=120)
    reason = models.TextField()
    where_to = models.TextField()
    words = models.JSONField(default=list)

    class Meta:
        """By name."""

        ordering: ClassVar = ["name_de"]

    def __str__(self) -> str:
        """Show the German name."""
        return self.name_de

    def as_rule(self) -> items.NotBulky:
        """The row as a plain thing."""
        return items.NotBulky(self.key, self.name_de, self.reason, self.where_to, tuple(self.words))


class CatalogueEdition(models.Model):
    """One row that counts changes of the catalogue, so that processes know when to read it again."""

    number = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        """Show the number."""
        return f"Ausgabe {self.number}"


class Order(models.Model):
    """An order (Bestellung) from the moment it was placed."""

    Channel = Message.Channel  # how the orderer wants to be told

    number = models.CharField(max_length=NUMBER_LENGTH, unique=True)
    public_id = models.CharField(max_length=PUBLIC_ID_LENGTH, unique=True)
    link_serial = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=20, choices=STATE_CHOICES, default=State.PLACED)
    placed_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    handed_over_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    street = models.ForeignKey(Street, on_delete=models.PROTECT, related_name="+", db_index=False)
    street_name = models.CharField(max_length=120)
    street_folded = models.CharField(max_length=FOLDED_LENGTH, db_index=True)
    street_hint = models.CharField(max_length=100, blank=True)
    house = models.CharField(max_length=20)
    district = models.CharField(max_length=40)
    latitude = models.FloatField()
    longitude = models.FloatField()
    place_note = models.CharField(max_length=300, blank=True)
    access_note = models.CharField(max_length=300, blank=True)
    place_photo = models.CharField(max_length=200, blank=True)

    name = models.CharField(max_length=200)
    for_name = models.CharField(max_length=200, blank=True)  # whom they order for; empty for themselves
    channel = models.CharField(max_length=10, choices=Channel.choices)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=60, blank=True)
    contact_key = models.CharField(max_length=KEY_LENGTH, blank=True)
    address = models.CharField(max_length=300, blank=True)
    debtor_name = models.CharField(max_length=200)
    debtor_address = models.CharField(max_length=300)
    on_site_name = models.CharField(max_length=200, blank=True)
    on_site_phone = models.CharField(max_length=60, blank=True)

    litres = models.PositiveIntegerField()
    cards = models.PositiveIntegerField()
    amount = models.PositiveIntegerField()
    fee_day = models.DateField()
    fee_rule = models.PositiveBigIntegerField()
    measure_rule = models.PositiveBigIntegerField()
    # What was promised stays, whatever the rules become; only a new day brings new moments.
    cancel_until = models.DateTimeField()
    refund_until = models.DateTimeField()
    payment = models.OneToOneField(PaymentRequest, on_delete=models.PROTECT, related_name="+")
    booking = models.OneToOneField(Booking, on_delete=models.PROTECT, related_name="order")

    class Meta:
        """Newest first."""

        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=[state.value for state in State]), name="order_state_known"),
            models.CheckConstraint(condition=Q(cards__gt=0) & Q(litres__gt=0), name="order_has_volume"),
            models.CheckConstraint(
                condition=GreaterThanOrEqual(Cast("number", models.BigIntegerField()), 10 ** (NUMBER_LENGTH - 1))
                & Exact(Length("number"), NUMBER_LENGTH),
                name="order_number_nine_digits",
            ),
            # A card is worth money: who has one has paid or need not.
            models.CheckConstraint(
                condition=Q(state__in=["placed", "lapsed", "cancelled"]) | Q(confirmed_at__isnull=False),
                name="order_confirmed_has_its_time",
            ),
            models.CheckConstraint(condition=Q(channel__in=["email", "phone", "letter"]), name="order_channel_known"),
            # Personal data is erased so long after `ended_at`: without it they would stay.
            models.CheckConstraint(
                condition=Q(state__in=_ENDED, ended_at__isnull=False)
                | (~Q(state__in=_ENDED) & Q(ended_at__isnull=True)),
                name="order_ended_has_its_time",
            ),
            models.CheckConstraint(
                condition=Q(erased_at__isnull=False) | ~Q(channel="email") | ~Q(email=""),
                name="order_email_channel_has_email",
            ),
            models.CheckConstraint(
                condition=Q(erased_at__isnull=False) | ~Q(channel="phone") | ~Q(phone=""),
                name="order_phone_channel_has_phone",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "id"], name="order_by_state"),
            models.Index(
                fields=["ended_at"], condition=Q(erased_at=None, ended_at__isnull=False), name="order_to_erase"
            ),
            models.Index(fields=["ended_at"], condition=Q(place_photo__gt=""), name="order_photo_to_erase"),
            models.Index(fields=["contact_key", "state"], name="order_by_contact"),
        ]

    def __str__(self) -> str:
        """Show the number."""
        return self.number

    @property
    def can_be_mailed(self) -> bool:
        """Whether the order still has an e-mail address that its messages go to."""
        return self.erased_at is None and self.channel == self.Channel.EMAIL

    @property
    def reference(self) -> str:
        """The reference other parts know this order by."""
        return f"{ORDERS}{self.number}"

    @property
    def state_word(self) -> str:
        """The state in German, to end a sentence."""
        return GERMAN[State(self.state)]

    @property
    def badge(self) -> Badge:
        """The state as a list shows it."""
        return BADGES[State(self.state)]

    @property
    def has_card(self) -> bool:
        """A card exists once the order is paid or waived; a result keeps it, cancelling does not."""
        return self.state in {State.CONFIRMED, State.HANDED_OVER, *RESULTS}

    @property
    def has_ended(self) -> bool:
        """Nothing more will happen."""
        return self.state in ENDED

    @property
    def pickup_address(self) -> str:
        """Street and house number of the collection, with what tells streets of one name apart."""
        return address_line(self.street_name, self.house, self.street_hint)

    @property
    def lies_at_centre(self) -> bool:
        """Whether nobody knew where it lies: its street stands at the town's centre, and that chose the district."""
        return self.street.at_centre and (self.latitude, self.longitude) == (self.street.lat, self.street.lon)


class OrderName(models.Model):
    """One word of the names of an order, folded, by which the office finds it (`rules.names`)."""

    pk = models.CompositePrimaryKey("order_id", "word")
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="names", db_index=False)
    word = models.CharField(max_length=WORD_LENGTH)

    class Meta:
        """Found by how the word begins."""

        indexes: ClassVar = [
            models.Index(
                fields=["word", "order"], opclasses=["varchar_pattern_ops", "int8_ops"], name="order_by_name"
            ),
        ]

    def __str__(self) -> str:
        """Show the word."""
        return self.word


class OrderItem(models.Model):
    """One line of an order as it was ordered: a later change of the catalogue changes nothing here."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="items")
    key = models.CharField(max_length=60)
    name = models.CharField(max_length=120)
    count = models.PositiveIntegerField()
    dismantled = models.BooleanField()
    litres_each = models.PositiveIntegerField()
    fraction = models.CharField(max_length=10)

    class Meta:
        """As entered."""

        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(count__gt=0), name="order_item_counted"),
            models.CheckConstraint(condition=Q(litres_each__gt=0), name="order_item_has_volume"),
        ]

    def __str__(self) -> str:
        """Show number and name."""
        return f"{self.count} × {self.name}"

    @property
    def litres(self) -> int:
        """Volume of the line."""
        return self.count * self.litres_each


class Draft(models.Model):
    """Answers of somebody who is still ordering (Entwurf); deleted after seven days.

    `version` counts the changes, so that nobody overwrites what another tab has just answered. `booking` is the place
    held last; it may have been given back since (`hold`).
    """

    public_id = models.CharField(max_length=PUBLIC_ID_LENGTH, unique=True)
    answers = models.JSONField(default=dict)
    notice = models.CharField(max_length=40, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    # By number, which is known before the order is written: placing begins with taking the draft.
    order = models.OneToOneField(
        Order, to_field="number", on_delete=models.CASCADE, null=True, blank=True, related_name="draft"
    )
    booking = models.ForeignKey(
        Booking, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )

    class Meta:
        """Newest first."""

        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["changed_at"], name="draft_by_age")]

    def __str__(self) -> str:
        """Show the public id."""
        return self.public_id

    @property
    def hold_reference(self) -> str:
        """The reference under which this draft holds a place."""
        return f"{DRAFTS}{self.public_id}"

    @property
    def hold(self) -> Booking | None:
        """The place this draft holds, even if its time is over; None if there is none, or it was given back."""
        held = self.booking
        return held if held and held.is_live and held.reference == self.hold_reference else None

    def answer(self, page: str) -> dict[str, Any]:
        """The answers of one page; empty if there are none yet."""
        answer: dict[str, Any] = self.answers.get(page, {})
        return answer

    @property
    def lines(self) -> list[items.Line]:
        """The lines entered so far."""
        return items.lines_from_data(self.answer("what").get("lines", []))
