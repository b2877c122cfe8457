"""How money comes."""

from django.db import models


class Means(models.TextChoices):
    """How money came (Zahlungsmittel)."""

    ONLINE = "online", "Online-Zahlung"
    TRANSFER = "transfer", "Überweisung"
    CASH = "cash", "Bar am Schalter"
    CARD = "card", "Karte am Schalter"
    PAPER_CARD = "paper_card", "Papierkarte"
