"""Mistakes in definitions that a type checker tells of before anything runs."""

from __future__ import annotations

from usercode_sdk import (
    DependencyDefinition,
    InputDefinition,
    ModeDefinition,
    MultiDependencyDefinition,
    OutputDefinition,
    PipelineDefinition,
    PresetDefinition,
    ResourceDefinition,
    RetryPolicy,
    composite_solid,
    configured,
    pipeline,
    resource,
    solid,
)


@solid
def one() -> int:
    return 1


@resource
def server(_: object) -> int:
    return 1


@solid(names="two")  # refused: call-overload
def two() -> int:
    return 2


@solid(input_defs=InputDefinition("x"))  # refused: call-overload
def three(x: int) -> int:
    return x


@solid(output_defs=[InputDefinition("x")])  # refused: list-item
def four() -> int:
    return 4


@solid(required_resource_keys="server")  # refused: call-overload
def five(_: object) -> int:
    return 5


@solid(retry_policy=3)  # refused: call-overload
def six() -> int:
    return 6


@composite_solid(config_fn={"one": {}})  # refused: call-overload
def seven() -> None:
    one()


@pipeline(mode_defs=ModeDefinition())  # refused: call-overload
def eight() -> None:
    one()


@pipeline(preset_defs=[ModeDefinition()])  # refused: list-item
def nine() -> None:
    one.alias(9)()  # refused: arg-type
    one.tags({"k": "v"})()  # refused: operator
    one.tag("k")()  # refused: arg-type
    one.with_retry_policy(3)()  # refused: arg-type


PipelineDefinition(name="ten")  # refused: call-arg
PipelineDefinition([one], "eleven", dependencies=[DependencyDefinition("one")])  # refused: arg-type
DependencyDefinition(one)  # refused: arg-type
MultiDependencyDefinition(["one"])  # refused: list-item
OutputDefinition(int, 3)  # refused: arg-type
InputDefinition("x", name="y")  # refused: misc
RetryPolicy("3")  # refused: arg-type
RetryPolicy(3, backoff="LINEAR")  # refused: arg-type
ModeDefinition(resource_defs={"server": 3})  # refused: dict-item
ModeDefinition(resource_defs={"one": one})  # refused: dict-item
ModeDefinition("dev", executor_defs=["in_process"])  # refused: list-item
PresetDefinition("p", run_config=["solids"])  # refused: arg-type
PresetDefinition("p", presets={})  # refused: call-arg
PresetDefinition.from_files("p", [3])  # refused: list-item
ResourceDefinition.hardcoded_resource()  # refused: call-arg
one.configured({})  # refused: call-arg
configured(3)  # refused: type-var
mode: ModeDefinition = configured(server)({})  # refused: assignment
