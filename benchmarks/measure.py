"""What processes cost: CPU (user and system, of all their processes), wall time, memory.

Linux only: living processes are read from the kernel's per-process clocks and from ``/proc``.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

_LAUNCH = Path(__file__).parent / "programs" / "launch.py"
_TICKS = os.sysconf("SC_CLK_TCK")


class BenchmarkError(Exception):
    """Something that was to be measured did not work."""


class Usage(NamedTuple):
    """What a program took from its start to its end, the children it waited for included."""

    wall_ms: float
    cpu_ms: float
    peak_mb: float
    """The peak resident memory of its largest process."""


def run_program(command: Sequence[str], environment: dict[str, str], folder: Path) -> Usage:
    """Run a program to its end. Raises BenchmarkError with its output when it fails.

    A launcher of a few MB stands between, as the kernel counts the memory of the process that
    starts a program into the peak of the program.
    """
    launcher = [sys.executable, "-I", "-S", str(_LAUNCH), *command]
    done = subprocess.run(launcher, env=environment, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise BenchmarkError(f"{' '.join(command)} failed:\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
    return Usage(**json.loads(done.stdout.splitlines()[-1]))


def process_tree(pid: int) -> list[int]:
    """A process and its descendants."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (fields := _stat(int(entry.name))) is not None:
            children.setdefault(int(fields[1]), []).append(int(entry.name))
    found = [pid]
    for each in found:
        found += children.get(each, ())
    return found


def _stat(pid: int) -> list[str] | None:
    """What the kernel says of a process, from its state on; None when it has ended meanwhile."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None


def tree_cpu_ms(pid: int) -> float:
    """The CPU of a process and its descendants so far, those that have ended included."""
    return sum(_cpu_ms(each) for each in process_tree(pid))


def _cpu_ms(pid: int) -> float:
    """The process's own clock is exact; what ended children took is counted in ticks by the kernel."""
    fields = _stat(pid)
    if fields is None:
        return 0.0
    own = time.clock_gettime((~pid << 3) | 2)
    ended_children = (int(fields[13]) + int(fields[14])) / _TICKS
    return (own + ended_children) * 1000


def resident_mb(pid: int) -> float:
    """The resident memory of one process, pages that it shares with others included."""
    return _rollup_mb(pid, "Rss")


def tree_proportional_mb(pid: int) -> float:
    """The memory of a process and its descendants; a shared page counts in part for each that shares it."""
    return sum(_rollup_mb(each, "Pss") for each in process_tree(pid))


def _rollup_mb(pid: int, name: str) -> float:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) / 1024
    raise BenchmarkError(f"The kernel does not say the {name} of process {pid}.")
