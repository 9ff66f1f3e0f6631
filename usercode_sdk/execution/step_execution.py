"""One attempt of one step, as the sequence of events it makes."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterable, Iterator, Mapping
from enum import Enum
from types import GeneratorType

from usercode_sdk.error_info import error_info
from usercode_sdk.errors import (
    DagsterError,
    DagsterExecutionHandleOutputError,
    DagsterExecutionInterruptedError,
    DagsterExecutionLoadInputError,
    DagsterInvariantViolationError,
    DagsterStepOutputNotFoundError,
    DagsterTypeCheckDidNotPass,
    DagsterTypeCheckError,
    DagsterTypeLoadingError,
    DagsterUserCodeExecutionError,
)
from usercode_sdk.events import (
    AssetMaterializationData,
    Event,
    EventData,
    EventType,
    ExpectationResultData,
    HandledOutputData,
    LoadedInputData,
    LogsCapturedData,
    StepFailureData,
    StepInputData,
    StepOutputData,
    StepRetryData,
    StepSuccessData,
)
from usercode_sdk.execution.compute import user_events
from usercode_sdk.execution.io_contexts import InputContext, OutputContext
from usercode_sdk.execution.run_context import RunContext
from usercode_sdk.execution.solid_context import SolidExecutionContext
from usercode_sdk.metadata import EventMetadataEntry
from usercode_sdk.plan import Step, StepInput, StepOutputHandle
from usercode_sdk.plan.step import FanIn, FromConfig, FromDefault, FromUpstream, InputSource
from usercode_sdk.types import DagsterType
from usercode_sdk.user_events import (
    AssetMaterialization,
    ExpectationResult,
    Failure,
    Output,
    RetryRequested,
    TypeCheck,
)


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
        self._arrived = produced
        self.outcome = StepOutcome.FAILURE
        self.outputs: set[StepOutputHandle] = set()
        self._values: dict[StepOutputHandle, object] = {}
        self.seconds_to_wait = 0.0
        self.error: BaseException | None = None
        """Why the attempt failed: the author's exception where there is one."""

    def events(self) -> Iterator[Event]:
        """Executes the attempt; ends normally whatever the author's code does."""
        step = self._step
        instance = self._run.instance
        with instance.capture_logs(self._run.run.run_id, step.key, self._attempt) as log_key:
            yield self._event(EventType.LOGS_CAPTURED, "Captured the step's output.", LogsCapturedData(log_key))
            try:
                yield from self._work()
                self.outcome = StepOutcome.SUCCESS
                if self._run.captured_outputs is not None:
                    self._run.captured_outputs.update(self._values)
            except (DagsterExecutionInterruptedError, KeyboardInterrupt) as interruption:
                yield self._failure(interruption, "The run was interrupted.")
                raise
            except RetryRequested as request:
                yield self._retry_or_failure(request, request.max_retries, request.seconds_to_wait or 0.0)
            except Failure as failure:
                yield self._failure(failure, failure.description or "The step failed on purpose.")
            except Exception as error:
                yield self._after_exception(error)

    def _work(self) -> Iterator[Event]:
        step = self._step
        if self._attempt > 1:
            yield self._event(
                EventType.STEP_RESTARTED,
                f'Started re-execution (attempt # {self._attempt}) of step "{step.key}".',
            )
        else:
            yield self._event(EventType.STEP_START, f'Started execution of step "{step.key}".')
        started = time.perf_counter()
        log = self._run.log.for_step(step.key, self._attempt)
        context = SolidExecutionContext(self._run, step, log, self._attempt - 1)
        values: dict[str, object] = {}
        for one in step.inputs:
            if not one.definition.dagster_type.is_nothing:
                values[one.name] = yield from self._load(one, one.source, context)
        for one in step.inputs:
            if one.name in values:
                yield from self._check_input(one, values[one.name], context)
        for event in user_events(step.definition, context, values):
            if isinstance(event, Output):
                yield from self._output(event, context)
            elif isinstance(event, AssetMaterialization):
                yield self._materialization(event)
            else:
                yield self._expectation(event)
        yield from self._missing_outputs(context)
        duration = (time.perf_counter() - started) * 1000.0
        yield self._event(
            EventType.STEP_SUCCESS,
            f'Finished execution of step "{step.key}" in {duration:.0f}ms.',
            StepSuccessData(duration),
        )

    # Inputs

    def _load(
        self, one: StepInput, source: InputSource, context: SolidExecutionContext
    ) -> Generator[Event, None, object]:
        if isinstance(source, FromUpstream):
            return (yield from self._load_upstream(one, source.handle, context))
        if isinstance(source, FanIn):
            values: list[object] = []
            for item in source.items:
                if arrived(item, self._arrived, self._run.plan.steps):
                    values.append((yield from self._load(one, item, context)))
            return values
        if isinstance(source, FromConfig):
            return self._from_config(one, source)
        assert isinstance(source, FromDefault)  # Unfed inputs are of type Nothing and not loaded
        return source.value

    def _from_config(self, one: StepInput, source: FromConfig) -> object:
        loader = source.definition.dagster_type.loader
        assert loader is not None  # the schema has no entry for inputs without a loader
        try:
            return loader.construct_from_config_value(self, source.config)
        except Exception as error:
            raise DagsterTypeLoadingError(
                f"Making input {one.name!r} of step {self._step.key!r} from its run config failed.", error
            ) from error

    def _load_upstream(
        self, one: StepInput, handle: StepOutputHandle, context: SolidExecutionContext
    ) -> Generator[Event, None, object]:
        key = self._run.io_manager_key(handle)
        manager = self._run.resources.values[key]
        load = getattr(manager, "load_input", None)
        if load is None:
            raise _not_an_io_manager(key, manager)
        try:
            value = load(self._input_context(one, handle, key, context))
        except DagsterInvariantViolationError:
            raise
        except Exception as error:
            raise DagsterExecutionLoadInputError(
                f"IO manager {key!r} failed to load input {one.name!r} of step {self._step.key!r}.", error
            ) from error
        yield self._event(
            EventType.LOADED_INPUT,
            f'Loaded input "{one.name}" using input manager "{key}", from output "{handle.output_name}" of step '
            f'"{handle.step_key}"',
            LoadedInputData(one.name, key, handle.step_key, handle.output_name),
        )
        return value

    def _input_context(
        self, one: StepInput, handle: StepOutputHandle, key: str, context: SolidExecutionContext
    ) -> InputContext:
        upstream = self._run.full_plan.get_step(handle.step_key)
        return InputContext(
            one.name,
            self._run.pipeline.name,
            self._step.definition,
            None,
            one.definition.metadata,
            self._output_context(upstream, handle.output_name, key, context),
            one.definition.dagster_type,
            context.log,
            self._run.config_of_resource(key),
            self._run.resources_of(key),
        )

    def _check_input(self, one: StepInput, value: object, context: SolidExecutionContext) -> Iterator[Event]:
        dagster_type = one.definition.dagster_type
        check = _type_check(dagster_type, context, value)
        yield self._event(
            EventType.STEP_INPUT,
            f'Got input "{one.name}" of type "{dagster_type.display_name}".{_verdict(check)}',
            StepInputData(
                one.name, dagster_type.display_name, check.success, check.description, check.metadata_entries
            ),
        )
        if not check.success:
            raise _did_not_pass("input", one.name, self._step.key, dagster_type, check)

    # Outputs

    def _output(self, output: Output[object], context: SolidExecutionContext) -> Iterator[Event]:
        step = self._step
        definition = step.definition.output_dict.get(output.output_name)
        if definition is None:
            known = ", ".join(map(repr, step.definition.output_dict)) or "none"
            raise DagsterInvariantViolationError(
                f"Step {step.key!r} yielded an output named {output.output_name!r}. Its outputs: {known}."
            )
        handle = StepOutputHandle(step.key, output.output_name)
        if handle in self.outputs:
            raise DagsterInvariantViolationError(
                f"Step {step.key!r} yielded output {output.output_name!r} twice. Yield each output once."
            )
        dagster_type = definition.dagster_type
        check = _type_check(dagster_type, context, output.value)
        yield self._event(
            EventType.STEP_OUTPUT,
            f'Yielded output "{output.output_name}" of type "{dagster_type.display_name}".{_verdict(check)}',
            StepOutputData(
                output.output_name,
                dagster_type.display_name,
                check.success,
                check.description,
                (*output.metadata_entries, *check.metadata_entries),
            ),
        )
        if not check.success:
            raise _did_not_pass("output", output.output_name, step.key, dagster_type, check)
        yield from self._store(handle, output.value, definition.io_manager_key, context)
        self.outputs.add(handle)
        if self._run.captured_outputs is not None:
            self._values[handle] = output.value

    def _store(
        self, handle: StepOutputHandle, value: object, key: str, context: SolidExecutionContext
    ) -> Iterator[Event]:
        manager = self._run.resources.values[key]
        store = getattr(manager, "handle_output", None)
        if store is None:
            raise _not_an_io_manager(key, manager)
        try:
            told = store(self._output_context(self._step, handle.output_name, key, context), value)
            reported = list(_reported(told))
        except DagsterInvariantViolationError:
            raise
        except Exception as error:
            raise DagsterExecutionHandleOutputError(
                f"IO manager {key!r} failed to store output {handle.output_name!r} of step {self._step.key!r}.",
                error,
            ) from error
        entries = []
        for one in reported:
            if isinstance(one, AssetMaterialization):
                yield self._materialization(one)
            elif isinstance(one, EventMetadataEntry):
                entries.append(one)
            else:
                raise DagsterInvariantViolationError(
                    f"IO manager {key!r} gave a {type(one).__name__} from handle_output. "
                    "Give AssetMaterialization or EventMetadataEntry, or nothing."
                )
        yield self._event(
            EventType.HANDLED_OUTPUT,
            f'Handled output "{handle.output_name}" using IO manager "{key}"',
            HandledOutputData(handle.output_name, key, tuple(entries)),
        )

    def _output_context(self, step: Step, output_name: str, key: str, context: SolidExecutionContext) -> OutputContext:
        definition = step.definition.output_dict[output_name]
        return OutputContext(
            step.key,
            output_name,
            self._run.pipeline.name,
            self._run.run.run_id,
            definition.metadata,
            None,
            None,
            step.definition,
            definition.dagster_type,
            context.log,
            None,
            self._run.config_of_resource(key),
            self._run.resources_of(key),
        )

    def _missing_outputs(self, context: SolidExecutionContext) -> Iterator[Event]:
        """Optional outputs may stay away, Nothing outputs else come by themselves, others must have come."""
        step = self._step
        if len(self.outputs) == len(step.definition.output_defs):
            return
        for definition in step.definition.output_defs:
            if StepOutputHandle(step.key, definition.name) in self.outputs:
                continue
            if not definition.is_required:
                context.log.info(f"Output {definition.name!r} of step {step.key!r} did not fire")
            elif definition.dagster_type.is_nothing:
                yield from self._output(Output(None, definition.name), context)
            else:
                raise DagsterStepOutputNotFoundError(
                    f"Step {step.key!r} ended without its required output {definition.name!r}. Yield it, "
                    "or define it with is_required=False.",
                    step.key,
                    definition.name,
                )

    # Other events

    def _materialization(self, one: AssetMaterialization) -> Event:
        data = AssetMaterializationData(
            one.asset_key,
            one.description,
            one.metadata_entries,
            one.partition,
            tuple(sorted(one.tags.items())),
        )
        message = one.description or f"Materialized value {one.label}."
        return self._event(EventType.ASSET_MATERIALIZATION, message, data)

    def _expectation(self, one: ExpectationResult) -> Event:
        word = "passed" if one.success else "failed"
        return self._event(
            EventType.STEP_EXPECTATION_RESULT,
            f"Expectation {one.label} {word}",
            ExpectationResultData(one.success, one.label, one.description, one.metadata_entries),
        )

    def _event(self, type_: EventType, message: str, data: EventData | None = None) -> Event:
        return self._run.event(type_, message, data, self._step.key, self._attempt)

    # Ends

    def _after_exception(self, error: Exception) -> Event:
        policy = self._step.retry_policy
        if policy is None or not _is_authors(error):
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
        return self._event(
            EventType.STEP_UP_FOR_RETRY,
            f'Execution of step "{self._step.key}" failed and has requested a retry{wait}.',
            StepRetryData(error_info(error), seconds_to_wait),
        )

    def _failure(self, error: BaseException, message: str) -> Event:
        self.outcome = StepOutcome.FAILURE
        self.error = (error.user_exception if isinstance(error, DagsterUserCodeExecutionError) else None) or error
        failure = error if isinstance(error, Failure) else None
        return self._event(
            EventType.STEP_FAILURE,
            message,
            StepFailureData(
                error_info(error),
                failure.description if failure else None,
                failure.metadata_entries if failure else (),
                "USER_CODE_ERROR" if failure or isinstance(error, DagsterUserCodeExecutionError) else "FRAMEWORK_ERROR",
            ),
        )


def arrived(source: InputSource, produced: set[StepOutputHandle], planned: Mapping[str, object]) -> bool:
    """Whether a source gives anything; outputs of steps outside the plan are taken to be stored already."""
    if isinstance(source, FromUpstream):
        return source.handle in produced or source.handle.step_key not in planned
    if isinstance(source, FanIn):
        return not source.items or any(arrived(item, produced, planned) for item in source.items)
    return True


def _is_authors(error: Exception) -> bool:
    """Whether a retry policy is for this: code of the author's raised, and not one of our own errors."""
    if not isinstance(error, DagsterUserCodeExecutionError):
        return False
    return not isinstance(error.user_exception, DagsterError)


def _type_check(dagster_type: DagsterType, context: object, value: object) -> TypeCheck:
    try:
        return dagster_type.type_check(context, value)
    except DagsterTypeCheckError:
        raise
    except Exception as error:
        raise DagsterTypeCheckError(
            f"The type check of type {dagster_type.display_name!r} raised {type(error).__name__}.", error
        ) from error


def _verdict(check: TypeCheck) -> str:
    return " (Type check passed)." if check.success else " (Type check failed)."


def _did_not_pass(
    what: str, name: str, step_key: str, dagster_type: DagsterType, check: TypeCheck
) -> DagsterTypeCheckDidNotPass:
    return DagsterTypeCheckDidNotPass(
        f"Type check failed for {what} {name!r} of step {step_key!r}, of type {dagster_type.display_name}. "
        f"{check.description or ''}".rstrip(),
        check.metadata_entries,
        dagster_type,
    )


def _reported(told: object) -> Iterable[object]:
    if told is None:
        return ()
    if isinstance(told, (GeneratorType, list, tuple)) and not isinstance(told, EventMetadataEntry):
        return told
    return (told,)


def _not_an_io_manager(key: str, manager: object) -> DagsterInvariantViolationError:
    return DagsterInvariantViolationError(
        f"Resource {key!r} stores outputs, but it is a {type(manager).__name__}, which is not an IO manager. "
        "Give one made with @io_manager."
    )
