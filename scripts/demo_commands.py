"""Runs `usercode` commands for the demo, and ends what it started."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

_TIME_TO_LISTEN = 20.0
_TIME_TO_STOP = 15.0
_LIVING = ("NOT_STARTED", "STARTING", "STARTED", "CANCELING")


class DemoError(Exception):
    """A command did not do what the demo needs; the message is for the user."""


class Commands:
    """`usercode` commands in one folder, with the storage of runs in its subfolder `home`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.home = folder / "home"
        self._environment = os.environ | {"USERCODE_HOME": str(self.home), "PYTHONUTF8": "1"}
        self._start = time.time()
        self._server: subprocess.Popen[str] | None = None
        self._command: subprocess.Popen[str] | None = None

    def lines(self, *arguments: str) -> Iterator[str]:
        """What a command prints, line by line as it comes. Raises DemoError when it fails."""
        process = self._command = subprocess.Popen(
            _command_line(arguments),
            cwd=self.folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
        )
        assert process.stdout is not None
        for line in process.stdout:
            yield line.rstrip("\n")
        code = process.wait()
        process.stdout.close()
        if code != 0:
            raise DemoError(f"{shown(arguments)} ended with exit code {code}.")

    def start_server(self, file: str, port: int) -> None:
        """Start a code server, and wait until it listens. Raises DemoError with what it printed."""
        arguments = ("api", "grpc", "-f", file, "--port", str(port))
        log = self.folder / "server.log"
        with log.open("w") as output:
            # A session of its own: Ctrl-C is for the demo, which then stops the server in order.
            self._server = subprocess.Popen(
                _command_line(arguments),
                cwd=self.folder,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                text=True,
                start_new_session=True,
            )
        deadline = time.monotonic() + _TIME_TO_LISTEN
        while not _is_listening(port):
            if self._server.poll() is not None or time.monotonic() > deadline:
                raise DemoError(f"The server did not start:\n{log.read_text()}")
            time.sleep(0.05)

    def stop_server(self) -> None:
        """Stop the server as SIGTERM does, if there is one."""
        if self._server is not None:
            _end(self._server)
            self._server = None

    def end_all(self) -> list[str]:
        """End the command and the server that are running, and cancel this demo's runs; the ids of those.

        From now on Ctrl-C is ignored: a second one would leave something running. Raises DemoError when
        the runs can't be seen to.
        """
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        try:
            if self._command is not None:
                _end(self._command)
            return self._cancel_runs() if self.home.is_dir() else []
        finally:
            self.stop_server()

    def _cancel_runs(self) -> list[str]:
        runs = json.loads("\n".join(self.lines("run", "list", "--json")))
        living = [run["run_id"] for run in runs if run["status"] in _LIVING and run["created_at"] >= self._start]
        for run_id in living:
            for _ in self.lines("run", "cancel", run_id):
                pass
        return living


def shown(arguments: tuple[str, ...]) -> str:
    """A command as a reader would type it."""
    return f"usercode {shlex.join(arguments)}"


def free_port(first: int) -> int:
    """The first port from `first` on that nobody listens on. Raises DemoError when there is none in reach."""
    for port in range(first, min(first + 100, 65536)):
        with socket.socket() as probe:
            # As servers do: a port whose last connections are just being forgotten is free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise DemoError(f"No port from {first} on is free. Name another with --port.")


def launched_run(lines: list[str]) -> str:
    """The run id in what `usercode run launch` printed. Raises DemoError when there is none."""
    found = re.search(r"Launched run (\S+)", "\n".join(lines))
    if found is None:
        raise DemoError("The run was not launched.")
    return found[1]


def end_with_signals() -> None:
    """Have SIGTERM and SIGHUP end this process as Ctrl-C does, so that nothing is left running."""

    def interrupt(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, interrupt)
    signal.signal(signal.SIGHUP, interrupt)


def _command_line(arguments: tuple[str, ...]) -> list[str]:
    return [sys.executable, "-m", "usercode_server", *arguments]


def _is_listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _end(process: subprocess.Popen[str]) -> None:
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(_TIME_TO_STOP)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
