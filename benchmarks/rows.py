"""One measured line, and the arithmetic for it."""

import json
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from benchmarks.machine import Cost

_SIGNIFICANT = 4


@dataclass
class Row:
    """One line of the results; what does not apply is left out. Times in ms, CPU of web + worker + database."""

    what: str
    database: str | None = None
    citizens: int | None = None
    n: int | None = None
    seconds: float | None = None
    per_s: float | None = None
    p50_ms: float | None = None
    p95_ms: float | None = None
    cpu_ms_per_op: float | None = None
    cpu_ms: dict[str, float] | None = None
    client_cpu_ms_per_op: float | None = None
    others_cores: float | None = None
    ratio_to_limit: float | None = None
    statements: int | None = None
    requests_per_op: float | None = None
    mails_per_op: float | None = None
    steps: dict[str, float] | None = None
    more: dict[str, Any] = field(default_factory=dict)

    def as_json(self, run: str) -> str:
        """The row as one line; `run` names all rows of one run."""
        columns = {name: value for name, value in asdict(self).items() if value is not None and name != "more"}
        return json.dumps({"run": run, **_rounded(columns | self.more)}, ensure_ascii=False)


def cost_columns(cost: Cost, operations: int) -> dict[str, Any]:
    """What a stretch cost for each operation."""
    ours = {name: seconds * 1000 / operations for name, seconds in cost.cpu.items() if name != "client"}
    return {
        "cpu_ms_per_op": sum(ours.values()),
        "cpu_ms": {name: ms for name, ms in ours.items() if ms},
        "client_cpu_ms_per_op": cost.cpu.get("client", 0.0) * 1000 / operations,
        "others_cores": cost.others_cores,
    }


def percentile(values: Sequence[float], percent: int) -> float:
    """The value below which so many percent lie; of few values the nearest higher one."""
    ordered = sorted(values)
    if percent == 50:  # noqa: PLR2004  the median
        return statistics.median(ordered)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.{_SIGNIFICANT}g}")
    if isinstance(value, dict):
        return {name: _rounded(inner) for name, inner in value.items()}
    return value
