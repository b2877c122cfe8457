"""What the processes of a run cost, read from /proc, and which machine this is."""

import os
import platform
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

PROC = Path("/proc")
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
CPUS = os.cpu_count() or 1
_BUSY = (0, 1, 2, 5, 6, 7)  # user, nice, system, irq, softirq, steal: columns of /proc/stat

Pids = Callable[[], set[int]]


def describe() -> str:
    """The machine in one line."""
    model = re.search(r"^model name\s*: (.+)$", (PROC / "cpuinfo").read_text(), re.M)
    kilobytes = re.search(r"^MemTotal:\s*(\d+)", (PROC / "meminfo").read_text(), re.M)
    memory = f"{int(kilobytes[1]) / 1024**2:.0f} GiB" if kilobytes else "?"
    name = model[1].strip() if model else platform.processor()
    kernel = platform.release().partition("-")[0]
    return f"{CPUS} × {name}, {memory}, {platform.system()} {kernel}, Python {platform.python_version()}"


def process_tree(pid: int) -> set[int]:
    """A process and all processes it started."""
    children: dict[int, list[int]] = {}
    for entry in _processes():
        fields = _stat(entry)
        if fields:
            children.setdefault(int(fields[1]), []).append(entry)
    found, waiting = set(), [pid]
    while waiting:
        found.add(current := waiting.pop())
        waiting += children.get(current, [])
    return found


def postgresql_processes(database: str) -> set[int]:
    """The backends of one database, and the server's shared writers (which may work for others too)."""
    shared = ("walwriter", "checkpointer", "background writer")
    return {
        pid
        for pid in _processes()
        if (title := _title(pid)).startswith("postgres:")
        and (f" {database} " in title or title.rstrip().endswith(shared))
    }


@dataclass
class Cost:
    """What a stretch of time cost: seconds on the clock, CPU seconds by group, cores busy with other work."""

    seconds: float = 0.0
    cpu: dict[str, float] = field(default_factory=dict)
    others_cores: float = 0.0


class Meter:
    """Measures between entering and leaving: `with Meter({"web": pids}) as meter: …; meter.cost`.

    It looks at the beginning and at the end only: nothing that is measured here ends in between.
    """

    def __init__(self, groups: Mapping[str, Pids]) -> None:
        self.cost = Cost()
        self._groups = groups

    def __enter__(self) -> Self:
        self._spent = self._look()
        self._began, self._busy = time.monotonic(), _busy_seconds()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        seconds, busy, spent = time.monotonic() - self._began, _busy_seconds() - self._busy, self._look()
        cpu = {
            name: sum(total - self._spent[name].get(pid, 0.0) for pid, total in spent[name].items())
            for name in self._groups
        }
        self.cost = Cost(seconds, cpu, max(0.0, busy - sum(cpu.values())) / seconds)

    def _look(self) -> dict[str, dict[int, float]]:
        """CPU seconds so far of each process of each group."""
        return {name: {pid: _cpu_seconds(pid) for pid in pids()} for name, pids in self._groups.items()}


def _processes() -> list[int]:
    return [int(entry.name) for entry in PROC.iterdir() if entry.name.isdigit()]


def _stat(pid: int) -> list[str]:
    """The fields of /proc/<pid>/stat from the state on; empty if the process has ended."""
    try:
        return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _cpu_seconds(pid: int) -> float:
    """CPU seconds of a process: in ticks with threads that have ended, or finer without; whichever is more."""
    fields = _stat(pid)
    ticks = int(fields[11]) + int(fields[12]) if fields else 0
    return max(ticks / TICKS_PER_SECOND, sum(map(_nanoseconds, (PROC / str(pid) / "task").glob("*"))) / 1e9)


def _nanoseconds(thread: Path) -> int:
    try:
        return int((thread / "schedstat").read_text().split()[0])
    except (OSError, IndexError):  # it has ended, or the kernel keeps no such figures
        return 0


def _title(pid: int) -> str:
    try:
        return (PROC / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def _busy_seconds() -> float:
    columns = (PROC / "stat").read_text().splitlines()[0].split()[1:]
    return sum(int(columns[number]) for number in _BUSY) / TICKS_PER_SECOND
