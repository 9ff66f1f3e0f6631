"""Mistakes with runs and their results that a type checker tells of before anything runs."""

from __future__ import annotations

from usercode_sdk import (
    AssetKey,
    DagsterInstance,
    EventMetadata,
    Failure,
    Output,
    RetryRequested,
    execute_pipeline,
    execute_solid,
    pipeline,
    solid,
)


@solid
def one() -> int:
    return 1


@pipeline
def p() -> None:
    one()


execute_pipeline(one)  # refused: arg-type
execute_pipeline(p, run_config="solids: {}")  # refused: arg-type
execute_pipeline(p, config={})  # refused: call-arg
execute_pipeline(p, instance=DagsterInstance)  # refused: arg-type
execute_solid("one")  # refused: arg-type
print(execute_pipeline(p).sucess)  # refused: attr-defined
execute_pipeline(p).output_for_solid(one)  # refused: arg-type
print(execute_pipeline(p).event_list[0].typ)  # refused: attr-defined
count: Output[str] = Output(3)  # refused: arg-type
EventMetadata.int("3")  # refused: arg-type
AssetKey(3)  # refused: arg-type
RetryRequested(seconds_to_wait="5")  # refused: arg-type
raise Failure(3)  # refused: arg-type
