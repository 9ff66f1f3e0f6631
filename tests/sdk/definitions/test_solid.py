from __future__ import annotations

import asyncio
import functools
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from tests.sdk.observed import ends, failure_of, order
from usercode_sdk import (
    AssetMaterialization,
    DagsterInvalidDefinitionError,
    DagsterInvariantViolationError,
    ExpectationResult,
    InputDefinition,
    ModeDefinition,
    Nothing,
    Output,
    OutputDefinition,
    PipelineExecutionResult,
    ResourceDefinition,
    SolidDefinition,
    execute_pipeline,
    execute_solid,
    lambda_solid,
    pipeline,
    solid,
)


def _run(*definitions: SolidDefinition) -> PipelineExecutionResult:
    @pipeline
    def p() -> None:
        for definition in definitions:
            definition()

    return execute_pipeline(p, raise_on_error=False)


def _ports(definition: SolidDefinition) -> tuple[list[str], list[str]]:
    return (
        [f"{one.name}: {one.dagster_type.display_name}" for one in definition.input_defs],
        [f"{one.name}: {one.dagster_type.display_name}" for one in definition.output_defs],
    )


def test_a_bare_decorator_takes_name_description_and_ports_from_the_function() -> None:
    @solid
    def add(_: object, a: int, b: str = "x") -> float:
        """Adds."""
        return 1.0

    assert (add.name, add.description) == ("add", "Adds.")
    assert _ports(add) == (["a: Int", "b: String"], ["result: Float"])
    assert [one.has_default_value for one in add.input_defs] == [False, True]


def test_arguments_of_the_decorator_win_over_the_function() -> None:
    @solid(
        name="other",
        description="Given.",
        input_defs=[InputDefinition("a", str)],
        output_defs=[OutputDefinition(bool, "flag")],
        tags={"team": "x", "size": 3},
        required_resource_keys={"db"},
        version="7",
    )
    def add(_: object, a: int) -> float:
        """Adds."""
        return 1.0

    assert (add.name, add.description, add.version) == ("other", "Given.", "7")
    assert _ports(add) == (["a: String"], ["flag: Bool"])
    assert add.tags == {"team": "x", "size": "3"}
    assert add.required_resource_keys == frozenset({"db"})


@pytest.mark.parametrize("name", ["_", "context", "_context", "context_"])
def test_the_first_parameter_is_the_context_when_it_is_named_so(name: str) -> None:
    scope: dict[str, Any] = {}
    exec(f"def f({name}, x): return x", scope)
    assert [one.name for one in solid(scope["f"]).input_defs] == ["x"]


def test_any_other_first_parameter_is_an_input() -> None:
    @solid
    def double(x: int) -> int:
        return 2 * x

    assert _ports(double) == (["x: Int"], ["result: Int"])
    assert execute_solid(double, input_values={"x": 4}).output_value() == 8


def test_inputs_not_named_in_input_defs_follow_those_that_are() -> None:
    @solid(input_defs=[InputDefinition("y", int)])
    def pair(_: object, x: str, y: int) -> None: ...

    assert _ports(pair)[0] == ["y: Int", "x: String"]


def test_the_signature_completes_definitions_that_leave_types_and_defaults_open() -> None:
    @solid(input_defs=[InputDefinition("x", description="An x.")], output_defs=[OutputDefinition(name="y")])
    def f(_: object, x: int = 4) -> str:
        return str(x)

    assert _ports(f) == (["x: Int"], ["y: String"])
    assert (f.input_defs[0].description, f.input_defs[0].default_value) == ("An x.", 4)


def test_the_return_annotation_of_a_generator_says_nothing_of_its_outputs() -> None:
    @solid
    def f(_: object) -> Iterator[Output[int]]:
        yield Output(1)

    assert _ports(f)[1] == ["result: Any"]


def test_keyword_only_parameters_are_inputs() -> None:
    @solid
    def f(_: object, a: int, *, b: int = 2) -> int:
        return a + b

    assert _ports(f)[0] == ["a: Int", "b: Int"]
    assert execute_solid(f, input_values={"a": 1}).output_value() == 3


def test_keyword_arguments_take_the_inputs_defined() -> None:
    @solid(input_defs=[InputDefinition("a", int)])
    def f(_: object, **inputs: int) -> int:
        return inputs["a"]

    assert execute_solid(f, input_values={"a": 1}).output_value() == 1


def test_an_input_of_type_nothing_is_no_parameter() -> None:
    @solid(input_defs=[InputDefinition("after", Nothing), InputDefinition("x", int)])
    def f(_: object, x: int) -> int:
        return x

    assert _ports(f)[0] == ["after: Nothing", "x: Int"]
    assert execute_solid(f, input_values={"x": 1}).output_value() == 1


def _definition_error(make: Any) -> str:
    with pytest.raises(DagsterInvalidDefinitionError) as caught:
        make()
    return str(caught.value)


def test_a_config_schema_needs_the_context() -> None:
    assert _definition_error(lambda: solid(name="s", config_schema=int)(lambda x: x)) == (
        "Solid 's' has a config schema, so its function takes the context as its first parameter. "
        "Call that parameter one of: _, _context, context, context_."
    )


def test_required_resources_are_made_for_a_function_without_context_too() -> None:
    made: list[int] = []

    @solid(required_resource_keys={"r"})
    def double(x: int) -> int:
        return 2 * x

    mode = ModeDefinition(resource_defs={"r": ResourceDefinition(lambda _: made.append(1))})
    assert execute_solid(double, mode, {"x": 2}).output_value() == 4
    assert made == [1]


def test_resources_may_be_required_for_what_making_them_does() -> None:
    @solid(required_resource_keys={"db"})
    def without_context(x: int) -> int:
        return x

    assert (without_context.required_resource_keys, _ports(without_context)[0]) == (frozenset({"db"}), ["x: Int"])


def test_any_positional_arguments_are_refused() -> None:
    def f(_: object, *args: object) -> None: ...

    assert _definition_error(lambda: solid(f)) == (
        "Solid 'f': its function takes *args, so the inputs can't be told apart. Name each input."
    )


def test_an_input_definition_without_a_parameter_is_refused() -> None:
    def f(_: object, a: int) -> None: ...

    assert _definition_error(lambda: solid(input_defs=[InputDefinition("b")])(f)) == (
        "Solid 'f': the function has no parameter 'b' for its input of that name. Its parameters: 'a'."
    )


def test_a_parameter_for_a_nothing_input_is_refused() -> None:
    def f(_: object, a: int) -> None: ...

    assert _definition_error(lambda: solid(input_defs=[InputDefinition("a", Nothing)])(f)) == (
        "Solid 'f': input 'a' is of type Nothing, so the function takes no such parameter."
    )


def test_two_ports_of_one_name_are_refused() -> None:
    twice = [OutputDefinition(int, "x"), OutputDefinition(int, "x")]
    assert _definition_error(lambda: solid(name="s", output_defs=twice)(lambda _: 1)) == (
        "Solid 's' has two outputs named 'x'. Names of outputs are unique."
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"input_defs": [3]}, "Solid 's': input_defs holds 3. Each must be an InputDefinition."),
        ({"output_defs": [3]}, "Solid 's': output_defs holds 3. Each must be an OutputDefinition."),
        (
            {"input_defs": InputDefinition("a")},
            "Solid 's': input_defs is one InputDefinition. Put it into a list.",
        ),
        (
            {"output_defs": OutputDefinition()},
            "Solid 's': output_defs is one OutputDefinition. Put it into a list.",
        ),
        ({"input_defs": 3}, "Solid 's': input_defs is 3. Give a list of InputDefinition."),
        ({"required_resource_keys": {3}}, "Solid 's': required_resource_keys is a set of strings, not {3}."),
        ({"retry_policy": 3}, "Solid 's': its retry policy is 3. Give a RetryPolicy."),
        ({"required_resource_keys": "db"}, "Solid 's': required_resource_keys is a set of strings, not 'db'."),
    ],
)
def test_arguments_of_the_wrong_kind_are_refused(arguments: dict[str, Any], message: str) -> None:
    assert _definition_error(lambda: solid(name="s", **arguments)(lambda _: 1)) == message


def test_what_is_no_function_is_refused() -> None:
    assert _definition_error(lambda: solid(name="s")(3)) == "Solid 's' needs a function, not 3."  # type: ignore[arg-type]  # the mistake meant
    assert _definition_error(lambda: SolidDefinition("s")) == "Solid 's' needs a function, not None."


def test_what_has_no_name_needs_one() -> None:
    add_two = functools.partial(lambda a, b: a + b, b=2)
    assert _definition_error(lambda: solid(add_two)) == (
        f"The solid made of {add_two!r} has no name, as it is not made with def. Give one: @solid(name=...)."
    )
    named = solid(name="add_two")(add_two)
    assert execute_solid(named, input_values={"a": 3}).output_value() == 5


def test_a_default_must_fit_a_scalar_type() -> None:
    assert _definition_error(lambda: InputDefinition("x", int, default_value="3")) == (
        "The default_value of input 'x', '3', is not of its type Int. Give another default, or a type such as Optional."
    )
    assert _definition_error(lambda: InputDefinition("x", Nothing, default_value=None)) == (
        "Input 'x' is of type Nothing, so it can't have a default_value."
    )
    assert _definition_error(lambda: solid(input_defs=[InputDefinition("x", str)])(_with_int_default)) == (
        "The default_value of input 'x', 3, is not of its type String. "
        "Give another default, or a type such as Optional."
    )
    assert InputDefinition("x", int | None, default_value=None).has_default_value


def _with_int_default(x: Any = 3) -> Any:
    return x


def test_what_is_not_supported_is_said_so() -> None:
    assert _definition_error(lambda: InputDefinition("x", root_manager_key="m")) == (  # type: ignore[arg-type]  # the mistake meant
        "Input 'x': root_manager_key is not supported; feed the input from run config or a solid."
    )


def test_ports_keep_what_they_are_given() -> None:
    one = InputDefinition("x", int, "How many.", 3, metadata={"unit": "rows"})
    assert (one.name, one.dagster_type.display_name, one.description) == ("x", "Int", "How many.")
    assert (one.has_default_value, one.default_value, one.metadata) == (True, 3, {"unit": "rows"})
    assert repr(one) == "InputDefinition('x', Int)"
    other = OutputDefinition(str, "y", "What.", False, "lake", {"unit": "rows"})
    assert (other.dagster_type.display_name, other.name, other.description) == ("String", "y", "What.")
    assert (other.is_required, other.io_manager_key, other.metadata) == (False, "lake", {"unit": "rows"})
    assert repr(other) == "OutputDefinition(String, 'y')"
    plain = OutputDefinition()
    assert (plain.name, plain.is_required, plain.io_manager_key) == ("result", True, "io_manager")


@pytest.mark.parametrize("name", ["a-b", "", "a.b", "é", "def", "context", "int", "type", "input", "config"])
def test_invalid_names_are_refused(name: str) -> None:
    with pytest.raises(DagsterInvalidDefinitionError, match=r"name of a solid|valid solid name"):
        solid(name=name or "a b")(lambda _: 1)
    with pytest.raises(DagsterInvalidDefinitionError, match=r"name of a solid input|valid solid input name"):
        InputDefinition(name)
    with pytest.raises(DagsterInvalidDefinitionError, match=r"name of a solid output|valid solid output name"):
        OutputDefinition(name=name)


@pytest.mark.parametrize("name", ["1a", "A_9", "result", "class_"])
def test_names_of_letters_digits_and_underscores_are_fine(name: str) -> None:
    assert solid(name=name)(lambda _: 1).name == name


def test_a_returned_value_is_the_one_output_whatever_its_name() -> None:
    @solid(output_defs=[OutputDefinition(int, "a")])
    def named(_: object) -> int:
        return 3

    @solid
    def nothing_returned(_: object) -> None: ...

    @solid(output_defs=[OutputDefinition(int, "a", is_required=False)])
    def optional(_: object) -> int:
        return 3

    result = _run(named, nothing_returned, optional)
    assert result.output_for_solid("named", "a") == 3
    assert result.result_for_solid("nothing_returned").output_values == {"result": None}
    assert result.output_for_solid("optional", "a") == 3


def test_a_returned_output_object_is_the_output() -> None:
    @solid(output_defs=[OutputDefinition(int, "a")])
    def f(_: object) -> Output[int]:
        return Output(3, "a")

    assert _run(f).output_for_solid("f", "a") == 3


def test_several_outputs_may_be_returned_together() -> None:
    @solid(output_defs=[OutputDefinition(int, "a"), OutputDefinition(str, "b")])
    def f(_: object) -> tuple[int, str]:
        return 1, "x"

    assert _run(f).result_for_solid("f").output_values == {"a": 1, "b": "x"}


def test_a_generator_yields_outputs_and_reports_in_its_order() -> None:
    @solid(output_defs=[OutputDefinition(int, "a"), OutputDefinition(int, "b")])
    def f(_: object) -> Iterator[object]:
        yield Output(2, "b")
        yield AssetMaterialization("table")
        yield ExpectationResult(True, "fine")
        yield Output(1, "a")

    result = _run(f)
    assert result.result_for_solid("f").output_values == {"a": 1, "b": 2}
    assert order(result.step_event_list) == [
        "STEP_START f",
        "STEP_OUTPUT f",
        "HANDLED_OUTPUT f",
        "ASSET_MATERIALIZATION f",
        "STEP_EXPECTATION_RESULT f",
        "STEP_OUTPUT f",
        "HANDLED_OUTPUT f",
        "STEP_SUCCESS f",
    ]


def test_a_function_that_hands_out_a_generator_counts_as_one() -> None:
    @solid
    def f(_: object) -> Any:
        return (Output(one) for one in (5,))

    assert _run(f).output_for_solid("f") == 5


def test_coroutines_and_asynchronous_generators_run_to_their_end() -> None:
    @solid
    async def slow(_: object) -> int:
        await asyncio.sleep(0)
        return 4

    @solid(output_defs=[OutputDefinition(int, "a"), OutputDefinition(int, "b")])
    async def stream(_: object) -> AsyncIterator[Output[int]]:
        yield Output(1, "a")
        await asyncio.sleep(0)
        yield Output(2, "b")

    result = _run(slow, stream)
    assert result.output_for_solid("slow") == 4
    assert result.result_for_solid("stream").output_values == {"a": 1, "b": 2}


def test_an_asynchronous_generator_is_closed_when_a_value_does_not_fit() -> None:
    closed = []

    @solid(output_defs=[OutputDefinition(int, "a")])
    async def stream(_: object) -> AsyncIterator[Output[str]]:
        try:
            yield Output("no int", "a")
        finally:
            closed.append(True)

    assert ends(_run(stream).event_list) == {"stream": "failure"}
    assert closed == [True]


@pytest.mark.parametrize(
    ("outputs", "returned", "message"),
    [
        (
            ["a", "b"],
            (1, 2, 3),
            "Solid 'f' returned a tuple of 3 values for its 2 outputs. "
            "Return one value for each, or yield an Output for each that comes.",
        ),
        (
            ["a", "b"],
            5,
            "Solid 'f' returned a value of type int, but its outputs are 'a', 'b'. With several outputs yield an "
            "Output for each, or return a tuple of all; with none return nothing.",
        ),
        (
            [],
            5,
            "Solid 'f' returned a value of type int, but its outputs are none. With several outputs yield an "
            "Output for each, or return a tuple of all; with none return nothing.",
        ),
        (
            ["a"],
            AssetMaterialization("t"),
            "Solid 'f' returned AssetMaterialization by itself. Yield it, and yield an Output for each output.",
        ),
        (
            ["a"],
            Output(1, "zz"),
            "Step 'f' yielded an output named 'zz'. Its outputs: 'a'.",
        ),
        (
            ["a"],
            iter([1]),
            None,
        ),
    ],
)
def test_what_is_returned_must_fit_the_outputs(outputs: list[str], returned: object, message: str | None) -> None:
    @solid(output_defs=[OutputDefinition(name=name) for name in outputs])
    def f(_: object) -> object:
        return returned

    result = _run(f)
    if message is None:
        assert result.output_for_solid("f", "a") is returned
    else:
        error = failure_of(result, "f").error
        assert (error.error_type, error.message) == ("usercode_sdk.errors.DagsterInvariantViolationError", message)


def test_what_is_yielded_must_be_an_event() -> None:
    @solid
    def f(_: object) -> Iterator[int]:
        yield 3

    assert failure_of(_run(f), "f").error.message == (
        "Solid 'f' yielded a value of type int. "
        "Yield Output(value, output_name), AssetMaterialization or ExpectationResult."
    )


def test_an_output_yielded_twice_fails_the_step() -> None:
    @solid
    def f(_: object) -> Iterator[Output[int]]:
        yield Output(1)
        yield Output(2)

    result = _run(f)
    assert failure_of(result, "f").error.message == "Step 'f' yielded output 'result' twice. Yield each output once."
    assert result.result_for_solid("f").output_values == {}


def test_a_missing_required_output_fails_the_step() -> None:
    @solid(output_defs=[OutputDefinition(name="a"), OutputDefinition(name="b")])
    def f(_: object) -> Iterator[Output[int]]:
        yield Output(1, "a")

    error = failure_of(_run(f), "f").error
    assert (error.error_type, error.message) == (
        "usercode_sdk.errors.DagsterStepOutputNotFoundError",
        "Step 'f' ended without its required output 'b'. Yield it, or define it with is_required=False.",
    )


def test_nothing_outputs_come_by_themselves_unless_they_are_optional() -> None:
    @solid(output_defs=[OutputDefinition(Nothing, "done"), OutputDefinition(Nothing, "maybe", is_required=False)])
    def f(_: object) -> Iterator[object]:
        yield AssetMaterialization("t")

    assert _run(f).result_for_solid("f").output_values == {"done": None}


def test_a_nothing_output_refuses_a_value() -> None:
    @solid(output_defs=[OutputDefinition(Nothing)])
    def f(_: object) -> int:
        return 3

    assert failure_of(_run(f), "f").error.message == (
        "Type check failed for output 'result' of step 'f', of type Nothing. "
        "An output of type Nothing carries no value, got int."
    )


def test_a_lambda_solid_has_no_context_and_one_output() -> None:
    @lambda_solid
    def double(x: int) -> int:
        return 2 * x

    @lambda_solid(name="one", input_defs=[], output_def=OutputDefinition(int, "n"))
    def make() -> int:
        return 1

    assert _ports(double) == (["x: Int"], ["result: Int"])
    assert _ports(make) == ([], ["n: Int"])

    @pipeline
    def p() -> None:
        double(make())

    assert execute_pipeline(p).output_for_solid("double") == 2


def test_a_low_level_definition_takes_its_inputs_as_a_dict() -> None:
    def compute(context: Any, inputs: dict[str, int]) -> Iterator[Output[int]]:
        yield Output(inputs["a"] + context.solid_config)

    inputs = [InputDefinition("a", int, default_value=1)]
    yielding = SolidDefinition("yielding", inputs, compute, [OutputDefinition(int)], int)
    listing = SolidDefinition(
        "listing", inputs, lambda _context, inputs: iter([Output(inputs["a"])]), [OutputDefinition()]
    )

    @pipeline
    def p() -> None:
        yielding()
        listing()

    result = execute_pipeline(p, {"solids": {"yielding": {"config": 4}}})
    assert (result.output_for_solid("yielding"), result.output_for_solid("listing")) == (5, 1)


def test_a_solid_can_only_be_called_where_a_graph_is_written() -> None:
    @solid
    def f(_: object) -> int:
        return 1

    with pytest.raises(DagsterInvariantViolationError) as caught:
        f()
    assert str(caught.value) == (
        "Solid 'f' is called outside a @pipeline or @composite_solid function. Run it by itself with execute_solid()."
    )
    with pytest.raises(DagsterInvariantViolationError) as caught:
        f.alias("g")()
    assert str(caught.value) == (
        "Solid 'g' with an alias, tags or a retry policy can only be called inside a @pipeline or @composite_solid "
        "function."
    )
