"""Compute logs in local files: ``<folder>/<run id>/<step>.<attempt>.{out,err,log}``."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from usercode_server.compute_logs.file_names import log_key, run_name
from usercode_server.compute_logs.step_log import StepLog, line_entry, line_text, write_entry

if TYPE_CHECKING:
    from usercode_sdk.execution.log_manager import LogLine
    from usercode_server.compute_logs.local_reader import LocalLogReader
    from usercode_server.ticker import Ticker

Place = tuple[str, str | None, int]
"""Run id, step key, attempt."""


class LocalComputeLogs:
    """A :class:`~usercode_server.compute_logs.base.ComputeLogs` in a local folder.

    With ``echo``, output and log lines also go to this process's own stdout and stderr.
    """

    def __init__(self, folder: str, ticker: Ticker, *, echo: bool = False) -> None:
        self.folder = folder
        self.echo = echo
        self._ticker = ticker
        self._open: dict[Place, StepLog] = {}

    @contextmanager
    def capture(self, run_id: str, step_key: str, attempt: int) -> Iterator[str]:
        key = log_key(step_key, attempt)
        place = (run_id, step_key, attempt)
        log = StepLog(os.path.join(self.run_folder(run_id), key), self.echo)
        log.start()
        self._open[place] = log
        self._ticker.add(log.tick)
        try:
            yield key
        finally:
            self._ticker.remove(log.tick)
            del self._open[place]
            log.close()

    def mark(self, timestamp: float) -> None:
        for log in self._open.values():
            log.mark(timestamp)

    def write_line(self, line: LogLine) -> None:
        log = self._open.get((line.run_id, line.step_key, line.attempt))
        if log is not None:
            log.write_line(line)
            return
        path = os.path.join(self.run_folder(line.run_id), log_key(line.step_key, line.attempt) + ".log")
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            write_entry(descriptor, line_entry(line))
        finally:
            os.close(descriptor)
        if self.echo:
            sys.stderr.write(line_text(line))
            sys.stderr.flush()

    def reader(self, run_id: str, step_key: str | None = None) -> LocalLogReader:
        from usercode_server.compute_logs.local_reader import LocalLogReader

        return LocalLogReader(self._run_folder(run_id), step_key)

    def attempts(self, run_id: str) -> list[tuple[str, int]]:
        from usercode_server.compute_logs.local_reader import attempts_in

        return attempts_in(self._run_folder(run_id))

    def run_folder(self, run_id: str) -> str:
        folder = self._run_folder(run_id)
        os.makedirs(folder, mode=0o700, exist_ok=True)
        return folder

    def delete(self, run_id: str) -> None:
        from shutil import rmtree

        rmtree(self._run_folder(run_id), ignore_errors=True)

    def _run_folder(self, run_id: str) -> str:
        return os.path.join(self.folder, run_name(run_id))
