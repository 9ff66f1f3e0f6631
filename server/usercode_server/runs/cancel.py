"""Stops a run: asks its worker to end it, or ends it when there is no worker any more."""

from __future__ import annotations

import signal
from time import monotonic, sleep

from usercode_sdk.events import EventType
from usercode_sdk.pipeline_run import PipelineRunStatus
from usercode_server.engine_events import run_event
from usercode_server.errors import UserCodeError
from usercode_server.instance import PersistentInstance
from usercode_server.process import ProcessIdentity
from usercode_server.runs.history import run_history
from usercode_server.storage.base import RunRecord
from usercode_server.storage.errors import RunEndedError

_WITHOUT_WORKER = (PipelineRunStatus.NOT_STARTED, PipelineRunStatus.QUEUED, PipelineRunStatus.MANAGED)


class RunNotCancelableError(UserCodeError):
    """The run can't be stopped from here."""


def cancel_run(instance: PersistentInstance, record: RunRecord, wait_seconds: float) -> PipelineRunStatus:
    """Stop a run, wait at most so long for its end, and return the status it then has.

    Raises RunNotCancelableError when the run has ended, or when it is executed by a process of another machine
    or by a living one of its author's own.
    """
    if record.status.is_finished:
        raise RunNotCancelableError(
            f"The run {record.run_id!r} has ended already, with the status {record.status.value}."
        )
    if record.status in _WITHOUT_WORKER:
        return _end(instance, record, "The run was canceled before it started.")
    workers = run_history(instance.all_logs(record.run_id)).workers
    living = [worker for worker in workers if worker.is_alive]
    if living and record.target is None:
        raise RunNotCancelableError(
            f"The run {record.run_id!r} is executed by process {living[-1].pid}, its author's own, which may be doing "
            "other work. End the run there, as with Ctrl-C; when that process is gone, cancel the run again."
        )
    if not living and not all(worker.is_here for worker in workers):
        raise RunNotCancelableError(
            f"The run {record.run_id!r} is executed by process {workers[-1].pid} of another machine or container. "
            "Send that process SIGTERM, or delete its Job: the run then ends as CANCELED."
        )
    return _stop(instance, record, living, wait_seconds)


def _stop(
    instance: PersistentInstance, record: RunRecord, workers: list[ProcessIdentity], wait_seconds: float
) -> PipelineRunStatus:
    run = record.pipeline_run
    try:
        instance.store.append_events(
            run.run_id, [run_event(run, EventType.PIPELINE_CANCELING, "The run is being canceled.")]
        )
    except RunEndedError as error:
        return error.status  # it ended by itself, just now
    told = [worker for worker in workers if worker.send(signal.SIGTERM)]
    deadline = monotonic() + wait_seconds
    while (status := _status(instance, record)) is PipelineRunStatus.CANCELING:
        if not any(worker.is_alive for worker in told):
            return _end(instance, record, "The run was canceled; its worker was gone.")
        if monotonic() > deadline:
            return status
        sleep(0.05)
    return status


def _end(instance: PersistentInstance, record: RunRecord, message: str) -> PipelineRunStatus:
    event = run_event(record.pipeline_run, EventType.PIPELINE_CANCELED, message)
    try:
        return instance.store.append_events(record.run_id, [event])
    except RunEndedError as error:
        return error.status


def _status(instance: PersistentInstance, record: RunRecord) -> PipelineRunStatus:
    state = instance.store.get_state(record.run_id)
    return PipelineRunStatus.CANCELED if state is None else state.status
