"""Catches what this process and its children write to stdout and stderr, at the level of file descriptors.

Output goes straight to files, so that nothing is lost when the process dies. Captures may be nested:
the inner one has the output while it lasts.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from fcntl import F_DUPFD_CLOEXEC, fcntl

_STDOUT, _STDERR = 1, 2
_HIGH = 200
"""Author's code that closes descriptors it did not open begins at 3, and often stops early."""


class OutputCapture:
    """Sends stdout and stderr to two files, from ``start`` until ``stop``."""

    def __init__(self, out_path: str, err_path: str) -> None:
        self.out = self.err = -1
        """The descriptors of the files."""
        self._paths = (out_path, err_path)
        self._saved: tuple[int | None, int | None] = (None, None)

    def start(self) -> None:
        """Open the files, add to their ends, and send the streams there."""
        flush_streams()
        self.out, self.err = (_open_for_appending(path) for path in self._paths)
        self._saved = (_duplicate(_STDOUT), _duplicate(_STDERR))
        os.dup2(self.out, _STDOUT)
        os.dup2(self.err, _STDERR)

    def stop(self) -> None:
        """Send the streams where they went before."""
        flush_streams()
        for descriptor, saved in zip((_STDOUT, _STDERR), self._saved, strict=True):
            with suppress(OSError):  # the author's code may have closed any of them
                if saved is None:
                    os.close(descriptor)
                else:
                    os.dup2(saved, descriptor)
                    os.close(saved)
        for descriptor in (self.out, self.err):
            with suppress(OSError):
                os.close(descriptor)

    @property
    def outer(self) -> tuple[int | None, int | None]:
        """Descriptors of where stdout and stderr went before; None when closed."""
        return self._saved


def flush_streams() -> None:
    """Write out what Python's own stdout and stderr still buffer."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except Exception:
            continue  # replaced by the author, or closed: nothing of it can be saved


def _open_for_appending(path: str) -> int:
    return os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)


def _duplicate(descriptor: int) -> int | None:
    for least in (_HIGH, 0):
        with suppress(OSError):
            return fcntl(descriptor, F_DUPFD_CLOEXEC, least)
    return None
