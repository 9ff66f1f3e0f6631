"""Random pipelines executed one step at a time, in any legal order, do what the model says.

Each attempt gets everything anew: the pipeline from its data, an instance that knows nothing, the events so
far as bytes. So nothing passes from step to step but stored outputs and events.
"""

from __future__ import annotations

import pickle
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sdk.model.build import PIPELINE_NAME, WIRINGS, Wiring, build_pipeline
from tests.sdk.model.cases import CASES, Case
from tests.sdk.model.drawing import pipelines
from tests.sdk.model.observing import STEP_ENDS, ready_steps, step_results, stored_outputs
from tests.sdk.model.profile import MAX_STEPS, examples
from tests.sdk.model.semantics import Expected, StepResult, expected
from tests.sdk.model.shapes import Pipeline, from_json, run_config, to_json
from usercode_sdk import DagsterInstance, DagsterInvariantViolationError, Event, EventType, PipelineRun
from usercode_sdk.execution import run_step

PICKS = st.lists(st.integers(0, 11), min_size=1, max_size=8)
"""Which of the steps that are ready is next; over again from the front when they are used up."""

RUN_ID = "the-run"


@examples(120)
@given(pipelines(MAX_STEPS), st.sampled_from(WIRINGS), PICKS)
def test_any_legal_order_gives_the_steps_of_the_model(shape: Pipeline, wiring: Wiring, picks: list[int]) -> None:
    check_order(shape, wiring, picks)


@pytest.mark.parametrize("wiring", WIRINGS)
@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_so_do_the_orders_of_rare_cases(case: Case, wiring: Wiring) -> None:
    check_order(case.pipeline, wiring, [0])
    check_order(case.pipeline, wiring, [5, 4, 3])


def check_order(shape: Pipeline, wiring: Wiring, picks: list[int]) -> None:
    model = expected(shape)
    with TemporaryDirectory() as folder:
        job = StepJobs(to_json(shape), wiring, folder)
        turn = 0
        while ready := ready_steps(job.history, model):
            job.execute(ready[picks[turn % len(picks)] % len(ready)])
            turn += 1
        assert job.results(model) == model.steps
        assert turn == sum(max(step.attempts, step.status == "skipped") for step in model.steps.values())


@examples(60)
@given(pipelines(MAX_STEPS), st.sampled_from(WIRINGS), PICKS)
def test_a_step_that_is_over_not_ready_or_cut_off_is_refused_and_leaves_no_event(
    shape: Pipeline, wiring: Wiring, picks: list[int]
) -> None:
    model = expected(shape)
    with TemporaryDirectory() as folder:
        job = StepJobs(to_json(shape), wiring, folder)
        turn = 0
        while True:
            ready = ready_steps(job.history, model)
            pick = picks[turn % len(picks)]
            refused = [key for key in model.steps if key not in ready]
            if refused:
                key = refused[pick % len(refused)]
                with pytest.raises(DagsterInvariantViolationError) as refusal:
                    job.execute(key)
                assert why_not(key, job.history, model) in str(refusal.value)
            if not ready:
                break
            job.execute(ready[pick % len(ready)])
            turn += 1
        assert job.results(model) == model.steps


def why_not(key: str, history: list[Event], model: Expected) -> str:
    """What the refusal of a step says, by what happened so far."""
    ends = {event.step_key: event.type for event in history if event.type in STEP_ENDS}
    cut_off = {one for one, end in ends.items() if end is EventType.STEP_FAILURE}
    for one, upstream in model.upstream.items():  # each after those it depends on
        if upstream & cut_off:
            cut_off.add(one)
    if key in ends:
        return f"Step {key!r} of this run is over"
    if model.upstream[key] <= ends.keys() | cut_off:
        return f"Step {key!r} can't be executed"
    return f"Step {key!r} is not ready"


class StepJobs:
    """A run whose steps are executed one by one, in one folder."""

    def __init__(self, document: bytes, wiring: Wiring, folder: str) -> None:
        self._document = document
        self._wiring = wiring
        self._folder = folder
        self.history: list[Event] = []

    def execute(self, step_key: str) -> None:
        """One attempt of one step, from data and files alone."""
        shape = from_json(self._document)
        pipeline = build_pipeline(shape, self._wiring)
        run = PipelineRun(RUN_ID, PIPELINE_NAME, run_config(shape), "default")
        history: list[Event] = pickle.loads(pickle.dumps(self.history))
        with Folder(self._folder) as instance:
            for event in run_step(pipeline, run, step_key, instance, history):
                self.history.append(event)

    def results(self, model: Expected) -> dict[str, StepResult]:
        """What came of the steps, by their events and the files."""
        return step_results(self.history, model.steps, stored_outputs(Path(self._folder, RUN_ID), model))


class Folder(DagsterInstance):
    """A new instance that stores outputs in a given folder."""

    is_persistent = True
    shows_log_lines = True

    def __init__(self, folder: str) -> None:
        super().__init__()
        self._given = folder

    def storage_directory(self) -> str:
        return self._given
