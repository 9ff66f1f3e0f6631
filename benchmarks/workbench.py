"""What every topic needs: a folder, generated files, the commands of the servers, and how many runs to make."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from compileall import compile_dir
from contextlib import AbstractContextManager
from importlib.util import find_spec
from pathlib import Path

from benchmarks.floor_server import SMALL
from benchmarks.generate import OURS, Size, write_repository
from benchmarks.measure import BenchmarkError, Usage, run_program
from benchmarks.peer import Peer
from benchmarks.servers import FirstCall, Server, free_port, running

_HERE = Path(__file__).parent
PROGRAMS = _HERE / "programs"
USERCODE = (sys.executable, "-m", "usercode_server")


class Workbench:
    """The setting of one report. ``folder`` is emptied by who made it."""

    def __init__(self, folder: Path, runs: int, peer: Peer | None) -> None:
        self.folder = folder
        self.runs = runs
        self.peer = peer
        # The generated files are compiled anew in each run, by everyone; the libraries are compiled before.
        self.environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1", "USERCODE_HOME": str(folder / "home")}
        _compile("usercode_sdk", "usercode_server", "usercode_api")

    @property
    def few(self) -> int:
        """How many runs to make of what takes long."""
        return max(1, self.runs // 2)

    def repository(self, size: Size, library: str = OURS) -> Path:
        """A generated repository for a library."""
        return write_repository(self.folder, size, library)

    def python(self, *arguments: str) -> Usage:
        """Run this interpreter to its end."""
        return run_program([sys.executable, *arguments], self.environment, self.folder)

    def report(self, program: str, *arguments: str) -> dict[str, float]:
        """Run one of the programs with this interpreter; the figures that it prints last."""
        command = [sys.executable, str(PROGRAMS / program), *arguments]
        done = subprocess.run(
            command, env=self.environment, cwd=self.folder, capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            raise BenchmarkError(f"{' '.join(command)} failed:\n{done.stderr[-4000:]}")
        document: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
        return document

    def usercode(self, *arguments: str, home: Path | None = None) -> Usage:
        """Run a ``usercode`` command to its end."""
        environment = self.environment if home is None else self.environment | {"USERCODE_HOME": str(home)}
        return run_program([*USERCODE, *arguments], environment, self.folder)

    def code_server(self, file: Path, first_call: FirstCall) -> AbstractContextManager[Server]:
        """Our code server on a file."""
        port = free_port()
        command = [*USERCODE, "api", "grpc", "-f", str(file), "-p", str(port)]
        return self._running(command, port, first_call)

    def floor_server(self, replies: Path | None = None) -> AbstractContextManager[Server]:
        """The floor server; its first answer is a small one."""
        port = free_port()
        command = [sys.executable, str(_HERE / "floor_server.py"), "--port", str(port)]
        command += [] if replies is None else ["--replies", str(replies)]
        return self._running(command, port, lambda server: server.call(SMALL)(b""))

    def peer_server(self, peer: Peer, file: Path) -> AbstractContextManager[Server]:
        """The peer's code server on a file; its first answer is its listing of names."""
        port = free_port()
        with_client = peer.first_listing(port)
        return running(peer.server_command(file, port), peer.environment(self.folder), self.folder, port, with_client)

    def _running(self, command: Sequence[str], port: int, first_call: FirstCall) -> AbstractContextManager[Server]:
        return running(command, self.environment, self.folder, port, first_call)


def _compile(*packages: str) -> None:
    for package in packages:
        spec = find_spec(package)
        for folder in (spec.submodule_search_locations if spec else None) or ():
            compile_dir(folder, quiet=2)
