"""Who did it: the acting person every write is given."""

from dataclasses import dataclass
from typing import Literal

ActorKind = Literal["citizen", "staff", "contractor", "crew", "system"]


@dataclass(frozen=True)
class Actor:
    """The person or part of the program that acts (handelnde Stelle).

    `label` is shown in histories: a staff member's name, "Bürgerin oder Bürger", a vehicle.
    It never carries a citizen's name.
    """

    kind: ActorKind
    label: str
    user_id: int | None = None


CITIZEN = Actor(kind="citizen", label="Bürgerin oder Bürger")
SYSTEM = Actor(kind="system", label="Stadthaus")
