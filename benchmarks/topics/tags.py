"""What the check of a ``dagster-k8s/config`` tag adds to a decorator: the first one, and those after it."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.report import Row, at_most
from benchmarks.series import series
from benchmarks.workbench import Workbench


def measure(bench: Workbench) -> Iterator[Row]:
    """CPU of a decorator with the tag less that of one without."""
    reports = [bench.report("tags.py") for _ in range(bench.runs)]
    yield Row(
        "dagster-k8s/config tag: CPU of the first in a process",
        "ms",
        series([each["first_ms"] for each in reports]),
        budget=at_most(10),
    )
    yield Row(
        "dagster-k8s/config tag: CPU of each after it",
        "ms",
        series([each["next_ms"] for each in reports]),
        budget=at_most(0.2),
    )
