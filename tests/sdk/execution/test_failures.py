"""What becomes of whatever an author's code raises."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.sdk.observed import ends, failure_of, leaf, order
from usercode_sdk import (
    DagsterExecutionInterruptedError,
    DagsterInstance,
    DagsterInvariantViolationError,
    DagsterTypeCheckDidNotPass,
    DagsterUnknownResourceError,
    EventMetadataEntry,
    Failure,
    ModeDefinition,
    Output,
    PipelineDefinition,
    PipelineRunStatus,
    execute_pipeline,
    execute_pipeline_iterator,
    pipeline,
    resource,
    solid,
)


def _raising(error: BaseException) -> PipelineDefinition:
    @solid
    def s(_: object) -> None:
        raise error

    @pipeline
    def p() -> None:
        s()

    return p


def test_an_exception_is_the_cause_of_the_failure() -> None:
    failure = failure_of(execute_pipeline(_raising(ValueError("v")), raise_on_error=False), "s")
    assert failure.error_source == "USER_CODE_ERROR"
    assert (failure.failure_description, failure.metadata_entries) == (None, ())
    error = failure.error
    assert (error.error_type, error.message, error.stack) == (
        "usercode_sdk.errors.DagsterExecutionStepExecutionError",
        "The code of step 's' raised ValueError.",
        (),
    )
    assert error.cause is not None
    assert (error.cause.error_type, error.cause.message, error.cause.cause) == ("ValueError", "v", None)
    (frame,) = error.cause.stack
    assert frame.splitlines()[1].strip() == "raise error"


def test_a_failure_carries_its_description_and_metadata() -> None:
    result = execute_pipeline(_raising(Failure("No rows.", metadata={"rows": 0})), raise_on_error=False)
    failure = failure_of(result, "s")
    assert (failure.error.error_type, failure.failure_description, failure.metadata_entries) == (
        "usercode_sdk.user_events.Failure",
        "No rows.",
        (EventMetadataEntry.int(0, "rows"),),
    )
    assert leaf(result, "s").failure_data == failure
    (message,) = [event.message for event in result.event_list if event.is_step_failure]
    assert message == "No rows."


def test_errors_of_our_own_classes_say_what_they_mean_by_themselves() -> None:
    failure = failure_of(execute_pipeline(_raising(DagsterInvariantViolationError("m")), raise_on_error=False), "s")
    assert (failure.error.error_type, failure.error.message, failure.error.cause) == (
        "usercode_sdk.errors.DagsterInvariantViolationError",
        "m",
        None,
    )
    assert failure.error_source == "FRAMEWORK_ERROR"


def test_a_resource_that_was_not_asked_for_is_unknown() -> None:
    @solid
    def s(context: Any) -> object:
        return context.resources.database

    @pipeline
    def p() -> None:
        s()

    with pytest.raises(DagsterUnknownResourceError) as caught:
        execute_pipeline(p)
    assert str(caught.value) == (
        "Unknown resource 'database'. Name it in required_resource_keys of the definition that asks for it, "
        "and give it in resource_defs of the mode."
    )


@pytest.mark.parametrize("error", [SystemExit(3), GeneratorExit(), StopIteration(5), RecursionError()], ids=repr)
def test_every_exception_but_an_interruption_fails_the_step_only(error: BaseException) -> None:
    result = execute_pipeline(_raising(error), raise_on_error=False)
    assert not result.success
    cause = failure_of(result, "s").error.cause
    assert cause is not None
    assert cause.error_type == type(error).__name__
    assert result.event_list[-1].is_pipeline_failure


def test_an_exception_whose_text_cannot_be_made_is_told_all_the_same() -> None:
    class Mute(Exception):
        def __str__(self) -> str:
            raise RuntimeError

    cause = failure_of(execute_pipeline(_raising(Mute()), raise_on_error=False), "s").error.cause
    assert cause is not None
    assert cause.message == "<the exception's message could not be made>"


def test_an_exception_after_an_output_fails_the_step() -> None:
    @solid
    def s(_: object) -> Iterator[Output[int]]:
        yield Output(1)
        raise ValueError

    @pipeline
    def p() -> None:
        s()

    assert order(execute_pipeline(p, raise_on_error=False).step_event_list) == [
        "STEP_START s",
        "STEP_OUTPUT s",
        "HANDLED_OUTPUT s",
        "STEP_FAILURE s",
    ]


def test_a_value_of_the_wrong_type_raises_where_it_is_asked_for() -> None:
    @solid
    def text(_: object) -> str:
        return "x"

    @solid
    def number(_: object, n: int) -> int:
        return n

    @pipeline
    def p() -> None:
        number(text())

    with pytest.raises(DagsterTypeCheckDidNotPass) as caught:
        execute_pipeline(p)
    assert str(caught.value) == (
        "Type check failed for input 'n' of step 'number', of type Int. Expected a value of type Int, got str."
    )


@pytest.mark.parametrize("interruption", [DagsterExecutionInterruptedError, KeyboardInterrupt])
@pytest.mark.parametrize("raise_on_error", [True, False])
def test_an_interruption_cancels_the_run_tears_down_and_is_raised(
    interruption: type[BaseException], raise_on_error: bool
) -> None:
    log: list[str] = []

    @resource
    def held(_: object) -> Iterator[int]:
        yield 1
        log.append("torn down")

    @solid(required_resource_keys={"held"})
    def s(_: object) -> Iterator[Output[int]]:
        try:
            raise interruption
        finally:
            log.append("step left")
        yield Output(1)

    @solid
    def after(_: object, x: int) -> None: ...

    @pipeline(mode_defs=[ModeDefinition(resource_defs={"held": held})])
    def p() -> None:
        after(s())

    instance = DagsterInstance.ephemeral()
    with pytest.raises(interruption):
        execute_pipeline(p, instance=instance, raise_on_error=raise_on_error)
    assert log == ["step left", "torn down"]
    (run,) = instance.get_runs()
    assert run.status is PipelineRunStatus.CANCELED
    events = instance.all_logs(run.run_id)
    assert order(events)[4:] == ["LOGS_CAPTURED s", "STEP_START s", "STEP_FAILURE s", "PIPELINE_CANCELED"]
    assert [event.message for event in events if event.is_step_failure] == ["The run was interrupted."]
    assert [event.data.error_source for event in events if event.is_step_failure] == ["INTERRUPT"]  # type: ignore[union-attr]  # a failure's data


def test_an_interruption_while_resources_are_made_cancels_the_run() -> None:
    @resource
    def slow(_: object) -> object:
        raise KeyboardInterrupt

    @solid(required_resource_keys={"slow"})
    def s(_: object) -> None: ...

    @pipeline(mode_defs=[ModeDefinition(resource_defs={"slow": slow})])
    def p() -> None:
        s()

    instance = DagsterInstance.ephemeral()
    with pytest.raises(KeyboardInterrupt):
        execute_pipeline(p, instance=instance)
    assert [run.status for run in instance.get_runs()] == [PipelineRunStatus.CANCELED]


def test_events_not_read_to_the_end_close_the_step_and_fail_the_run() -> None:
    log: list[str] = []

    @resource
    def held(_: object) -> Iterator[int]:
        yield 1
        log.append("torn down")

    @solid(required_resource_keys={"held"})
    def s(_: object) -> Iterator[Output[int]]:
        try:
            yield Output(1)
        finally:
            log.append("step left")

    @pipeline(mode_defs=[ModeDefinition(resource_defs={"held": held})])
    def p() -> None:
        s()

    instance = DagsterInstance.ephemeral()
    events = execute_pipeline_iterator(p, instance=instance)
    while next(events).type.value != "STEP_OUTPUT":
        pass
    events.close()
    assert log == ["step left", "torn down"]
    (run,) = instance.get_runs()
    last = instance.all_logs(run.run_id)[-1]
    assert (run.status, last.message) == (
        PipelineRunStatus.FAILURE,
        'Execution of pipeline "p" failed: its events were not read to the end.',
    )


def test_leaving_after_the_last_event_changes_nothing() -> None:
    @solid
    def s(_: object) -> None: ...

    @pipeline
    def p() -> None:
        s()

    instance = DagsterInstance.ephemeral()
    events = execute_pipeline_iterator(p, instance=instance)
    while not next(events).is_pipeline_success:
        pass
    events.close()
    assert [run.status for run in instance.get_runs()] == [PipelineRunStatus.SUCCESS]


def test_an_instance_that_breaks_ends_the_run_too() -> None:
    class Full(DagsterInstance):
        def capture_logs(self, run_id: str, step_key: str, attempt: int) -> Any:
            raise OSError("disk full")

    @solid
    def s(_: object) -> None: ...

    @pipeline
    def p() -> None:
        s()

    instance = Full()
    result = execute_pipeline(p, instance=instance, raise_on_error=False)
    assert ends(result.event_list) == {}
    assert result.event_list[-1].message == 'Execution of pipeline "p" failed. disk full'
    with pytest.raises(OSError, match="disk full"):
        execute_pipeline(p, instance=instance)
