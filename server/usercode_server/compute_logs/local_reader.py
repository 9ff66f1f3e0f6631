"""Reads compute logs from local files while they grow, in the order of time."""

from __future__ import annotations

import os
from collections.abc import Iterator
from heapq import merge
from json import loads
from typing import Any, get_args

from usercode_server.compute_logs.base import LogEntry, Stream
from usercode_server.compute_logs.file_names import LogFile, parse_file_name, step_key_of, step_name

_LONGEST = 1 << 16
"""A longer line of output is given in pieces of this many bytes."""
_ANY = 1 << 60


class LocalLogReader:
    """A :class:`~usercode_server.compute_logs.base.LogReader` over the folder of one run."""

    def __init__(self, folder: str, step_key: str | None = None) -> None:
        self._folder = folder
        self._step_name = None if step_key is None else step_name(step_key)
        self._attempts: dict[tuple[str, int], _AttemptReader] = {}

    def read(self, *, to_the_end: bool) -> Iterator[LogEntry]:
        for name in sorted(_names(self._folder)):
            file = parse_file_name(name)
            if file is not None and self._step_name in (None, file.step_name):
                self._add(file)
        entries = [attempt.read(to_the_end) for attempt in self._attempts.values()]
        return merge(*entries, key=lambda entry: entry.timestamp)

    def _add(self, file: LogFile) -> None:
        key = (file.step_name, file.attempt)
        if key not in self._attempts:
            path = os.path.join(self._folder, f"{file.step_name}.{file.attempt}")
            self._attempts[key] = _AttemptReader(path, step_key_of(file.step_name), file.attempt)


class _AttemptReader:
    """Reads the three files of one attempt."""

    def __init__(self, path: str, step_key: str | None, attempt: int) -> None:
        self._step_key = step_key
        self._attempt = attempt
        self._time_line = _Tail(path + ".log")
        self._latest = 0.0
        """The time of the latest entry."""
        self._streams = {stream: _Tail(f"{path}.{stream}") for stream in get_args(Stream)}

    def read(self, to_the_end: bool) -> Iterator[LogEntry]:
        for line in self._time_line.lines(cut=False):
            entry = _entry_of(line)
            if entry is None:
                yield self._strange(line)
                continue
            self._latest = entry["time"]
            for stream, tail in self._streams.items():
                yield from self._output(stream, tail, entry["time"], entry.get(stream, 0), cut=False)
            if "message" in entry:
                yield LogEntry(entry["time"], self._step_key, self._attempt, entry["message"], entry["level"])
        if to_the_end:
            for stream, tail in self._streams.items():
                yield from self._output(stream, tail, tail.changed_at(), None, cut=True)

    def _strange(self, line: bytes) -> LogEntry:
        """A line that no writer has finished, as on a full disk, or that is not ours: shown as it is."""
        text = line.decode("utf-8", "replace").removesuffix("\n")
        return LogEntry(self._latest or self._time_line.changed_at(), self._step_key, self._attempt, text, None, "err")

    def _output(self, stream: Stream, tail: _Tail, timestamp: float, end: int | None, cut: bool) -> Iterator[LogEntry]:
        for line in tail.lines(end, cut=cut, longest=_LONGEST):
            text = line.decode("utf-8", "replace").removesuffix("\n")
            yield LogEntry(timestamp, self._step_key, self._attempt, text, None, stream)


def _entry_of(line: bytes) -> dict[str, Any] | None:
    """The entry that a line of a time line holds; None for what no writer of ours has written."""
    try:
        entry = loads(line)
    except (ValueError, RecursionError):
        return None
    is_ours = (
        isinstance(entry, dict)
        and isinstance(entry.get("time"), (int, float))
        and all(isinstance(entry.get(stream, 0), int) for stream in get_args(Stream))
        and isinstance(entry.get("message", ""), str)
        and isinstance(entry.get("level"), int) is ("message" in entry)
    )
    return entry if is_ours else None


class _Tail:
    """The lines of a file that have not been read yet."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._position = 0

    def lines(self, end: int | None = None, *, cut: bool, longest: int = _ANY) -> Iterator[bytes]:
        """Whole lines up to the position ``end``; with ``cut`` also an unfinished last one."""
        try:
            file = open(self._path, "rb")
        except FileNotFoundError:
            return
        with file:
            file.seek(self._position)
            while end is None or self._position < end:
                line = file.readline(longest if end is None else min(longest, end - self._position))
                if not line or not (line.endswith(b"\n") or cut or len(line) == longest):
                    return
                self._position += len(line)
                yield line

    def changed_at(self) -> float:
        """When the file was last written; 0 when it is not there."""
        try:
            return os.stat(self._path).st_mtime
        except FileNotFoundError:
            return 0.0


def attempts_in(folder: str) -> list[tuple[str, int]]:
    """The steps and attempts that have files in the folder of a run."""
    files = [file for name in sorted(_names(folder)) if (file := parse_file_name(name)) is not None]
    found = {(key, file.attempt) for file in files if (key := step_key_of(file.step_name)) is not None}
    return sorted(found)


def _names(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except FileNotFoundError:
        return []
