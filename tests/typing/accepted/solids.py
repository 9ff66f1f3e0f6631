"""Every form of a solid that authors write."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pydantic

from usercode_sdk import (
    Any,
    AssetMaterialization,
    Backoff,
    Bool,
    DagsterType,
    Enum,
    EnumValue,
    EventMetadata,
    ExpectationResult,
    Failure,
    Field,
    InputDefinition,
    Int,
    Jitter,
    Noneable,
    Nothing,
    Output,
    OutputDefinition,
    PythonObjectDagsterType,
    RetryPolicy,
    RetryRequested,
    Selector,
    Shape,
    SolidDefinition,
    SolidExecutionContext,
    String,
    StringSource,
    TypeCheck,
    lambda_solid,
    solid,
)


class Options(pydantic.BaseModel):
    rows: int = 10


Even = DagsterType(lambda _, value: TypeCheck(value % 2 == 0, "It is odd."), name="Even")
Table = PythonObjectDagsterType(dict, name="Table")


@solid
def bare(_: SolidExecutionContext, count: int) -> int:
    return count


@solid(
    name="loaded",
    description="Loads.",
    input_defs=[InputDefinition("after", Nothing), InputDefinition("text", String, default_value="x")],
    output_defs=[
        OutputDefinition(Int, "rows", is_required=False),
        OutputDefinition(Table, name="table", io_manager_key="lake"),
    ],
    config_schema={
        "source": Selector({"path": str, "url": StringSource}),
        "limit": Field(Noneable(int), default_value=None, description="All without."),
        "mode": Enum("Mode", [EnumValue("FAST"), EnumValue("SLOW", 2)]),
        "deep": Shape({"flags": [Bool]}),
    },
    required_resource_keys={"database"},
    tags={"team": "data", "dagster/priority": 3},
    version="1",
    retry_policy=RetryPolicy(3, 0.5, Backoff.EXPONENTIAL, Jitter.FULL),
)
def load(context: SolidExecutionContext, text: str) -> Iterator[object]:
    context.log.info("Loading %s", text)
    if context.solid_config["limit"] == 0:
        raise Failure("Nothing to load.", metadata={"limit": 0})
    if context.resources.database.busy:
        raise RetryRequested(max_retries=2, seconds_to_wait=1.5) from ValueError("busy")
    yield AssetMaterialization("rows", metadata={"path": EventMetadata.path("/data"), "rows": 3})
    yield ExpectationResult(success=True, label="any rows")
    yield Output(3, "rows", metadata={"mean": 1.5})
    yield Output({}, output_name="table")


@solid(config_schema=Options, output_defs=[OutputDefinition(Even)])
def typed(context: SolidExecutionContext) -> int:
    options: Options = context.solid_config
    return options.rows


@solid(config_schema=int)
async def waits(context: SolidExecutionContext, values: Any) -> AsyncIterator[Output[int]]:
    yield Output(context.solid_config + len(values))


@lambda_solid
def one() -> int:
    return 1


@lambda_solid(name="other", input_defs=[InputDefinition("x", int)], output_def=OutputDefinition(int))
def two(x: int) -> int:
    return x + 1


def low_level(_context: object, inputs: dict[str, int]) -> Iterator[Output[int]]:
    yield Output(inputs["x"])


by_hand: SolidDefinition = SolidDefinition("by_hand", [InputDefinition("x", int)], low_level, [OutputDefinition(int)])
configured: SolidDefinition = typed.configured({"rows": 3}, name="three_rows")
