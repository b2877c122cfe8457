"""What still fits on a collection day (Abholtag): volume in litres, and stops."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Room:
    """The room of one day (Kapazität): how much there is, and how much of it is taken."""

    capacity_litres: int
    booked_litres: int
    capacity_stops: int
    booked_stops: int
    closed: bool = False

    @property
    def free_litres(self) -> int:
        """Volume nobody has a place for yet, in litres."""
        return self.capacity_litres - self.booked_litres

    @property
    def free_stops(self) -> int:
        """Stops the lorry can still make."""
        return self.capacity_stops - self.booked_stops


def may_have(room: Room, capacity_litres: int, capacity_stops: int) -> bool:
    """Whether the day may get this capacity: never less than is already promised to people."""
    return capacity_litres >= room.booked_litres and capacity_stops >= room.booked_stops
