"""Solids wired to pipelines, composites and repositories."""

from __future__ import annotations

from collections.abc import Callable

from usercode_sdk import (
    Any,
    CompositeSolidDefinition,
    ConfigMapping,
    DependencyDefinition,
    Field,
    InputDefinition,
    ModeDefinition,
    MultiDependencyDefinition,
    Output,
    OutputDefinition,
    PipelineDefinition,
    PresetDefinition,
    RepositoryDefinition,
    RetryPolicy,
    SolidInvocation,
    composite_solid,
    file_relative_path,
    in_process_executor,
    multiprocess_executor,
    pipeline,
    repository,
    solid,
)


@solid
def one() -> int:
    return 1


@solid
def add(a: int, b: int = 1) -> int:
    return a + b


@solid
def total(numbers: list[int]) -> int:
    return sum(numbers)


@solid(output_defs=[OutputDefinition(int, "low"), OutputDefinition(int, "high")])
def bounds(x: int) -> Any:
    yield Output(x, "low")
    yield Output(x + 1, "high")


@composite_solid
def twice(x: int) -> Any:
    return add(x, x)


@composite_solid(
    input_defs=[InputDefinition("x", int)],
    output_defs=[OutputDefinition(int, "low"), OutputDefinition(int, "high")],
    config_schema={"k": Field(int, default_value=1)},
    config_fn=lambda config: {"add": {"inputs": {"b": config["k"]}}},
)
def spread(x: Any) -> Any:
    ends = bounds(add(x))
    return {"low": ends.low, "high": ends.high}


@pipeline
def small() -> None:
    low, high = bounds(one())
    total([low, high, twice(one.alias("uno")()), add(a=one())])


@pipeline(
    name="large",
    description="All of it.",
    mode_defs=[
        ModeDefinition("dev"),
        ModeDefinition("prod", executor_defs=[in_process_executor, multiprocess_executor]),
    ],
    preset_defs=[
        PresetDefinition("default", run_config={"solids": {}}, mode="dev", tags={"k": 1}),
        PresetDefinition.from_files("files", [file_relative_path(__file__, "run.yaml")], mode="prod"),
        PresetDefinition.from_yaml_strings("text", ["solids: {}"], mode="prod").with_additional_config({"loggers": {}}),
        PresetDefinition.from_pkg_resources("package", [("presets", "run.yaml")], mode="prod"),
    ],
    tags={"team": "data"},
    solid_retry_policy=RetryPolicy(),
)
def large() -> None:
    ends = spread(one.tag({"dagster/priority": 1}).alias("start").with_retry_policy(RetryPolicy(2))())
    total([ends.low, ends[1]])


by_hand = PipelineDefinition(
    [one, add, total],
    "by_hand",
    dependencies={
        SolidInvocation("one", alias="uno", tags={"k": "v"}): {},
        "add": {"a": DependencyDefinition("uno"), "b": DependencyDefinition("uno", "result")},
        "total": {"numbers": MultiDependencyDefinition([DependencyDefinition("uno"), DependencyDefinition("add")])},
    },
    mode_defs=[ModeDefinition()],
)
composite_by_hand = CompositeSolidDefinition(
    "composite_by_hand",
    [add],
    input_mappings=[InputDefinition("x", int).mapping_to("add", "a")],
    output_mappings=[OutputDefinition(int).mapping_from("add")],
    config_mapping=ConfigMapping(lambda k: {"add": {"inputs": {"b": k}}}, int),
)


@repository
def as_list() -> list[PipelineDefinition]:
    return [small, large, by_hand]


@repository(name="as_dict", description="Built when asked for.")
def lazy() -> dict[str, dict[str, PipelineDefinition | Callable[[], PipelineDefinition]]]:
    return {"pipelines": {"small": small, "by_hand": lambda: by_hand}}


found: RepositoryDefinition = as_list
names: list[str] = found.pipeline_names
