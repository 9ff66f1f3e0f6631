"""The persistent instance: runs, events and output in the folder that ``USERCODE_HOME`` names."""

from __future__ import annotations

import os
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Self

from usercode_sdk.events import Event
from usercode_sdk.instance import DagsterInstance
from usercode_sdk.pipeline_run import PipelineRun
from usercode_server.compute_logs.base import ComputeLogs
from usercode_server.compute_logs.local import LocalComputeLogs
from usercode_server.engine_events import PROCESS_LABEL, engine_event
from usercode_server.process import process_of
from usercode_server.settings import Settings, SettingsError, home_folder, load_settings
from usercode_server.storage.base import RunRecord, Store
from usercode_server.storage.recorder import EventRecorder
from usercode_server.storage.sqlite import SQLiteStore
from usercode_server.ticker import Ticker

if TYPE_CHECKING:
    from usercode_sdk.execution.log_manager import LogLine

DATABASE = "runs.db"
OUTPUTS = "outputs"


class PersistentInstance(DagsterInstance):
    """A :class:`~usercode_sdk.instance.DagsterInstance` whose runs outlive the process.

    A context manager, whose end writes what has been recorded.
    """

    is_persistent = True
    shows_log_lines = True

    def __init__(self, settings: Settings, store: Store, compute_logs: ComputeLogs, ticker: Ticker) -> None:
        super().__init__()
        self.settings = settings
        self.store = store
        self.compute_logs = compute_logs
        self.ticker = ticker
        self._recorders: dict[str, EventRecorder] = {}

    def __enter__(self) -> Self:
        return self

    def storage_directory(self) -> str:
        return os.path.join(self.settings.home, OUTPUTS)

    # Runs

    def create_run(self, run: PipelineRun) -> None:
        self.store.create_run(RunRecord(run))
        identity = process_of(os.getpid())
        self.record(
            engine_event(
                run,
                f"The run is executed by its author's own process {identity.pid}.",
                {"pid": identity.pid, PROCESS_LABEL: identity.to_text()},
            )
        )

    def get_run_by_id(self, run_id: str) -> PipelineRun | None:
        record = self.store.get_run(run_id)
        return None if record is None else record.pipeline_run

    def get_runs(self) -> list[PipelineRun]:
        return [record.pipeline_run for record in self.store.list_runs()]

    def delete_run(self, run_id: str) -> bool:
        """Remove a run, its events, its logs and the outputs in this instance's folder; whether there was one."""
        from shutil import rmtree

        if run_id == os.path.basename(run_id) and run_id.strip("."):
            rmtree(os.path.join(self.storage_directory(), run_id), ignore_errors=True)
        self.compute_logs.delete(run_id)
        return self.store.delete_run(run_id)

    # Events

    def record(self, event: Event) -> None:
        self.compute_logs.mark(event.timestamp)
        self._recorder(event.run_id).record(event)

    def all_logs(self, run_id: str) -> list[Event]:
        if run_id in self._recorders:
            self._recorders[run_id].flush()
        return [stored.event for stored in self.store.read_events(run_id)]

    def _recorder(self, run_id: str) -> EventRecorder:
        recorder = self._recorders.get(run_id)
        if recorder is None:
            recorder = self._recorders[run_id] = EventRecorder(self.store, run_id, self.ticker)
            recorder.start()
        return recorder

    # Output

    def capture_logs(self, run_id: str, step_key: str, attempt: int) -> AbstractContextManager[str]:
        return self.compute_logs.capture(run_id, step_key, attempt)

    def record_log(self, line: LogLine) -> None:
        self.compute_logs.write_line(line)

    def log_lines(self, run_id: str) -> list[LogLine]:
        from usercode_sdk.execution.log_manager import LogLine

        run = self.get_run_by_id(run_id)
        name = "" if run is None else run.pipeline_name
        return [
            LogLine(run_id, name, entry.step_key, entry.attempt, entry.level, entry.text, entry.timestamp)
            for entry in self.compute_logs.reader(run_id).read(to_the_end=True)
            if entry.level is not None
        ]

    # The end

    def flush(self) -> None:
        """Write the events that wait to be written."""
        for recorder in self._recorders.values():
            recorder.flush()

    def close(self) -> None:
        """Write what is left and let go of the store."""
        try:
            while self._recorders:
                self._recorders.popitem()[1].stop()
        finally:
            self.store.close()

    def dispose(self) -> None:
        """The same as ``close``: nothing here lasts only as long as the instance."""
        self.close()


def open_instance(home: str | None = None, *, echo: bool = False) -> PersistentInstance:
    """The instance of the folder ``home``, or of ``USERCODE_HOME``; folders and tables are made when missing.

    With ``echo``, the output of steps that this process executes also goes to its own stdout and
    stderr. Raises SettingsError and StorageError.
    """
    folder = home_folder(home)
    settings = load_settings(folder)
    for each in (folder, settings.storage_folder, settings.compute_logs_folder, os.path.join(folder, OUTPUTS)):
        _make_folder(each)
    ticker = Ticker()
    compute_logs = LocalComputeLogs(settings.compute_logs_folder, ticker, echo=echo)
    return PersistentInstance(
        settings, SQLiteStore(os.path.join(settings.storage_folder, DATABASE)), compute_logs, ticker
    )


def default_instance(home: str | None = None) -> PersistentInstance:
    """What ``DagsterInstance.get()`` and ``.local_temp()`` give; closed as the process ends."""
    import atexit

    instance = open_instance(home, echo=True)
    atexit.register(instance.close)
    return instance


def _make_folder(folder: str) -> None:
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise SettingsError(
            f"The folder {folder!r} can't be made: {why}. Name another one in USERCODE_HOME."
        ) from error
