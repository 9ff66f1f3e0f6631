from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.sdk.observed import order
from usercode_sdk import (
    DagsterExecutionStepNotFoundError,
    DagsterInstance,
    DagsterInvariantViolationError,
    DagsterUnmetExecutorRequirementsError,
    Event,
    ModeDefinition,
    Output,
    OutputDefinition,
    PipelineDefinition,
    RetryRequested,
    fs_io_manager,
    pipeline,
    resource,
    solid,
)
from usercode_sdk.execute import pipeline_run_for
from usercode_sdk.execution import run_step


@solid
def one(_: object) -> int:
    return 1


@solid(output_defs=[OutputDefinition(int, "o", is_required=False)])
def maybe(_: object) -> Iterator[Output[int]]:
    yield from ()


@solid
def add(_: object, a: int, b: int) -> int:
    return a + b


@solid
def boom(_: object) -> int:
    raise ValueError


@solid
def eat(_: object, x: Any) -> Any:
    return x


class Steps:
    """One run whose steps are executed one by one, each from the events before it."""

    def __init__(self, body: Callable[[], object], folder: Path | None = None) -> None:
        modes = None
        if folder is not None:
            stored = fs_io_manager.configured({"base_dir": str(folder)})
            modes = [ModeDefinition(resource_defs={"io_manager": stored})]
        self.pipeline: PipelineDefinition = pipeline(name="p", mode_defs=modes)(lambda: (body(), None)[1])
        self.instance = DagsterInstance.ephemeral()
        self.run = pipeline_run_for(self.pipeline)
        self.history: list[Event] = []

    def execute(self, key: str, attempt: int | None = None) -> list[str]:
        """Executes one step; the order of its events."""
        events = list(run_step(self.pipeline, self.run, key, self.instance, self.history, attempt))
        self.history += events
        return [line for line in order(events) if not line.startswith("ENGINE_EVENT")]


def test_steps_one_by_one_make_the_events_of_the_whole_run(tmp_path: Path) -> None:
    steps = Steps(lambda: add(one(), eat(one())), tmp_path)
    whole = ["LOGS_CAPTURED", "STEP_START", "STEP_OUTPUT", "HANDLED_OUTPUT", "STEP_SUCCESS"]
    assert steps.execute("one_2") == [f"{type_} one_2" for type_ in whole]
    assert steps.execute("one") == [f"{type_} one" for type_ in whole]
    loaded = ["LOADED_INPUT", "STEP_INPUT"]
    assert steps.execute("eat") == [f"{type_} eat" for type_ in [*whole[:2], *loaded, *whole[2:]]]
    loaded = ["LOADED_INPUT", "LOADED_INPUT", "STEP_INPUT", "STEP_INPUT"]
    assert steps.execute("add") == [f"{type_} add" for type_ in [*whole[:2], *loaded, *whole[2:]]]


def test_resources_are_made_for_the_step_and_torn_down(tmp_path: Path) -> None:
    log: list[str] = []

    @resource
    def held(_: object) -> Iterator[int]:
        log.append("made")
        yield 1
        log.append("torn down")
        raise ValueError("late")

    @solid(required_resource_keys={"held"}, output_defs=[])
    def s(_: object) -> None:
        log.append("step")

    @pipeline(mode_defs=[ModeDefinition(resource_defs={"held": held})])
    def p() -> None:
        s()

    instance = DagsterInstance.ephemeral()
    events = list(run_step(p, pipeline_run_for(p), "s", instance, []))
    assert log == ["made", "step", "torn down"]
    assert [(event.type.value, event.message) for event in events if event.type == "ENGINE_EVENT"] == [
        ("ENGINE_EVENT", "Starting initialization of resources [held]."),
        ("ENGINE_EVENT", "Finished initialization of resources [held]."),
        ("ENGINE_EVENT", "Teardown of resource 'held' failed."),
    ]


def test_a_resource_that_cannot_be_made_fails_the_step() -> None:
    @resource
    def broken(_: object) -> int:
        raise ValueError

    @solid(required_resource_keys={"broken"})
    def s(_: object) -> None: ...

    @pipeline(mode_defs=[ModeDefinition(resource_defs={"broken": broken})])
    def p() -> None:
        s()

    *_, last = run_step(p, pipeline_run_for(p), "s", DagsterInstance.ephemeral(), [])
    assert (last.type.value, last.attempt, last.message) == (
        "STEP_FAILURE",
        1,
        'Execution of step "s" failed: its resources could not be made.',
    )


def test_a_step_is_skipped_from_what_storage_tells(tmp_path: Path) -> None:
    steps = Steps(lambda: add(one(), maybe()), tmp_path)
    steps.execute("one")
    steps.execute("maybe")
    assert steps.execute("add") == ["STEP_SKIPPED add"]


def test_attempts_are_counted_from_the_history(tmp_path: Path) -> None:
    @solid
    def flaky(context: Any) -> int:
        if context.retry_number == 0:
            raise RetryRequested(max_retries=1)
        return 1

    steps = Steps(lambda: flaky(), tmp_path)
    assert steps.execute("flaky", attempt=1)[-1] == "STEP_UP_FOR_RETRY flaky"
    with pytest.raises(DagsterInvariantViolationError) as caught:
        steps.execute("flaky", attempt=1)
    assert str(caught.value) == ("Step 'flaky' can't be executed as attempt 1: the run's next attempt of it is 2.")
    assert steps.execute("flaky", attempt=2)[1] == "STEP_RESTARTED flaky"
    assert [event.attempt for event in steps.history if event.type == "STEP_SUCCESS"] == [2]


def test_a_step_whose_turn_it_is_not_is_refused(tmp_path: Path) -> None:
    steps = Steps(lambda: eat.alias("below")(eat(boom())), tmp_path)

    def refused(key: str) -> str:
        with pytest.raises(DagsterInvariantViolationError) as caught:
            steps.execute(key)
        return str(caught.value)

    assert refused("eat") == "Step 'eat' is not ready: it waits for 'boom'. Execute these first."
    steps.execute("boom")
    assert refused("boom") == "Step 'boom' of this run is over: failed."
    assert refused("eat") == "Step 'eat' can't be executed: 'boom' did not succeed."
    assert refused("below") == "Step 'below' can't be executed: 'eat' did not succeed."
    with pytest.raises(DagsterExecutionStepNotFoundError) as unknown:
        steps.execute("belo")
    assert str(unknown.value) == "Pipeline 'p' has no step 'belo'. Did you mean 'below'?"


def test_values_in_memory_do_not_reach_another_process() -> None:
    steps = Steps(lambda: eat(one()))
    with pytest.raises(DagsterUnmetExecutorRequirementsError) as caught:
        steps.execute("one")
    assert str(caught.value) == (
        "Step 'one' can't be executed in a process of its own: IO manager 'io_manager' keeps values in memory. "
        "Give the mode an IO manager that stores them, such as fs_io_manager."
    )
