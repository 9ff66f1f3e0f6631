"""A no-op step in this process, without storage."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.generate import OURS
from benchmarks.report import Row, at_most
from benchmarks.series import Series, series
from benchmarks.workbench import Workbench

# How many steps, how often in one run of the program, and whether a peer takes less than minutes for it.
_SIZES = ((100, 20, True), (1_000, 3, True), (10_000, 1, False))


def measure(bench: Workbench) -> Iterator[Row]:
    """CPU and events of a step in a chain of 100, 1,000 and 10,000."""
    for count, rounds, with_peer in _SIZES:
        reports = [report(bench, str(count), str(rounds)) for _ in range(bench.runs)]
        peer = _peer_cpu(bench, count) if with_peer else None
        yield Row(
            f"no-op step in process, chain of {count:,}: CPU",
            "ms",
            column(reports, "cpu_ms_per_step"),
            budget=at_most(0.15),
            peer=peer,
        )
    yield Row("no-op step in process: events", "", column(reports, "events_per_step"))
    yield Row(f"process with a chain of {count:,}: peak memory", "MB", column(reports, "peak_mb"))


def report(bench: Workbench, *arguments: str) -> dict[str, float]:
    """What the steps program reports of our SDK."""
    return bench.report("steps.py", OURS, *arguments)


def column(reports: list[dict[str, float]], name: str) -> Series:
    """One figure of all reports."""
    return series([each[name] for each in reports])


def _peer_cpu(bench: Workbench, count: int) -> Series | None:
    if bench.peer is None:
        return None
    reports = [bench.peer.measure(bench.folder, "steps.py", str(count), "1") for _ in range(bench.few)]
    return column(reports, "cpu_ms_per_step")
