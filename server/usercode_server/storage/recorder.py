"""Records events in few commits without keeping readers waiting.

Events gather in memory and are written together: at the end of a step, at anything that a reader acts
on, and otherwise within a tenth of a second, by the ticker.
"""

from __future__ import annotations

import os
from threading import Lock

from usercode_sdk.events import Event, EventType
from usercode_sdk.pipeline_run import STATUS_AFTER
from usercode_server.storage.base import Store
from usercode_server.ticker import Ticker

_WRITE_AT_ONCE = frozenset(STATUS_AFTER) | {
    EventType.STEP_SUCCESS,
    EventType.STEP_FAILURE,
    EventType.STEP_SKIPPED,
    EventType.STEP_UP_FOR_RETRY,
}
_MOST = 500
"""So many events are written at the latest, to bound the memory."""


class EventRecorder:
    """Records the events of one run, between ``start`` and ``stop``."""

    def __init__(self, store: Store, run_id: str, ticker: Ticker) -> None:
        self._store = store
        self._run_id = run_id
        self._ticker = ticker
        self._waiting: list[Event] = []
        self._lock = Lock()
        self._fault: Exception | None = None
        self._process = os.getpid()

    def start(self) -> None:
        """Have the ticker write what waits."""
        self._ticker.add(self._tick)

    def stop(self) -> None:
        """Write what is left. Raises what storage raises."""
        self._ticker.remove(self._tick)
        self.flush()

    def record(self, event: Event) -> None:
        """Take an event; it is in storage within a tenth of a second.

        Raises what storage raises, for this event or for one before it.
        """
        with self._lock:
            self._waiting.append(event)
            if event.type in _WRITE_AT_ONCE or len(self._waiting) >= _MOST or self._fault is not None:
                self._write()

    def flush(self) -> None:
        """Write what is waiting. Raises what storage raises."""
        with self._lock:
            self._write()

    def _tick(self) -> None:
        with self._lock:
            try:
                self._write()
            except Exception as error:
                self._fault = error  # the events stay; the next record tries again and tells its caller

    def _write(self) -> None:
        if self._process != os.getpid():
            self._waiting.clear()  # a fork of the worker: these events are the worker's to write
        if self._waiting:
            self._store.append_events(self._run_id, self._waiting)
            self._waiting.clear()
            self._fault = None
