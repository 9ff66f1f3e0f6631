"""From the start of a code server's process to its first listing: of one pipeline, and of 200."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.code_calls import first_listing
from benchmarks.generate import DO_NOTHING, OURS, Size
from benchmarks.peer import LIBRARY
from benchmarks.report import Row, at_most_times
from benchmarks.series import Series, series
from benchmarks.servers import Server
from benchmarks.workbench import Workbench

ONE = Size(1, 3)
MANY = Size(200, 10)


def measure(bench: Workbench) -> Iterator[Row]:
    """Wall time and CPU of all processes."""
    floors, ones, manys, bares = [], [], [], []
    for _ in range(bench.runs):
        with bench.floor_server() as server:
            floors.append(server)
        ones.append(start(bench, ONE))
        manys.append(start(bench, MANY))
        bares.append(bare_import_ms(bench, MANY))
    yield from _rows(f"cold start, {ONE} solids", ones, floors, _peer_starts(bench, ONE))
    what = f"cold start, {MANY} solids"
    yield from _rows(what, manys, [], _peer_starts(bench, MANY))
    yield Row(
        f"{what}: CPU beyond that of {ONE}",
        "ms",
        _cpu(manys).minus(_cpu(ones)),
        series(bares),
        "same file, do-nothing decorators",
        budget=at_most_times(1.5),
    )


def _rows(what: str, ours: list[Server], floors: list[Server], peers: list[Server]) -> Iterator[Row]:
    for name, figure, limit in (("CPU", _cpu, 3.0), ("wall", _wall, 2.5)):
        yield Row(
            f"{what}: {name}",
            "ms",
            figure(ours),
            figure(floors) if floors else None,
            budget=at_most_times(limit) if floors else None,
            peer=figure(peers) if peers else None,
        )


def start(bench: Workbench, size: Size) -> Server:
    """Start our code server on a generated file until it lists the pipelines, and stop it."""
    with bench.code_server(bench.repository(size, OURS), first_listing) as server:
        return server


def bare_import_ms(bench: Workbench, size: Size) -> float:
    """The CPU that Python takes to import the same file when the decorators do nothing."""
    file = bench.repository(size, DO_NOTHING)
    return bench.python("-c", f"import {file.stem}").cpu_ms - bench.python("-c", "pass").cpu_ms


def _cpu(starts: list[Server]) -> Series:
    return series([each.start_cpu_ms for each in starts])


def _wall(starts: list[Server]) -> Series:
    return series([each.start_wall_ms for each in starts])


def _peer_starts(bench: Workbench, size: Size) -> list[Server]:
    if bench.peer is None:
        return []
    file = bench.repository(size, LIBRARY)
    starts = []
    for _ in range(bench.runs):
        with bench.peer_server(bench.peer, file) as server:
            starts.append(server)
    return starts
