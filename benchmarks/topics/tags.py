"""What the check of a ``dagster-k8s/config`` tag adds to a decorator: the first one, and those after it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator

from benchmarks.measure import BenchmarkError
from benchmarks.report import Row, at_most
from benchmarks.series import series
from benchmarks.workbench import PROGRAMS, Workbench


def measure(bench: Workbench) -> Iterator[Row]:
    """CPU of a decorator with the tag less that of one without."""
    reports = [_report(bench) for _ in range(bench.runs)]
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


def _report(bench: Workbench) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, str(PROGRAMS / "tags.py")],
        env=bench.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise BenchmarkError(done.stderr[-4000:])
    document: dict[str, float] = json.loads(done.stdout)
    return document
