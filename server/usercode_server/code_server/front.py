"""The front of the code server: the gRPC server, its health, and how it stops.

It never imports the author's code. Its main thread waits for events (signals, ends of loads) and acts on them; calls
are answered by a pool of threads.
"""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from time import monotonic
from typing import NamedTuple

import grpc
from grpc_health.v1 import health, health_pb2_grpc
from grpc_health.v1.health_pb2 import HealthCheckResponse

from usercode_server.code_server.address import Address, AddressError, free_socket_path, remove_socket
from usercode_server.code_server.control import Control
from usercode_server.code_server.handlers import SERVICE_NAME, CallCounter, service_handler
from usercode_server.code_server.hosting import CodeHost, Load
from usercode_server.code_server.reflection import LazyReflection
from usercode_server.code_server.service import CodeServerService
from usercode_server.code_server.source_watch import SourceWatch
from usercode_server.code_server.watching import WatchStreams
from usercode_server.target import CodeTarget

# Threads that never wait for the author's code, so that health checks and listings are always answered.
_THREADS_KEPT_FREE = 4


class FrontOptions(NamedTuple):
    """How the server is to behave."""

    max_workers: int = 16
    grace: float = 30.0
    """Seconds that calls in flight have to finish when the server stops."""
    fail_on_load_error: bool = False
    """Whether the server ends, with exit code 1, when its first load fails."""
    reload: bool = False
    """Whether the code is loaded anew when one of its files changes."""


class Front:
    """The server around one CodeHost."""

    def __init__(self, host: CodeHost, control: Control, address: Address, options: FrontOptions) -> None:
        self._host = host
        self._control = control
        self._address = address
        self._options = options
        self._calls = CallCounter()
        self._streams = WatchStreams(host)
        self._sources = SourceWatch(lambda: control.put("reload")) if options.reload else None
        self._health = health.HealthServicer()
        self._server = self._make_server()

    def run(self) -> int:
        """Serve until asked to stop; answers with the exit code. Raises AddressError."""
        bound = self._listen()
        self._server.start()
        for name in ("", SERVICE_NAME):
            self._health.set(name, HealthCheckResponse.SERVING)
        _say(f"Serving {self._host.target.describe()} on {bound}")
        try:
            exit_code = self._handle_events()
            self._drain()
        finally:
            self._host.stop()
            if self._address.socket_path is not None:
                remove_socket(self._address.socket_path)
        return exit_code

    def _make_server(self) -> grpc.Server:
        workers = max(self._options.max_workers, _THREADS_KEPT_FREE + 1)
        # Without this a second server on the same port would silently get a share of the calls.
        options = [("grpc.so_reuseport", 0)]
        server = grpc.server(ThreadPoolExecutor(workers, "call"), options=options)
        service = CodeServerService(self._host, self._control.request_stop, workers - _THREADS_KEPT_FREE)
        server.add_generic_rpc_handlers((service_handler(service, self._streams, self._calls),))
        health_pb2_grpc.add_HealthServicer_to_server(self._health, server)
        server.add_generic_rpc_handlers((LazyReflection((SERVICE_NAME, health.SERVICE_NAME)),))
        return server

    def _listen(self) -> Address:
        address = self._address
        if address.socket_path is not None:
            free_socket_path(address.socket_path)
        try:
            port = self._server.add_insecure_port(address.grpc_target)
        except RuntimeError:
            raise AddressError(
                f"The server can't listen on {address}. Another process may use it: choose another with -p/--port or "
                "-s/--socket, or check -h/--host."
            ) from None
        return address if address.socket_path is not None else address._replace(port=port)

    def _handle_events(self) -> int:
        while True:
            event = self._control.next()
            if event == "stop":
                return 0
            if event == "reload":
                self._host.reload()
            elif isinstance(event, Load):
                _report(event)
                if self._sources is not None:
                    self._sources.watch((*event.source_files, *_target_file(self._host.target)), event.started)
                self._streams.tell_all()
                if event.error is not None and event.number == 1 and self._options.fail_on_load_error:
                    return 1

    def _drain(self) -> None:
        """Let calls in flight finish within the grace time; a second request to stop ends them at once."""
        self._health.enter_graceful_shutdown()
        self._host.refuse_waiting()
        self._streams.end_all()
        stopped: Event = self._server.stop(self._options.grace)
        idle_since = monotonic()
        while not stopped.wait(0.01):
            now = monotonic()
            if self._calls.count:
                idle_since = now
            # What is left are streams of other services, such as health's, which end only when they are ended.
            if now - idle_since > 0.1 or self._control.next_within(0.01) == "stop":
                self._server.stop(0).wait()


def _target_file(target: CodeTarget) -> tuple[str, ...]:
    """The file itself, which is watched also when it can't be read as Python."""
    return () if target.python_file is None else (target.python_file,)


def _report(load: Load) -> None:
    if load.error is not None:
        kept = " What was loaded before is still served." if load.listing is not None else ""
        _say(f"The code could not be loaded.{kept}\n{load.error.summary}")
        _say("".join(load.error.stack), end="")
    elif load.listing is not None:
        repositories, pipelines = len(load.listing.repositories), load.listing.pipeline_count
        _say(
            f"Loaded {_count(repositories, 'repository', 'repositories')} with "
            f"{_count(pipelines, 'pipeline', 'pipelines')} in {load.seconds * 1000:.0f} ms"
        )


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


def _say(text: str, end: str = "\n") -> None:
    print(text, file=sys.stderr, end=end, flush=True)
