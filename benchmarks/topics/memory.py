"""The memory of a code server with one pipeline, after its first listing."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.code_calls import first_listing
from benchmarks.peer import LIBRARY
from benchmarks.report import Row, at_most
from benchmarks.series import series
from benchmarks.topics.cold_start import MANY, ONE
from benchmarks.workbench import Workbench


def measure(bench: Workbench) -> Iterator[Row]:
    """The front beyond the floor server, and all processes."""
    floors, fronts, wholes, manys, peers = [], [], [], [], []
    for _ in range(bench.few):
        with bench.floor_server() as floor:
            floors.append(floor.front_mb())
        with bench.code_server(bench.repository(ONE), first_listing) as ours:
            fronts.append(ours.front_mb())
            wholes.append(ours.whole_mb())
        with bench.code_server(bench.repository(MANY), first_listing) as ours:
            manys.append(ours.whole_mb())
        if bench.peer is not None:
            with bench.peer_server(bench.peer, bench.repository(ONE, LIBRARY)) as theirs:
                peers.append(theirs.whole_mb())
    yield Row(
        "code server, memory of the front beyond the floor server (RSS)",
        "MB",
        series(fronts).minus(series(floors)),
        budget=at_most(15),
    )
    yield Row(
        f"code server, memory of all processes, {ONE} (PSS)",
        "MB",
        series(wholes),
        budget=at_most(80),
        peer=series(peers) if peers else None,
    )
    yield Row(f"code server, memory of all processes, {MANY} (PSS)", "MB", series(manys))
