"""Notices that a file which a library holds open has been closed behind its back.

An author's code that closes every descriptor it did not open takes SQLite's as well. SQLite would try for ten
seconds a call, and write into whatever file has the number by then.
"""

from __future__ import annotations

import os
from contextlib import suppress


class OpenFile:
    """A file that this process has open, under a descriptor that nobody told."""

    def __init__(self, path: str) -> None:
        self._stat = os.stat(path)
        self._descriptor = self._found()

    @property
    def is_open(self) -> bool:
        """Whether this process still has it open; taken for granted where descriptors can't be listed."""
        if self._descriptor is None or self._is_it(self._descriptor):
            return True
        self._descriptor = self._found()  # there may be another: connections share a file
        if self._descriptor is None:
            self._descriptor = -1
        return self._descriptor >= 0

    def _found(self) -> int | None:
        with suppress(OSError):
            return next((number for name in os.listdir("/dev/fd") if self._is_it(number := int(name))), None)
        return None

    def _is_it(self, descriptor: int) -> bool:
        try:
            return os.path.samestat(os.fstat(descriptor), self._stat)
        except OSError:
            return False
