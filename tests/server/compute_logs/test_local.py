"""What steps print and log is captured to files and read back in the order of time."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from usercode_sdk.execution.log_manager import LogLine
from usercode_server.compute_logs.base import LogEntry
from usercode_server.compute_logs.local import LocalComputeLogs
from usercode_server.compute_logs.step_log import write_entry
from usercode_server.ticker import INTERVAL, Ticker


@pytest.fixture
def logs(tmp_path: Path) -> LocalComputeLogs:
    return LocalComputeLogs(str(tmp_path), Ticker())


@contextmanager
def plain_streams() -> Iterator[None]:
    """Python's streams as a worker has them: on the descriptors, where pytest puts them elsewhere."""
    before = sys.stdout, sys.stderr
    with open(1, "w", closefd=False) as out, open(2, "w", closefd=False) as err:
        sys.stdout, sys.stderr = out, err
        try:
            yield
        finally:
            sys.stdout, sys.stderr = before


def line(message: str, step_key: str | None = "s", attempt: int = 1, level: int = logging.INFO) -> LogLine:
    return LogLine("run-1", "p", step_key, attempt, level, message, time.time())


def texts(logs: LocalComputeLogs, step_key: str | None = None) -> list[tuple[str | None, str | None, str]]:
    entries = logs.reader("run-1", step_key).read(to_the_end=True)
    return [(entry.step_key, entry.stream or logging.getLevelName(entry.level or 0), entry.text) for entry in entries]


@plain_streams()
def test_prints_log_lines_and_child_processes_keep_their_order(logs: LocalComputeLogs) -> None:
    with logs.capture("run-1", "s", 1) as key:
        print("printed")
        logs.write_line(line("logged"))
        subprocess.run(["sh", "-c", "echo from a child; echo its fault >&2"], check=True)
        logs.write_line(line("careful", level=logging.WARNING))
        os.write(1, b"from C\n")
        print("to stderr", file=sys.stderr)
    assert key == "s.1"
    assert texts(logs) == [
        ("s", "out", "printed"),
        ("s", "INFO", "logged"),
        ("s", "out", "from a child"),
        ("s", "err", "its fault"),
        ("s", "WARNING", "careful"),
        ("s", "out", "from C"),
        ("s", "err", "to stderr"),
    ]


@plain_streams()
def test_streams_are_restored_after_a_step_that_raises(
    logs: LocalComputeLogs, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ValueError, match="the step"), logs.capture("run-1", "s", 1):
        print("inside")
        raise ValueError("the step")
    print("outside", flush=True)
    assert capfd.readouterr() == ("outside\n", "")
    assert texts(logs) == [("s", "out", "inside")]


@plain_streams()
def test_an_inner_capture_has_the_output_while_it_lasts(logs: LocalComputeLogs) -> None:
    with logs.capture("run-1", "outer", 1):
        print("one")
        with logs.capture("run-1", "inner", 1):
            print("two")
        print("three")
    assert texts(logs, "outer") == [("outer", "out", "one"), ("outer", "out", "three")]
    assert texts(logs, "inner") == [("inner", "out", "two")]


@plain_streams()
def test_attempts_and_lines_of_the_run_are_kept_apart(logs: LocalComputeLogs) -> None:
    for attempt in (1, 2):
        with logs.capture("run-1", "s", attempt):
            print("attempt", attempt)
    logs.write_line(line("of the run", None, 0))
    entries = list(logs.reader("run-1").read(to_the_end=True))
    assert [(entry.step_key, entry.attempt, entry.text) for entry in entries] == [
        ("s", 1, "attempt 1"),
        ("s", 2, "attempt 2"),
        (None, 0, "of the run"),
    ]


def test_a_mark_dates_the_output_before_it(logs: LocalComputeLogs) -> None:
    with logs.capture("run-1", "s", 1):
        os.write(1, b"early\n")
        logs.mark(100.0)
        os.write(1, b"later\n")
    first, second = logs.reader("run-1").read(to_the_end=True)
    assert first == LogEntry(100.0, "s", 1, "early", None, "out")
    assert second.timestamp > 1_000_000_000


def test_a_reader_gives_each_thing_once_and_whole_lines_while_the_step_runs(logs: LocalComputeLogs) -> None:
    reader = logs.reader("run-1")
    with logs.capture("run-1", "s", 1):
        os.write(1, b"half of a l")
        logs.write_line(line("logged"))
        seen = [[entry.text for entry in reader.read(to_the_end=False)]]
        os.write(1, "ine, ü\nnext\n".encode())
        logs.write_line(line("again"))
        seen.append([entry.text for entry in reader.read(to_the_end=False)])
        os.write(1, b"without an end")
    seen.append([entry.text for entry in reader.read(to_the_end=False)])
    seen.append([entry.text for entry in reader.read(to_the_end=True)])
    assert seen == [["logged"], ["half of a line, ü", "next", "again"], [], ["without an end"]]


def test_a_step_that_only_prints_can_be_followed(logs: LocalComputeLogs) -> None:
    reader = logs.reader("run-1")
    with logs.capture("run-1", "s", 1):
        os.write(1, b"alive\n")
        deadline = time.monotonic() + 100 * INTERVAL
        seen: list[str] = []
        while not seen and time.monotonic() < deadline:
            seen = [entry.text for entry in reader.read(to_the_end=False)]
    assert seen == ["alive"]


def test_output_of_a_killed_process_is_read_to_its_end(logs: LocalComputeLogs, tmp_path: Path) -> None:
    script = f"""
import os, signal
from usercode_server.compute_logs.local import LocalComputeLogs
from usercode_server.ticker import Ticker
with LocalComputeLogs({str(tmp_path)!r}, Ticker()).capture("run-1", "s", 1):
    os.write(1, b"last words\\n")
    os.kill(os.getpid(), signal.SIGKILL)
"""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    assert subprocess.run([sys.executable, "-c", script], env=environment).returncode == -9
    assert texts(logs) == [("s", "out", "last words")]


def test_very_long_lines_and_messages_are_read_in_pieces_or_whole(logs: LocalComputeLogs) -> None:
    with logs.capture("run-1", "s", 1):
        os.write(1, b"x" * 100_000 + b"\n")
        logs.write_line(line("y" * 300_000))
    entries = list(logs.reader("run-1").read(to_the_end=True))
    assert [(entry.stream, len(entry.text)) for entry in entries] == [("out", 65_536), ("out", 34_464), (None, 300_000)]


def test_odd_bytes_and_characters_do_not_hurt(logs: LocalComputeLogs) -> None:
    with logs.capture("run-1", "s", 1):
        os.write(1, b"\xff\x00\n")
        logs.write_line(line("lone \ud800"))
    assert texts(logs) == [("s", "out", "\ufffd\0"), ("s", "INFO", "lone \ud800")]


def test_threads_log_at_once(logs: LocalComputeLogs) -> None:
    def log(number: int) -> None:
        for each in range(50):
            logs.write_line(line(f"{number}:{each}"))

    with logs.capture("run-1", "s", 1):
        threads = [threading.Thread(target=log, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(text for _, _, text in texts(logs)) == sorted(f"{n}:{each}" for n in range(4) for each in range(50))


@plain_streams()
def test_echo_copies_everything_to_the_processes_own_streams(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    logs = LocalComputeLogs(str(tmp_path), Ticker(), echo=True)
    with logs.capture("run-1", "s", 1):
        print("printed")
        os.write(2, b"fault\n")
        logs.write_line(LogLine("run-1", "p", "s", 1, logging.ERROR, "logged", 0.0))
        print("after")
    logs.write_line(LogLine("run-1", "p", None, 0, logging.INFO, "of the run", 0.0))
    assert capfd.readouterr() == (
        "printed\nafter\n",
        "fault\n1970-01-01T00:00:00Z ERROR p s: logged\n1970-01-01T00:00:00Z INFO p: of the run\n",
    )


def test_deleted_output_is_gone(logs: LocalComputeLogs, tmp_path: Path) -> None:
    logs.write_line(line("x"))
    logs.delete("run-1")
    logs.delete("run-1")
    assert texts(logs) == []
    assert list(tmp_path.iterdir()) == []


def test_a_step_that_says_nothing_leaves_nothing(logs: LocalComputeLogs, tmp_path: Path) -> None:
    with logs.capture("run-1", "s", 1):
        pass
    assert list((tmp_path / "run-1").iterdir()) == []
    assert texts(logs) == []


@pytest.mark.parametrize("run_id", ["..", "../../outside", ".", "", "a/b", "%run"])
def test_no_run_id_leads_out_of_the_folder(tmp_path: Path, run_id: str) -> None:
    logs = LocalComputeLogs(str(tmp_path / "logs"), Ticker())
    folder = Path(logs.run_folder(run_id)).resolve()
    assert folder.parent == tmp_path / "logs"
    logs.delete(run_id)
    assert not folder.exists()
    assert folder.parent.is_dir()


def test_a_step_may_close_every_descriptor_of_its_capture(logs: LocalComputeLogs) -> None:
    before = set(os.listdir("/proc/self/fd"))
    with plain_streams():
        outer = [os.fstat(descriptor) for descriptor in (1, 2)]
        saved = [os.dup(descriptor) for descriptor in (1, 2)]
        try:
            with logs.capture("run", "s", 1):
                print("written", flush=True)
                for name in set(os.listdir("/proc/self/fd")) - before - {str(each) for each in saved}:
                    with suppress(OSError):
                        os.close(int(name))
                logs.mark(1.0)
        finally:
            for descriptor, copy in zip((1, 2), saved, strict=True):
                os.dup2(copy, descriptor)
                os.close(copy)
        assert [os.path.samestat(os.fstat(n), stat) for n, stat in zip((1, 2), outer, strict=True)] == [True, True]
    assert [entry.text for entry in logs.reader("run").read(to_the_end=True)] == ["written"]


def test_the_attempts_with_output_are_known(logs: LocalComputeLogs) -> None:
    assert logs.attempts("run") == []
    logs.write_line(line("of the run", step_key=None))
    with logs.capture("run", "a/b", 2):
        assert logs.attempts("run") == [("a/b", 2)]
    assert logs.attempts("run") == []


@pytest.mark.parametrize(
    "strange",
    [
        '{"time": 3.0, "mess',
        "something else",
        "[1]",
        '{"time": "noon", "message": "m", "level": 20}',
        '{"time": 3.0, "message": 5, "level": 20}',
        '{"time": 3.0, "message": "m"}',
        '{"time": 3.0, "out": null}',
        "[" * 100_000,
    ],
)
def test_a_line_that_is_not_ours_is_shown_as_it_is(logs: LocalComputeLogs, tmp_path: Path, strange: str) -> None:
    def written(message: str, timestamp: float) -> None:
        logs.write_line(LogLine("run-1", "p", "s", 1, logging.INFO, message, timestamp))

    written("before", 2.0)
    with open(tmp_path / "run-1" / "s.1.log", "a") as file:
        file.write(strange + "\n")
    written("after", 4.0)
    assert list(logs.reader("run-1").read(to_the_end=True)) == [
        LogEntry(2.0, "s", 1, "before", logging.INFO),
        LogEntry(2.0, "s", 1, strange, None, "err"),
        LogEntry(4.0, "s", 1, "after", logging.INFO),
    ]


def test_an_entry_is_written_whole_by_short_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: write(descriptor, data[:7]))
    with open(tmp_path / "log", "wb") as file:
        write_entry(file.fileno(), {"time": 1.0, "message": "rather long"})
    assert (tmp_path / "log").read_text() == '{"time": 1.0, "message": "rather long"}\n'


def test_the_streams_come_back_to_a_process_that_closed_low_descriptors(tmp_path: Path) -> None:
    script = f"""
import os
from usercode_server.compute_logs.local import LocalComputeLogs
from usercode_server.ticker import Ticker
with LocalComputeLogs({str(tmp_path)!r}, Ticker()).capture("run-1", "s", 1):
    os.closerange(3, 100)
os.write(2, b"heard")
"""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, check=True)
    assert done.stderr == b"heard"
