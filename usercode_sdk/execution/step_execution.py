"""One attempt of one step, as the sequence of events it makes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from enum import Enum

from usercode_sdk.error_info import error_info
from usercode_sdk.errors import (
    DagsterExecutionHandleOutputError,
    DagsterExecutionLoadInputError,
    DagsterExecutionStepExecutionError,
    DagsterUserCodeExecutionError,
)
from usercode_sdk.events import (
    Event,
    EventType,
    LogsCapturedData,
    StepFailureData,
    StepRetryData,
    StepSuccessData,
)
from usercode_sdk.execution.compute import user_events
from usercode_sdk.execution.run_context import RunContext
from usercode_sdk.execution.step_inputs import load_inputs
from usercode_sdk.execution.step_outputs import StepOutputs
from usercode_sdk.execution.step_scope import StepScope
from usercode_sdk.execution.user_code import INTERRUPTIONS
from usercode_sdk.plan import Step, StepOutputHandle
from usercode_sdk.user_events import AssetMaterialization, Failure, Output, RetryRequested

_RETRIED = (
    DagsterExecutionStepExecutionError,
    DagsterExecutionLoadInputError,
    DagsterExecutionHandleOutputError,
)
"""What a retry policy is for: the author's code raised, and not one of our own errors. A type check that
failed would only fail again."""


class StepOutcome(Enum):
    """How an attempt of a step ended."""

    SUCCESS = "SUCCESS"
    FAILURE = "FAILURE"
    RETRY = "RETRY"


class StepAttempt:
    """One attempt of a step: run :meth:`events` to its end, then read the outcome."""

    def __init__(self, run: RunContext, step: Step, attempt: int, produced: set[StepOutputHandle]) -> None:
        self._run = run
        self._step = step
        self._attempt = attempt
        self._produced = produced
        self._scope = StepScope(run, step, attempt)
        self._outputs = StepOutputs(self._scope)
        self.outcome = StepOutcome.FAILURE
        self.seconds_to_wait = 0.0
        self.error: BaseException | None = None
        """Why the attempt failed: the author's exception where there is one."""

    @property
    def outputs(self) -> set[StepOutputHandle]:
        """The outputs that were stored."""
        return self._outputs.handles

    def events(self) -> Iterator[Event]:
        """Executes the attempt; ends normally whatever the author's code does, but for interruptions."""
        with self._run.instance.capture_logs(self._run.run.run_id, self._step.key, self._attempt) as log_key:
            yield self._scope.event(EventType.LOGS_CAPTURED, "Captured the step's output.", LogsCapturedData(log_key))
            try:
                yield from self._work()
                self._outputs.capture()
                self.outcome = StepOutcome.SUCCESS
            except INTERRUPTIONS as interruption:
                yield self._failure(interruption, "The run was interrupted.")
                raise
            except RetryRequested as request:
                yield self._retry_or_failure(request, request.max_retries, request.seconds_to_wait or 0.0)
            except Failure as failure:
                yield self._failure(failure, failure.description or "The step failed on purpose.")
            except Exception as error:
                yield self._after_exception(error)

    def _work(self) -> Iterator[Event]:
        scope = self._scope
        yield self._start()
        started = time.perf_counter()
        values = yield from load_inputs(scope, self._produced)
        for event in user_events(self._step.definition, scope.context, values):
            if isinstance(event, Output):
                yield from self._outputs.take(event)
            elif isinstance(event, AssetMaterialization):
                yield scope.materialization(event)
            else:
                yield scope.expectation(event)
        yield from self._outputs.finish()
        duration = (time.perf_counter() - started) * 1000.0
        yield scope.event(
            EventType.STEP_SUCCESS,
            f'Finished execution of step "{self._step.key}" in {duration:.0f}ms.',
            StepSuccessData(duration),
        )

    def _start(self) -> Event:
        key = self._step.key
        if self._attempt > 1:
            message = f'Started re-execution (attempt # {self._attempt}) of step "{key}".'
            return self._scope.event(EventType.STEP_RESTARTED, message)
        return self._scope.event(EventType.STEP_START, f'Started execution of step "{key}".')

    def _after_exception(self, error: Exception) -> Event:
        policy = self._step.retry_policy
        if policy is None or not isinstance(error, _RETRIED):
            return self._failure(error, f'Execution of step "{self._step.key}" failed.')
        return self._retry_or_failure(error, policy.max_retries, policy.calculate_delay(self._attempt))

    def _retry_or_failure(self, error: Exception, max_retries: int, seconds_to_wait: float) -> Event:
        if not self._run.retries_enabled:
            return self._failure(error, f'Execution of step "{self._step.key}" failed; retries are disabled.')
        if self._attempt > max_retries:
            return self._failure(error, f"Exceeded max_retries of {max_retries}")
        self.outcome = StepOutcome.RETRY
        self.seconds_to_wait = seconds_to_wait
        wait = f" in {seconds_to_wait:g} seconds" if seconds_to_wait else ""
        return self._scope.event(
            EventType.STEP_UP_FOR_RETRY,
            f'Execution of step "{self._step.key}" failed and has requested a retry{wait}.',
            StepRetryData(error_info(error), seconds_to_wait),
        )

    def _failure(self, error: BaseException, message: str) -> Event:
        self.outcome = StepOutcome.FAILURE
        self.error = (error.user_exception if isinstance(error, DagsterUserCodeExecutionError) else None) or error
        failure = error if isinstance(error, Failure) else None
        return self._scope.event(
            EventType.STEP_FAILURE,
            message,
            StepFailureData(
                error_info(error),
                failure.description if failure else None,
                failure.metadata_entries if failure else (),
                _error_source(error),
            ),
        )


def _error_source(error: BaseException) -> str:
    if isinstance(error, INTERRUPTIONS):
        return "INTERRUPT"
    if isinstance(error, (DagsterUserCodeExecutionError, Failure, RetryRequested)):
        return "USER_CODE_ERROR"
    return "FRAMEWORK_ERROR"
