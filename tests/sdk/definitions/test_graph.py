"""Graphs given as a ``dependencies`` dict, and the checks that every graph gets."""

from __future__ import annotations

import random
from typing import Any

import pytest

from tests.sdk.observed import step_order
from usercode_sdk import (
    DagsterInvalidDefinitionError,
    DependencyDefinition,
    MultiDependencyDefinition,
    Nothing,
    OutputDefinition,
    PipelineDefinition,
    RetryPolicy,
    SolidInvocation,
    execute_pipeline,
    pipeline,
    solid,
)
from usercode_sdk.definitions.dependency import SolidHandle
from usercode_sdk.definitions.ordering import find_cycle, in_topological_order


@solid
def one(_: object) -> int:
    return 1


@solid
def add(_: object, a: int, b: int) -> int:
    return a + b


@solid
def total(_: object, numbers: Any) -> int:
    return sum(numbers)


@solid(output_defs=[OutputDefinition(int, "x"), OutputDefinition(int, "y")])
def two(_: object) -> tuple[int, int]:
    return 1, 2


def _pipeline(dependencies: Any, solid_defs: Any = (one, add, total, two)) -> PipelineDefinition:
    return PipelineDefinition(list(solid_defs), "p", dependencies=dependencies)


def test_dependencies_name_solids_and_outputs() -> None:
    result = execute_pipeline(
        _pipeline(
            {
                "add": {"a": DependencyDefinition("one"), "b": DependencyDefinition("two", "y")},
                "total": {
                    "numbers": MultiDependencyDefinition(
                        [
                            DependencyDefinition("two", "y"),
                            DependencyDefinition("add"),
                            DependencyDefinition("two", "x"),
                        ]
                    )
                },
            }
        )
    )
    assert (result.output_for_solid("add"), result.output_for_solid("total")) == (3, 6)


def test_invocations_give_aliases_tags_and_retry_policies() -> None:
    definition = _pipeline(
        {
            SolidInvocation("one", alias="u"): {},
            SolidInvocation("one", "v"): {},
            SolidInvocation("add", alias="w", tags={"k": 1}, retry_policy=RetryPolicy(2)): {
                "a": DependencyDefinition("u"),
                "b": DependencyDefinition("v"),
            },
        },
        (one, add),
    )
    assert list(definition.nodes) == ["u", "v", "w"]
    assert (definition.nodes["w"].tags, definition.nodes["w"].retry_policy) == ({"k": "1"}, RetryPolicy(2))
    assert execute_pipeline(definition).output_for_solid("w") == 2


def test_an_invocation_with_no_retry_policy_for_one_is_refused() -> None:
    with pytest.raises(DagsterInvalidDefinitionError) as caught:
        _pipeline({SolidInvocation("one", "u", retry_policy=3): {}})
    assert str(caught.value) == "Solid 'u': its retry policy is 3. Give a RetryPolicy."


def test_invocations_are_told_apart_by_name_and_alias() -> None:
    assert SolidInvocation("one", "u", {"k": "v"}) == SolidInvocation("one", "u")
    assert hash(SolidInvocation("one", "u", {"k": "v"})) == hash(SolidInvocation("one", "u"))
    assert SolidInvocation("one") != SolidInvocation("one", "u")
    assert repr(SolidInvocation("one", "u")) == "SolidInvocation('one', alias='u')"


def test_solids_that_no_dependency_names_stand_alone() -> None:
    assert step_order(execute_pipeline(PipelineDefinition([two, one], "p")).event_list) == ["one", "two"]
    assert list(PipelineDefinition([one, one], "p").nodes) == ["one"]


@pytest.mark.parametrize(
    ("dependencies", "message"),
    [
        ({"addd": {}}, "Pipeline 'p': dependencies name solid 'addd', which is not in solid_defs. Did you mean 'add'?"),
        (
            {"add": {"q": DependencyDefinition("one")}},
            "Pipeline 'p': solid 'add' has no input 'q'. There are: 'a', 'b'.",
        ),
        (
            {"add": {"a": DependencyDefinition("tow")}},
            "Pipeline 'p': input 'a' of solid 'add' depends on solid 'tow', which is not in it. Did you mean 'two'?",
        ),
        (
            {"add": {"a": DependencyDefinition("two")}},
            "Pipeline 'p': input 'a' of solid 'add' depends on output 'result' of solid 'two', which has no such "
            "output. Its outputs: 'x', 'y'.",
        ),
        (
            {"add": {"a": 3}},
            "Pipeline 'p': input 'a' of solid 'add' is given 3. Give a DependencyDefinition or a "
            "MultiDependencyDefinition.",
        ),
        (
            {"add": 3},
            "Pipeline 'p': dependencies gives 3 for solid 'add'. Give a dict from inputs to what feeds them.",
        ),
        ({3: {}}, "Pipeline 'p': dependencies has the key 3. Give the name of a solid, or a SolidInvocation."),
        (
            {SolidInvocation("one", "add"): {}},
            "Pipeline 'p' uses the name 'add' for two solids. Give each an alias of its own.",
        ),
        (
            {
                "add": {"a": DependencyDefinition("total"), "b": DependencyDefinition("one")},
                "total": {"numbers": DependencyDefinition("add")},
            },
            "Pipeline 'p' has a cycle: add -> total -> add. A solid can't depend on its own result.",
        ),
        (
            {"total": {"numbers": MultiDependencyDefinition([DependencyDefinition("total")])}},
            "Pipeline 'p' has a cycle: total -> total. A solid can't depend on its own result.",
        ),
    ],
)
def test_wrong_dependencies_are_refused(dependencies: Any, message: str) -> None:
    with pytest.raises(DagsterInvalidDefinitionError) as caught:
        _pipeline(dependencies)
    assert str(caught.value) == message


def test_a_multi_dependency_names_each_output_once() -> None:
    with pytest.raises(DagsterInvalidDefinitionError) as caught:
        MultiDependencyDefinition([DependencyDefinition("a"), DependencyDefinition("a")])
    assert str(caught.value) == "MultiDependencyDefinition names the same output twice; name each output once."
    with pytest.raises(DagsterInvalidDefinitionError) as caught:
        MultiDependencyDefinition([3])  # type: ignore[list-item]  # the mistake meant
    assert str(caught.value) == "MultiDependencyDefinition takes a list of DependencyDefinition, it holds 3."


def test_solid_defs_are_solids_of_different_names() -> None:
    @solid(name="one")
    def other(_: object) -> int:
        return 2

    with pytest.raises(DagsterInvalidDefinitionError) as caught:
        PipelineDefinition([one, other], "p")
    assert str(caught.value) == "Pipeline 'p' uses two different solids named 'one'. Give one another name."
    with pytest.raises(DagsterInvalidDefinitionError) as caught:
        PipelineDefinition([3], "p")  # type: ignore[list-item]  # the mistake meant
    assert str(caught.value) == "Pipeline 'p': solid_defs holds 3, which is not a solid."


def test_an_output_of_type_nothing_carries_no_value() -> None:
    @solid(output_defs=[OutputDefinition(Nothing)])
    def quiet(_: object) -> None: ...

    @solid
    def eat(_: object, x: int) -> int:
        return x

    with pytest.raises(DagsterInvalidDefinitionError) as caught:

        @pipeline
        def p() -> None:
            eat(quiet())

    assert str(caught.value) == (
        "Pipeline 'p': input 'x' of solid 'eat' needs a value of type Int, but output 'result' of solid 'quiet' is of "
        "type Nothing and carries none."
    )


def test_topological_order_goes_by_level_and_name() -> None:
    assert in_topological_order({"z": [], "b": ["z"], "a": ["b"], "y": [], "c": ["y", "z"]}) == [
        "y",
        "z",
        "b",
        "c",
        "a",
    ]
    assert in_topological_order({"a": ["b"], "b": ["a"], "c": ["a"], "d": []}) == ["d"]
    assert in_topological_order({}) == []


def test_a_cycle_is_found_in_the_direction_the_data_flows() -> None:
    assert find_cycle({"a": ["c"], "b": ["a"], "c": ["b"]}) == ["a", "b", "c", "a"]
    assert find_cycle({"a": [], "b": ["a", "a"]}) is None


def test_long_chains_are_ordered_and_searched_without_recursion() -> None:
    names = [f"s{number:05}" for number in range(10_000)]
    chain: dict[str, list[str]] = {
        name: [before] if before else [] for name, before in zip(names, [None, *names], strict=False)
    }
    shuffled = dict(random.Random(1).sample(list(chain.items()), len(chain)))
    assert in_topological_order(shuffled) == names
    assert find_cycle(shuffled) is None
    assert find_cycle({**shuffled, names[0]: [names[-1]]}) is not None


def test_a_solid_handle_is_its_path() -> None:
    handle = SolidHandle.from_path(["outer", "inner", "leaf"])
    assert handle == SolidHandle("leaf", SolidHandle("inner", SolidHandle("outer")))
    assert (str(handle), handle.to_string(), handle.path, handle.name) == (
        "outer.inner.leaf",
        "outer.inner.leaf",
        ["outer", "inner", "leaf"],
        "leaf",
    )
