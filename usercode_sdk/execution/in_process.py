"""Executes a whole run in this process, as the sequence of its events."""

from __future__ import annotations

import heapq
import os
import time
from collections.abc import Generator, Iterable, Iterator

from usercode_sdk.definitions.pipeline import PipelineDefinition
from usercode_sdk.error_info import error_info, message_of
from usercode_sdk.errors import (
    DagsterError,
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
from usercode_sdk.execution.user_code import INTERRUPTIONS
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
) -> Generator[Event, None, None]:
    """Executes a run, one step after the other, and gives each event as it happens.

    Records nothing: the caller does. With ``raise_on_error`` the author's exception is raised
    after the events that report it. Output values are put into ``captured_outputs`` if given.
    """
    yield _event_before(pipeline, run, EventType.PIPELINE_START, f'Started execution of pipeline "{pipeline.name}".')
    try:
        context = RunContext(pipeline, run, instance, captured_outputs)
        _check_executor(context)
    except Exception as error:  # also what we did not think of: every run that starts must end
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
        self._attempts: dict[str, int] = {}
        self._later: list[tuple[float, str]] = []
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
        failure: Exception | None = None
        try:
            failure = yield from self._make_resources()
            if failure is None:
                yield from self._steps()
        except INTERRUPTIONS as interruption:
            failure = None
            self._interruption = interruption
        except Exception as error:  # not the author's, but every run that starts must end
            failure = self._error = error
        finally:
            torn_down = self._teardown_failures()
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
        error = self._interruption or (self._error if self._raise_on_error else None)
        self._interruption = self._error = None
        if error is None:
            return
        try:
            raise error
        finally:
            del error  # its traceback leads to this frame: together they would outlive the run

    def _end(self, failure: Exception | None) -> Event:
        name = self._context.pipeline.name
        if self._interruption is not None:
            return self._context.event(EventType.PIPELINE_CANCELED, f'Execution of pipeline "{name}" canceled.')
        if failure is not None:
            return self._context.event(
                EventType.PIPELINE_FAILURE,
                f'Execution of pipeline "{name}" failed. {message_of(failure)}',
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
        keys = context.resource_keys_for(context.plan.steps.values())
        if not keys:
            return None
        names = ", ".join(sorted(keys))
        start = EngineEventData(marker_start="resources")
        yield self._engine(f"Starting initialization of resources [{names}].", start, self._only_step)
        try:
            context.make_resources(keys)
        except DagsterError as error:
            self._error = error
            data = EngineEventData(error=error_info(error), marker_end="resources")
            yield self._engine("Initialization of resources failed.", data, self._only_step)
            return error
        end = EngineEventData(marker_end="resources")
        yield self._engine(f"Finished initialization of resources [{names}].", end, self._only_step)
        return None

    @property
    def _only_step(self) -> str | None:
        """With a single step, the events of resources are marked as that step's, as in the solid-era log."""
        steps = self._context.plan.step_keys
        return steps[0] if len(steps) == 1 else None

    def _teardown_failures(self) -> list[Event]:
        return [
            self._engine(
                f"Teardown of resource {key!r} failed.", EngineEventData(error=error_info(error)), self._only_step
            )
            for key, error in self._context.resources.tear_down()
        ]

    # Steps

    def _steps(self) -> Iterator[Event]:
        while (step := self._next()) is not None:
            yield from self._attempt(step)
            if self._error is not None and self._raise_on_error:
                return

    def _next(self) -> Step | None:
        """The next step; waits when there are only steps to be tried again later."""
        while True:
            while self._later and self._later[0][0] <= time.monotonic():
                _, key = heapq.heappop(self._later)
                self._progress.try_again(self._context.plan.steps[key])
            step = self._progress.next_ready()
            if step is not None or not self._later:
                return step
            time.sleep(max(0.0, self._later[0][0] - time.monotonic()))

    def _attempt(self, step: Step) -> Iterator[Event]:
        number = self._attempts[step.key] = self._attempts.get(step.key, 0) + 1
        attempt = StepAttempt(self._context, step, number, self._progress.produced)
        yield from attempt.events()
        if attempt.outcome is StepOutcome.RETRY:
            self._try_again(step, attempt.seconds_to_wait)
            return
        if attempt.outcome is StepOutcome.SUCCESS:
            decisions = self._progress.finish(step, StepState.SUCCEEDED, attempt.outputs)
        else:
            self._error = attempt.error if self._raise_on_error else None
            # Its traceback leads back to the attempt: the step's values would stay in memory until a collection.
            attempt.error = None
            decisions = self._progress.finish(step, StepState.FAILED)
        yield from self._told(decisions)

    def _try_again(self, step: Step, seconds_to_wait: float) -> None:
        if seconds_to_wait > 0:
            heapq.heappush(self._later, (time.monotonic() + seconds_to_wait, step.key))
        else:
            self._progress.try_again(step)

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
