"""Large pipelines and repositories work, and the work grows with their size and no faster.

Work is counted, not timed: every bytecode, also of comparing names, and every call of a built-in function.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING

import pytest

from usercode_sdk import (
    DagsterInstance,
    InputDefinition,
    PipelineDefinition,
    PipelineExecutionResult,
    RepositoryDefinition,
    execute_pipeline,
    pipeline,
    repository,
    solid,
)
from usercode_sdk.plan import ExecutionPlan, create_execution_plan

if TYPE_CHECKING:
    from _typeshed import ProfileFunction, TraceFunction

SMALL = 150
LARGE = 4 * SMALL
LINEAR = 4.2
"""At most so many times the work for four times the size: one bytecode a pair of solids would be more."""


class Name(str):
    """A name whose comparing and hashing is work that counts, as it is no longer hidden in C."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return str.__eq__(self, other)

    def __hash__(self) -> int:
        return str.__hash__(self)


@solid
def start() -> int:
    return 1


@solid
def add_one(number: int) -> int:
    return number + 1


@solid
def add_up(numbers: list[int]) -> int:
    return sum(numbers)


def chain(size: int) -> PipelineDefinition:
    """One solid used again and again, each fed by the one before; names are given automatically."""

    @pipeline
    def chained() -> None:
        number = start()
        for _ in range(size - 1):
            number = add_one(number)

    return chained


def wide(size: int) -> PipelineDefinition:
    """One step feeds all others but the last, which all others feed."""

    @pipeline
    def widened() -> None:
        first = start()
        middle = [add_one.alias(Name(f"middle_{place}"))(first) for place in range(size - 2)]
        add_up.alias("last")(middle)

    return widened


def layered(size: int) -> PipelineDefinition:
    """Ten solids a layer, each of its own definition and fed by three of the layer before."""

    def definition(place: int) -> Callable[..., object]:
        make = solid(name=Name(f"solid_{place}"), input_defs=[InputDefinition("numbers", list[int], default_value=[1])])
        return make(lambda numbers: sum(numbers) % 1000)

    @pipeline
    def in_layers() -> None:
        above: list[object] = []
        for layer in range(size // 10):
            row = [definition(layer * 10 + place) for place in range(10)]
            above = [
                one([above[(place + step) % 10] for step in range(3)]) if above else one()
                for place, one in enumerate(row)
            ]

    return in_layers


SHAPES = pytest.mark.parametrize("shape", [chain, wide, layered])
Shape = Callable[[int], PipelineDefinition]


@SHAPES
def test_ten_thousand_solids_are_defined_planned_and_executed(shape: Shape) -> None:
    definition = shape(10_000)
    plan = create_execution_plan(definition)
    assert len(plan.steps) == 10_000
    result = execute_pipeline(definition, instance=Quiet())
    assert result.success
    values = read_all(result, plan)
    assert len(values) == 10_000
    if shape is chain:
        assert values == list(range(1, 10_001))
    elif shape is wide:
        assert values == [1, *[2] * 9_998, 2 * 9_998]
    else:
        assert [values[10 * layer] for layer in range(8)] == [1, 3, 9, 27, 81, 243, 729, 2187 % 1000]


@SHAPES
def test_defining_takes_work_in_proportion(shape: Shape) -> None:
    assert growth(lambda size: lambda: shape(size)) <= LINEAR


@SHAPES
def test_planning_takes_work_in_proportion(shape: Shape) -> None:
    def planning(size: int) -> Callable[[], object]:
        definition = shape(size)
        return lambda: create_execution_plan(definition)

    assert growth(planning) <= LINEAR


@SHAPES
def test_executing_takes_work_in_proportion(shape: Shape) -> None:
    def executing(size: int) -> Callable[[], object]:
        definition = shape(size)
        return lambda: execute_pipeline(definition, instance=Quiet())

    assert growth(executing) <= LINEAR


@SHAPES
def test_reading_all_results_takes_work_in_proportion(shape: Shape) -> None:
    def reading(size: int) -> Callable[[], object]:
        definition = shape(size)
        result = execute_pipeline(definition, instance=Quiet())
        plan = create_execution_plan(definition)
        return lambda: read_all(result, plan)

    assert growth(reading) <= LINEAR


# Repositories


def listed(size: int) -> RepositoryDefinition:
    """A repository of many pipelines, in a list."""

    @repository
    def pipelines_in_a_list() -> list[PipelineDefinition]:
        return [named(f"pipeline_{place}") for place in range(size)]

    return pipelines_in_a_list


def lazy(size: int) -> RepositoryDefinition:
    """A repository of many pipelines, each built when it is asked for."""

    def builder(name: str) -> Callable[[], PipelineDefinition]:
        return lambda: named(name)

    @repository
    def pipelines_on_demand() -> dict[str, dict[str, Callable[[], PipelineDefinition]]]:
        names = [Name(f"pipeline_{place}") for place in range(size)]
        return {"pipelines": {name: builder(name) for name in names}}

    return pipelines_on_demand


def named(name: str) -> PipelineDefinition:
    """A pipeline of two solids."""

    @pipeline(name=Name(name))
    def two_solids() -> None:
        add_one(start())

    return two_solids


REPOSITORIES = pytest.mark.parametrize("make", [listed, lazy])


@REPOSITORIES
def test_two_thousand_pipelines_are_defined_and_planned(make: Callable[[int], RepositoryDefinition]) -> None:
    definition = make(2_000)
    assert len(definition.pipeline_names) == 2_000
    for name in definition.pipeline_names:
        assert create_execution_plan(definition.get_pipeline(name)).step_keys == ["start", "add_one"]
    assert [one.name for one in definition.get_all_pipelines()] == definition.pipeline_names


def test_two_thousand_pipelines_are_executed() -> None:
    for one in listed(2_000).get_all_pipelines():
        assert execute_pipeline(one, instance=Quiet()).output_for_solid("add_one") == 2


@REPOSITORIES
def test_listing_takes_work_in_proportion(make: Callable[[int], RepositoryDefinition]) -> None:
    def listing(size: int) -> Callable[[], object]:
        def work() -> list[PipelineDefinition]:
            definition = make(size)
            asked_for = [definition.get_pipeline(name) for name in definition.pipeline_names]
            return [*asked_for, *definition.get_all_pipelines()]

        return work

    assert growth(listing) <= LINEAR


# What the tests share


class Quiet(DagsterInstance):
    """Keeps log lines and shows none."""

    shows_log_lines = True


def read_all(result: PipelineExecutionResult, plan: ExecutionPlan) -> list[object]:
    """The output of every step, in the order of the plan."""
    return [result.output_for_solid(key) for key in plan.steps]


def growth(prepare: Callable[[int], Callable[[], object]]) -> float:
    """How many times the work of the small size the large one takes; preparing does not count."""
    small, large = (operations(prepare(size)) for size in (SMALL, LARGE))
    return large / small


def operations(work: Callable[[], object]) -> int:
    """The bytecodes and calls of built-in functions that ``work`` takes."""
    work()  # what is done once and kept does not count
    count = 0

    def trace(frame: FrameType, event: str, _argument: object) -> TraceFunction:
        nonlocal count
        count += event == "opcode"
        frame.f_trace_opcodes = True
        frame.f_trace_lines = False
        return trace

    def profile(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event == "c_call"

    with _watched(trace, profile):
        work()
    return count


@contextmanager
def _watched(trace: TraceFunction, profile: ProfileFunction) -> Iterator[None]:
    before = sys.gettrace(), sys.getprofile()
    sys._getframe().f_trace_opcodes = True  # Python 3.12 asks for it before settrace() as well
    sys.settrace(trace)
    sys.setprofile(profile)
    try:
        yield
    finally:
        sys.setprofile(before[1])
        sys.settrace(before[0])
