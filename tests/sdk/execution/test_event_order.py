"""The order of events in the recorded runs of Dagster 0.11.16, event for event.

The recorded lines of ``context.log`` are left out: they are no events.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.sdk.observed import order
from usercode_sdk import (
    AssetMaterialization,
    ExpectationResult,
    Output,
    OutputDefinition,
    RetryPolicy,
    RetryRequested,
    composite_solid,
    execute_pipeline,
    pipeline,
    solid,
)

_BEFORE = ["PIPELINE_START", "ENGINE_EVENT", "ENGINE_EVENT", "ENGINE_EVENT"]
_SUCCESS = ["ENGINE_EVENT", "PIPELINE_SUCCESS"]
_FAILURE = ["ENGINE_EVENT", "PIPELINE_FAILURE"]


def _before_single(step: str) -> list[str]:
    """With a single step the resources' events are marked as that step's."""
    return ["PIPELINE_START", "ENGINE_EVENT", f"ENGINE_EVENT {step}", f"ENGINE_EVENT {step}"]


def _of(step: str, *types: str) -> list[str]:
    return [f"{type_} {step}" for type_ in types]


def _whole(step: str, inputs: int = 0) -> list[str]:
    """A step that loads inputs and stores one output."""
    loaded = ["LOADED_INPUT"] * inputs + ["STEP_INPUT"] * inputs
    return _of(step, "LOGS_CAPTURED", "STEP_START", *loaded, "STEP_OUTPUT", "HANDLED_OUTPUT", "STEP_SUCCESS")


@solid
def after(_: object, x: Any) -> Any:
    return x


@solid
def down_a(_: object, x: Any) -> Any:
    return x


def test_two_steps() -> None:
    @solid
    def one(context: Any) -> int:
        context.log.info("working")
        return 1

    @solid
    def two(_: object, x: int) -> Iterator[object]:
        yield AssetMaterialization("table")
        yield ExpectationResult(True)
        yield Output(x)

    @pipeline
    def p() -> None:
        two(one())

    assert order(execute_pipeline(p).event_list) == [
        *_BEFORE,
        *_of("one", "LOGS_CAPTURED", "STEP_START", "STEP_OUTPUT", "HANDLED_OUTPUT", "STEP_SUCCESS"),
        *_of("two", "LOGS_CAPTURED", "STEP_START", "LOADED_INPUT", "STEP_INPUT"),
        *_of("two", "ASSET_MATERIALIZATION", "STEP_EXPECTATION_RESULT"),
        *_of("two", "STEP_OUTPUT", "HANDLED_OUTPUT", "STEP_SUCCESS"),
        *_SUCCESS,
    ]


def test_failing() -> None:
    @solid
    def boom(_: object) -> None:
        raise ValueError

    @pipeline
    def p() -> None:
        after(boom())

    assert order(execute_pipeline(p, raise_on_error=False).event_list) == [
        *_BEFORE,
        *_of("boom", "LOGS_CAPTURED", "STEP_START", "STEP_FAILURE"),
        *_FAILURE,
    ]


def _flaky(failures: int) -> Any:
    tries: list[int] = []

    @solid
    def flaky(_: object) -> int:
        tries.append(1)
        if len(tries) <= failures:
            raise RetryRequested(max_retries=failures)
        return len(tries)

    @pipeline
    def p() -> None:
        after(flaky())

    return p


def test_retry_requested() -> None:
    assert order(execute_pipeline(_flaky(2)).event_list) == [
        *_BEFORE,
        *_of("flaky", "LOGS_CAPTURED", "STEP_START", "STEP_UP_FOR_RETRY"),
        *_of("flaky", "LOGS_CAPTURED", "STEP_RESTARTED", "STEP_UP_FOR_RETRY"),
        *_of("flaky", "LOGS_CAPTURED", "STEP_RESTARTED", "STEP_OUTPUT", "HANDLED_OUTPUT", "STEP_SUCCESS"),
        *_whole("after", 1),
        *_SUCCESS,
    ]


def test_retry_disabled() -> None:
    run_config: dict[str, object] = {"execution": {"in_process": {"config": {"retries": {"disabled": {}}}}}}
    assert order(execute_pipeline(_flaky(2), run_config, raise_on_error=False).event_list) == [
        *_BEFORE,
        *_of("flaky", "LOGS_CAPTURED", "STEP_START", "STEP_FAILURE"),
        *_FAILURE,
    ]


def test_retry_policy() -> None:
    tries: list[int] = []

    @solid(retry_policy=RetryPolicy(max_retries=2))
    def polflaky(_: object) -> int:
        tries.append(1)
        if len(tries) < 2:
            raise ValueError
        return 1

    @pipeline
    def p() -> None:
        polflaky()

    assert order(execute_pipeline(p).event_list) == [
        *_before_single("polflaky"),
        *_of("polflaky", "LOGS_CAPTURED", "STEP_START", "STEP_UP_FOR_RETRY"),
        *_of("polflaky", "LOGS_CAPTURED", "STEP_RESTARTED", "STEP_OUTPUT", "HANDLED_OUTPUT", "STEP_SUCCESS"),
        *_SUCCESS,
    ]


def test_skipping() -> None:
    @solid(output_defs=[OutputDefinition(name="a", is_required=False), OutputDefinition(name="b", is_required=False)])
    def branch(_: object) -> Iterator[Output[int]]:
        yield Output(1, "a")

    @solid
    def fan(_: object, values: Any) -> Any:
        return values

    @pipeline
    def p() -> None:
        branches = branch()
        down_a(branches.a)
        db2 = down_a.alias("db2")(branches.b)
        fan([branches.a, db2])

    result = execute_pipeline(p)
    assert order(result.event_list) == [
        *_BEFORE,
        *_of("branch", "LOGS_CAPTURED", "STEP_START", "STEP_OUTPUT", "HANDLED_OUTPUT", "STEP_SUCCESS"),
        "STEP_SKIPPED db2",
        *_whole("down_a", 1),
        *_whole("fan", 1),
        *_SUCCESS,
    ]
    assert result.output_for_solid("fan") == [1]


def test_typefail() -> None:
    @solid(output_defs=[OutputDefinition(int)])
    def typed(_: object) -> Any:
        return "x"

    @pipeline
    def p() -> None:
        typed()

    assert order(execute_pipeline(p, raise_on_error=False).event_list) == [
        *_before_single("typed"),
        *_of("typed", "LOGS_CAPTURED", "STEP_START", "STEP_OUTPUT", "STEP_FAILURE"),
        *_FAILURE,
    ]


def test_composite() -> None:
    @solid
    def compsol(_: object) -> int:
        return 1

    @composite_solid
    def comp() -> Any:
        return down_a(compsol())

    @pipeline
    def p() -> None:
        comp()

    assert order(execute_pipeline(p).event_list) == [
        *_BEFORE,
        *_whole("comp.compsol"),
        *_whole("comp.down_a", 1),
        *_SUCCESS,
    ]


def test_without_resources_there_are_no_events_of_resources() -> None:
    @solid(output_defs=[])
    def quiet(_: object) -> None: ...

    @pipeline
    def p() -> None:
        quiet()

    assert order(execute_pipeline(p).event_list) == [
        "PIPELINE_START",
        "ENGINE_EVENT",
        *_of("quiet", "LOGS_CAPTURED", "STEP_START", "STEP_SUCCESS"),
        *_SUCCESS,
    ]


def test_all_inputs_are_loaded_before_the_first_is_checked() -> None:
    @solid
    def one(_: object) -> int:
        return 1

    @solid
    def pair(_: object, a: int, b: int) -> int:
        return a + b

    @pipeline
    def p() -> None:
        pair(one(), one())

    assert order(execute_pipeline(p).event_list)[-11:-2] == _whole("pair", 2)
