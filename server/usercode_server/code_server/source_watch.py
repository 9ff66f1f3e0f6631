"""Watches the files that the author's code was imported from, for ``api grpc --reload``."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection
from threading import Event, Thread
from time import time

# Many editors write a file several times, or aside and then rename it: what comes within this time is one change.
_STEP_MS = 50
_DEBOUNCE_MS = 400


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
        if frozenset(files) != self._files:
            self.stop()
            self._files, self._stop = frozenset(files), Event()
            Thread(target=self._run, args=(self._files, self._stop), name="sources", daemon=True).start()
        if any(since < _modified(file) <= time() for file in files):
            self._on_change()

    def stop(self) -> None:
        """Watch no more."""
        self._stop.set()

    def _run(self, files: frozenset[str], stop: Event) -> None:
        from watchfiles import watch

        # Folders, not files: a file that is renamed over another is a new one to the kernel.
        folders = sorted({os.path.dirname(file) for file in files if os.path.isdir(os.path.dirname(file))})
        if not folders:
            return
        for _changes in watch(
            *folders,
            watch_filter=lambda _change, path: path in files,
            step=_STEP_MS,
            debounce=_DEBOUNCE_MS,
            stop_event=stop,
            recursive=False,
            raise_interrupt=False,
        ):
            self._on_change()


def _modified(file: str) -> float:
    try:
        return os.stat(file).st_mtime
    except OSError:
        return 0.0
