from __future__ import annotations

from typing import Any

import pytest

from tests.sdk.observed import failure_of, leaf, step_order
from usercode_sdk import (
    DagsterInvariantViolationError,
    DagsterType,
    EventType,
    Failure,
    ModeDefinition,
    OutputDefinition,
    PipelineExecutionResult,
    RetryPolicy,
    RetryRequested,
    SolidDefinition,
    execute_pipeline,
    pipeline,
    resource,
    solid,
)
from usercode_sdk.events import StepRetryData


def _run(definition: SolidDefinition, policy: RetryPolicy | None = None) -> PipelineExecutionResult:
    @pipeline(solid_retry_policy=policy)
    def p() -> None:
        definition()

    return execute_pipeline(p, raise_on_error=False)


def _failing(error: Exception, **arguments: Any) -> SolidDefinition:
    @solid(name="s", **arguments)
    def s(_: object) -> None:
        raise error

    return s


def _waits(result: PipelineExecutionResult) -> list[float]:
    return [event.data.seconds_to_wait for event in result.event_list if isinstance(event.data, StepRetryData)]


def test_each_attempt_knows_its_number() -> None:
    @solid
    def s(context: Any) -> int:
        if context.retry_number < 2:
            raise RetryRequested(max_retries=2)
        return int(context.retry_number)

    result = _run(s)
    assert result.output_for_solid("s") == 2
    assert leaf(result, "s").retry_attempts == 2
    attempts = [(event.type.value, event.attempt) for event in result.event_list if event.type in _ATTEMPTS]
    assert attempts == [
        ("STEP_START", 1),
        ("STEP_UP_FOR_RETRY", 1),
        ("STEP_RESTARTED", 2),
        ("STEP_UP_FOR_RETRY", 2),
        ("STEP_RESTARTED", 3),
        ("STEP_SUCCESS", 3),
    ]


_ATTEMPTS = (EventType.STEP_START, EventType.STEP_RESTARTED, EventType.STEP_UP_FOR_RETRY, EventType.STEP_SUCCESS)


@pytest.mark.parametrize("retries", [0, 1, 3])
def test_a_request_is_granted_as_often_as_it_allows(retries: int) -> None:
    result = _run(_failing(RetryRequested(max_retries=retries)))
    assert step_order(result.event_list) == ["s"] * (retries + 1)
    failure = [event for event in result.event_list if event.type is EventType.STEP_FAILURE]
    assert [event.message for event in failure] == [f"Exceeded max_retries of {retries}"]


def test_a_request_keeps_its_cause() -> None:
    @solid
    def s(_: object) -> None:
        try:
            raise KeyError("k")
        except KeyError as error:
            raise RetryRequested(max_retries=0) from error

    error = failure_of(_run(s), "s").error
    assert error.cause is not None
    assert (error.error_type, error.cause.error_type) == ("usercode_sdk.user_events.RetryRequested", "KeyError")


def test_a_policy_tries_again_after_any_exception_of_the_author() -> None:
    result = _run(_failing(ValueError("v"), retry_policy=RetryPolicy(2)))
    assert step_order(result.event_list) == ["s", "s", "s"]
    error = failure_of(result, "s").error
    assert error.cause is not None
    assert (error.error_type, error.message, error.cause.error_type, error.cause.message) == (
        "usercode_sdk.errors.DagsterExecutionStepExecutionError",
        "The code of step 's' raised ValueError.",
        "ValueError",
        "v",
    )


@pytest.mark.parametrize(
    "error",
    [Failure("on purpose"), DagsterInvariantViolationError("ours"), RetryRequested(max_retries=0)],
    ids=lambda error: type(error).__name__,
)
def test_a_policy_is_not_for_what_the_author_means_nor_for_our_own_errors(error: Exception) -> None:
    assert step_order(_run(_failing(error, retry_policy=RetryPolicy(3))).event_list) == ["s"]


def test_a_policy_is_not_for_values_of_the_wrong_type_nor_for_type_checks() -> None:
    @solid(retry_policy=RetryPolicy(3), output_defs=[OutputDefinition(int)])
    def mistyped(_: object) -> Any:
        return "x"

    broken = DagsterType(lambda _context, _value: 1 / 0 > 1, name="Broken")

    @solid(retry_policy=RetryPolicy(3), output_defs=[OutputDefinition(broken)])
    def unchecked(_: object) -> Any:
        return "x"

    assert step_order(_run(mistyped).event_list) == ["mistyped"]
    assert step_order(_run(unchecked).event_list) == ["unchecked"]


def test_the_nearest_policy_counts() -> None:
    once, twice = RetryPolicy(1), RetryPolicy(2)
    assert len(step_order(_run(_failing(ValueError()), once).event_list)) == 2
    assert len(step_order(_run(_failing(ValueError(), retry_policy=twice), once).event_list)) == 3

    @pipeline(solid_retry_policy=twice)
    def p() -> None:
        _failing(ValueError(), retry_policy=twice).with_retry_policy(once)()

    assert len(step_order(execute_pipeline(p, raise_on_error=False).event_list)) == 2


def test_resources_live_through_all_attempts() -> None:
    made: list[int] = []

    @resource
    def counter(_: object) -> Any:
        made.append(1)
        yield made
        made.append(-1)

    @solid(required_resource_keys={"counter"}, retry_policy=RetryPolicy(1))
    def s(context: Any) -> int:
        if context.retry_number == 0:
            raise ValueError
        return len(context.resources.counter)

    @pipeline(mode_defs=[ModeDefinition(resource_defs={"counter": counter})])
    def p() -> None:
        s()

    assert execute_pipeline(p).output_for_solid("s") == 1
    assert made == [1, -1]


def test_delays_are_waited_while_other_steps_run(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        now[0] += seconds

    monkeypatch.setattr("usercode_sdk.execution.in_process.time.monotonic", lambda: now[0])
    monkeypatch.setattr("usercode_sdk.execution.in_process.time.sleep", sleep)

    @solid
    def late(context: Any) -> None:
        if context.retry_number == 0:
            raise RetryRequested(max_retries=1, seconds_to_wait=30)

    @solid
    def sooner(context: Any) -> None:
        if context.retry_number == 0:
            raise RetryRequested(max_retries=1, seconds_to_wait=10)

    @solid
    def other(_: object) -> None:
        now[0] += 2

    @pipeline
    def p() -> None:
        late()
        sooner()
        other()

    result = execute_pipeline(p)
    assert step_order(result.event_list) == ["late", "other", "sooner", "sooner", "late"]
    assert _waits(result) == [30, 10]
    assert slept == [10.0, 18.0]
    waiting = [event.message for event in result.event_list if event.type is EventType.STEP_UP_FOR_RETRY]
    assert waiting == [
        'Execution of step "late" failed and has requested a retry in 30 seconds.',
        'Execution of step "sooner" failed and has requested a retry in 10 seconds.',
    ]


def test_disabled_retries_fail_at_once() -> None:
    run_config: dict[str, object] = {"execution": {"in_process": {"config": {"retries": {"disabled": {}}}}}}

    @pipeline
    def p() -> None:
        _failing(ValueError(), retry_policy=RetryPolicy(3))()

    result = execute_pipeline(p, run_config, raise_on_error=False)
    assert step_order(result.event_list) == ["s"]
    (message,) = [event.message for event in result.event_list if event.type is EventType.STEP_FAILURE]
    assert message == 'Execution of step "s" failed; retries are disabled.'


def test_raising_raises_the_authors_exception_when_tries_are_used_up() -> None:
    @pipeline
    def p() -> None:
        _failing(ValueError("v"), retry_policy=RetryPolicy(1))()

    with pytest.raises(ValueError, match="v"):
        execute_pipeline(p)
