"""What tells the server to do something: signals, the stop call, the end of a load. All come to one queue."""

from __future__ import annotations

import os
import select
import signal
from contextlib import suppress
from queue import Empty, SimpleQueue
from time import monotonic
from typing import Literal, TypeAlias

from usercode_server.code_server.hosting import Load

Event: TypeAlias = Literal["stop", "reload"] | Load


class Control:
    """The events that the server's main thread waits for.

    It waits on a pipe, not on a lock: only the main thread runs Python's signal handlers, and a signal that the kernel
    gave to another thread, or that came just before the main thread began to wait, would not wake it from a lock. The C
    handler writes to the pipe wherever it runs.
    """

    def __init__(self) -> None:
        self._events: SimpleQueue[Event] = SimpleQueue()
        self._reading, self._writing = os.pipe()
        for descriptor in (self._reading, self._writing):
            os.set_blocking(descriptor, False)

    def put(self, event: Event) -> None:
        """Have the main thread handle this event, after those that came before."""
        self._events.put(event)
        # A full pipe wakes as well as one more byte would.
        with suppress(BlockingIOError):
            os.write(self._writing, b"\0")

    def request_stop(self) -> None:
        """Stop the server, as SIGTERM does."""
        self.put("stop")

    def take_signals(self) -> None:
        """Make events of SIGTERM, SIGINT and SIGHUP from now on. Main thread only."""
        signal.set_wakeup_fd(self._writing, warn_on_full_buffer=False)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.put("stop"))
        signal.signal(signal.SIGHUP, lambda *_: self.put("reload"))

    def next(self) -> Event:
        """The next event; waits for it."""
        while True:
            event = self.next_within(86_400.0)
            if event is not None:
                return event

    def next_within(self, seconds: float) -> Event | None:
        """The next event, or None when there is none in this time."""
        deadline = monotonic() + seconds
        while True:
            with suppress(Empty):
                return self._events.get_nowait()
            left = deadline - monotonic()
            if left <= 0:
                return None
            self._sleep(left)

    def _sleep(self, seconds: float) -> None:
        """Wait until something is written to the pipe, and empty it."""
        poll = select.poll()
        poll.register(self._reading, select.POLLIN)
        poll.poll(seconds * 1000)
        with suppress(BlockingIOError):
            os.read(self._reading, 65_536)
