"""A real Dagster of the solid era, in an interpreter of its own."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

from benchmarks.measure import BenchmarkError, Usage, run_program
from benchmarks.servers import Server

_PROGRAMS = Path(__file__).parent / "programs"
LIBRARY = "dagster"


class Peer:
    """An interpreter that has a Dagster installed. Raises BenchmarkError when it has not."""

    def __init__(self, python: str) -> None:
        self.python = python
        self.version = self._ask(["-c", "import dagster; print(dagster.__version__)"]).strip()

    @property
    def name(self) -> str:
        return f"Dagster {self.version}"

    def environment(self, home: Path) -> dict[str, str]:
        """An environment without ours, with ``home`` as its storage."""
        ours = {"PYTHONPATH", "USERCODE_HOME"}
        kept = {name: value for name, value in os.environ.items() if name not in ours}
        return kept | {
            "DAGSTER_HOME": str(home),
            "DAGSTER_DISABLE_TELEMETRY": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONWARNINGS": "ignore",
        }

    def run(self, folder: Path, *arguments: str) -> Usage:
        """Run the interpreter to its end."""
        return run_program([self.python, *arguments], self.environment(folder), folder)

    def server_command(self, file: Path, port: int) -> list[str]:
        """The command of its code server."""
        return [self.python, "-m", "dagster", "api", "grpc", "-f", str(file), "-p", str(port)]

    def first_listing(self, port: int) -> Callable[[Server], object]:
        """Its own client, started and ready now, which asks for the listing of names when called."""
        client = subprocess.Popen(
            [self.python, str(_PROGRAMS / "dagster_client.py"), str(port)],
            env=self.environment(Path.cwd()),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert client.stdin is not None and client.stdout is not None
        _expect(client.stdout.readline(), "ready")

        def ask(server: Server) -> None:
            answer, _ = client.communicate("go\n", timeout=300)
            _expect(answer, "answered")

        return ask

    def run_arguments(self, home: Path, file: Path, pipeline: str, count: int) -> list[str]:
        """Make runs in its SQLite storage; the argument of ``dagster api execute_run`` for each."""
        program = str(_PROGRAMS / "dagster_runs.py")
        return self._ask([program, str(file), pipeline, str(count)], home).splitlines()

    def measure(self, home: Path, program: str, *arguments: str) -> dict[str, float]:
        """What a program of ours reports when this interpreter runs it with its own library."""
        text = self._ask([str(_PROGRAMS / program), LIBRARY, *arguments], home)
        document: dict[str, float] = json.loads(text.splitlines()[-1])
        return document

    def _ask(self, arguments: list[str], home: Path | None = None) -> str:
        environment = self.environment(home or Path.cwd())
        done = subprocess.run([self.python, *arguments], env=environment, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise BenchmarkError(f"{self.python} {' '.join(arguments)} failed:\n{done.stderr[-4000:]}")
        return done.stdout


def _expect(line: str, word: str) -> None:
    if line.strip() != word:
        raise BenchmarkError(f"Dagster's client said {line!r} where {word!r} was to come.")
