"""How long the card takes as a PDF, in the program's process, warm."""

from benchmarks.rows import Row, percentile
from benchmarks.server import Program


def measure(program: Program, number: int) -> Row:
    """Make so many different cards, one after another."""
    made = program.inside("card", str(number))
    return Row(
        what="card",
        n=number,
        per_s=1000 / made["cpu_ms"],
        p50_ms=percentile(made["times_ms"], 50),
        p95_ms=percentile(made["times_ms"], 95),
        cpu_ms_per_op=made["cpu_ms"],
        more={"first_ms": made["first_ms"], "kilobytes": made["bytes"] / 1000},
    )
