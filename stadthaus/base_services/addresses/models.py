"""Tables of the town's streets and houses."""

from typing import ClassVar

from django.db import models

from stadthaus.base_services.addresses.rules.districts import LATITUDES, LONGITUDES
from stadthaus.base_services.addresses.rules.house_numbers import HIGHEST_NUMBER, HouseNumber

# A box around Germany that catches swapped or missing coordinates.
IN_GERMANY = models.Q(lat__gte=LATITUDES[0], lat__lte=LATITUDES[1], lon__gte=LONGITUDES[0], lon__lte=LONGITUDES[1])


class Street(models.Model):
    """A street (Straße) of the town with one point on it."""

    key = models.CharField(max_length=17, unique=True)
    name = models.CharField(max_length=100)
    # What people search by: names.fold_name(name).
    folded = models.CharField(max_length=200, db_index=True)
    # Tells streets of the same name apart ("nördlicher Teil"); empty if there is only one.
    hint = models.CharField(max_length=100, blank=True)
    lat = models.FloatField()
    lon = models.FloatField()
    # No point of its own is known; it lies at the town's centre.
    at_centre = models.BooleanField(default=False)
    changed_at = models.DateTimeField()

    class Meta:
        """By name, as people read a list."""

        ordering: ClassVar = ["folded", "hint", "key"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(folded=""), name="addresses_street_has_name"),
            models.CheckConstraint(condition=IN_GERMANY, name="addresses_street_in_germany"),
        ]

    def __str__(self) -> str:
        """Show the label."""
        return self.label

    @property
    def label(self) -> str:
        """The name as shown in a list, with what tells it apart: "Wesseler Straße (südlicher Teil)"."""
        return f"{self.name} ({self.hint})" if self.hint else self.name


class House(models.Model):
    """A house (Gebäude mit amtlicher Hausnummer) and the point it stands at."""

    street = models.ForeignKey(Street, on_delete=models.PROTECT, related_name="houses")
    number = models.PositiveSmallIntegerField()
    # As rules.house_numbers writes it: "", "a", "-14", "/2".
    suffix = models.CharField(max_length=20, blank=True)
    lat = models.FloatField()
    lon = models.FloatField()
    changed_at = models.DateTimeField()

    class Meta:
        """Along the street."""

        ordering: ClassVar = ["street", "number", "suffix"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["street", "number", "suffix"], name="addresses_house_once"),
            models.CheckConstraint(
                condition=models.Q(number__gte=1, number__lte=HIGHEST_NUMBER), name="addresses_house_number"
            ),
            models.CheckConstraint(condition=IN_GERMANY, name="addresses_house_in_germany"),
        ]

    def __str__(self) -> str:
        """Show the house number."""
        return str(self.house_number)

    @property
    def house_number(self) -> HouseNumber:
        """The number as the rules know it."""
        return HouseNumber(self.number, self.suffix)
