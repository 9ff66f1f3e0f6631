from __future__ import annotations

from typing import Any

import pytest

from usercode_sdk import (
    DagsterExecutionStepNotFoundError,
    DagsterInvalidConfigError,
    InputDefinition,
    ModeDefinition,
    Nothing,
    OutputDefinition,
    ResourceDefinition,
    RetryPolicy,
    composite_solid,
    mem_io_manager,
    pipeline,
    solid,
)
from usercode_sdk.plan import StepOutputHandle, create_execution_plan


@solid(tags={"dagster/priority": 3, "team": "x"}, required_resource_keys={"db"}, retry_policy=RetryPolicy(2))
def one(_: object) -> int:
    return 1


@solid(
    output_defs=[OutputDefinition(int, "kept", io_manager_key="lake"), OutputDefinition(name="b", is_required=False)]
)
def two(_: object) -> Any: ...


@solid(input_defs=[InputDefinition("numbers"), InputDefinition("after", Nothing)])
def total(_: object, numbers: Any, factor: int = 2) -> Any: ...


@solid
def number(_: object, x: int) -> int:
    return x


@composite_solid(input_defs=[InputDefinition("x", int)])
def around(x: Any) -> Any:
    return number(x)


_MODE = ModeDefinition(resource_defs={"db": ResourceDefinition.none_resource(), "lake": mem_io_manager})


@pipeline(mode_defs=[_MODE], solid_retry_policy=RetryPolicy(1))
def p() -> None:
    first = one()
    both = two()
    total([first, both.kept, around(first)])
    around.alias("unfed")()


_RUN_CONFIG = {"solids": {"unfed": {"inputs": {"x": 5}}}}


def test_steps_come_after_what_they_need_with_where_each_input_comes_from() -> None:
    plan = create_execution_plan(p, _RUN_CONFIG)
    assert plan.step_keys == ["one", "two", "unfed.number", "around.number", "total"]
    inputs = {
        key: [(one.name, one.type_name, one.kind, one.fan_in, one.sources) for one in step.inputs]
        for key, step in plan.steps.items()
    }
    first, kept, inside = (
        StepOutputHandle("one", "result"),
        StepOutputHandle("two", "kept"),
        StepOutputHandle("around.number", "result"),
    )
    assert inputs == {
        "one": [],
        "two": [],
        "unfed.number": [("x", "Int", "config", False, ())],
        "around.number": [("x", "Int", "upstream", False, (first,))],
        "total": [
            ("numbers", "Any", "upstream", True, (first, kept, inside)),
            ("after", "Nothing", "nothing", False, ()),
            ("factor", "Int", "default", False, ()),
        ],
    }
    assert {key: step.depends_on for key, step in plan.steps.items() if step.depends_on} == {
        "around.number": frozenset({"one"}),
        "total": frozenset({"one", "two", "around.number"}),
    }
    assert plan.downstream == {
        "one": ["around.number", "total"],
        "two": ["total"],
        "unfed.number": [],
        "around.number": ["total"],
        "total": [],
    }


def test_a_step_has_the_properties_of_its_solid() -> None:
    plan = create_execution_plan(p, _RUN_CONFIG)
    step = plan.get_step("one")
    assert (step.key, step.solid_path, step.solid_name, step.priority, step.tags) == (
        "one",
        ("one",),
        "one",
        3,
        {"dagster/priority": "3", "team": "x"},
    )
    assert (step.required_resource_keys, step.retry_policy) == (frozenset({"db"}), RetryPolicy(2))
    inside = plan.get_step("around.number")
    assert (inside.solid_path, inside.solid_name, inside.retry_policy) == (
        ("around", "number"),
        "number",
        RetryPolicy(1),
    )
    assert [(one.name, one.type_name, one.is_required, one.io_manager_key) for one in plan.get_step("two").outputs] == [
        ("kept", "Int", True, "lake"),
        ("b", "Any", False, "io_manager"),
    ]


def test_a_plan_of_some_steps_keeps_their_order_and_full_dependencies() -> None:
    plan = create_execution_plan(p, _RUN_CONFIG, step_keys=["total", "one"])
    assert plan.step_keys == ["one", "total"]
    assert plan.downstream == {"one": ["total"], "total": []}
    assert plan.get_step("total").depends_on == frozenset({"one", "two", "around.number"})


def test_unknown_steps_are_named_with_the_nearest() -> None:
    with pytest.raises(DagsterExecutionStepNotFoundError) as caught:
        create_execution_plan(p, _RUN_CONFIG, step_keys=["tow", "one", "zz"])
    assert str(caught.value) == "Pipeline 'p' has no step 'tow', 'zz'. Did you mean 'two'?"
    assert caught.value.step_keys == ["tow", "zz"]


def test_a_plan_needs_a_run_config_that_fits() -> None:
    with pytest.raises(DagsterInvalidConfigError) as caught:
        create_execution_plan(p)
    assert [(fault.reason, fault.entry) for fault in caught.value.errors] == [("MISSING_REQUIRED_FIELD", "solids")]


def test_an_output_of_a_nested_composite_is_traced_to_the_step_that_makes_it() -> None:
    @composite_solid
    def deep() -> Any:
        return around(two().kept)

    @composite_solid(output_defs=[OutputDefinition(name="n")])
    def deeper() -> Any:
        return deep()

    @pipeline(mode_defs=[_MODE])
    def q() -> None:
        number(deeper())

    plan = create_execution_plan(q)
    assert plan.step_keys == ["deeper.deep.two", "deeper.deep.around.number", "number"]
    (fed,) = plan.get_step("number").inputs
    assert fed.sources == (StepOutputHandle("deeper.deep.around.number", "result"),)
