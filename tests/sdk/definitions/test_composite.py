from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.sdk.observed import ends, order
from usercode_sdk import (
    CompositeSolidDefinition,
    ConfigMapping,
    DagsterConfigMappingFunctionError,
    DagsterInvalidConfigError,
    DagsterInvalidDefinitionError,
    DependencyDefinition,
    Field,
    InputDefinition,
    MultiDependencyDefinition,
    Nothing,
    Output,
    OutputDefinition,
    RetryPolicy,
    composite_solid,
    configured,
    execute_pipeline,
    execute_solid,
    pipeline,
    solid,
)


@solid
def one(_: object) -> int:
    return 1


@solid
def add(_: object, a: int, b: int) -> int:
    return a + b


@solid
def total(_: object, numbers: Any) -> int:
    return sum(numbers)


@solid
def number(_: object, x: int) -> int:
    return x


@solid(config_schema={"k": int})
def factor(context: Any) -> int:
    return int(context.solid_config["k"])


@solid(output_defs=[OutputDefinition(int, "o", is_required=False)])
def maybe(_: object) -> Iterator[Output[int]]:
    yield from ()


def test_nested_composites_run_with_dotted_step_keys() -> None:
    @composite_solid
    def inner(x: int, y: int) -> int:
        return add(x, y)  # type: ignore[no-any-return]  # stands for the int

    @composite_solid
    def outer(x: int) -> int:
        """Adds twice."""
        return inner(x, inner.alias("again")(x, one()))  # type: ignore[no-any-return]  # stands for the int

    @pipeline
    def p() -> None:
        add(outer(one()), outer.alias("second")(one()))

    assert (outer.name, outer.description, p.nodes["outer"].is_composite, p.nodes["add"].is_composite) == (
        "outer",
        "Adds twice.",
        True,
        False,
    )
    result = execute_pipeline(p)
    assert ends(result.event_list) == dict.fromkeys(
        [
            "one",
            "one_2",
            "outer.one",
            "outer.again.add",
            "outer.inner.add",
            "second.one",
            "second.again.add",
            "second.inner.add",
            "add",
        ],
        "success",
    )
    assert result.output_for_solid("outer.inner.add") == 3
    assert result.output_for_solid("outer") == 3
    assert result.output_for_solid("add") == 6


def test_several_outputs_are_handed_out_under_their_names() -> None:
    @composite_solid(output_defs=[OutputDefinition(int, "p"), OutputDefinition(int, "q")])
    def both(x: int) -> Any:
        return {"p": add(x, one()), "q": one.alias("uno")()}

    @composite_solid(output_defs=[OutputDefinition(int, "n")])
    def renamed() -> Any:
        return one()

    @composite_solid
    def silent() -> None:
        one()

    @pipeline
    def p() -> None:
        result = both(one())
        total([result.p, result.q, renamed()])
        silent()

    result = execute_pipeline(p)
    assert result.result_for_solid("both").output_values == {"p": 2, "q": 1}
    assert result.output_for_solid("renamed", "n") == 1
    assert result.result_for_solid("silent").output_values == {}
    assert result.output_for_solid("total") == 4


def test_an_input_may_feed_several_solids_and_one_place_of_a_fan_in() -> None:
    @composite_solid
    def spread(x: int) -> Any:
        return total([one(), x, add(x, x)])

    assert [(m.solid_name, m.input_name, m.fan_in_index) for m in spread.input_mappings] == [
        ("add", "a", None),
        ("add", "b", None),
        ("total", "numbers", 1),
    ]
    assert execute_solid(spread, input_values={"x": 5}).output_value() == 16


def test_a_fan_in_inside_runs_with_what_arrived_from_outside() -> None:
    @composite_solid
    def inner(x: Any) -> Any:
        return total([x, one()])

    @composite_solid
    def needing(x: Any) -> Any:
        return number(x)

    @pipeline
    def p() -> None:
        came_not = maybe()
        inner(came_not)
        needing(came_not)

    result = execute_pipeline(p)
    assert ends(result.event_list) == {
        "maybe": "success",
        "inner.one": "success",
        "inner.total": "success",
        "needing.number": "skipped",
    }
    assert result.output_for_solid("inner") == 1


def test_a_composite_that_hands_out_an_optional_output_skips_what_follows() -> None:
    @composite_solid(output_defs=[OutputDefinition(int, "w")])
    def perhaps() -> Any:
        return maybe()

    @pipeline
    def p() -> None:
        add(perhaps(), one())

    assert ends(execute_pipeline(p).event_list) == {"one": "success", "perhaps.maybe": "success", "add": "skipped"}


def test_unfed_inputs_of_a_composite_come_from_its_config_or_default() -> None:
    @composite_solid
    def wrapped(x: int) -> Any:
        return number(x)

    @composite_solid
    def with_default(x: int = 6) -> Any:
        return number(x)

    @composite_solid
    def free() -> Any:
        return number()

    @pipeline
    def p() -> None:
        wrapped()
        with_default()
        free()

    run_config = {
        "solids": {
            "wrapped": {"inputs": {"x": 3}},
            "free": {"solids": {"number": {"inputs": {"x": {"value": 4}}}}},
        }
    }
    result = execute_pipeline(p, run_config)
    assert [result.output_for_solid(name) for name in ("wrapped", "with_default", "free")] == [3, 6, 4]
    with pytest.raises(DagsterInvalidConfigError) as caught:
        execute_pipeline(p, {"solids": {"wrapped": {"solids": {"number": {"inputs": {"x": 3}}}}}})
    assert [(fault.path_text, fault.entry) for fault in caught.value.errors] == [
        ("root:solids:wrapped:solids:number", "inputs"),
        ("root:solids:wrapped", "inputs"),
        ("root:solids", "free"),
    ]


def test_the_default_of_an_input_inside_serves_the_composite_too() -> None:
    @solid
    def inside(_: object, x: int = 8) -> int:
        return x

    @composite_solid
    def wrapped(x: int) -> Any:
        return inside(x)

    @pipeline
    def p() -> None:
        wrapped()

    assert execute_pipeline(p).output_for_solid("wrapped") == 8


def test_nothing_inputs_order_the_solids_inside() -> None:
    @solid(input_defs=[InputDefinition("after", Nothing)])
    def later(_: object) -> int:
        return 2

    @composite_solid(input_defs=[InputDefinition("after", Nothing)])
    def wrapped(after: Any) -> Any:
        return later(after)

    @pipeline
    def p() -> None:
        wrapped(one())
        wrapped.alias("unfed")()

    assert ends(execute_pipeline(p).event_list) == {
        "one": "success",
        "unfed.later": "success",
        "wrapped.later": "success",
    }


def test_a_config_function_makes_the_config_of_the_solids_inside() -> None:
    @composite_solid(config_schema={"z": int}, config_fn=lambda config: {"factor": {"config": {"k": config["z"] * 2}}})
    def doubled() -> Any:
        return factor()

    @composite_solid(config_fn=lambda _: {"doubled": {"config": {"z": 5}}})
    def fixed() -> Any:
        return doubled()

    @pipeline
    def p() -> None:
        doubled()
        fixed()

    result = execute_pipeline(p, {"solids": {"doubled": {"config": {"z": 4}}}})
    assert (result.output_for_solid("doubled"), result.output_for_solid("fixed")) == (8, 10)
    with pytest.raises(DagsterInvalidConfigError) as caught:
        execute_pipeline(p, {"solids": {"doubled": {"config": {"z": "x"}, "solids": {}}}})
    assert [(fault.reason, fault.path_text) for fault in caught.value.errors] == [
        ("RUNTIME_TYPE_MISMATCH", "root:solids:doubled:config:z"),
        ("FIELD_NOT_DEFINED", "root:solids:doubled"),
    ]


def test_what_a_config_function_answers_is_checked_with_its_whole_path() -> None:
    @composite_solid(
        config_schema={"a": Field(int, default_value=1)}, config_fn=lambda _: {"factor": {"config": {"k": "x"}}}
    )
    def wrong() -> Any:
        return factor()

    @composite_solid
    def around() -> Any:
        return wrong()

    @pipeline
    def p() -> None:
        around()

    with pytest.raises(DagsterInvalidConfigError) as caught:
        execute_pipeline(p)
    assert caught.value.preamble == (
        "The config function of composite solid 'around.wrong' in pipeline 'p' gave a config that does not fit."
    )
    assert [fault.path_text for fault in caught.value.errors] == [
        "root:solids:around:solids:wrong:solids:factor:config:k"
    ]


def test_a_raising_config_function_is_named() -> None:
    @composite_solid(config_schema=int, config_fn=lambda config: {"factor": {"config": {"k": 1 // config}}})
    def wrong() -> Any:
        return factor()

    @pipeline
    def p() -> None:
        wrong()

    with pytest.raises(DagsterConfigMappingFunctionError) as caught:
        execute_pipeline(p, {"solids": {"wrong": {"config": 0}}})
    assert str(caught.value) == (
        "The config function of composite solid 'wrong' raised ZeroDivisionError: integer division or modulo by zero"
    )


def test_a_composite_can_be_configured() -> None:
    @composite_solid(config_schema={"z": int}, config_fn=lambda config: {"factor": {"config": {"k": config["z"]}}})
    def mapped() -> Any:
        return factor()

    fixed = configured(mapped, name="fixed")({"z": 5})
    plus_one = mapped.configured(lambda config: {"z": config + 1}, name="plus_one", config_schema=int)

    @pipeline
    def p() -> None:
        fixed()
        plus_one()

    result = execute_pipeline(p, {"solids": {"plus_one": {"config": 1}}})
    assert (result.output_for_solid("fixed"), result.output_for_solid("plus_one")) == (5, 2)


def test_a_retry_policy_is_of_the_solids_inside_only() -> None:
    @solid
    def boom(_: object) -> None:
        raise ValueError

    @composite_solid
    def wrapped() -> Any:
        return boom()

    @pipeline
    def p() -> None:
        wrapped.with_retry_policy(RetryPolicy(3))()

    assert order(execute_pipeline(p, raise_on_error=False).step_event_list) == [
        "STEP_START wrapped.boom",
        "STEP_FAILURE wrapped.boom",
    ]


def test_the_explicit_form_is_wired_by_mappings_and_dependencies() -> None:
    explicit = CompositeSolidDefinition(
        "explicit",
        [add, one, factor, total],
        input_mappings=[
            InputDefinition("x", int).mapping_to("add", "a"),
            InputDefinition("y", int).mapping_to("total", "numbers", 1),
        ],
        output_mappings=[OutputDefinition(int).mapping_from("total")],
        config_mapping=ConfigMapping(lambda k: {"factor": {"config": {"k": k}}}, int),
        dependencies={
            "add": {"b": DependencyDefinition("factor")},
            "total": {"numbers": MultiDependencyDefinition([DependencyDefinition("one"), DependencyDefinition("add")])},
        },
        description="By hand.",
        tags={"a": 1},
    )
    assert (explicit.description, explicit.tags) == ("By hand.", {"a": "1"})

    @pipeline
    def p() -> None:
        explicit(one(), one())

    assert execute_pipeline(p, {"solids": {"explicit": {"config": 5}}}).output_for_solid("explicit") == 8


def _explicit_error(**arguments: Any) -> str:
    @solid(output_defs=[OutputDefinition(str)])
    def text(_: object, s: str) -> str:
        return s

    defaults: dict[str, Any] = {"dependencies": {"add": {"b": DependencyDefinition("one")}}}
    with pytest.raises(DagsterInvalidDefinitionError) as caught:
        CompositeSolidDefinition("c", [add, one, text], **{**defaults, **arguments})
    return str(caught.value)


def test_wrong_mappings_are_refused() -> None:
    x = InputDefinition("x", int)
    assert _explicit_error(input_mappings=[x.mapping_to("addd", "a")]) == (
        "Composite solid 'c' has no solid 'addd'. Did you mean 'add'?"
    )
    assert _explicit_error(input_mappings=[x.mapping_to("add", "q")]) == (
        "Composite solid 'c': an input mapping names input 'q' of solid 'add', which has no such input. "
        "It has: 'a', 'b'."
    )
    assert _explicit_error(output_mappings=[OutputDefinition().mapping_from("one", "q")]) == (
        "Composite solid 'c': an output mapping names output 'q' of solid 'one', which has no such output. "
        "It has: 'result'."
    )
    assert _explicit_error(input_mappings=[x.mapping_to("add", "b")]) == (
        "Composite solid 'c': input 'b' of solid 'add' is fed twice, by the input mapping 'x' and by another source. "
        "Leave one of them out."
    )
    assert _explicit_error(input_mappings=[x.mapping_to("text", "s")]) == (
        "Composite solid 'c': input 'x' is of type Int, but input 's' of solid 'text' is of type String. "
        "Give both the same type."
    )
    assert _explicit_error(output_mappings=[OutputDefinition(int).mapping_from("text")]) == (
        "Composite solid 'c': output 'result' is of type Int, but output 'result' of solid 'text' is of type String. "
        "Give both the same type."
    )


def _decorated_error(make: Any) -> str:
    with pytest.raises(DagsterInvalidDefinitionError) as caught:
        make()
    return str(caught.value)


def test_wrong_bodies_are_refused() -> None:
    def unused(x: int) -> Any:
        return one()

    def literal() -> Any:
        return 3

    def handed_through(x: int) -> Any:
        return x

    zz = [OutputDefinition(name="zz")]
    assert _decorated_error(lambda: composite_solid(unused)) == (
        "Composite solid 'unused' takes 'x' but hands it to no solid inside. Give it to a call, or leave it out."
    )
    assert _decorated_error(lambda: composite_solid(literal)) == (
        "Composite solid 'literal': its function returned int. "
        "Return the output of a solid, or a dict from output names to outputs."
    )
    assert _decorated_error(lambda: composite_solid(handed_through)) == (
        "Composite solid 'handed_through' takes 'x' but hands it to no solid inside. "
        "Give it to a call, or leave it out."
    )
    assert _decorated_error(lambda: composite_solid(name="c", output_defs=zz)(lambda: {"yy": one()})) == (
        "Composite solid 'c' defines the outputs ['zz'] but its function returns ['yy']. "
        "Return one output, or a dict from output names to outputs."
    )
    assert _decorated_error(lambda: composite_solid(name="c", output_defs=zz)(lambda: (one(), None)[1])) == (
        "Composite solid 'c' defines the outputs ['zz'] but its function returns nothing. "
        "Return one output, or a dict from output names to outputs."
    )
    assert _decorated_error(lambda: composite_solid(name="c", config_schema=int)(lambda: one())) == (
        "Composite solid 'c' has a config_schema but no config_fn. "
        "Give the function that makes the config of the solids inside from it."
    )
    with pytest.raises(DagsterInvalidDefinitionError):
        composite_solid(name="c")(lambda context: one())


def _nested(depth: int) -> CompositeSolidDefinition:
    def around(inside: Any, name: str) -> CompositeSolidDefinition:
        return composite_solid(name=name)(lambda: inside())

    definition = around(one, "c0")
    for number_ in range(1, depth):
        definition = around(definition, f"c{number_}")
    return definition


def test_composites_nest_as_deep_as_a_run_config_can_follow() -> None:
    assert execute_solid(_nested(23)).success
    with pytest.raises(DagsterInvalidDefinitionError) as caught:
        _nested(500)
    assert str(caught.value) == (
        "Composite solid 'c25' nests composite solids 25 deep; a run config can follow 24. "
        "Call some of the inner solids directly."
    )
