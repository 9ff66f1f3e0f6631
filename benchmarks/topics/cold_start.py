"""From the start of a code server's process to its first listing: of one pipeline, and of 200."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

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
    peer_one, peer_many = (_peer_starts(bench, size) for size in (ONE, MANY))
    many_cpu, many_wall = cpu(manys), wall(manys)
    assert many_cpu is not None and many_wall is not None
    one_cpu, one_wall = cpu(ones), wall(ones)
    assert one_cpu is not None and one_wall is not None
    floor_cpu, floor_wall = cpu(floors), wall(floors)

    what = f"cold start, {ONE} solids"
    yield Row(f"{what}: CPU", "ms", one_cpu, floor_cpu, budget=at_most_times(3), peer=cpu(peer_one))
    yield Row(f"{what}: wall", "ms", one_wall, floor_wall, budget=at_most_times(2.5), peer=wall(peer_one))
    what = f"cold start, {MANY} solids"
    yield Row(f"{what}: CPU", "ms", many_cpu, peer=cpu(peer_many))
    yield Row(f"{what}: wall", "ms", many_wall, peer=wall(peer_many))
    yield Row(
        f"{what}: CPU beyond that of {ONE}",
        "ms",
        many_cpu.minus(one_cpu),
        series(bares),
        "same file, do-nothing decorators",
        budget=at_most_times(1.5),
    )


def start(bench: Workbench, size: Size) -> Server:
    """Start our code server on a generated file until it lists the pipelines, and stop it."""
    with bench.code_server(bench.repository(size, OURS), first_listing) as server:
        return server


def bare_import_ms(bench: Workbench, size: Size) -> float:
    """The CPU that Python takes to import the same file when the decorators do nothing."""
    file = bench.repository(size, DO_NOTHING)
    return bench.python("-c", _import(file)).cpu_ms - bench.python("-c", "pass").cpu_ms


def cpu(starts: list[Server]) -> Series | None:
    """The CPU until the first answer; None when nothing was started."""
    return series([each.start_cpu_ms for each in starts]) if starts else None


def wall(starts: list[Server]) -> Series | None:
    """The wall time until the first answer; None when nothing was started."""
    return series([each.start_wall_ms for each in starts]) if starts else None


def _import(file: Path) -> str:
    return f"import {file.stem}"


def _peer_starts(bench: Workbench, size: Size) -> list[Server]:
    if bench.peer is None:
        return []
    file = bench.repository(size, LIBRARY)
    starts = []
    for _ in range(bench.runs):
        with bench.peer_server(bench.peer, file) as server:
            starts.append(server)
    return starts
