"""Reads a run while it goes on: its events, log lines and output, in the order of time."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from heapq import merge
from math import inf
from time import monotonic, sleep
from typing import TypeAlias

from usercode_sdk.events import Event
from usercode_sdk.pipeline_run import PipelineRunStatus
from usercode_server.compute_logs.base import LogEntry
from usercode_server.instance import PersistentInstance
from usercode_server.process import ProcessIdentity
from usercode_server.runs.history import workers_of

POLL_SECONDS = 0.1
_ASK_SECONDS = 1.0
_POLLS_HELD = 2
"""Events are written up to a tenth of a second late. Nothing is given before what is older can have arrived."""

RunItem: TypeAlias = Event | LogEntry


class RunReader:
    """Gives what happened in a run since the last time; of one step only, when ``step_key`` is given."""

    def __init__(self, instance: PersistentInstance, run_id: str, step_key: str | None = None) -> None:
        self._store = instance.store
        self._run_id = run_id
        self._step_key = step_key
        self._logs = instance.compute_logs.reader(run_id, step_key)
        self._last_event = 0
        self.workers: list[ProcessIdentity] = []
        """The processes started for the run, as far as it has been read."""
        self._held: list[RunItem] = []
        self._newest: deque[float] = deque([-inf] * _POLLS_HELD)

    def read(self, *, to_the_end: bool) -> Iterator[RunItem]:
        """What is new, in the order of time; output that was there before an event stands before it.

        The newest things are held back for the next calls, except with ``to_the_end``.
        """
        events = list(self._events())
        new = merge(self._held, self._logs.read(to_the_end=to_the_end), events, key=lambda item: item.timestamp)
        horizon = inf if to_the_end else self._newest.popleft()
        self._held = []
        for item in new:
            if item.timestamp <= horizon:
                yield item
            else:
                self._held.append(item)
        self._newest.append(self._held[-1].timestamp if self._held else horizon)

    def status(self) -> PipelineRunStatus | None:
        """Where the run stands; None when it was deleted."""
        state = self._store.get_state(self._run_id)
        return None if state is None else state.status

    def _events(self) -> Iterator[Event]:
        for number, event in self._store.read_events(self._run_id, self._last_event):
            self._last_event = number
            self.workers += workers_of(event)
            if self._step_key in (None, event.step_key):
                yield event


def follow_run(reader: RunReader, is_over: Callable[[], bool]) -> Iterator[RunItem]:
    """What happens in a run until it ends, is deleted, or ``is_over``, which is asked about once a second."""
    asked_at = monotonic()
    while True:
        status = reader.status()
        ended = status is None or status.is_finished
        if not ended and monotonic() - asked_at >= _ASK_SECONDS:
            ended, asked_at = is_over(), monotonic()
        yield from reader.read(to_the_end=ended)
        if ended:
            return
        sleep(POLL_SECONDS)
