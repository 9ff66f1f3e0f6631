"""The interface of compute logs: the plain output of steps."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol

if TYPE_CHECKING:
    from usercode_sdk.execution.log_manager import LogLine

Stream = Literal["out", "err"]


class LogEntry(NamedTuple):
    """A line of ``context.log``, or lines that a step wrote to one of its streams."""

    timestamp: float
    """Seconds since 1970-01-01 UTC; of output, the time by which it was there."""
    step_key: str | None
    attempt: int
    text: str
    level: int | None = None
    """The level of a log line, as in ``logging``; None for output."""
    stream: Stream | None = None
    """Where output was written; None for a log line."""


class LogReader(Protocol):
    """Reads the output of a run while it grows."""

    def read(self, *, to_the_end: bool) -> Iterator[LogEntry]:
        """What was written since the last call, in the order of time.

        With ``to_the_end`` also what no writer has dated, for when nobody waits for more.
        """


class ComputeLogs(Protocol):
    """Keeps what steps print and log."""

    def capture(self, run_id: str, step_key: str, attempt: int) -> AbstractContextManager[str]:
        """Keep what this process and its children write to stdout and stderr; gives the key of the log."""

    def mark(self, timestamp: float) -> None:
        """Note that what has been written so far was there at ``timestamp``."""

    def write_line(self, line: LogLine) -> None:
        """Keep a line of ``context.log``."""

    def reader(self, run_id: str, step_key: str | None = None) -> LogReader:
        """A reader that starts at the beginning; of one step only, when ``step_key`` is given."""

    def attempts(self, run_id: str) -> list[tuple[str, int]]:
        """The steps and attempts of which there is output, or which are being captured."""

    def run_folder(self, run_id: str) -> str:
        """A local folder for other output of a run, such as its worker's own; made when missing."""

    def delete(self, run_id: str) -> None:
        """Remove the output of a run; no error when there is none."""
