"""Running pipelines and solids from a script: modes, presets, tags and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from usercode_sdk import (
    DagsterInstance,
    DagsterInvalidConfigError,
    DagsterInvalidDefinitionError,
    DagsterInvariantViolationError,
    ModeDefinition,
    PresetDefinition,
    ResourceDefinition,
    SolidExecutionResult,
    composite_solid,
    execute_pipeline,
    execute_pipeline_iterator,
    execute_solid,
    pipeline,
    reconstructable,
    solid,
)


@solid(required_resource_keys={"r"}, config_schema={"n": int})
def look(context: Any) -> Any:
    return (context.mode_def.name, context.resources.r, context.solid_config["n"], dict(context.pipeline_run.tags))


def _mode(name: str) -> ModeDefinition:
    return ModeDefinition(name, resource_defs={"r": ResourceDefinition.hardcoded_resource(name.upper())})


def _config(n: int) -> dict[str, object]:
    return {"solids": {"look": {"config": {"n": n}}}}


@pipeline(
    mode_defs=[_mode("dev"), _mode("prod")],
    preset_defs=[
        PresetDefinition("small", mode="dev", run_config=_config(5), tags={"t": "preset", "p": 1}),
        PresetDefinition("bare", mode="prod"),
    ],
    tags={"t": "pipeline", "q": "2"},
)
def p() -> None:
    look()


@solid
def plain(_: object) -> int:
    return 1


@pipeline
def at_module_scope() -> None:
    plain()


def _look(**arguments: Any) -> Any:
    return execute_pipeline(p, **arguments).output_for_solid("look")


def test_a_mode_is_chosen_by_name() -> None:
    tags = {"t": "pipeline", "q": "2"}
    assert _look(run_config=_config(1), mode="dev") == ("dev", "DEV", 1, tags)
    assert _look(run_config=_config(2), mode="prod") == ("prod", "PROD", 2, tags)
    with pytest.raises(DagsterInvariantViolationError) as caught:
        _look(run_config=_config(1))
    assert str(caught.value) == "Pipeline 'p' has several modes, so name one of: 'dev', 'prod'."


def test_a_preset_gives_mode_config_and_tags_and_those_of_the_call_win() -> None:
    assert _look(preset="small") == ("dev", "DEV", 5, {"t": "preset", "p": "1", "q": "2"})
    assert _look(preset="small", tags={"t": "call", "j": {"a": 1}}) == (
        "dev",
        "DEV",
        5,
        {"t": "call", "p": "1", "q": "2", "j": '{"a": 1}'},
    )
    assert _look(preset="small", mode="dev", run_config=_config(5))[2] == 5


def test_a_preset_without_a_run_config_takes_the_one_given() -> None:
    assert _look(preset="bare", run_config=_config(7))[:3] == ("prod", "PROD", 7)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"preset": "smal"}, "Pipeline 'p' has no preset 'smal'. Did you mean 'small'?"),
        (
            {"preset": "small", "mode": "prod"},
            "Preset 'small' of pipeline 'p' is for mode 'dev'; it can't run in mode 'prod'.",
        ),
        (
            {"preset": "small", "run_config": _config(6)},
            "Both preset 'small' and another run config are given for pipeline 'p'. Give one of them, or derive a "
            "preset with with_additional_config().",
        ),
        ({"mode": "dev", "run_config": [1]}, "The run config for pipeline 'p' is a list. Give a dict."),
        (
            {"mode": "dev", "run_config": _config(1), "solid_selection": ["look"]},
            "The run of pipeline 'p' asks for a solid selection, ['look'], which is not supported. "
            "Run the whole pipeline.",
        ),
    ],
)
def test_contradictions_are_refused(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(DagsterInvariantViolationError) as caught:
        execute_pipeline(p, **arguments)
    assert str(caught.value) == message


def test_a_bad_run_config_is_refused_before_there_is_a_run() -> None:
    instance = DagsterInstance.ephemeral()
    with pytest.raises(DagsterInvalidConfigError):
        execute_pipeline(p, mode="dev", instance=instance, raise_on_error=False)
    with pytest.raises(DagsterInvalidConfigError):
        execute_pipeline_iterator(p, mode="dev", instance=instance)
    assert instance.get_runs() == []


def test_the_iterator_gives_the_events_of_the_run_as_they_happen() -> None:
    instance = DagsterInstance.ephemeral()
    given = []
    for event in execute_pipeline_iterator(p, preset="small", instance=instance):
        given.append(event)
        assert instance.all_logs(event.run_id) == given
    assert [given[0].type.value, given[-1].type.value] == ["PIPELINE_START", "PIPELINE_SUCCESS"]


def test_a_reconstructable_pipeline_is_executed_as_the_pipeline_it_names() -> None:
    assert execute_pipeline(reconstructable(at_module_scope)).pipeline_def is at_module_scope


def test_only_pipelines_are_executed() -> None:
    with pytest.raises(DagsterInvariantViolationError) as caught:
        execute_pipeline(plain)  # type: ignore[arg-type]  # the mistake meant
    assert str(caught.value) == "execute_pipeline() takes a pipeline, not SolidDefinition."
    with pytest.raises(DagsterInvariantViolationError) as caught:
        execute_solid(p.name)  # type: ignore[arg-type]  # the mistake meant
    assert str(caught.value) == "execute_solid() takes a solid, not str."


def test_a_solid_is_executed_with_values_for_its_inputs() -> None:
    @solid
    def add(_: object, a: int, b: int = 3) -> int:
        return a + b

    @composite_solid
    def wrapped(x: int) -> Any:
        return add(x)

    assert execute_solid(add, input_values={"a": 1}).output_value() == 4
    assert execute_solid(add, input_values={"a": 1, "b": 2}).output_value() == 3
    assert execute_solid(wrapped, input_values={"x": 4}).output_value() == 7
    assert execute_solid(add, run_config={"solids": {"add": {"inputs": {"a": 5}}}}).output_value() == 8
    with pytest.raises(DagsterInvalidDefinitionError) as caught:
        execute_solid(add, input_values={"aa": 1})
    assert str(caught.value) == "Solid 'add' has no input 'aa'. Did you mean 'a'?"
    with pytest.raises(DagsterInvalidConfigError):
        execute_solid(add)


def test_a_solid_is_executed_in_a_mode_with_tags_and_config() -> None:
    result = execute_solid(look, mode_def=_mode("dev"), run_config=_config(3), tags={"a": 1})
    assert isinstance(result, SolidExecutionResult)
    assert (result.success, result.output_value()) == (True, ("dev", "DEV", 3, {"a": "1"}))


def test_a_failing_solid_raises_or_tells() -> None:
    @solid
    def boom(_: object) -> None:
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        execute_solid(boom)
    result = execute_solid(boom, raise_on_error=False)
    assert isinstance(result, SolidExecutionResult)
    assert (result.success, result.output_value()) == (False, None)
    assert result.failure_data is not None
