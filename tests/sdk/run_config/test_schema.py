"""Which run configs a pipeline accepts in a mode."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from usercode_sdk import (
    DagsterInvalidConfigError,
    ExecutorDefinition,
    Field,
    ModeDefinition,
    Noneable,
    OutputDefinition,
    PipelineDefinition,
    ResourceDefinition,
    execute_pipeline,
    io_manager,
    logger,
    make_values_resource,
    mem_io_manager,
    pipeline,
    resource,
    solid,
)
from usercode_sdk.run_config import check_run_config


@solid(config_schema={"a": int, "b": Field(str, default_value="z")})
def shaped(context: Any) -> Any:
    return context.solid_config


@solid(config_schema=int)
def scalar(context: Any) -> Any:
    return context.solid_config


@solid
def free(context: Any) -> Any:
    return context.solid_config


@solid(config_schema={"a": Field(int, default_value=3)})
def defaulted(context: Any) -> Any:
    return context.solid_config


@solid(config_schema=Noneable(int))
def noneable(context: Any) -> Any:
    return context.solid_config


@solid(config_schema={})
def empty(context: Any) -> Any:
    return context.solid_config


@solid
def number(_: object, x: int) -> int:
    return x


@solid(required_resource_keys={"r"})
def read(context: Any) -> Any:
    return context.resources.r


def _pipeline(body: Callable[[], object], mode: ModeDefinition | None = None) -> PipelineDefinition:
    return pipeline(name="p", mode_defs=[mode] if mode else None)(lambda: (body(), None)[1])


def _faults(definition: PipelineDefinition, run_config: Any) -> list[tuple[str, str, str | None]]:
    faults = check_run_config(definition, run_config).faults
    return [(fault.reason, fault.path_text, fault.entry) for fault in faults]


def _outputs(definition: PipelineDefinition, run_config: Any = None) -> dict[str, object]:
    result = execute_pipeline(definition, run_config)
    return {name: result.output_for_solid(name) for name in definition.nodes}


_ALL = _pipeline(lambda: (shaped(), scalar(), free(), defaulted(), noneable(), empty()))
_GIVEN: dict[str, Any] = {"shaped": {"config": {"a": 1}}, "scalar": {"config": 4}}


def test_required_configs_are_given_and_defaults_filled_in() -> None:
    assert _outputs(_ALL, {"solids": _GIVEN}) == {
        "shaped": {"a": 1, "b": "z"},
        "scalar": 4,
        "free": None,
        "defaulted": {"a": 3},
        "noneable": None,
        "empty": {},
    }


def test_a_solid_without_a_schema_takes_any_config() -> None:
    assert _outputs(_pipeline(free), {"solids": {"free": {"config": [1, {"x": None}]}}}) == {"free": [1, {"x": None}]}


@pytest.mark.parametrize("run_config", [None, {}, {"solids": {}}, {"solids": None}, {"solids": {"empty": {}}}])
def test_optional_sections_may_be_left_out_or_empty(run_config: Any) -> None:
    assert _outputs(_pipeline(empty), run_config) == {"empty": {}}


@pytest.mark.parametrize(
    ("run_config", "faults"),
    [
        ({}, [("MISSING_REQUIRED_FIELD", "root", "solids")]),
        (
            {"solids": {"scalar": {}}},
            [
                ("MISSING_REQUIRED_FIELD", "root:solids", "shaped"),
                ("MISSING_REQUIRED_FIELD", "root:solids:scalar", "config"),
            ],
        ),
        (
            {"solids": {**_GIVEN, "scalar": {"config": "x", "cfg": 1}}, "solid": {}},
            [
                ("RUNTIME_TYPE_MISMATCH", "root:solids:scalar:config", None),
                ("FIELD_NOT_DEFINED", "root:solids:scalar", "cfg"),
                ("FIELD_NOT_DEFINED", "root", "solid"),
            ],
        ),
        (
            {"solids": {**_GIVEN, "empty": {"config": {"x": 1}}, "other": {}}},
            [
                ("FIELD_NOT_DEFINED", "root:solids:empty:config", "x"),
                ("FIELD_NOT_DEFINED", "root:solids", "other"),
            ],
        ),
        ({"solids": [1]}, [("RUNTIME_TYPE_MISMATCH", "root:solids", None)]),
        ([1], [("RUNTIME_TYPE_MISMATCH", "root", None)]),
    ],
)
def test_every_fault_is_found(run_config: Any, faults: list[Any]) -> None:
    found = _faults(_ALL, run_config)
    assert sorted(found, key=str) == sorted(faults, key=str)
    if isinstance(run_config, dict):
        with pytest.raises(DagsterInvalidConfigError) as caught:
            execute_pipeline(_ALL, run_config)
        assert caught.value.preamble == "The run config for pipeline 'p' does not fit its schema."
        assert len(caught.value.errors) == len(faults)


def test_an_unfed_input_is_given_in_the_config_of_its_solid() -> None:
    p = _pipeline(number)
    assert _faults(p, {}) == [("MISSING_REQUIRED_FIELD", "root", "solids")]
    assert _outputs(p, {"solids": {"number": {"inputs": {"x": 3}}}}) == {"number": 3}
    assert _outputs(p, {"solids": {"number": {"inputs": {"x": {"value": 4}}}}}) == {"number": 4}
    assert _faults(p, {"solids": {"number": {"inputs": {"x": "s", "y": 1}}}}) == [
        ("RUNTIME_TYPE_MISMATCH", "root:solids:number:inputs:x", None),
        ("FIELD_NOT_DEFINED", "root:solids:number:inputs", "y"),
    ]


def test_an_input_with_a_default_may_be_given_and_a_fed_one_may_not() -> None:
    @solid
    def defaulting(_: object, x: int = 4) -> int:
        return x

    assert _outputs(_pipeline(defaulting)) == {"defaulting": 4}
    assert _outputs(_pipeline(defaulting), {"solids": {"defaulting": {"inputs": {"x": 5}}}}) == {"defaulting": 5}
    fed = _pipeline(lambda: defaulting(number.alias("n")()))
    assert _faults(fed, {"solids": {"n": {"inputs": {"x": 1}}, "defaulting": {"inputs": {"x": 1}}}}) == [
        ("FIELD_NOT_DEFINED", "root:solids:defaulting", "inputs")
    ]


def _reading(definition: ResourceDefinition, **others: ResourceDefinition) -> PipelineDefinition:
    return _pipeline(read, ModeDefinition(resource_defs={"r": definition, **others}))


@resource(config_schema={"x": int})
def strict(context: Any) -> Any:
    return context.resource_config


@resource
def lenient(context: Any) -> Any:
    return context.resource_config


def test_a_needed_resource_gets_its_config() -> None:
    assert _outputs(_reading(strict), {"resources": {"r": {"config": {"x": 1}}}}) == {"read": {"x": 1}}
    assert _faults(_reading(strict), {}) == [("MISSING_REQUIRED_FIELD", "root", "resources")]
    assert _faults(_reading(strict), {"resources": {"r": {"config": {"x": "s"}, "y": 1}, "q": {}}}) == [
        ("RUNTIME_TYPE_MISMATCH", "root:resources:r:config:x", None),
        ("FIELD_NOT_DEFINED", "root:resources:r", "y"),
        ("FIELD_NOT_DEFINED", "root:resources", "q"),
    ]


def test_a_resource_without_a_schema_takes_any_config_or_none() -> None:
    for run_config, value in (({}, None), ({"r": {}}, None), ({"r": {"config": [1]}}, [1])):
        assert _outputs(_reading(lenient), {"resources": run_config}) == {"read": value}


def test_a_resource_that_no_solid_needs_may_be_left_out_but_must_be_right() -> None:
    p = _reading(lenient, unneeded=strict)
    assert _faults(p, {}) == []
    assert _faults(p, {"resources": {"unneeded": {"config": {"x": 1}}}}) == []
    assert _faults(p, {"resources": {"unneeded": {"config": {"x": "s"}}}}) == [
        ("RUNTIME_TYPE_MISMATCH", "root:resources:unneeded:config:x", None)
    ]
    assert _faults(p, {"resources": {"unneeded": {}}}) == [
        ("MISSING_REQUIRED_FIELD", "root:resources:unneeded", "config")
    ]


def test_resources_are_needed_through_others_types_and_io_managers() -> None:
    @resource(required_resource_keys={"below"})
    def above(context: Any) -> Any:
        return context.resources.below

    assert _faults(_reading(above, below=strict), {}) == [("MISSING_REQUIRED_FIELD", "root", "resources")]

    @io_manager(config_schema={"bucket": str})
    def stored(_: object) -> object:
        return mem_io_manager

    @solid(output_defs=[OutputDefinition(io_manager_key="lake")])
    def kept(_: object) -> int:
        return 1

    p = _pipeline(kept, ModeDefinition(resource_defs={"lake": stored}))
    assert _faults(p, {"resources": {}}) == [("MISSING_REQUIRED_FIELD", "root:resources", "lake")]


def test_values_resources_have_a_field_for_each_value() -> None:
    p = _reading(make_values_resource(a=int))
    assert _faults(p, {"resources": {"r": {"config": {"b": 1}}}}) == [
        ("MISSING_REQUIRED_FIELD", "root:resources:r:config", "a"),
        ("FIELD_NOT_DEFINED", "root:resources:r:config", "b"),
    ]


def test_a_fixed_config_leaves_nothing_to_give() -> None:
    p = _reading(strict.configured({"x": 1}))
    assert _outputs(p) == {"read": {"x": 1}}
    assert _faults(p, {"resources": {"r": {"config": {"x": 2}}}}) == [
        ("FIELD_NOT_DEFINED", "root:resources:r", "config")
    ]


@pytest.mark.parametrize(
    "execution",
    [
        {"in_process": None},
        {"in_process": {}},
        {"in_process": {"config": {"retries": {"enabled": {}}, "marker_to_close": "m"}}},
        {"multiprocess": {"config": {"max_concurrent": 2, "retries": {"disabled": {}}}}},
    ],
)
def test_executions_that_are_accepted(execution: Any) -> None:
    assert _faults(_pipeline(empty), {"execution": execution}) == []


@pytest.mark.parametrize(
    ("execution", "fault"),
    [
        ({"dask": {}}, ("FIELD_NOT_DEFINED", "root:execution", "dask")),
        ({}, ("SELECTOR_FIELD_ERROR", "root:execution", None)),
        ({"in_process": {}, "multiprocess": {}}, ("SELECTOR_FIELD_ERROR", "root:execution", None)),
        (
            {"in_process": {"config": {"retries": {"never": {}}}}},
            ("FIELD_NOT_DEFINED", "root:execution:in_process:config:retries", "never"),
        ),
        (
            {"multiprocess": {"config": {"max_concurrent": "all"}}},
            ("RUNTIME_TYPE_MISMATCH", "root:execution:multiprocess:config:max_concurrent", None),
        ),
    ],
)
def test_executions_that_are_refused(execution: Any, fault: tuple[str, str, str | None]) -> None:
    assert _faults(_pipeline(empty), {"execution": execution}) == [fault]


def test_a_mode_offers_its_own_executors() -> None:
    executors = [ExecutorDefinition("celery", {"queue": str})]
    p = _pipeline(empty, ModeDefinition(executor_defs=executors))
    assert _faults(p, {"execution": {"celery": {"config": {"queue": "q"}}}}) == []
    assert _faults(p, {"execution": {"in_process": {}}}) == [("FIELD_NOT_DEFINED", "root:execution", "in_process")]


def test_another_executor_than_in_process_is_not_available_in_process() -> None:
    result = execute_pipeline(_pipeline(empty), {"execution": {"multiprocess": {}}}, raise_on_error=False)
    assert [event.type.value for event in result.event_list] == ["PIPELINE_START", "PIPELINE_FAILURE"]
    assert result.event_list[1].data.error.message == (  # type: ignore[union-attr]  # a failure's data
        "The run config asks for executor 'multiprocess', which is not available here. "
        "Leave out 'execution', or use 'in_process'."
    )


def test_loggers_are_those_of_the_mode_or_else_the_console() -> None:
    @logger(config_schema={"level": str})
    def mine(_: object) -> Any: ...

    console = {"console": {"config": {"log_level": "DEBUG", "name": "n"}}}
    with_loggers = _pipeline(empty, ModeDefinition(logger_defs={"mine": mine}))
    assert _faults(_pipeline(empty), {"loggers": console}) == []
    assert _faults(_pipeline(empty), {"loggers": {"console": {}}}) == []
    assert _faults(_pipeline(empty), {"loggers": {"other": {}}}) == [("FIELD_NOT_DEFINED", "root:loggers", "other")]
    assert _faults(with_loggers, {"loggers": {"mine": {"config": {"level": "INFO"}}}}) == []
    assert _faults(with_loggers, {"loggers": {"mine": {}}}) == [
        ("MISSING_REQUIRED_FIELD", "root:loggers:mine", "config")
    ]
    assert _faults(with_loggers, {"loggers": console}) == [("FIELD_NOT_DEFINED", "root:loggers", "console")]


@pytest.mark.parametrize("section", ["storage", "intermediate_storage"])
def test_the_storage_sections_of_old_run_configs_are_known(section: str) -> None:
    known: list[Any] = [{"in_memory": {}}, {"filesystem": {}}, {"filesystem": {"config": {"base_dir": "/x"}}}]
    for storage in known:
        assert _faults(_pipeline(empty), {section: storage}) == []
    assert _faults(_pipeline(empty), {section: {"s3": {}}}) == [("FIELD_NOT_DEFINED", f"root:{section}", "s3")]


def test_an_io_manager_may_ask_about_single_outputs() -> None:
    @io_manager(output_config_schema={"path": str})
    def pathed(_: object) -> object:
        return mem_io_manager

    @solid(output_defs=[OutputDefinition(int, "kept", io_manager_key="lake"), OutputDefinition(int, "other")])
    def two(_: object) -> tuple[int, int]:
        return 1, 2

    p = _pipeline(two, ModeDefinition(resource_defs={"lake": pathed}))
    assert _faults(p, {"solids": {"two": {"outputs": {"kept": {"path": "x"}}}}}) == []
    assert _faults(p, {"solids": {"two": {"outputs": {"kept": {"path": 1}, "other": {}}}}}) == [
        ("RUNTIME_TYPE_MISMATCH", "root:solids:two:outputs:kept:path", None),
        ("FIELD_NOT_DEFINED", "root:solids:two:outputs", "other"),
    ]
