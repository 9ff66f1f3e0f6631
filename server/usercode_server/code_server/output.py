"""What the child prints: passed on to our standard error, its end kept for failure messages."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
from threading import Event, Thread

_KEPT = 16_384
_SHOWN_LINES = 20
_FRAME = re.compile(r'^ +File "(?P<file>.+)", line (?P<line>\d+) in (?P<name>.+)$')
_DUMP = re.compile(r"^(Fatal Python error: .*|(Current thread|Thread) 0x.*)$")
_OURS = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep


class ChildOutput:
    """Reads the output of a process until its end."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout is not None
        self._pipe = process.stdout
        self._tail = b""
        self._ended = Event()
        Thread(target=self._read, name="child output", daemon=True).start()

    def last_words(self) -> tuple[str, list[str]]:
        """The last lines printed, and the frames of a fatal error among them, outermost first.

        Waits a moment for output that is still under way.
        """
        self._ended.wait(0.5)
        lines = self._tail.decode("utf-8", "replace").splitlines()
        frames = [match for line in lines if (match := _FRAME.match(line))]
        stack = [
            f'  File "{match["file"]}", line {match["line"]}, in {match["name"]}\n'
            for match in reversed(frames)
            if not match["file"].startswith((_OURS, "<frozen ")) and match["file"] != "<string>"
        ]
        said = [line for line in lines if not _FRAME.match(line) and not _DUMP.match(line)]
        return "\n".join(said[-_SHOWN_LINES:]).strip(), stack

    def _read(self) -> None:
        with self._pipe:
            while chunk := os.read(self._pipe.fileno(), 65_536):
                self._tail = (self._tail + chunk)[-_KEPT:]
                with contextlib.suppress(OSError):
                    os.write(2, chunk)
        self._ended.set()
