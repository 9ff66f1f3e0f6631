"""Servers under measurement: ours, the floor, a peer's; and raw calls to them."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import NamedTuple

import grpc

from benchmarks.measure import BenchmarkError, resident_mb, tree_cpu_ms, tree_proportional_mb

_LONGEST_START = 300.0

RawCall = Callable[[bytes], bytes]


class Server(NamedTuple):
    """A server that has answered its first call."""

    pid: int
    port: int
    channel: grpc.Channel
    start_wall_ms: float
    """From the start of its process to its first answer."""
    start_cpu_ms: float
    """What all its processes took until then."""

    def call(self, method: str) -> RawCall:
        """A unary call of bytes: what is measured is the server, not what a client makes of the reply."""
        stub: grpc.UnaryUnaryMultiCallable[bytes, bytes] = self.channel.unary_unary(method)
        return lambda request: stub(request, timeout=_LONGEST_START)

    def cpu_ms(self) -> float:
        return tree_cpu_ms(self.pid)

    def front_mb(self) -> float:
        return resident_mb(self.pid)

    def whole_mb(self) -> float:
        return tree_proportional_mb(self.pid)


FirstCall = Callable[[Server], object]
"""Asks a server that listens for its first answer, and waits for it."""


@contextmanager
def running(
    command: Sequence[str], environment: dict[str, str], folder: Path, port: int, first_call: FirstCall
) -> Iterator[Server]:
    """Start a server, have it answer a first call, and stop it in the end."""
    with TemporaryFile() as output:
        start = time.monotonic()
        process = subprocess.Popen(
            command, env=environment, cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=output
        )
        try:
            _wait_until_it_listens(process, port)
            with grpc.insecure_channel(
                f"127.0.0.1:{port}", options=[("grpc.max_receive_message_length", -1)]
            ) as channel:
                listening = Server(process.pid, port, channel, 0.0, 0.0)
                first_call(listening)
                wall_ms = (time.monotonic() - start) * 1000
                yield listening._replace(start_wall_ms=wall_ms, start_cpu_ms=listening.cpu_ms())
        except (BenchmarkError, grpc.RpcError) as error:
            output.seek(0)
            text = output.read().decode(errors="replace")
            raise BenchmarkError(f"{' '.join(command)}: {error}\n{text[-4000:]}") from error
        finally:
            _stop(process)


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_it_listens(process: subprocess.Popen[bytes], port: int) -> None:
    """Watch from outside: a gRPC channel would wait a second between its own attempts."""
    deadline = time.monotonic() + _LONGEST_START
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise BenchmarkError(f"The server ended with code {process.returncode} before it listened.")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.002)
    raise BenchmarkError(f"The server does not listen after {_LONGEST_START:g} seconds.")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
