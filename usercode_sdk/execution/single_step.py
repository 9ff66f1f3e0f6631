"""Executes exactly one attempt of one step of an existing run, from what storage tells of the run."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator

from usercode_sdk.definitions.pipeline import PipelineDefinition
from usercode_sdk.error_info import error_info
from usercode_sdk.errors import (
    DagsterError,
    DagsterInvariantViolationError,
    DagsterUnmetExecutorRequirementsError,
)
from usercode_sdk.events import EngineEventData, Event, EventType, StepFailureData
from usercode_sdk.execution.in_process import skipped_event
from usercode_sdk.execution.progress import StepHistory, StepState, decide, history_of
from usercode_sdk.execution.run_context import RunContext
from usercode_sdk.execution.step_execution import StepAttempt
from usercode_sdk.instance import DagsterInstance
from usercode_sdk.pipeline_run import PipelineRun
from usercode_sdk.plan import Step


def run_step(
    pipeline: PipelineDefinition,
    run: PipelineRun,
    step_key: str,
    instance: DagsterInstance,
    history: Iterable[Event],
    attempt: int | None = None,
) -> Iterator[Event]:
    """One attempt of a step: its events, from the capture of its logs to its success, failure or retry.

    ``history`` is what happened in the run so far; it decides which inputs arrived. ``attempt``
    counts from 1 and is by default the one after the last.

    Raises DagsterExecutionStepNotFoundError for an unknown step, DagsterInvariantViolationError for
    one that is not ready or is over, DagsterUnmetExecutorRequirementsError when its values are only
    in another process's memory.
    """
    context = RunContext(pipeline, run, instance)
    step = context.plan.get_step(step_key)
    known = history_of(context.plan, history)
    number = _attempt_number(step, known, attempt)
    _check_ready(step, known)
    decision = decide(step, known.states, known.produced, context.plan)
    if decision is not None:
        yield skipped_event(context, decision)
        return
    _check_storage(context, step)
    yield from _attempt(context, step, number, known)


def _attempt(context: RunContext, step: Step, number: int, known: StepHistory) -> Iterator[Event]:
    try:
        made = yield from _make_resources(context, step, number)
        if made:
            yield from StepAttempt(context, step, number, known.produced).events()
    finally:
        torn_down = [
            _engine(context, step, f"Teardown of resource {key!r} failed.", EngineEventData(error=error_info(error)))
            for key, error in context.resources.tear_down()
        ]
    yield from torn_down


def _make_resources(context: RunContext, step: Step, number: int) -> Generator[Event, None, bool]:
    keys = context.resource_keys_for([step])
    if not keys:
        return True
    names = ", ".join(sorted(keys))
    start = EngineEventData(marker_start="resources")
    yield _engine(context, step, f"Starting initialization of resources [{names}].", start)
    try:
        context.make_resources(keys)
    except DagsterError as error:
        yield context.event(
            EventType.STEP_FAILURE,
            f'Execution of step "{step.key}" failed: its resources could not be made.',
            StepFailureData(error_info(error)),
            step.key,
            number,
        )
        return False
    yield _engine(
        context, step, f"Finished initialization of resources [{names}].", EngineEventData(marker_end="resources")
    )
    return True


def _engine(context: RunContext, step: Step, message: str, data: EngineEventData) -> Event:
    return context.event(EventType.ENGINE_EVENT, message, data, step.key)


def _attempt_number(step: Step, known: StepHistory, asked: int | None) -> int:
    following = known.attempts.get(step.key, 0) + 1
    if asked is not None and asked != following:
        raise DagsterInvariantViolationError(
            f"Step {step.key!r} can't be executed as attempt {asked}: the run's next attempt of it is {following}."
        )
    return following


def _check_ready(step: Step, known: StepHistory) -> None:
    state = known.states[step.key]
    if state.is_final and state is not StepState.ABANDONED:
        raise DagsterInvariantViolationError(f"Step {step.key!r} of this run is over: {state.value.lower()}.")
    waiting = sorted(key for key in step.depends_on if key in known.states and not known.states[key].is_final)
    if waiting:
        raise DagsterInvariantViolationError(
            f"Step {step.key!r} is not ready: it waits for {', '.join(map(repr, waiting))}. Execute these first."
        )
    failed = sorted(key for key in step.depends_on if known.states.get(key) in (StepState.FAILED, StepState.ABANDONED))
    if failed:
        raise DagsterInvariantViolationError(
            f"Step {step.key!r} can't be executed: {', '.join(map(repr, failed))} did not succeed."
        )


def _check_storage(context: RunContext, step: Step) -> None:
    handles = [handle for one in step.inputs for handle in one.sources]
    keys = {context.io_manager_key(handle) for handle in handles}
    if context.plan.downstream[step.key]:
        keys |= {one.io_manager_key for one in step.definition.output_defs}
    for key in sorted(keys):
        if getattr(context.resource_defs.get(key), "keeps_in_memory", False):
            raise DagsterUnmetExecutorRequirementsError(
                f"Step {step.key!r} can't be executed in a process of its own: IO manager {key!r} keeps values "
                "in memory. Give the mode an IO manager that stores them, such as fs_io_manager."
            )
