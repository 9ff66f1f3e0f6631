"""Random pipelines executed in one process, in memory, do what the model says."""

from __future__ import annotations

import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sdk.model.build import WIRINGS, Wiring, build_pipeline
from tests.sdk.model.cases import CASES, Case
from tests.sdk.model.drawing import pipelines
from tests.sdk.model.observing import faults_of_order, step_results
from tests.sdk.model.profile import MAX_STEPS, examples
from tests.sdk.model.semantics import expected
from tests.sdk.model.shapes import Pipeline, run_config
from usercode_sdk import DagsterInstance, EventType, PipelineRunStatus, execute_pipeline
from usercode_sdk.plan import create_execution_plan


@examples(500)
@given(pipelines(MAX_STEPS), st.sampled_from(WIRINGS))
def test_statuses_skips_attempts_events_and_values_are_those_of_the_model(shape: Pipeline, wiring: Wiring) -> None:
    check_in_process(shape, wiring)


@pytest.mark.parametrize("wiring", WIRINGS)
@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_so_are_those_of_rare_cases(case: Case, wiring: Wiring) -> None:
    check_in_process(case.pipeline, wiring)


def check_in_process(shape: Pipeline, wiring: Wiring) -> None:
    model = expected(shape)
    instance = Quiet()
    pipeline = build_pipeline(shape, wiring)
    result = execute_pipeline(pipeline, run_config(shape), instance=instance, raise_on_error=False)

    outputs = {
        (key, name): value for key in model.steps for name, value in result.result_for_solid(key).output_values.items()
    }
    assert step_results(result.event_list, model.steps, outputs) == model.steps
    assert faults_of_order(result.event_list, model) == []
    assert result.success is model.run_succeeds
    run_events = [event.type for event in result.event_list if event.step_key is None]
    assert [type_ for type_ in run_events if type_ is not EventType.ENGINE_EVENT] == [
        EventType.PIPELINE_START,
        EventType.PIPELINE_SUCCESS if model.run_succeeds else EventType.PIPELINE_FAILURE,
    ]
    run = instance.get_run_by_id(result.run_id)
    assert run is not None
    assert run.status is (PipelineRunStatus.SUCCESS if model.run_succeeds else PipelineRunStatus.FAILURE)


@examples(150)
@given(pipelines(MAX_STEPS), st.sampled_from(WIRINGS))
def test_what_is_not_executed_is_logged_with_its_reason(shape: Pipeline, wiring: Wiring) -> None:
    model = expected(shape)
    instance = Quiet()
    result = execute_pipeline(build_pipeline(shape, wiring), run_config(shape), instance=instance, raise_on_error=False)
    told = {line.step_key: line.message for line in instance.log_lines(result.run_id) if line.level == logging.ERROR}
    bad = {key for key, step in model.steps.items() if step.status in ("failure", "abandoned")}
    assert told == {
        key: f"Dependencies for step {key} failed: {', '.join(sorted(model.upstream[key] & bad))}. Not executing."
        for key, step in model.steps.items()
        if step.status == "abandoned"
    }


@examples(150)
@given(pipelines(MAX_STEPS))
def test_both_ways_of_wiring_give_the_plan_of_the_model(shape: Pipeline) -> None:
    model = expected(shape)
    for wiring in WIRINGS:
        plan = create_execution_plan(build_pipeline(shape, wiring), run_config(shape))
        assert {key: step.depends_on for key, step in plan.steps.items()} == model.upstream
        assert {key: step.priority for key, step in plan.steps.items()} == model.priorities
        before: set[str] = set()
        for key, step in plan.steps.items():
            assert step.depends_on <= before
            before.add(key)


class Quiet(DagsterInstance):
    """Keeps log lines and shows none."""

    shows_log_lines = True
