"""A no-op step with all its events in SQLite."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from benchmarks.report import Row, at_most
from benchmarks.topics.steps import column, report
from benchmarks.workbench import Workbench

_STEPS = 200
_PEER_STEPS = 100


def measure(bench: Workbench) -> Iterator[Row]:
    """CPU and commits of a step."""
    ours = [report(bench, str(_STEPS), "3", str(_home(bench, "ours", run))) for run in range(bench.runs)]
    theirs = []
    if bench.peer is not None:
        for run in range(bench.few):
            home = _home(bench, "theirs", run)
            theirs.append(bench.peer.measure(home, "steps.py", str(_PEER_STEPS), "1", str(home)))
    for what, unit, name in (("CPU", "ms", "cpu_ms_per_step"), ("commits", "", "commits_per_step")):
        yield Row(
            f"no-op step, its events in SQLite: {what}",
            unit,
            column(ours, name),
            # Of a whole run: its start, its end and the writes by the clock are among the commits.
            budget=at_most(1.1 if name == "commits_per_step" else 1),
            peer=column(theirs, name) if theirs else None,
        )


def _home(bench: Workbench, whose: str, run: int) -> Path:
    home = bench.folder / f"home_{whose}_{run}"
    home.mkdir()
    return home
