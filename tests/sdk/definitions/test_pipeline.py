from __future__ import annotations

from typing import Any

import pytest

from usercode_sdk import (
    DagsterInvalidDefinitionError,
    DagsterInvariantViolationError,
    DagsterType,
    InputDefinition,
    ModeDefinition,
    Nothing,
    OutputDefinition,
    PresetDefinition,
    ResourceDefinition,
    RetryPolicy,
    composite_solid,
    execute_pipeline,
    fs_io_manager,
    pipeline,
    solid,
)
from usercode_sdk.execute import pipeline_run_for
from usercode_sdk.types import DagsterTypeLoader


@solid
def one(_: object) -> int:
    return 1


def _error(make: Any) -> str:
    with pytest.raises(DagsterInvalidDefinitionError) as caught:
        make()
    return str(caught.value)


def test_name_description_and_tags() -> None:
    @pipeline(tags={"team": "x", "owner": {"name": "y"}}, solid_retry_policy=RetryPolicy(2))
    def p() -> None:
        """Does it."""
        one()

    assert (p.name, p.description, p.tags) == ("p", "Does it.", {"team": "x", "owner": '{"name": "y"}'})
    assert [one_.name for one_ in p.solids] == ["one"]
    assert p.solid_retry_policy == RetryPolicy(2)
    assert pipeline(name="q", description="Given.")(lambda: None).description == "Given."


def test_an_empty_pipeline_succeeds() -> None:
    assert execute_pipeline(pipeline(name="p")(lambda: None)).success


def test_a_function_with_parameters_is_refused() -> None:
    assert _error(lambda: pipeline(name="p")(lambda x: None)) == (
        "Pipeline 'p': its function takes 'x'. A pipeline function takes no parameters; put values into the config of "
        "solids."
    )


def test_modes_and_presets_have_names_of_their_own() -> None:
    modes = [ModeDefinition("a"), ModeDefinition("a")]
    assert (
        _error(lambda: pipeline(name="p", mode_defs=modes)(lambda: None))
        == "Pipeline 'p' has two modes named 'a'. Give each another name."
    )
    presets = [PresetDefinition("a"), PresetDefinition("a")]
    assert _error(lambda: pipeline(name="p", preset_defs=presets)(lambda: None)) == (
        "Pipeline 'p' has two presets named 'a'. Give each another name."
    )


def test_a_preset_is_for_a_mode_of_the_pipeline() -> None:
    def make() -> None:
        pipeline(name="p", mode_defs=[ModeDefinition("prod")], preset_defs=[PresetDefinition("a", mode="prd")])(
            lambda: None
        )

    assert _error(make) == (
        "Pipeline 'p': preset 'a' is for mode 'prd', which the pipeline does not have. Did you mean 'prod'?"
    )


def test_modes_and_presets_are_found_by_name() -> None:
    @pipeline(
        mode_defs=[ModeDefinition("dev"), ModeDefinition("prod")],
        preset_defs=[PresetDefinition("small", mode="dev")],
    )
    def p() -> None:
        one()

    assert (p.available_modes, p.get_default_mode_name(), p.has_preset("small"), p.has_preset("large")) == (
        ["dev", "prod"],
        "dev",
        True,
        False,
    )
    assert p.get_mode_definition("prod") is p.mode_definitions[1]
    assert p.get_preset("small") is p.preset_defs[0]
    with pytest.raises(DagsterInvariantViolationError) as caught:
        p.get_mode_definition()
    assert str(caught.value) == "Pipeline 'p' has several modes, so name one of: 'dev', 'prod'."
    with pytest.raises(DagsterInvariantViolationError) as caught:
        p.get_mode_definition("pord")
    assert str(caught.value) == "Pipeline 'p' has no mode 'pord'. Did you mean 'prod'?"
    with pytest.raises(DagsterInvariantViolationError) as caught:
        p.get_preset("smal")
    assert str(caught.value) == "Pipeline 'p' has no preset 'smal'. Did you mean 'small'?"


def test_without_modes_there_is_a_default_one() -> None:
    @pipeline
    def p() -> None:
        one()

    assert (p.get_mode_definition().name, p.available_modes) == ("default", ["default"])
    with pytest.raises(DagsterInvariantViolationError) as caught:
        p.get_preset("a")
    assert str(caught.value) == "Pipeline 'p' has no preset 'a'. There are none."


def test_two_different_solids_of_one_name_are_refused_at_any_depth() -> None:
    @solid(name="one")
    def other(_: object) -> int:
        return 2

    assert _error(lambda: pipeline(name="p")(lambda: (one(), other.alias("second")(), None)[2])) == (
        "Pipeline 'p' uses two different solids named 'one'. Give one another name."
    )


class _Opaque:
    pass


def test_an_input_that_nothing_can_feed_is_refused() -> None:
    @solid
    def eat(_: object, x: _Opaque) -> None: ...

    assert _error(lambda: pipeline(name="p")(lambda: (eat(), None)[1])) == (
        "Pipeline 'p': nothing feeds input 'x' of solid 'eat', and a value of type _Opaque can't be loaded from run "
        "config. Feed it from another solid, give it a default_value, or give its type a loader."
    )


def test_an_input_of_a_composite_that_nothing_can_feed_is_refused() -> None:
    @solid
    def eat(_: object, x: _Opaque) -> None: ...

    @composite_solid
    def inner(x: Any) -> Any:
        return eat(x)

    @composite_solid(input_defs=[InputDefinition("x", _Opaque)])
    def outer(x: Any) -> Any:
        return eat(x)

    @composite_solid
    def around() -> Any:
        return outer()

    assert _error(lambda: pipeline(name="p")(lambda: (outer(), None)[1])) == (
        "Pipeline 'p': nothing feeds input 'x' of solid 'outer', and a value of type _Opaque can't be loaded from run "
        "config. Feed it from another solid, give it a default_value, or give its type a loader."
    )
    assert _error(lambda: pipeline(name="p")(lambda: (around(), None)[1])) == (
        "Composite solid 'around': nothing feeds input 'x' of solid 'outer', and a value of type _Opaque can't be "
        "loaded from run config. Feed it from another solid, give it a default_value, or give its type a loader."
    )
    assert pipeline(name="p")(lambda: (inner(), None)[1]).name == "p"  # its own type, Any, has a loader


def test_an_input_of_a_composite_may_stay_unfed_when_all_inside_have_defaults() -> None:
    @solid(input_defs=[InputDefinition("x", _Opaque, default_value=None)])
    def eat(_: object, x: object) -> object:
        return x

    @composite_solid(input_defs=[InputDefinition("x", _Opaque)])
    def inner(x: Any) -> Any:
        return eat(x)

    @composite_solid(input_defs=[InputDefinition("x", _Opaque)])
    def outer(x: Any) -> Any:
        return inner(x)

    @pipeline
    def p() -> None:
        outer()

    assert p.nodes["outer"].definition.may_stay_unfed(outer.input_defs[0])


def test_modes_and_presets_are_given_in_lists() -> None:
    assert _error(lambda: pipeline(name="p", mode_defs=ModeDefinition())(lambda: None)) == (  # type: ignore[call-overload]  # meant
        "Pipeline 'p': mode_defs is one ModeDefinition. Put it into a list."
    )
    assert _error(lambda: pipeline(name="p", mode_defs=["dev"])(lambda: None)) == (  # type: ignore[list-item]  # meant
        "Pipeline 'p': mode_defs holds 'dev'. Each must be a ModeDefinition."
    )
    assert _error(lambda: pipeline(name="p", preset_defs=[{}])(lambda: None)) == (  # type: ignore[list-item]  # meant
        "Pipeline 'p': preset_defs holds {}. Each must be a PresetDefinition."
    )
    assert _error(lambda: pipeline(name="p", solid_retry_policy=3)(lambda: None)) == (  # type: ignore[call-overload]  # meant
        "Pipeline 'p': its retry policy is 3. Give a RetryPolicy."
    )


def test_wrong_names_and_tags_are_refused() -> None:
    assert _error(lambda: pipeline(name="my pipeline")(lambda: None)) == (
        "'my pipeline' is not a valid pipeline name. Use letters, digits and underscores only."
    )
    assert _error(lambda: pipeline(name="type")(lambda: None)) == (
        "'type' is reserved and can't be the name of a pipeline. Choose another name."
    )
    assert _error(lambda: pipeline(name="p", tags={"k": object})(lambda: None)).startswith(
        "The tag 'k' of pipeline 'p' has the value <class 'object'>, but "
    )


def test_a_pipeline_shows_its_name() -> None:
    assert repr(pipeline(name="p")(lambda: None)) == "PipelineDefinition('p')"


def test_tags_of_the_call_lie_over_those_of_the_preset_and_these_over_the_pipelines() -> None:
    preset = PresetDefinition("small", tags={"b": "preset", "c": "preset"})

    @pipeline(tags={"a": "pipeline", "b": "pipeline", "c": "pipeline"}, preset_defs=[preset])
    def p() -> None:
        one()

    run = pipeline_run_for(p, preset="small", tags={"c": "call", "d": 4})
    assert run.tags == {"a": "pipeline", "b": "preset", "c": "call", "d": "4"}
    assert pipeline_run_for(p).tags == p.tags


def test_inputs_with_a_default_a_loader_or_no_value_may_be_left_unfed() -> None:
    loaded = DagsterType(lambda _context, _value: True, name="Loaded", loader=DagsterTypeLoader(int, lambda _, n: -n))

    @solid(
        input_defs=[
            InputDefinition("default", _Opaque, default_value=_Opaque()),
            InputDefinition("loaded", loaded),
            InputDefinition("after", Nothing),
        ]
    )
    def eat(_: object, default: object, loaded: int) -> int:
        return loaded

    @pipeline
    def p() -> None:
        eat()

    result = execute_pipeline(p, {"solids": {"eat": {"inputs": {"loaded": 3}}}})
    assert result.output_for_solid("eat") == -3


def _with(definition: Any, **resources: ResourceDefinition) -> Any:
    modes = [ModeDefinition("dev", resource_defs=resources)]
    return lambda: pipeline(name="p", mode_defs=modes)(lambda: (definition(), None)[1])


def test_every_mode_gives_the_resources_that_solids_need() -> None:
    @solid(required_resource_keys={"database"})
    def use(_: object) -> None: ...

    value = ResourceDefinition.hardcoded_resource(1)
    assert _with(use, database=value)().name == "p"
    assert _error(_with(use)) == (
        "Pipeline 'p': solid 'use' requires resource 'database', which mode 'dev' does not give. "
        "Add it to the mode: ModeDefinition(resource_defs={'database': ...})."
    )
    assert _error(_with(use, databse=value)) == (
        "Pipeline 'p': solid 'use' requires resource 'database', which mode 'dev' does not give. "
        "Did you mean 'databse'? Add it to the mode: ModeDefinition(resource_defs={'database': ...})."
    )


def test_every_mode_gives_the_resources_that_outputs_and_types_need() -> None:
    @solid(output_defs=[OutputDefinition(io_manager_key="lake")])
    def stored(_: object) -> int:
        return 1

    checked = DagsterType(lambda _context, _value: True, name="Checked", required_resource_keys={"rules"})

    @solid(output_defs=[OutputDefinition(checked)])
    def typed(_: object) -> int:
        return 1

    assert _with(stored, lake=fs_io_manager)().name == "p"
    assert _error(_with(stored)) == (
        "Pipeline 'p': output 'result' of solid 'stored' requires resource 'lake', which mode 'dev' does not give. "
        "Add it to the mode: ModeDefinition(resource_defs={'lake': ...})."
    )
    assert _error(_with(typed)) == (
        "Pipeline 'p': type 'Checked' of solid 'typed' requires resource 'rules', which mode 'dev' does not give. "
        "Add it to the mode: ModeDefinition(resource_defs={'rules': ...})."
    )


@pytest.mark.parametrize("key", ["io_manager", "lake"])
def test_outputs_are_stored_by_io_managers(key: str) -> None:
    @solid(output_defs=[OutputDefinition(io_manager_key=key)])
    def stored(_: object) -> int:
        return 1

    assert _error(_with(stored, **{key: ResourceDefinition.none_resource()})) == (
        f"Pipeline 'p': output 'result' of solid 'stored' is to be stored by resource {key!r}, but what mode 'dev' "
        "gives for it is not an IO manager. Make it with @io_manager."
    )
