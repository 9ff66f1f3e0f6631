"""Starts run workers as processes of this machine, which outlive the one that starts them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from typing import NamedTuple

from usercode_sdk.error_info import error_info
from usercode_sdk.events import EventType
from usercode_server.engine_events import PROCESS_LABEL, engine_event, run_event, run_failure
from usercode_server.instance import PersistentInstance
from usercode_server.launchers.base import WorkerEnd
from usercode_server.launchers.errors import RunNotLaunchedError
from usercode_server.process import describe_exit, process_of
from usercode_server.storage.base import RunRecord

_LAST_LINES = 20
_LAST_BYTES = 16_000


class LocalRunLauncher:
    """Starts ``usercode api run-worker`` in a session of its own, with this process's environment."""

    def __init__(self, config: Mapping[str, object]) -> None:
        if config:
            names = ", ".join(map(str, config))  # not their values, which may be secrets
            raise RunNotLaunchedError(f"LocalRunLauncher takes no config; usercode.yaml gives it {names}.")

    def launch_run(self, record: RunRecord, instance: PersistentInstance) -> LocalWorker:
        run = record.pipeline_run
        log_path = os.path.join(instance.compute_logs.run_folder(run.run_id), "worker.txt")
        instance.record(run_event(run, EventType.PIPELINE_STARTING, "A worker is being started for the run."))
        try:
            process = _start(run.run_id, instance.settings.home, log_path)
        except OSError as error:
            instance.record(run_failure(run, "No worker could be started for the run.", error_info(error)))
            instance.flush()
            raise RunNotLaunchedError(f"The worker of run {run.run_id!r} can't be started: {error}") from error
        instance.record(
            engine_event(
                run,
                f"Started the run worker as process {process.pid}.",
                {"pid": process.pid, PROCESS_LABEL: process_of(process.pid).to_text(), "output": log_path},
            )
        )
        instance.flush()
        return LocalWorker(process, log_path)


class LocalWorker(NamedTuple):
    """A run worker that is a child of this process."""

    process: subprocess.Popen[bytes]
    log_path: str

    def ended(self) -> WorkerEnd | None:
        code = self.process.poll()
        return None if code is None else WorkerEnd(describe_exit(code), _last_lines(self.log_path))


def _start(run_id: str, home: str, log_path: str) -> subprocess.Popen[bytes]:
    # -P: the current folder may hold modules of the author's with the names of ours.
    command = [
        sys.executable,
        "-P",
        "-m",
        "usercode_server",
        "api",
        "run-worker",
        "--no-echo",
        "--run-id",
        run_id,
    ]
    with open(log_path, "ab") as log:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env={**os.environ, "USERCODE_HOME": home},
            start_new_session=True,
        )


def _last_lines(path: str) -> tuple[str, ...]:
    with open(path, "rb") as file:
        file.seek(0, os.SEEK_END)
        file.seek(max(0, file.tell() - _LAST_BYTES))
        return tuple(file.read().decode("utf-8", "replace").splitlines()[-_LAST_LINES:])
