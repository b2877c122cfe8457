"""What the lines of the audit trail about messages mean, in words."""

from collections.abc import Mapping

WORDS: Mapping[str, str] = {
    "message.sent_again": "Nachricht noch einmal gesendet",
    "message.told_otherwise": "E-Mail nicht zustellbar, anders Bescheid gesagt",
    "message.printed": "Brief gedruckt",
    "message.told": "Angerufen und Bescheid gesagt",
    "message.not_reached": "Angerufen, nicht erreicht",
}
