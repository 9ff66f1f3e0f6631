"""The run worker: executes one whole run in this process, knowing only its id and the storage.

Whatever happens to the author's code, the run ends with a status and a reason in its events.
"""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

from usercode_sdk.error_info import error_info
from usercode_sdk.errors import DagsterError, DagsterExecutionInterruptedError, DagsterRunNotFoundError
from usercode_sdk.events import Event, EventType
from usercode_sdk.pipeline_run import PipelineRun, PipelineRunStatus
from usercode_server.engine_events import PROCESS_LABEL, engine_event, run_event, run_failure
from usercode_server.errors import CodeLoadError, UserCodeError
from usercode_server.instance import PersistentInstance
from usercode_server.loading import find_pipeline
from usercode_server.process import process_of
from usercode_server.runs.errors import RunNotExecutableError
from usercode_server.runs.history import run_history, worker_is_gone
from usercode_server.runs.interruption import Interruption
from usercode_server.storage.base import RunRecord
from usercode_server.storage.errors import RunEndedError, RunStartedTwiceError, StorageError

if TYPE_CHECKING:
    from usercode_sdk import PipelineDefinition


def run_worker(instance: PersistentInstance, run_id: str) -> bool:
    """Execute a run; whether it was executed and its status is recorded, be it a success or a failure.

    Raises DagsterRunNotFoundError and RunNotExecutableError for a run that is not this worker's to
    execute, and StorageError when its events can't be recorded.
    """
    record = startable_run(instance, run_id)
    run = record.pipeline_run
    worker = os.getpid()
    instance.record(_started(run))
    try:
        with Interruption(instance.ticker) as interruption:
            ended_well = _execute(instance, record, interruption)
    finally:
        if os.getpid() != worker:
            os._exit(1)  # a fork made by the author's code came up here: the run is not its own
    instance.record(engine_event(run, f"The run worker's process {worker} is done."))
    instance.flush()
    return ended_well


def startable_run(instance: PersistentInstance, run_id: str) -> RunRecord:
    """The record of a run that can be executed. Raises as :func:`run_worker` does."""
    record = instance.store.get_run(run_id)
    if record is None:
        raise DagsterRunNotFoundError(run_id)
    if record.status.is_finished:
        raise RunNotExecutableError(
            f"The run {run_id!r} has ended already, with the status {record.status.value}. Launch a new run."
        )
    if record.status in (PipelineRunStatus.STARTED, PipelineRunStatus.CANCELING):
        is_gone = worker_is_gone(record.status, run_history(instance.all_logs(run_id)).workers)
        advice = (
            f"its worker is gone. End it with `usercode run cancel {run_id}`, then launch a new run."
            if is_gone
            else "another worker executes it. See `usercode run show`."
        )
        raise RunNotExecutableError(f"The run {run_id!r} is {record.status.value}: {advice}")
    if record.target is None:
        raise RunNotExecutableError(
            f"The run {run_id!r} belongs to a process of its author's, and storage does not know its code. "
            "Launch a run with usercode run launch."
        )
    return record


def load_pipeline(record: RunRecord) -> PipelineDefinition:
    """The pipeline of a run, from the author's code. Raises UserCodeError or DagsterError."""
    assert record.target is not None
    return find_pipeline(record.target, record.repository_name, record.pipeline_run.pipeline_name)


def _started(run: PipelineRun) -> Event:
    identity = process_of(os.getpid())
    return engine_event(
        run,
        f"The run worker started as process {identity.pid}.",
        {"pid": identity.pid, PROCESS_LABEL: identity.to_text()},
    )


def _execute(instance: PersistentInstance, record: RunRecord, interruption: Interruption) -> bool:
    """Load and execute; False when the platform failed. In each case the run has ended."""
    run = record.pipeline_run
    try:
        pipeline = interruption.call(lambda: load_pipeline(record))
        return _execute_pipeline(instance, run, pipeline, interruption)
    except (DagsterExecutionInterruptedError, KeyboardInterrupt) as error:
        if not _has_ended(instance, run):
            instance.record(run_event(run, EventType.PIPELINE_CANCELED, f"The run was canceled. {error}".rstrip()))
        return True
    except (RunStartedTwiceError, RunEndedError):
        raise  # the run is another worker's, or over
    except DagsterRunNotFoundError:
        instance.delete_run(run.run_id)  # it was deleted: what its steps have stored since goes as well
        raise
    except StorageError as error:
        _try_to_end(instance, run, error)
        raise
    except (UserCodeError, DagsterError) as error:
        info = error.error if isinstance(error, CodeLoadError) else error_info(error)
        instance.record(engine_event(run, f"The run can't be executed: {error}", error=info))
        instance.record(run_failure(run, "The run can't be executed.", info))
        return True
    except BaseException as error:  # a SystemExit out of the author's code as well: the run must end
        from traceback import print_exc

        print_exc()
        instance.record(run_failure(run, "The run worker failed.", error_info(error)))
        return False


def _try_to_end(instance: PersistentInstance, run: PipelineRun, error: StorageError) -> None:
    """Storage failed once: where it works again, as after a lock or with space freed, the run gets its end."""
    with suppress(Exception):
        instance.record(run_failure(run, "The run's events could not be recorded.", error_info(error)))


def _execute_pipeline(
    instance: PersistentInstance, run: PipelineRun, pipeline: PipelineDefinition, interruption: Interruption
) -> bool:
    from usercode_sdk.execution import run_pipeline

    for event in interruption.events(run_pipeline(pipeline, run, instance)):
        instance.record(event)
    if not _has_ended(instance, run):
        raise RunNotExecutableError(f"The execution of the run {run.run_id!r} came to an end without a result.")
    return True


def _has_ended(instance: PersistentInstance, run: PipelineRun) -> bool:
    instance.flush()
    state = instance.store.get_state(run.run_id)
    return state is not None and state.status.is_finished
