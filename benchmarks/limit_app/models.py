"""A place to book, an order, and a message to send."""

from typing import ClassVar

from django.db import models


class Slot(models.Model):
    """Something of which there is a limited number."""

    free = models.IntegerField()

    objects: ClassVar[models.Manager["Slot"]] = models.Manager()

    class Meta:
        """The app is not among the program's."""

        app_label = "limit_app"

    def __str__(self) -> str:
        """Show what is left."""
        return str(self.free)


class Order(models.Model):
    """One taken."""

    slot = models.ForeignKey(Slot, on_delete=models.CASCADE)
    name = models.CharField(max_length=200)
    email = models.EmailField()

    objects: ClassVar[models.Manager["Order"]] = models.Manager()

    class Meta:
        """The app is not among the program's."""

        app_label = "limit_app"

    def __str__(self) -> str:
        """Show whose it is."""
        return self.name


class Outbox(models.Model):
    """A message to send later."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE)
    kind = models.CharField(max_length=40)

    objects: ClassVar[models.Manager["Outbox"]] = models.Manager()

    class Meta:
        """The app is not among the program's."""

        app_label = "limit_app"

    def __str__(self) -> str:
        """Show what it says."""
        return self.kind
