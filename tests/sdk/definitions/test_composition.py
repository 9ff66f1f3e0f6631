from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from usercode_sdk import (
    DagsterInvalidDefinitionError,
    DagsterInvariantViolationError,
    Output,
    OutputDefinition,
    PipelineDefinition,
    RetryPolicy,
    composite_solid,
    execute_pipeline,
    pipeline,
    solid,
)
from usercode_sdk.definitions.composition import current_composition
from usercode_sdk.definitions.dependency import Dependency, OutputHandle


@solid
def one(_: object) -> int:
    return 1


@solid
def add(_: object, a: int, b: int = 10) -> int:
    return a + b


@solid
def total(_: object, numbers: Any) -> int:
    return sum(numbers)


@solid(output_defs=[OutputDefinition(int, "x"), OutputDefinition(int, "y")])
def two(_: object) -> Any:
    yield Output(1, "x")
    yield Output(2, "y")


@solid(output_defs=[])
def quiet(_: object) -> None: ...


def _graph(body: Callable[[], object]) -> PipelineDefinition:
    return pipeline(name="p")(lambda: (body(), None)[1])


def test_a_result_handed_on_is_a_dependency() -> None:
    @pipeline
    def p() -> None:
        add(one(), b=one())

    assert list(p.nodes) == ["one", "one_2", "add"]
    assert p.dependencies == {
        "one": {},
        "one_2": {},
        "add": {
            "a": Dependency((OutputHandle("one", "result"),)),
            "b": Dependency((OutputHandle("one_2", "result"),)),
        },
    }


def test_each_call_gets_a_name_that_is_free() -> None:
    @pipeline
    def p() -> None:
        one.alias("one_2")()
        one()
        one()
        one.alias("uno")()
        one()

    assert list(p.nodes) == ["one_2", "one", "one_3", "uno", "one_4"]


def test_an_alias_can_be_given_once() -> None:
    with pytest.raises(DagsterInvalidDefinitionError) as caught:
        _graph(lambda: (one.alias("a")(), add.alias("a")(one())))
    assert (
        str(caught.value) == "Pipeline 'p' uses the name 'a' for two solids. Give each invocation an alias of its own."
    )
    with pytest.raises(DagsterInvalidDefinitionError):
        one.alias("a-b")


def test_tags_of_a_call_lie_over_those_of_the_solid() -> None:
    @solid(tags={"a": "1", "b": "2"})
    def tagged(_: object) -> None: ...

    @pipeline
    def p() -> None:
        tagged.tag({"b": 3, "c": {"k": [1]}}).alias("q").tag({"d": "5"})()
        tagged()

    assert p.nodes["q"].tags == {"a": "1", "b": "3", "c": '{"k": [1]}', "d": "5"}
    assert p.nodes["tagged"].tags == {"a": "1", "b": "2"}


def test_several_outputs_are_taken_by_name_by_place_or_together() -> None:
    @pipeline
    def p() -> None:
        both = two()
        add.alias("by_name")(both.x, both.y)
        add.alias("by_place")(both[0], both[1])
        x, y = two()
        add.alias("together")(a=x, b=y)

    result = execute_pipeline(p)
    assert [result.output_for_solid(name) for name in ("by_name", "by_place", "together")] == [3, 3, 3]
    with pytest.raises(AttributeError) as caught:
        _graph(lambda: two().z)
    assert str(caught.value) == "The solid has no output 'z'; it has 'x', 'y'."


def test_an_output_may_have_the_name_of_a_method_of_tuples() -> None:
    @solid(output_defs=[OutputDefinition(int, "count"), OutputDefinition(int, "index")])
    def figures(_: object) -> Any:
        return 3, 4

    @pipeline
    def p() -> None:
        found = figures()
        add(found.count, b=found.index)

    assert p.dependencies["add"] == {
        "a": Dependency((OutputHandle("figures", "count"),)),
        "b": Dependency((OutputHandle("figures", "index"),)),
    }


def test_alias_tag_and_retry_policy_leave_each_other_and_the_solid_alone() -> None:
    pending = add.alias("first")
    tagged = pending.tag({"k": "v"})
    retried = tagged.with_retry_policy(RetryPolicy(2)).alias("second")

    @pipeline
    def p() -> None:
        pending(one(), one())
        retried(one(), one())
        tagged.alias("third")(one(), one())
        add(one(), one())

    assert {name: (node.tags, node.retry_policy) for name, node in p.nodes.items() if "one" not in name} == {
        "first": ({}, None),
        "second": ({"k": "v"}, RetryPolicy(2)),
        "third": ({"k": "v"}, None),
        "add": ({}, None),
    }
    with pytest.raises(DagsterInvalidDefinitionError) as caught:
        pending.with_retry_policy(3)  # type: ignore[arg-type]  # the mistake meant
    assert str(caught.value) == "Solid 'first': its retry policy is 3. Give a RetryPolicy."


def test_a_solid_under_an_alias_can_only_be_called_where_a_graph_is_written() -> None:
    with pytest.raises(DagsterInvariantViolationError) as caught:
        one.alias("uno")()
    assert str(caught.value) == (
        "Solid 'uno' with an alias, tags or a retry policy can only be called inside a @pipeline or @composite_solid "
        "function."
    )


def test_a_list_or_tuple_of_results_is_a_fan_in() -> None:
    @pipeline
    def p() -> None:
        total([one(), two().y])
        total.alias("tuple")((one(), one()))
        total.alias("empty")([])

    assert p.dependencies["total"] == {
        "numbers": Dependency((OutputHandle("one", "result"), OutputHandle("two", "y")), fan_in=True)
    }
    result = execute_pipeline(p)
    assert [result.output_for_solid(name) for name in ("total", "tuple", "empty")] == [3, 2, 0]


_WRONG = "can be handed on; put values into config, or give the input a default_value."


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (
            lambda: add(one(), one(), one()),
            "In pipeline 'p', solid 'add' is given 3 inputs by place, but it has 2. Its inputs: 'a', 'b'.",
        ),
        (
            lambda: add(one(), 3),
            "In pipeline 'p', input 'b' of solid 'add' is given a value of type int. Inside a pipeline only outputs of "
            f"other solids {_WRONG}",
        ),
        (
            lambda: add(None),
            "In pipeline 'p', input 'a' of solid 'add' is given a value of type NoneType. Inside a pipeline only "
            f"outputs of other solids {_WRONG}",
        ),
        (
            lambda: add(quiet()),
            "In pipeline 'p', input 'a' of solid 'add' is given a value of type NoneType. Inside a pipeline only "
            f"outputs of other solids {_WRONG}",
        ),
        (
            lambda: total([1]),
            "In pipeline 'p', input 'numbers' of solid 'total' is given a value of type int. Inside a pipeline only "
            f"outputs of other solids {_WRONG}",
        ),
        (
            lambda: add(one(), a=one()),
            "In pipeline 'p', input 'a' of solid 'add' is given twice. Give it once.",
        ),
        (
            lambda: add(one(), c=one()),
            "In pipeline 'p', solid 'add' has no input 'c'. Its inputs: 'a', 'b'.",
        ),
        (
            lambda: one(one()),
            "In pipeline 'p', solid 'one_2' is given 1 inputs by place, but it has 0. Its inputs: none.",
        ),
        (
            lambda: add(one),
            "In pipeline 'p', input 'a' of solid 'add' is given a solid that is not called. Call it: name().",
        ),
        (
            lambda: add(one.alias("x")),
            "In pipeline 'p', input 'a' of solid 'add' is given a solid that is not called. Call it: name().",
        ),
        (
            lambda: add(two()),
            "In pipeline 'p', input 'a' of solid 'add' is given all outputs of a solid that has several ('x', 'y'). "
            "Name one of them.",
        ),
        (
            lambda: total([two()]),
            "In pipeline 'p', input 'numbers' of solid 'total' is given all outputs of a solid that has several "
            "('x', 'y'). Name one of them.",
        ),
    ],
)
def test_wrong_arguments_are_refused_where_they_are_written(body: Callable[[], object], message: str) -> None:
    with pytest.raises(DagsterInvalidDefinitionError) as caught:
        _graph(body)
    assert str(caught.value) == message


@pytest.mark.parametrize(("body", "how"), [(lambda: list(one()), "iterate over"), (lambda: one()[0], "index")])
def test_a_result_only_stands_for_a_value(body: Callable[[], object], how: str) -> None:
    with pytest.raises(DagsterInvariantViolationError) as caught:
        _graph(body)
    assert str(caught.value) == (
        f"Tried to {how} the output 'result' of solid 'one' inside a pipeline function. There it only stands for a "
        "value that comes later; hand it to another solid, or, for several values, yield several outputs."
    )


def test_a_result_has_no_attributes() -> None:
    with pytest.raises(AttributeError) as caught:
        _graph(lambda: one().resul)
    assert str(caught.value) == (
        "Solid 'one' has one output, and its call stands for that output, without .resul. "
        "Hand on what the call returns."
    )


def test_a_result_from_around_a_composite_must_be_handed_in() -> None:
    with pytest.raises(DagsterInvalidDefinitionError) as caught:

        @pipeline
        def p() -> None:
            outer = one()

            @composite_solid
            def inner() -> Any:
                return add(outer)

    assert str(caught.value) == (
        "In composite solid 'inner', input 'a' of solid 'add' is given an output from outside. "
        "Hand it in as an input of the composite solid."
    )


def test_a_failing_function_leaves_no_graph_behind() -> None:
    with pytest.raises(ZeroDivisionError):
        _graph(lambda: (one(), 1 / 0))
    assert current_composition() is None


def test_threads_write_graphs_of_their_own() -> None:
    inside = threading.Barrier(2, timeout=30)
    made: dict[str, list[str]] = {}

    def write(name: str) -> None:
        @pipeline(name=name)
        def p() -> None:
            one.alias(f"{name}_first")()
            inside.wait()  # both graphs are being written now
            one.alias(f"{name}_second")()

        made[name] = list(p.nodes)

    threads = [threading.Thread(target=write, args=(name,)) for name in ("p", "q")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == {"p": ["p_first", "p_second"], "q": ["q_first", "q_second"]}
