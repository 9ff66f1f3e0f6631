"""Where runs and their events are kept: in memory here, in a database when the platform supplies it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from typing import TYPE_CHECKING

from usercode_sdk.errors import DagsterInvariantViolationError
from usercode_sdk.events import Event
from usercode_sdk.pipeline_run import STATUS_AFTER, PipelineRun

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from usercode_sdk.execution.log_manager import LogLine

PLATFORM_GROUP = "usercode.instance"


class DagsterInstance:
    """Keeps runs, events and log lines for as long as it lives; the platform's subclass keeps them for good."""

    is_persistent = False
    """Whether runs and outputs outlive the process."""
    shows_log_lines = False
    """Whether record_log() itself shows lines to people, so that no console logger is needed."""

    def __init__(self) -> None:
        self._runs: dict[str, PipelineRun] = {}
        self._events: dict[str, list[Event]] = {}
        self._log_lines: dict[str, list[LogLine]] = {}
        self._folder: str | None = None

    @staticmethod
    def ephemeral() -> DagsterInstance:
        """An instance in memory."""
        return DagsterInstance()

    @staticmethod
    def get() -> DagsterInstance:
        """The instance that USERCODE_HOME names; needs the platform to be installed."""
        return _platform_instance()(None)

    @staticmethod
    def local_temp(tempdir: str | None = None) -> DagsterInstance:
        """A persistent instance in a folder, a fresh temporary one if none is given; needs the platform."""
        if tempdir is None:
            from tempfile import mkdtemp

            tempdir = mkdtemp(prefix="usercode-")
        return _platform_instance()(tempdir)

    def storage_directory(self) -> str:
        """The folder for outputs stored as files."""
        if self._folder is None:
            from tempfile import mkdtemp

            self._folder = mkdtemp(prefix="usercode-")
        return self._folder

    def create_run(self, run: PipelineRun) -> None:
        """Keeps a new run; raises DagsterInvariantViolationError when its id is taken."""
        if run.run_id in self._runs:
            raise DagsterInvariantViolationError(f"There is already a run with the id {run.run_id!r}.")
        self._runs[run.run_id] = run
        self._events[run.run_id] = []

    def get_run_by_id(self, run_id: str) -> PipelineRun | None:
        """The run of this id with its present status, or None."""
        return self._runs.get(run_id)

    def has_run(self, run_id: str) -> bool:
        """Whether there is a run of this id."""
        return self.get_run_by_id(run_id) is not None

    def get_runs(self) -> list[PipelineRun]:
        """All runs, newest first."""
        return list(reversed(self._runs.values()))

    def record(self, event: Event) -> None:
        """Appends an event to its run, and moves the run's status if the event says so."""
        self._events.setdefault(event.run_id, []).append(event)
        if event.step_key is not None:  # most are, and only those of the whole run move it
            return
        status = STATUS_AFTER.get(event.type)
        run = self._runs.get(event.run_id)
        if status is not None and run is not None:
            self._runs[event.run_id] = run._replace(status=status)

    def all_logs(self, run_id: str) -> list[Event]:
        """The events of a run, in order."""
        return list(self._events.get(run_id, ()))

    def capture_logs(self, run_id: str, step_key: str, attempt: int) -> AbstractContextManager[str]:
        """Captures standard output and error while it is entered, under the key it gives."""
        return nullcontext(step_key)

    def record_log(self, line: LogLine) -> None:
        """Keeps a message of ``context.log``."""
        self._log_lines.setdefault(line.run_id, []).append(line)

    def log_lines(self, run_id: str) -> list[LogLine]:
        """The messages of ``context.log`` of a run, in order."""
        return list(self._log_lines.get(run_id, ()))

    def dispose(self) -> None:
        """Removes what is kept only for the life of the instance."""
        if self._folder is not None:
            from shutil import rmtree

            rmtree(self._folder, ignore_errors=True)
            self._folder = None

    def __enter__(self) -> DagsterInstance:
        return self

    def __exit__(self, *_error: object) -> None:
        self.dispose()

    def __del__(self) -> None:
        if getattr(self, "_folder", None) is not None:
            self.dispose()


def _platform_instance() -> Callable[[str | None], DagsterInstance]:
    from importlib.metadata import entry_points

    for point in entry_points(group=PLATFORM_GROUP):
        made: Callable[[str | None], DagsterInstance] = point.load()
        return made
    raise DagsterInvariantViolationError(
        "A persistent instance needs the platform, and no package here supplies it. Install the distribution "
        "'usercode' whole, or use DagsterInstance.ephemeral()."
    )
