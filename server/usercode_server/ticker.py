"""A thread that calls functions every tenth of a second, for what must not wait until a step ends."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable

INTERVAL = 0.1
"""Seconds between two calls."""

_calling = threading.Lock()
# A fork made by the author's code waits for the call under way: else its child would find locks taken by a
# thread that it does not have, for ever.
os.register_at_fork(before=_calling.acquire, after_in_parent=_calling.release, after_in_child=_calling.release)


class Ticker:
    """Calls the functions added to it, until they are removed. The thread lives while there are any.

    The functions run one after the other, and handle their own exceptions.
    """

    def __init__(self) -> None:
        self._functions: list[Callable[[], None]] = []
        self._lock = threading.Lock()
        self._stop: threading.Event | None = None

    def add(self, function: Callable[[], None]) -> None:
        """Call ``function`` from now on."""
        with self._lock:
            self._functions.append(function)
            if self._stop is None:
                self._stop = threading.Event()
                threading.Thread(target=self._run, args=(self._stop,), name="ticker", daemon=True).start()

    def remove(self, function: Callable[[], None]) -> None:
        """Stop calling ``function``; a call under way may still end after this returns."""
        with self._lock:
            self._functions.remove(function)
            if not self._functions and self._stop is not None:
                self._stop.set()
                self._stop = None

    def _run(self, stop: threading.Event) -> None:
        while not stop.wait(INTERVAL):
            for function in tuple(self._functions):
                with _calling:
                    function()
