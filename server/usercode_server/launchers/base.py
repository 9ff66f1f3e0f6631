"""The interface of run launchers. An own one is a class that ``usercode.yaml`` names."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from usercode_server.instance import PersistentInstance
from usercode_server.storage.base import RunRecord


class WorkerEnd(NamedTuple):
    """How a worker ended."""

    how: str
    """``exit code 1``, ``signal SIGKILL``."""
    last_lines: tuple[str, ...] = ()
    """The end of what it wrote itself."""


class LaunchedWorker(Protocol):
    """A worker that was started."""

    def ended(self) -> WorkerEnd | None:
        """How the worker ended; None while it may still work."""


class RunLauncher(Protocol):
    """Starts run workers. It is made with the ``config`` of ``usercode.yaml`` as its only argument."""

    def launch_run(self, record: RunRecord, instance: PersistentInstance) -> LaunchedWorker:
        """Start a worker for a run that is in storage, and record PIPELINE_STARTING and what was started.

        Raises RunNotLaunchedError when no worker can be started; the run has then ended as FAILURE.
        """
