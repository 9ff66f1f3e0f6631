"""Clients that call a server all at once."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.servers import Server

_PROGRAM = Path(__file__).parent / "programs" / "load_client.py"
_SECONDS = 2.0


class Clients:
    """Processes that wait to be told which server to call."""

    def __init__(self, processes: list[subprocess.Popen[str]]) -> None:
        self._processes = processes

    def calls_per_second(self, server: Server, method: str, request: bytes = b"") -> float:
        """Call as fast as the server answers, and add up the calls of all clients."""
        for process in self._processes:
            assert process.stdin is not None
            process.stdin.write(f"{server.port} {method} {_SECONDS} {request.hex()}\n")
            process.stdin.flush()
        return sum(int(_line(process)) for process in self._processes) / _SECONDS


@contextmanager
def clients(count: int) -> Iterator[Clients]:
    """Start clients, and end them."""
    processes = [
        subprocess.Popen([sys.executable, str(_PROGRAM)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(count)
    ]
    try:
        for process in processes:
            _line(process)
        yield Clients(processes)
    finally:
        for process in processes:
            process.communicate()


def _line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline()
