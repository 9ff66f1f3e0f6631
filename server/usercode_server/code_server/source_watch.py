"""Watches the files that the author's code was imported from, for ``api grpc --reload``."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection
from threading import Event, Thread
from time import time

# Many editors write a file several times, or aside and then rename it: what comes within this time is one change.
_STEP_MS = 50
_DEBOUNCE_MS = 400
# Where the kernel tells nothing, as on network file systems, a change is found by looking this often.
_LOOK_EVERY_MS = 1000

_State = dict[str, tuple[int, int]]


class SourceWatch:
    """Calls ``on_change``, in a thread of its own, when one of the watched files changes."""

    def __init__(self, on_change: Callable[[], None]) -> None:
        self._on_change = on_change
        self._files: frozenset[str] = frozenset()
        self._stop = Event()

    def watch(self, files: Collection[str], since: float) -> None:
        """Watch these files in place of those before.

        A file that changed after ``since``, in seconds of the epoch, counts as changed now: the code may have been
        read just before.
        """
        state = _state(files)
        if frozenset(files) != self._files:
            self.stop()
            self._files, self._stop = frozenset(files), Event()
            Thread(target=self._run, args=(state, self._stop), name="sources", daemon=True).start()
        if any(since < modified / 1e9 <= time() for modified, _ in state.values()):
            self._on_change()

    def stop(self) -> None:
        """Watch no more."""
        self._stop.set()

    def _run(self, state: _State, stop: Event) -> None:
        from watchfiles import watch

        files = frozenset(state)
        # Folders, not files: a file that is renamed over another is a new one to the kernel.
        folders = sorted({os.path.dirname(file) for file in files if os.path.isdir(os.path.dirname(file))})
        if not folders:
            return
        # Whatever wakes it, the files themselves decide: so nothing is missed while the watching begins.
        for _woken in watch(
            *folders,
            watch_filter=lambda _change, path: path in files,
            step=_STEP_MS,
            debounce=_DEBOUNCE_MS,
            rust_timeout=_LOOK_EVERY_MS,
            yield_on_timeout=True,
            stop_event=stop,
            recursive=False,
            raise_interrupt=False,
        ):
            state, before = _state(files), state
            if state != before and not stop.is_set():
                self._on_change()


def _state(files: Collection[str]) -> _State:
    """When each file was last changed, in nanoseconds, and its size."""
    state = {}
    for file in files:
        try:
            status = os.stat(file)
            state[file] = (status.st_mtime_ns, status.st_size)
        except OSError:
            state[file] = (0, 0)
    return state
