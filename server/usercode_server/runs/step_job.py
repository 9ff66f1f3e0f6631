"""The step job: executes one attempt of one step of a run, knowing only the run's id and the storage."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from usercode_sdk.errors import DagsterError, DagsterExecutionInterruptedError, DagsterRunNotFoundError
from usercode_sdk.events import Event, EventType
from usercode_sdk.pipeline_run import PipelineRun
from usercode_server.engine_events import STEP_PROCESS_LABEL, engine_event
from usercode_server.errors import CodeLoadError, UserCodeError
from usercode_server.instance import PersistentInstance
from usercode_server.process import process_of
from usercode_server.runs.errors import RunNotExecutableError
from usercode_server.runs.history import step_process
from usercode_server.runs.interruption import Interruption
from usercode_server.runs.run_worker import load_pipeline
from usercode_server.storage.base import RunRecord

if TYPE_CHECKING:
    from usercode_sdk import PipelineDefinition

_STARTS = frozenset({EventType.STEP_START, EventType.STEP_RESTARTED})


def step_job(instance: PersistentInstance, run_id: str, step_key: str, attempt: int | None = None) -> None:
    """Execute one attempt of a step; on return its outcome, whatever it is, is recorded.

    Raises, with nothing of the step recorded: DagsterRunNotFoundError, RunNotExecutableError,
    DagsterExecutionStepNotFoundError, DagsterInvariantViolationError when the step is not ready or done
    already, and UserCodeError or DagsterError when the author's code can't be loaded.
    """
    record = _executable_run(instance, run_id)
    worker = os.getpid()
    try:
        with Interruption(instance.ticker) as interruption:
            pipeline = _load(instance, record, step_key, interruption)
            _execute(instance, record, pipeline, step_key, attempt, interruption)
    finally:
        if os.getpid() != worker:
            os._exit(1)  # a fork made by the author's code came up here: the step is not its own
    instance.flush()


def _executable_run(instance: PersistentInstance, run_id: str) -> RunRecord:
    record = instance.store.get_run(run_id)
    if record is None:
        raise DagsterRunNotFoundError(run_id)
    if record.status.is_finished:
        raise RunNotExecutableError(
            f"The run {run_id!r} has ended with the status {record.status.value}: its steps can't be executed."
        )
    if record.target is None:
        raise RunNotExecutableError(f"Storage does not know where the code of the run {run_id!r} is.")
    return record


def _load(
    instance: PersistentInstance, record: RunRecord, step_key: str, interruption: Interruption
) -> PipelineDefinition:
    try:
        return interruption.call(lambda: load_pipeline(record))
    except (UserCodeError, DagsterError) as error:
        info = error.error if isinstance(error, CodeLoadError) else None
        message = f"The step {step_key} can't be executed: {error}"
        instance.record(engine_event(record.pipeline_run, message, error=info, step_key=step_key))
        raise
    except (DagsterExecutionInterruptedError, KeyboardInterrupt) as error:
        raise RunNotExecutableError(f"The step {step_key!r} was not started. {error}") from error


def _execute(
    instance: PersistentInstance,
    record: RunRecord,
    pipeline: PipelineDefinition,
    step_key: str,
    attempt: int | None,
    interruption: Interruption,
) -> None:
    from usercode_sdk.execution import run_step

    run = record.pipeline_run
    stored = instance.store.read_events(run.run_id)
    history = [each.event for each in stored]
    _check_free(step_key, history)
    is_taken = False
    try:
        for event in interruption.events(run_step(pipeline, run, step_key, instance, history, attempt)):
            if not is_taken:  # only now: run_step() has nothing against the step
                _take(instance, run, step_key, after=stored[-1].number if stored else 0)
                is_taken = True
            instance.record(event)
            if event.type in _STARTS:
                instance.flush()  # a step that ends its process at once is known by its start
    except (DagsterExecutionInterruptedError, KeyboardInterrupt):
        instance.flush()  # the failure of the step is recorded: that is its outcome


def _check_free(step_key: str, history: Sequence[Event]) -> None:
    process = step_process(history, step_key)
    if process is not None and process.is_alive:
        raise RunNotExecutableError(f"The step {step_key!r} is being executed by process {process.pid}.")


def _take(instance: PersistentInstance, run: PipelineRun, step_key: str, after: int) -> None:
    """Record that this process executes the step, unless another one did so since the history was read."""
    identity = process_of(os.getpid())
    metadata = {"pid": identity.pid, STEP_PROCESS_LABEL: identity.to_text()}
    note = engine_event(run, f"The step job started as process {identity.pid}.", metadata, step_key=step_key)
    if not instance.store.append_if_first(note, after):
        raise RunNotExecutableError(f"The step {step_key!r} has just been taken by another step job.")
