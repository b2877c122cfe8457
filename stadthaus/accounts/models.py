"""Tables of people, their roles and devices, what they did, and how often somebody tried."""

from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import connection, models
from django.db.models.functions import Lower
from django.utils import timezone

from stadthaus.accounts.rules.permissions import ROLE_NAMES, permissions_of_roles, roles_apart

# The kind of work that has the link for a new password mailed.
SEND_PASSWORD_LINK = "accounts.send_password_link"  # noqa: S105  a kind of work


class UserManager(BaseUserManager["User"]):
    """Makes users; e-mail addresses are kept in lower case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Make a user; without a password nobody can sign in as it."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        """Find who signs in with this e-mail address, however it is capitalised."""
        return self.get(email=(username or "").strip().lower())


# By hand: it runs on every page of the staff, and building the query costs several times what running it does.
_RIGHTS = """
    SELECT role, EXISTS (SELECT 1 FROM mfa_authenticator WHERE user_id = accounts_rolegrant.user_id AND type <> %s)
    FROM accounts_rolegrant WHERE user_id = %s
"""


class User(AbstractBaseUser):
    """A person who works with Stadthaus: staff of the town or of the contractor.

    Rights come from roles alone; there is no superuser and no second system of permissions.
    """

    class Organisation(models.TextChoices):
        """Who employs the person."""

        TOWN = "town", "Stadt"
        CONTRACTOR = "contractor", "Entsorger"

    email = models.EmailField("E-Mail-Adresse", unique=True)
    name = models.CharField("Name", max_length=150)
    organisation = models.CharField(
        "Arbeitet bei", max_length=20, choices=Organisation.choices, default=Organisation.TOWN
    )
    is_active = models.BooleanField("Zugang offen", default=True)
    password_is_initial = models.BooleanField("Startpasswort", default=False)
    joined_at = models.DateTimeField(default=timezone.now, editable=False)
    # The time step (RFC 6238) of the last app code that was taken: no code counts twice, in whatever process.
    last_code_step = models.BigIntegerField(default=0, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        """By name, as lists show it."""

        ordering: ClassVar = ["name", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="accounts_user_email_lower_case"),
            models.CheckConstraint(
                condition=models.Q(organisation__in=["town", "contractor"]), name="accounts_user_organisation"
            ),
        ]

    def __str__(self) -> str:
        """Show the name."""
        return self.name

    @cached_property
    def _rights(self) -> tuple[frozenset[str], bool]:
        """Roles, and whether a second factor is set up: one statement for a person with a role."""
        with connection.cursor() as cursor:
            cursor.execute(_RIGHTS, [Authenticator.Type.RECOVERY_CODES.value, self.pk])
            rights = cursor.fetchall()
        return frozenset(role for role, _ in rights), any(factor for _, factor in rights)

    @property
    def roles(self) -> frozenset[str]:
        """The codes of the roles held, as they stood when first asked on this object."""
        return self._rights[0]

    @property
    def permissions(self) -> frozenset[str]:
        """Everything the person may do; nothing once the access is closed."""
        return permissions_of_roles(self.roles) if self.is_active else frozenset()

    @property
    def has_second_factor(self) -> bool:
        """Whether somebody with a role has set up an app code or a passkey; recovery codes alone do not count."""
        return self._rights[1]


class RoleGrant(models.Model):
    """A role given to a person (Rollenvergabe), by whom and when."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=40, choices=list(ROLE_NAMES.items()))
    granted_by = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        """A role is held once; of two roles that the table of rights keeps apart, a person holds one."""

        ordering: ClassVar = ["user", "role"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "role"], name="accounts_role_held_once"),
            models.CheckConstraint(condition=models.Q(role__in=list(ROLE_NAMES)), name="accounts_role_known"),
            *(
                models.UniqueConstraint(
                    fields=["user"], condition=models.Q(role__in=pair), name=f"accounts_{'_or_'.join(pair)}"
                )
                for pair in roles_apart()
            ),
        ]

    def __str__(self) -> str:
        """Show the German name of the role."""
        return ROLE_NAMES.get(self.role, self.role)


class Proposal(models.Model):
    """A change of an access (Vorschlag) that waits for a second administrator; decided, it is gone."""

    class Kind(models.TextChoices):
        """What is to happen."""

        ROLE = "role", "Rolle geben"
        NEW_START = "new_start", "Neues Startpasswort geben"
        OPEN = "open", "Zugang wieder öffnen"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="proposals")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    role = models.CharField(max_length=40, blank=True)
    proposed_by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    proposed_at = models.DateTimeField()

    class Meta:
        """Longest waiting first; the same is proposed once, and by nobody for themselves."""

        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "kind", "role"], name="accounts_proposed_once"),
            models.CheckConstraint(
                condition=models.Q(kind="role") & ~models.Q(role="")
                | models.Q(kind__in=["new_start", "open"], role=""),
                name="accounts_proposal_names_its_role",
            ),
            models.CheckConstraint(
                condition=~models.Q(proposed_by=models.F("user")), name="accounts_proposal_not_for_oneself"
            ),
        ]

    def __str__(self) -> str:
        """Say what is wanted: "Rolle geben: Stadtkasse"."""
        return ": ".join([self.get_kind_display(), *([ROLE_NAMES.get(self.role, self.role)] if self.role else [])])


class AuditEntry(models.Model):
    """One line of the audit trail (Protokoll): who did what to which thing. Holds no personal values.

    Lines are added, never changed and never deleted (triggers guard it); only whoever did it may be forgotten.
    `about` is an opaque reference ("bulky-waste/482917305"), `event` a dotted code ("order.placed"),
    `fields` the names of the fields that changed, `values` {field: [before, after]} where they are not personal.
    """

    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=20)
    actor_label = models.CharField(max_length=200)
    actor_user = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    about = models.CharField(max_length=100)
    event = models.CharField(max_length=100)
    fields = models.JSONField(default=list)
    values = models.JSONField(default=dict)

    class Meta:
        """Newest last; found by the thing it is about."""

        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["about", "id"], name="accounts_audit_about")]

    def __str__(self) -> str:
        """Show event and thing."""
        return f"{self.event}: {self.about}"

    @property
    def known_values(self) -> dict[str, list[str]]:
        """What changed, personal values among it while they are kept."""
        detail: AuditDetail | None = getattr(self, "detail", None)
        personal = {name: [before, detail.after[name]] for name, before in detail.before.items()} if detail else {}
        return {**self.values, **personal}


class AuditDetail(models.Model):
    """Personal values before and after a change; erased on their day, the entry stays."""

    entry = models.OneToOneField(AuditEntry, on_delete=models.CASCADE, related_name="detail")
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    delete_after = models.DateField(db_index=True)

    def __str__(self) -> str:
        """Show the last day."""
        return f"bis {self.delete_after}"


class RateLimit(models.Model):
    """How often somebody tried something in the current window. `who` is a keyed hash, never an address.

    `window_start` is in seconds since 1970, so that both databases count with the same plain statement.
    """

    name = models.CharField(max_length=40)
    who = models.CharField(max_length=64)
    window_start = models.BigIntegerField(db_index=True)
    count = models.PositiveIntegerField()

    class Meta:
        """One row for each thing and person."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["name", "who"], name="accounts_rate_limit_once")]

    def __str__(self) -> str:
        """Show what is counted."""
        return f"{self.name}: {self.count}"


class CrewDeviceQuerySet(models.QuerySet["CrewDevice"]):
    """Devices, limited to those that may still be used."""

    def on_shift(self, now: datetime) -> "CrewDeviceQuerySet":
        """Signed in, not signed out, shift not over."""
        return self.filter(signed_in_at__isnull=False, ended_at=None, valid_until__gt=now)


class CrewDevice(models.Model):
    """A crew's phone for one shift, signed in by the dispatcher's QR code. Only hashes of secrets are kept.

    `tour` is the service's own reference of what the crew drives, `tour_name` what people call it.
    """

    label = models.CharField("Fahrzeug", max_length=60)
    day = models.DateField()
    tour = models.CharField(max_length=100)
    tour_name = models.CharField("Bezirk", max_length=60)
    link_hash = models.CharField(max_length=64, unique=True)
    link_valid_until = models.DateTimeField()
    device_hash = models.CharField(max_length=64, unique=True, null=True)  # noqa: DJ001  unknown until signed in
    valid_until = models.DateTimeField()
    signed_in_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    signed_in_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    objects: ClassVar = CrewDeviceQuerySet.as_manager()

    class Meta:
        """Newest shift first."""

        ordering: ClassVar = ["-day", "label", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(signed_in_at=None, device_hash=None)
                | models.Q(signed_in_at__isnull=False, device_hash__isnull=False),
                name="accounts_crew_signed_in_has_secret",
            )
        ]

    def __str__(self) -> str:
        """Show vehicle and day."""
        return f"{self.label}, {self.day:%d.%m.%Y}"
