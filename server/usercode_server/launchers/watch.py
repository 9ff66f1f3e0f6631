"""Ends runs whose worker died without a word."""

from __future__ import annotations

from usercode_sdk.error_info import ErrorInfo
from usercode_server.errors import UserCodeError
from usercode_server.instance import PersistentInstance
from usercode_server.launchers.base import WorkerEnd
from usercode_server.runs.engine_events import engine_event, run_failure
from usercode_server.storage.base import RunRecord
from usercode_server.storage.errors import RunEndedError


class WorkerDiedError(UserCodeError):
    """A run worker ended without ending its run."""


def end_run_of_dead_worker(instance: PersistentInstance, record: RunRecord, end: WorkerEnd) -> None:
    """Record that the worker of a run is gone; a run that has ended stays as it is."""
    run = record.pipeline_run
    state = instance.store.get_state(run.run_id)
    if state is None or state.status.is_finished:
        return
    message = f"The run worker ended without ending the run: {end.how}."
    output = "\n".join(end.last_lines)
    error = ErrorInfo(
        f"{WorkerDiedError.__module__}.{WorkerDiedError.__qualname__}",
        f"{message} Its last output:\n{output}" if output else message,
        (),
    )
    try:
        instance.store.append_events(
            run.run_id, [engine_event(run, message, error=error), run_failure(run, message, error)]
        )
    except RunEndedError:
        return  # it had ended the run after all, between our two looks
