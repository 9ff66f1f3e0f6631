"""The output of one attempt of a step while it is written.

Three files: ``.out`` and ``.err`` are the bytes that were written. ``.log`` is the time line, one JSON
object a line: a line of ``context.log``, or a mark. Each carries the length of the other two files at
its time, so that a reader can put everything in order.
"""

from __future__ import annotations

import os
from contextlib import suppress
from json import dumps
from logging import getLevelName
from threading import Lock
from time import gmtime, strftime, time
from typing import TYPE_CHECKING

from usercode_server.compute_logs.capture import OutputCapture, flush_streams

if TYPE_CHECKING:
    from usercode_sdk.execution.log_manager import LogLine


class StepLog:
    """Captures this process's output and keeps its time line, from ``start`` until ``close``.

    With ``echo``, what is written is copied to where it would have gone without the capture.
    """

    def __init__(self, path: str, echo: bool) -> None:
        self._path = path
        self._capture = OutputCapture(path + ".out", path + ".err")
        self._echo = echo
        self._lock = Lock()
        self._is_open = False
        self._process = os.getpid()
        self._marked = self._echoed = (0, 0)

    def start(self) -> None:
        """Open the files and capture."""
        self._time_line = os.open(self._path + ".log", os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._capture.start()
        self._marked = self._echoed = self._sizes()
        self._is_open = True

    def close(self) -> None:
        """Mark what is left, end the capture and close the files."""
        if self._process != os.getpid():
            return  # a fork made by the author's code: the files are its parent's to end
        flush_streams()
        self.mark(time())
        with self._lock:
            self._is_open = False
            self._capture.stop()
            with suppress(OSError):
                os.close(self._time_line)
            self._remove_empty_files()

    def write_line(self, line: LogLine) -> None:
        """Add a line of ``context.log``."""
        flush_streams()
        with self._lock:
            out, err = self._marked = self._sizes()
            write_entry(self._time_line, line_entry(line) | {"out": out, "err": err})
            if self._echo:
                self._copy_output()
                _write_all(self._capture.outer[1], line_text(line).encode("utf-8", "backslashreplace"))

    def mark(self, timestamp: float) -> None:
        """Note how much is written at ``timestamp``, when it is more than at the last mark.

        Where that can't be written, as on a full disk, the output goes without its time: a step has done
        its work, whatever becomes of its marks.
        """
        with self._lock, suppress(OSError):
            if not self._is_open or self._sizes() == self._marked:
                return
            out, err = self._marked = self._sizes()
            write_entry(self._time_line, {"time": timestamp, "out": out, "err": err})
            if self._echo:
                self._copy_output()

    def tick(self) -> None:
        """Mark what is there now."""
        self.mark(time())

    def _sizes(self) -> tuple[int, int]:
        return os.fstat(self._capture.out).st_size, os.fstat(self._capture.err).st_size

    def _remove_empty_files(self) -> None:
        """Most steps write little: a run of thousands of them leaves no thousands of empty files."""
        for ending in (".out", ".err", ".log"):
            with suppress(OSError):
                if os.stat(self._path + ending).st_size == 0:
                    os.unlink(self._path + ending)

    def _copy_output(self) -> None:
        for ending, start, end, target in zip(
            (".out", ".err"), self._echoed, self._marked, self._capture.outer, strict=True
        ):
            if end > start:
                _copy(self._path + ending, start, end, target)
        self._echoed = self._marked


def line_entry(line: LogLine) -> dict[str, object]:
    """A line of ``context.log`` as an entry of a time line."""
    return {"time": line.timestamp, "level": line.level, "message": line.message}


def write_entry(descriptor: int, entry: dict[str, object]) -> None:
    """Add an entry to a time line, in one write wherever the disk takes it, so that writers do not mix."""
    data = (dumps(entry) + "\n").encode()
    while data:
        data = data[os.write(descriptor, data) :]


def line_text(line: LogLine) -> str:
    """A line of ``context.log`` for a container's log."""
    step = f" {line.step_key}" if line.step_key else ""
    stamp = strftime("%Y-%m-%dT%H:%M:%SZ", gmtime(line.timestamp))
    return f"{stamp} {getLevelName(line.level)} {line.pipeline_name}{step}: {line.message}\n"


def _copy(path: str, start: int, end: int, target: int | None) -> None:
    with open(path, "rb") as file:
        file.seek(start)
        while start < end and (piece := file.read(min(end - start, 1 << 16))):
            _write_all(target, piece)
            start += len(piece)


def _write_all(descriptor: int | None, data: bytes) -> None:
    """Write to a stream of the process; when nobody reads it any more, that is no reason to fail a step."""
    try:
        while data and descriptor is not None:
            data = data[os.write(descriptor, data) :]
    except OSError:
        return
