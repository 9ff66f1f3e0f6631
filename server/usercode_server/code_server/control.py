"""What tells the server to do something: signals, the stop call, the end of a load. All come to one queue."""

from __future__ import annotations

import signal
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Literal, TypeAlias

from usercode_server.code_server.hosting import Load

Event: TypeAlias = Literal["stop", "reload"] | Load


class Control:
    """The events that the server's main thread waits for."""

    def __init__(self) -> None:
        self._events: SimpleQueue[Event] = SimpleQueue()
        self.put: Callable[[Event], None] = self._events.put

    def request_stop(self) -> None:
        """Stop the server, as SIGTERM does."""
        self.put("stop")

    def take_signals(self) -> None:
        """Make events of SIGTERM, SIGINT and SIGHUP from now on. Main thread only."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.put("stop"))
        signal.signal(signal.SIGHUP, lambda *_: self.put("reload"))

    def next(self) -> Event:
        """The next event; waits for it."""
        return self._events.get()

    def next_within(self, seconds: float) -> Event | None:
        """The next event, or None when there is none in this time."""
        try:
            return self._events.get(timeout=seconds)
        except Empty:
            return None
