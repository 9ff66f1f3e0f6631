"""Ends runs whose worker died without a word."""

from __future__ import annotations

from usercode_sdk.error_info import ErrorInfo
from usercode_server.engine_events import engine_event, run_failure
from usercode_server.errors import UserCodeError
from usercode_server.instance import PersistentInstance
from usercode_server.launchers.base import WorkerEnd
from usercode_server.storage.base import RunRecord
from usercode_server.storage.errors import RunEndedError

_ENDS_OF_STEPS = ("STEP_SUCCESS", "STEP_FAILURE", "STEP_UP_FOR_RETRY")


class WorkerDiedError(UserCodeError):
    """A run worker ended without ending its run."""


def end_run_of_dead_worker(instance: PersistentInstance, record: RunRecord, end: WorkerEnd) -> None:
    """Record that the worker of a run is gone; a run that has ended stays as it is."""
    run = record.pipeline_run
    state = instance.store.get_state(run.run_id)
    if state is None or state.status.is_finished:
        return
    message = f"The run worker ended without ending the run: {end.how}.{_steps_under_way(instance, run.run_id)}"
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


def _steps_under_way(instance: PersistentInstance, run_id: str) -> str:
    """Which step the worker was at, by its output: the start of a step may be lost with its worker."""
    ended = {
        (event.step_key, event.attempt) for event in instance.all_logs(run_id) if event.type.value in _ENDS_OF_STEPS
    }
    steps = [
        f"{key!r} (attempt {attempt})"
        for key, attempt in instance.compute_logs.attempts(run_id)
        if attempt > 0 and (key, attempt) not in ended
    ]
    return f" It was executing the step {', '.join(steps)}." if steps else ""
