"""Executes a whole run in this process, as the sequence of its events."""

from __future__ import annotations

import heapq
import os
import time
from collections.abc import Generator, Iterable, Iterator

from usercode_sdk.definitions.pipeline import PipelineDefinition
from usercode_sdk.error_info import error_info
from usercode_sdk.errors import (
    DagsterError,
    DagsterExecutionInterruptedError,
    DagsterUnmetExecutorRequirementsError,
)
from usercode_sdk.events import (
    EngineEventData,
    Event,
    EventType,
    PipelineFailureData,
    StepSkippedData,
)
from usercode_sdk.execution.progress import Decision, Progress, StepState
from usercode_sdk.execution.run_context import RunContext
from usercode_sdk.execution.step_execution import StepAttempt, StepOutcome
from usercode_sdk.instance import DagsterInstance
from usercode_sdk.metadata import EventMetadataEntry
from usercode_sdk.pipeline_run import PipelineRun
from usercode_sdk.plan import Step, StepOutputHandle

_MAX_NAMED_STEPS = 100


def run_pipeline(
    pipeline: PipelineDefinition,
    run: PipelineRun,
    instance: DagsterInstance,
    *,
    raise_on_error: bool = False,
    captured_outputs: dict[StepOutputHandle, object] | None = None,
) -> Iterator[Event]:
    """Executes a run, one step after the other, and gives each event as it happens.

    Records nothing: the caller does. With ``raise_on_error`` the author's exception is raised
    after the events that report it. Output values are put into ``captured_outputs`` if given.
    """
    yield _event_before(pipeline, run, EventType.PIPELINE_START, f'Started execution of pipeline "{pipeline.name}".')
    try:
        context = RunContext(pipeline, run, instance, captured_outputs)
        _check_executor(context)
    except DagsterError as error:
        message = f'Execution of pipeline "{pipeline.name}" failed before its first step.'
        data = PipelineFailureData(error_info(error))
        yield _event_before(pipeline, run, EventType.PIPELINE_FAILURE, message, data)
        if raise_on_error:
            raise
        return
    yield from InProcessRun(context, raise_on_error).events()


def _event_before(
    pipeline: PipelineDefinition,
    run: PipelineRun,
    type_: EventType,
    message: str,
    data: PipelineFailureData | None = None,
) -> Event:
    """An event of a run whose context is not, or never will be, there."""
    return Event(type_, run.run_id, pipeline.name, message, time.time(), None, 0, data)


def _check_executor(context: RunContext) -> None:
    name = context.run_config.executor_name
    if name != "in_process":
        raise DagsterUnmetExecutorRequirementsError(
            f"The run config asks for executor {name!r}, which is not available here. "
            "Leave out 'execution', or use 'in_process'."
        )


class InProcessRun:
    """One run being executed."""

    def __init__(self, context: RunContext, raise_on_error: bool) -> None:
        self._context = context
        self._raise_on_error = raise_on_error
        self._progress = Progress(context.plan)
        self._retries: list[tuple[float, int, str, int]] = []
        self._error: BaseException | None = None
        self._interruption: BaseException | None = None

    def events(self) -> Iterator[Event]:
        """The events from the first engine event to the end of the pipeline."""
        context = self._context
        started = time.perf_counter()
        pid = os.getpid()
        steps = list(context.plan.steps)
        yield self._engine(
            f"Executing steps in process (pid: {pid})",
            EngineEventData(
                (
                    EventMetadataEntry.text(str(pid), "pid"),
                    EventMetadataEntry.text(_named(steps), "step_keys"),
                )
            ),
        )
        try:
            failure = yield from self._make_resources()
            if failure is None:
                yield from self._steps()
        except (DagsterExecutionInterruptedError, KeyboardInterrupt) as interruption:
            failure = None
            self._interruption = interruption
        finally:
            torn_down = list(self._teardown_failures())
        yield from torn_down
        if failure is None and self._interruption is None:
            elapsed = (time.perf_counter() - started) * 1000.0
            yield self._engine(
                f"Finished steps in process (pid: {pid}) in {elapsed:.0f}ms",
                EngineEventData((EventMetadataEntry.text(str(pid), "pid"),)),
            )
        yield self._end(failure)
        self._raise()

    def _raise(self) -> None:
        if self._interruption is not None:
            raise self._interruption
        if self._raise_on_error and self._error is not None:
            raise self._error

    def _end(self, failure: DagsterError | None) -> Event:
        name = self._context.pipeline.name
        if self._interruption is not None:
            return self._context.event(EventType.PIPELINE_CANCELED, f'Execution of pipeline "{name}" canceled.')
        if failure is not None:
            return self._context.event(
                EventType.PIPELINE_FAILURE,
                f'Execution of pipeline "{name}" failed. {failure}',
                PipelineFailureData(error_info(failure)),
            )
        failed = self._progress.failed_steps
        if failed:
            return self._context.event(
                EventType.PIPELINE_FAILURE,
                f'Execution of pipeline "{name}" failed. Steps failed: [{_named(failed)}].',
                PipelineFailureData(),
            )
        return self._context.event(EventType.PIPELINE_SUCCESS, f'Finished execution of pipeline "{name}".')

    # Resources

    def _make_resources(self) -> Generator[Event, None, DagsterError | None]:
        context = self._context
        steps = list(context.plan.steps.values())
        # With a single step the events are marked as that step's, as in the solid-era log.
        step_key = steps[0].key if len(steps) == 1 else None
        keys = sorted(context.resource_keys_for(steps) & context.resource_defs.keys())
        yield self._engine(
            f"Starting initialization of resources [{', '.join(keys)}].",
            EngineEventData(marker_start="resources"),
            step_key,
        )
        try:
            context.resources.make(keys)
        except DagsterError as error:
            self._error = error
            yield self._engine(
                "Initialization of resources failed.",
                EngineEventData(error=error_info(error), marker_end="resources"),
                step_key,
            )
            return error
        yield self._engine(
            f"Finished initialization of resources [{', '.join(keys)}].",
            EngineEventData(marker_end="resources"),
            step_key,
        )
        return None

    def _teardown_failures(self) -> Iterator[Event]:
        for key, error in self._context.resources.tear_down():
            yield self._engine(f"Teardown of resource {key!r} failed.", EngineEventData(error=error_info(error)))

    # Steps

    def _steps(self) -> Iterator[Event]:
        while True:
            taken = self._next()
            if taken is None:
                return
            step, attempt = taken
            yield from self._attempt(step, attempt)
            if self._error is not None and self._raise_on_error:
                return

    def _next(self) -> tuple[Step, int] | None:
        """The next step and its attempt; waits when there are only steps to be tried again later."""
        if self._retries and self._retries[0][0] <= time.monotonic():
            return self._take_retry()
        step = self._progress.next_ready()
        if step is not None:
            return step, 1
        if not self._retries:
            return None
        time.sleep(max(0.0, self._retries[0][0] - time.monotonic()))
        return self._take_retry()

    def _take_retry(self) -> tuple[Step, int]:
        _, _, key, attempt = heapq.heappop(self._retries)
        return self._context.plan.steps[key], attempt

    def _attempt(self, step: Step, number: int) -> Iterator[Event]:
        attempt = StepAttempt(self._context, step, number, self._progress.produced)
        yield from attempt.events()
        if attempt.outcome is StepOutcome.RETRY:
            at = time.monotonic() + attempt.seconds_to_wait
            heapq.heappush(self._retries, (at, number, step.key, number + 1))
            return
        if attempt.outcome is StepOutcome.SUCCESS:
            decisions = self._progress.finish(step, StepState.SUCCEEDED, attempt.outputs)
        else:
            self._error = self._error or attempt.error
            decisions = self._progress.finish(step, StepState.FAILED)
        yield from self._told(decisions)

    def _told(self, decisions: Iterable[Decision]) -> Iterator[Event]:
        for decision in decisions:
            if decision.state is StepState.SKIPPED:
                yield skipped_event(self._context, decision)
            else:
                tell_abandoned(self._context, decision)

    def _engine(self, message: str, data: EngineEventData, step_key: str | None = None) -> Event:
        return self._context.event(EventType.ENGINE_EVENT, message, data, step_key)


def skipped_event(context: RunContext, decision: Decision) -> Event:
    """Says that a step is skipped."""
    key = decision.step.key
    context.log.for_step(key, 0).info(f"Skipping step {key} due to missing inputs: {', '.join(decision.because)}")
    return context.event(
        EventType.STEP_SKIPPED,
        f'Skipped execution of step "{key}".',
        StepSkippedData(decision.because),
        key,
    )


def tell_abandoned(context: RunContext, decision: Decision) -> None:
    """Logs that a step is not executed since others failed; the event log has no event for that."""
    key = decision.step.key
    context.log.for_step(key, 0).error(
        f"Dependencies for step {key} failed: {', '.join(decision.because)}. Not executing."
    )


def _named(keys: list[str]) -> str:
    shown = ", ".join(repr(key) for key in keys[:_MAX_NAMED_STEPS])
    return shown if len(keys) <= _MAX_NAMED_STEPS else f"{shown} and {len(keys) - _MAX_NAMED_STEPS} more"
