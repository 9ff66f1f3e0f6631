"""Real code servers in processes of their own, on free ports."""

from __future__ import annotations

import contextlib
import re
import signal
import subprocess
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import grpc

from tests.server.commands import COMMAND, Usercode
from usercode_server.client import CodeServerClient

REPO = """
    from usercode_sdk import Field, PresetDefinition, pipeline, repository, solid


    @solid(config_schema={"start": int, "name": Field(str, default_value="x")}, tags={"team": "data"})
    def first(context) -> int:
        \"\"\"The beginning.\"\"\"
        return context.solid_config["start"]


    @solid
    def second(context, number: int) -> int:
        return number + 1


    @pipeline(
        description="Adds one.",
        preset_defs=[PresetDefinition("default", run_config={"solids": {"first": {"config": {"start": 3}}}})],
    )
    def adding():
        second(first())


    @pipeline
    def other():
        second.alias("again")(first.alias("start")())


    @repository
    def numbers():
        return [adding, other]
"""


def write(folder: Path, text: str, name: str = "repo.py") -> Path:
    """Write an author's file."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(textwrap.dedent(text))
    return path


class RunningServer:
    """One server; its standard error is kept."""

    def __init__(self, folder: Path, *arguments: str, environment: dict[str, str] | None = None) -> None:
        self._process = subprocess.Popen(
            [*COMMAND, "api", "grpc", *arguments],
            env={**Usercode(folder).environment, **(environment or {})},
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._lines: list[str] = []
        self._written = ""
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def said(self) -> str:
        """What it wrote to standard error so far."""
        return "".join(self._lines)

    @property
    def address(self) -> str:
        """Where it listens; waits for it to say so."""
        # Not anchored: what the author's code prints meanwhile may stand before it in the same line.
        return self.wait_for(r"Serving .* on (?:/.*/)?(\S+)$")[1]

    def client(self, timeout: float = 60.0) -> CodeServerClient:
        """A client of it."""
        return CodeServerClient(self.address, timeout=timeout)

    def wait_for(self, pattern: str) -> re.Match[str]:
        """The first match in what it says; waits for it."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            ended = not self._reader.is_alive()
            found = re.search(pattern, self.said, re.MULTILINE)
            if found:
                return found
            assert not ended, f"The server ended. It said:\n{self.said}"
            time.sleep(0.01)
        raise AssertionError(f"No {pattern!r} in:\n{self.said}")

    def wait(self, seconds: float = 60.0) -> int:
        """Its exit code, once it has ended."""
        code = self._process.wait(seconds)
        self._reader.join(5)
        return code

    def send(self, number: signal.Signals) -> None:
        """Send it a signal."""
        self._process.send_signal(number)

    def children(self) -> list[int]:
        """The processes that it started."""
        pids: list[int] = []
        for thread in Path(f"/proc/{self.pid}/task").iterdir():
            # A thread may end meanwhile.
            with contextlib.suppress(FileNotFoundError):
                pids += map(int, (thread / "children").read_text().split())
        return pids

    def close(self) -> str:
        """End it; answers with what it wrote to standard output."""
        if self._process.poll() is None:
            self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            raise
        finally:
            self._reader.join(5)
        out, err = self._process.stdout, self._process.stderr
        assert out is not None and err is not None
        if not out.closed:
            with out, err:
                self._written = out.read()
        return self._written

    def _read(self) -> None:
        assert self._process.stderr is not None
        for line in self._process.stderr:
            self._lines.append(line)


StartServer = Callable[..., RunningServer]


def is_running(pid: int) -> bool:
    """Whether there is such a process that is not only waiting to be reaped."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_until(condition: Callable[[], bool], seconds: float = 20.0) -> None:
    """Wait until the condition holds; fails when it does not in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "It did not come true in time."
        time.sleep(0.01)


def raw_call(channel: grpc.Channel, path: str) -> grpc.UnaryUnaryMultiCallable[bytes, bytes]:
    """A call that sends and returns encoded messages."""
    call: grpc.UnaryUnaryMultiCallable[bytes, bytes] = channel.unary_unary(path)
    return call


def raw_stream(channel: grpc.Channel, path: str) -> Iterator[bytes]:
    """The encoded messages of a stream whose request is empty."""
    call: grpc.UnaryStreamMultiCallable[bytes, bytes] = channel.unary_stream(path)
    return call(b"")
