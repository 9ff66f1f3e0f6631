"""How long calls take, seen from one client."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from statistics import median

from benchmarks.code_calls import Exchange
from benchmarks.servers import Server

_LEAST_REPLAYS = 5
_MOST_REPLAYS = 100


def milliseconds(action: Callable[[], object]) -> float:
    """The wall time of one action."""
    start = time.perf_counter()
    action()
    return (time.perf_counter() - start) * 1000


def median_call_ms(server: Server, method: str, request: bytes, calls: int = 400) -> float:
    """The median time of a call, one after the other on one channel, after some to warm up."""
    call = server.call(method)
    for _ in range(calls // 10):
        call(request)
    return median(milliseconds(lambda: call(request)) for _ in range(calls))


def replay_ms(server: Server, exchanges: Sequence[Exchange]) -> float:
    """The median time to make these calls once more, one after the other; of 5 to 100 times, as a second allows."""
    calls = [(server.call(exchange.method), exchange.request) for exchange in exchanges]

    def replay() -> None:
        for call, request in calls:
            call(request)

    replay()
    times: list[float] = []
    while len(times) < _LEAST_REPLAYS or (sum(times) < 1000 and len(times) < _MOST_REPLAYS):
        times.append(milliseconds(replay))
    return median(times)
