from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.sdk.observed import leaf, order
from usercode_sdk import (
    AssetKey,
    AssetMaterialization,
    CompositeSolidExecutionResult,
    DagsterInvariantViolationError,
    ExpectationResult,
    Output,
    OutputDefinition,
    PipelineExecutionResult,
    composite_solid,
    execute_pipeline,
    pipeline,
    solid,
)
from usercode_sdk.events import AssetMaterializationData, ExpectationResultData


@solid
def one(_: object) -> Iterator[object]:
    yield AssetMaterialization("table", tags={"k": "v"})
    yield ExpectationResult(False, "rows", "None.")
    yield Output(1)


@solid
def boom(_: object) -> int:
    raise ValueError


@solid
def eat(_: object, x: Any) -> Any:
    return x


@solid(output_defs=[OutputDefinition(int, "a"), OutputDefinition(int, "b", is_required=False)])
def half(_: object) -> Iterator[Output[int]]:
    yield Output(5, "a")


@composite_solid(output_defs=[OutputDefinition(name="b"), OutputDefinition(name="n")])
def inner() -> Any:
    return {"b": half().b, "n": one()}


@pipeline
def p() -> None:
    one()
    eat.alias("skipped")(half().b)
    eat(boom())
    inner()


@pytest.fixture(name="result", scope="module")
def _result() -> PipelineExecutionResult:
    return execute_pipeline(p, raise_on_error=False)


def test_success_is_of_the_whole_run(result: PipelineExecutionResult) -> None:
    assert not result.success
    assert result.pipeline_def is p
    assert len(result.run_id) == 36
    assert execute_pipeline(pipeline(name="q")(lambda: (one(), None)[1])).success


def test_each_solid_has_a_result_of_its_own(result: PipelineExecutionResult) -> None:
    found = [
        (one_result.solid.name, one_result.success, one_result.output_values) for one_result in result.solid_result_list
    ]
    assert found == [
        ("one", True, {"result": 1}),
        ("half", True, {"a": 5}),
        ("skipped", False, {}),
        ("boom", False, {}),
        ("eat", False, {}),
        ("inner", True, {"n": 1}),
    ]
    assert [leaf(result, name).skipped for name in ("skipped", "eat", "boom")] == [True, False, False]
    assert leaf(result, "boom").failure_data is not None
    assert leaf(result, "one").failure_data is None


def test_a_composite_leads_to_the_solids_inside(result: PipelineExecutionResult) -> None:
    composite = result.result_for_solid("inner")
    assert isinstance(composite, CompositeSolidExecutionResult)
    assert [one_result.solid.name for one_result in composite.solid_result_list] == ["half", "one"]
    assert composite.output_for_solid("half", "a") == 5
    assert composite.output_value("n") == 1
    assert result.output_for_solid("inner.half", "a") == 5
    assert leaf(result, "inner.one").step_key == "inner.one"
    assert [event.step_key for event in composite.event_list] == ["inner.half"] * 5 + ["inner.one"] * 7


def test_events_of_steps_are_those_of_their_own_life(result: PipelineExecutionResult) -> None:
    assert [event for event in result.step_event_list if event.step_key is None] == []
    assert order(leaf(result, "one").step_events) == [
        "LOGS_CAPTURED one",
        "STEP_START one",
        "ASSET_MATERIALIZATION one",
        "STEP_EXPECTATION_RESULT one",
        "STEP_OUTPUT one",
        "HANDLED_OUTPUT one",
        "STEP_SUCCESS one",
    ]
    assert order(event for event in result.step_event_list if event.step_key == "boom") == [
        "STEP_START boom",
        "STEP_FAILURE boom",
    ]


def test_what_a_solid_reported(result: PipelineExecutionResult) -> None:
    found = leaf(result, "one")
    assert found.materializations_during_compute == [
        AssetMaterializationData(AssetKey("table"), tags=(("k", "v"),)),
    ]
    assert found.expectation_results_during_compute == [ExpectationResultData(False, "rows", "None.")]
    assert found.retry_attempts == 0


def test_an_output_of_a_solid_that_did_not_succeed_is_none(result: PipelineExecutionResult) -> None:
    assert [result.output_for_solid(name) for name in ("boom", "eat", "skipped")] == [None, None, None]


def test_an_output_that_does_not_exist_or_did_not_come_is_refused(result: PipelineExecutionResult) -> None:
    def refused(name: str, output: str = "result") -> str:
        with pytest.raises(DagsterInvariantViolationError) as caught:
            result.output_for_solid(name, output)
        return str(caught.value)

    assert refused("half", "b") == "Output 'b' of solid 'half' did not come: the solid succeeded without it."
    assert refused("half", "c") == "Solid 'half' has no output 'c'. There are: 'a', 'b'."
    assert refused("onne") == "Pipeline 'p' has no solid 'onne'. Did you mean 'one'?"
    assert refused("inner.onne") == "Composite solid 'inner' has no solid 'onne'. Did you mean 'one'?"
    assert refused("inner") == "Composite solid 'inner' has no output 'result'."
    assert refused("inner", "b") == ("Output 'b' of solid 'inner.half' did not come: the solid succeeded without it.")
