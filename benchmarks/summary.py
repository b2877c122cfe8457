"""The newest results as Markdown, and whether they keep what the program promises."""

from collections.abc import Sequence
from pathlib import Path

from benchmarks.rows import Row

BEGIN, END = "<!-- newest: written by `make bench` -->", "<!-- end of newest -->"

LEAST_RATIO = 0.4
MOST_CPU_MS = 110
MOST_CARD_MS = 15
MOST_FIRST_KB = 100
MOST_PAGE_KB = 15

_COLUMNS = (
    *("what", "database", "at once", "n", "per s", "p50 ms", "p95 ms", "CPU ms"),
    *("of the limit", "SQL", "others' cores"),
)


def write(rows: Sequence[Row], *, run: str, machine: str, quick: bool) -> str:
    """All rows as tables, the promises first."""
    parts = [
        f"Measured {run}{' with --quick' if quick else ''} on {machine}.",
        _table(("promised", "measured", "kept"), _promises(rows)),
        _table(_COLUMNS, [_timed(row, rows) for row in rows if row.p50_ms is not None]),
        _table(
            ("weight of", "kB", "requests"),
            [(row.what, _number(row.more["kilobytes"]), row.more["requests"]) for row in _weights(rows)],
        ),
    ]
    return "\n\n".join(filter(None, parts))


def put_into(readme: Path, text: str) -> None:
    """Replace what stands between the marks."""
    before, _, rest = readme.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    readme.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}")


def _promises(rows: Sequence[Row]) -> list[tuple[object, ...]]:
    promises = [*_journey_promises(rows), *_race_promises(rows), *_weight_promises(rows)]
    promises += [
        (f"card ≤ {MOST_CARD_MS} ms warm", f"{_number(row.p50_ms)} ms", _word(row.p50_ms <= MOST_CARD_MS))
        for row in rows
        if row.what == "card" and row.p50_ms is not None
    ]
    return promises


def _journey_promises(rows: Sequence[Row]) -> list[tuple[object, ...]]:
    found: list[tuple[object, ...]] = []
    for row in rows:
        where = f"{row.database}, {row.citizens} at once"
        if row.what == "journey" and row.cpu_ms_per_op is not None:
            kept = row.cpu_ms_per_op <= MOST_CPU_MS
            found.append(
                (f"whole order ≤ {MOST_CPU_MS} ms CPU ({where})", f"{_number(row.cpu_ms_per_op)} ms", _word(kept))
            )
        if row.what == "submit" and row.ratio_to_limit is not None:
            kept = row.ratio_to_limit >= LEAST_RATIO
            found.append(
                (f"submit ≥ {LEAST_RATIO:.0%} of the limit ({where})", f"{row.ratio_to_limit:.0%}", _word(kept))
            )
    return found


def _race_promises(rows: Sequence[Row]) -> list[tuple[object, ...]]:
    found: list[tuple[object, ...]] = []
    for row in rows:
        if "right" in row.more:
            told = f"{row.more['sold']} sold, {row.more['told_full']} told full, {row.more['error']} errors"
            found.append((f"{row.what} ({row.database})", told, _word(row.more["right"])))
    return found


def _weight_promises(rows: Sequence[Row]) -> list[tuple[object, ...]]:
    kilobytes = [row.more["kilobytes"] for row in _weights(rows)]
    if not kilobytes:
        return []
    first, heaviest = kilobytes[0], max(kilobytes[1:])
    return [
        (f"first visit ≤ {MOST_FIRST_KB} kB", f"{_number(first)} kB", _word(first <= MOST_FIRST_KB)),
        (f"each page after it ≤ {MOST_PAGE_KB} kB", f"{_number(heaviest)} kB", _word(heaviest <= MOST_PAGE_KB)),
    ]


def _weights(rows: Sequence[Row]) -> list[Row]:
    return [row for row in rows if row.what.startswith("weight")]


def _timed(row: Row, rows: Sequence[Row]) -> tuple[object, ...]:
    numbers = [_number(value) for value in (row.per_s, row.p50_ms, row.p95_ms, row.cpu_ms_per_op)]
    return (
        *(row.what, row.database or "", row.citizens or "", row.n),
        *(*numbers, _of_the_limit(row, rows), row.statements or "", _number(row.others_cores)),
    )


def _of_the_limit(row: Row, rows: Sequence[Row]) -> str:
    """Of a submit its rate, of a whole order its CPU time: the barest view beside it is the measure of the machine."""
    if row.ratio_to_limit is not None:
        return f"{row.ratio_to_limit:.0%}"
    same = (other for other in rows if (other.database, other.citizens) == (row.database, row.citizens))
    limit = next((other.cpu_ms_per_op for other in same if other.what == "limit"), None)
    if row.what != "journey" or not (limit and row.cpu_ms_per_op):
        return ""
    return f"{row.cpu_ms_per_op / limit:.0f} ×"


def _table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    if not rows:
        return ""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}"  # noqa: PLR2004  three digits say enough


def _word(kept: bool) -> str:
    return "yes" if kept else "**no**"
