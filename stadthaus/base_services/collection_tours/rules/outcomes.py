"""What can become of a stop (Halt): outcomes, the reasons for what is left, and what goes with what."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

OPEN = "open"
COLLECTED = "collected"
PARTLY_COLLECTED = "partly_collected"
NOT_COLLECTED = "not_collected"

# So long the crew may replace or undo a result: a wrong tap is noticed at the same kerb. After that
# the orderer may have read the result, and a correction is the office's matter.
CORRECTION_TIME = timedelta(minutes=10)


class ResultRefused(ValueError):
    """The result does not hold together; the message says in German what is missing."""


@dataclass(frozen=True)
class Outcome:
    """One outcome (Ergebnis). `word` is a participle that ends a sentence: "… wurde teilweise mitgenommen"."""

    code: str
    word: str
    needs_reason: bool


OUTCOMES = {
    outcome.code: outcome
    for outcome in (
        Outcome(OPEN, "offen", needs_reason=False),
        Outcome(COLLECTED, "mitgenommen", needs_reason=False),
        Outcome(PARTLY_COLLECTED, "teilweise mitgenommen", needs_reason=True),
        Outcome(NOT_COLLECTED, "nicht mitgenommen", needs_reason=True),
    )
}


@dataclass(frozen=True)
class Reason:
    """Why something was left (Grund): short for the crew's button, a sentence and advice for the orderer.

    `disputable`: the orderer can know better than we do and is asked "Sie sehen es anders?".
    `leaves_things`: something stands at the kerb, so a photo may show it. A photo of nothing would
    only show the house. `names_yard`: the advice sends to the recycling yard, whose address goes
    with it. `order_again`: what was left can be ordered anew.
    """

    code: str
    word: str
    text: str
    advice: str
    disputable: bool = True
    leaves_things: bool = True
    names_yard: bool = False
    order_again: bool = False


REASONS = {
    reason.code: reason
    for reason in (
        Reason(
            "not_bulky",
            "Kein Sperrmüll",
            "Unter den Sachen war etwas, das kein Sperrmüll ist.",
            "Vieles nimmt der Wertstoffhof an. Rufen Sie uns an, wenn Sie nicht wissen, wohin damit.",
            names_yard=True,
        ),
        Reason(
            "electrical",
            "Elektrogerät",
            "Unter den Sachen war ein Elektrogerät. Das wird getrennt gesammelt.",
            "Der Wertstoffhof nimmt Elektrogeräte aus Haushalten kostenlos an.",
            names_yard=True,
        ),
        Reason(
            "too_large",
            "Zu groß",
            "Ein Teil war zu groß für unser Fahrzeug.",
            "Zerlegen Sie es, dann können Sie es neu bestellen oder zum Wertstoffhof bringen.",
            names_yard=True,
            order_again=True,
        ),
        Reason(
            "too_heavy",
            "Zu schwer",
            "Ein Teil war zu schwer: Zwei Personen konnten es nicht sicher heben.",
            "Zerlegen Sie es, dann können Sie es neu bestellen oder zum Wertstoffhof bringen.",
            names_yard=True,
            order_again=True,
        ),
        Reason(
            "too_much",
            "Mehr als bestellt",
            "Es stand mehr da, als bestellt war. Mitgenommen haben wir die bestellte Menge.",
            "Für den Rest können Sie eine neue Abholung bestellen.",
            order_again=True,
        ),
        Reason(
            "not_there",
            "Nichts vorgefunden",
            "Wir haben nichts vorgefunden.",
            "Haben Sie die Sachen an eine andere Stelle gestellt oder später hinaus? Rufen Sie uns an.",
            leaves_things=False,
        ),
        Reason(
            "blocked",
            "Zufahrt versperrt",
            "Unser Fahrzeug kam nicht heran: Die Zufahrt war versperrt.",
            "Rufen Sie uns an. Wir vereinbaren einen neuen Tag.",
            disputable=False,
        ),
        Reason(
            "rubbish_bags",
            "Säcke oder Kartons",
            "Säcke und Kartons nehmen wir nicht mit, auch keine gefüllten.",
            "Was hineinpasst, gehört in Ihre Tonnen oder auf den Wertstoffhof.",
            names_yard=True,
        ),
        Reason(
            "hazardous",
            "Schadstoffe",
            "Das enthält Schadstoffe und darf nicht in unser Fahrzeug.",
            "Bringen Sie es zum Schadstoffmobil oder zum Wertstoffhof. Wann das Schadstoffmobil kommt, sagen wir "
            "Ihnen am Telefon. Bitte lassen Sie nichts draußen stehen.",
            names_yard=True,
        ),
        Reason(
            "other",
            "Anderer Grund",
            "Die Abfuhr hat ihn beschrieben.",
            "Rufen Sie uns an, wenn etwas unklar ist.",
        ),
    )
}


@dataclass(frozen=True)
class Result:
    """What the crew says about one stop. `reason` and `photo` are empty where there is none."""

    outcome: str
    reason: str = ""
    remark: str = ""
    found_litres: int | None = None
    photo: str = ""

    @property
    def leaves_things(self) -> bool:
        """Whether something stands at the kerb after the crew has gone."""
        return OUTCOMES[self.outcome].needs_reason and bool(self.reason) and REASONS[self.reason].leaves_things


def check_result(result: Result) -> None:
    """Refuse a result that does not hold together.

    Whatever is left needs a reason; "other" needs words; what was taken whole has no reason; a photo
    shows left things only, never an empty kerb.
    """
    if result.outcome not in OUTCOMES or result.outcome == OPEN:
        raise ResultRefused("Bitte wählen Sie: mitgenommen, teilweise oder nicht.")
    if result.reason and result.reason not in REASONS:
        raise ResultRefused("Diesen Grund gibt es nicht. Bitte wählen Sie einen aus der Liste.")
    if result.found_litres is not None and result.found_litres < 0:
        raise ResultRefused("Das gefundene Volumen kann nicht kleiner als 0 sein.")
    _check_reason(result)
    if result.photo and not result.leaves_things:
        raise ResultRefused("Ein Foto ist nur möglich, wenn etwas stehen bleibt.")


def _check_reason(result: Result) -> None:
    needs_reason = OUTCOMES[result.outcome].needs_reason
    if needs_reason and not result.reason:
        raise ResultRefused("Bitte nennen Sie den Grund, warum etwas stehen bleibt.")
    if not needs_reason and result.reason:
        raise ResultRefused("Wenn alles mitgenommen ist, gibt es keinen Grund anzugeben.")
    if result.reason == "other" and not result.remark.strip():
        raise ResultRefused("Bitte beschreiben Sie den anderen Grund in ein paar Worten.")
    if result.outcome == PARTLY_COLLECTED and not result.leaves_things:
        raise ResultRefused("Wenn nichts da war, wählen Sie bitte „Nicht“.")


def is_same(one: Result, other: Result) -> bool:
    """Whether two results say the same; photos are compared by the fingerprint at the end of their names."""
    return _without_photo_id(one) == _without_photo_id(other)


def _without_photo_id(result: Result) -> Result:
    return replace(result, photo=result.photo.rpartition("-")[2])


def may_correct(finished_at: datetime, now: datetime) -> bool:
    """Whether a result can still be replaced or undone: within ten minutes after it was first given."""
    return now < finished_at + CORRECTION_TIME
