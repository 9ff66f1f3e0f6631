"""Turns SIGTERM and SIGINT into an exception inside the code that executes steps, and nowhere else.

Raised at any other moment, such as half-way through a commit, the exception could lose or double
events. So the handler raises only while the generator of events is running its own frames; otherwise it
remembers the request, and the generator gets it with the next event it is asked for.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from types import FrameType, GeneratorType
from typing import TypeAlias, TypeVar

from usercode_sdk.errors import DagsterExecutionInterruptedError
from usercode_sdk.events import Event
from usercode_server.ticker import Ticker

T = TypeVar("T")
EventGenerator: TypeAlias = "GeneratorType[Event, None, None]"

_SIGNALS = (signal.SIGTERM, signal.SIGINT)


class Interruption:
    """Handles the two signals while it is entered; the first one counts, later ones are ignored."""

    def __init__(self, ticker: Ticker) -> None:
        self.requested_by: str | None = None
        """The name of the signal that came."""
        self._ticker = ticker
        self._is_raised = False
        self._may_raise: Callable[[], bool] = _never
        self._before: dict[signal.Signals, object] = {}

    def __enter__(self) -> Interruption:
        self._before = {number: signal.signal(number, self._handle) for number in _SIGNALS}
        self._ticker.add(self._remind)
        return self

    def __exit__(self, *_: object) -> None:
        self._ticker.remove(self._remind)
        for number, handler in self._before.items():
            signal.signal(number, handler)  # type: ignore[arg-type]  # what signal.signal() gave

    def call(self, function: Callable[[], T]) -> T:
        """Call ``function``, which may be interrupted anywhere."""
        self._may_raise = _always
        try:
            self._raise_if_requested()
            return function()
        finally:
            self._may_raise = _never

    def events(self, generator: Iterator[Event]) -> Iterator[Event]:
        """The events of ``generator``, which may be interrupted between and while it makes them."""
        if not isinstance(generator, GeneratorType):
            raise TypeError(f"Only a generator can be interrupted, not {generator!r}.")
        self._may_raise = lambda: generator.gi_running
        try:
            while True:
                yield self._next(generator)
        except StopIteration:
            return
        finally:
            self._may_raise = _never

    def _next(self, generator: EventGenerator) -> Event:
        if self.requested_by is None or self._is_raised:
            return next(generator)
        self._is_raised = True
        return generator.throw(self._error())

    def _handle(self, number: int, _: FrameType | None) -> None:
        self.requested_by = self.requested_by or signal.Signals(number).name
        if self._may_raise():
            self._raise_if_requested()

    def _raise_if_requested(self) -> None:
        if self.requested_by is not None and not self._is_raised:
            self._is_raised = True
            raise self._error()

    def _error(self) -> DagsterExecutionInterruptedError:
        return DagsterExecutionInterruptedError(f"The process was told to stop by {self.requested_by}.")

    def _remind(self) -> None:
        """Send a request again that came just before the generator went on: it need not wait for an event."""
        if self.requested_by is not None and not self._is_raised:
            signal.pthread_kill(threading.main_thread().ident or 0, signal.Signals[self.requested_by])


def _never() -> bool:
    return False


def _always() -> bool:
    return True
