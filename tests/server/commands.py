"""The ``usercode`` command as a real process, on a home folder of the test's own."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from usercode_sdk.pipeline_run import PipelineRun
from usercode_server.instance import open_instance
from usercode_server.storage.base import RunRecord
from usercode_server.target import CodeTarget

COMMAND = (sys.executable, "-P", "-m", "usercode_server")


class Usercode:
    """Runs commands on one home folder, and puts runs into it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.home = folder / "home"
        self._runs = 0

    @property
    def environment(self) -> dict[str, str]:
        """What the commands' processes see; found through this process's own path."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("USERCODE_")}
        return {**inherited, "USERCODE_HOME": str(self.home), "PYTHONPATH": os.pathsep.join(sys.path)}

    def run(self, *arguments: str, check: int | None = 0) -> subprocess.CompletedProcess[str]:
        """Run a command to its end; ``check`` is the exit code that is expected."""
        done = subprocess.run(
            [*COMMAND, *arguments], env=self.environment, cwd=self.folder, capture_output=True, text=True, timeout=120
        )
        assert check is None or done.returncode == check, f"{arguments}: {done.stdout}\n{done.stderr}"
        return done

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start a command."""
        return subprocess.Popen(
            [*COMMAND, *arguments],
            env=self.environment,
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def write(self, text: str, name: str = "repo.py") -> Path:
        """Write an author's file."""
        path = self.folder / name
        path.write_text(textwrap.dedent(text))
        return path

    def create_run(
        self,
        pipeline_name: str,
        run_config: Mapping[str, Any] | None = None,
        *,
        run_id: str | None = None,
        file: str = "repo.py",
        tags: Mapping[str, str] | None = None,
    ) -> str:
        """Put a run into storage and return its id."""
        self._runs += 1
        run_id = run_id or f"run-{self._runs}"
        target = CodeTarget(python_file=str(self.folder / file), working_directory=str(self.folder))
        with open_instance(str(self.home)) as instance:
            run = PipelineRun(run_id, pipeline_name, run_config or {}, "default", tags=tags or {})
            instance.store.create_run(RunRecord(run, target))
        return run_id

    def status(self, run_id: str) -> str:
        """The status of a run."""
        with open_instance(str(self.home)) as instance:
            record = instance.store.get_run(run_id)
        assert record is not None
        return record.status.value

    def events(self, run_id: str) -> list[tuple[str, str | None]]:
        """The types and steps of a run's events."""
        with open_instance(str(self.home)) as instance:
            return [(event.type.value, event.step_key) for event in instance.all_logs(run_id)]
