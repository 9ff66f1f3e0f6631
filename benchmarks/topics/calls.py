"""Single calls to a code server with 200 pipelines: how long they take, and how many there can be."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from benchmarks.clients import Clients, clients
from benchmarks.code_calls import GET_SERVER_INFO, Exchange, execution_plan, first_listing, structure
from benchmarks.floor_server import SMALL
from benchmarks.report import Row, at_least_times, at_most_times
from benchmarks.series import take
from benchmarks.servers import Server
from benchmarks.timing import median_call_ms
from benchmarks.topics.cold_start import MANY
from benchmarks.workbench import Workbench

_CLIENTS = 8


def measure(bench: Workbench) -> Iterator[Row]:
    """The median time of a call from one client, and calls a second with several."""
    with bench.code_server(bench.repository(MANY), first_listing) as ours, bench.floor_server() as floor:
        yield from _call_times(bench, ours, floor)
        with clients(_CLIENTS) as several:
            yield from _throughput(bench, several, ours, floor)


def _call_times(bench: Workbench, ours: Server, floor: Server) -> Iterator[Row]:
    (one_structure,), (plan,) = structure(ours), execution_plan(ours)
    structure_ms, plan_ms, info_ms, floor_ms = take(
        bench.runs,
        partial(_median_ms, ours, one_structure),
        partial(_median_ms, ours, plan),
        partial(median_call_ms, ours, GET_SERVER_INFO, b""),
        partial(median_call_ms, floor, SMALL, b""),
    )
    solids = MANY.solids
    small = "a small call on the floor"
    yield Row(f"one pipeline's structure, {solids} solids: p50", "ms", structure_ms, floor_ms, small, at_most_times(2))
    yield Row(f"one pipeline's plan, {solids} steps: p50", "ms", plan_ms, floor_ms, small, at_most_times(2))
    yield Row("server info: p50", "ms", info_ms, floor_ms, small)


def _median_ms(server: Server, exchange: Exchange) -> float:
    return median_call_ms(server, exchange.method, exchange.request)


def _throughput(bench: Workbench, several: Clients, ours: Server, floor: Server) -> Iterator[Row]:
    our_rate, floor_rate = take(
        bench.runs,
        lambda: several.calls_per_second(ours, GET_SERVER_INFO),
        lambda: several.calls_per_second(floor, SMALL),
    )
    what = f"small calls (server info), {_CLIENTS} clients"
    yield Row(what, "calls/s", our_rate, floor_rate, budget=at_least_times(0.8))
