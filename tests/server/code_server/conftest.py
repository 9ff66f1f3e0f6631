"""Code servers for tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server.code_server.servers import REPO, RunningServer, StartServer, write
from usercode_server.client import CodeServerClient


@pytest.fixture
def start_server(tmp_path: Path) -> Iterator[StartServer]:
    """Starts servers in the test's folder; they are ended with the test."""
    servers: list[RunningServer] = []

    def start(*arguments: str, environment: dict[str, str] | None = None, port: str = "0") -> RunningServer:
        place = () if "-s" in arguments else ("-p", port)
        servers.append(RunningServer(tmp_path, *arguments, *place, environment=environment))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


@pytest.fixture
def server(tmp_path: Path, start_server: StartServer) -> RunningServer:
    """A server of the usual repository, in a file that the test may change."""
    return start_server("-f", str(write(tmp_path, REPO)))


@pytest.fixture
def client(server: RunningServer) -> Iterator[CodeServerClient]:
    """A client of the server."""
    with server.client() as client:
        yield client
