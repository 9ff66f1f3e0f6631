"""Runs in scripts and tests, and what is read from their results."""

from __future__ import annotations

from collections.abc import Iterator

from usercode_sdk import (
    DagsterInstance,
    DagsterInvalidConfigError,
    Event,
    EventType,
    ModeDefinition,
    PipelineExecutionResult,
    PipelineRunStatus,
    execute_pipeline,
    execute_pipeline_iterator,
    execute_solid,
    pipeline,
    reconstructable,
    solid,
)


@solid
def one() -> int:
    return 1


@pipeline
def p() -> None:
    one()


result: PipelineExecutionResult = execute_pipeline(
    p, {"solids": {}}, mode="default", tags={"k": 3}, instance=DagsterInstance.ephemeral(), raise_on_error=False
)
success: bool = result.success
value: int = result.output_for_solid("one")
types: list[EventType] = [event.type for event in result.event_list]
events: Iterator[Event] = execute_pipeline_iterator(reconstructable(p), preset=None)
single = execute_solid(one, mode_def=ModeDefinition(), input_values={}, run_config={})
number: int = single.output_value()
ended: bool = PipelineRunStatus.SUCCESS == "SUCCESS"

try:
    execute_pipeline(p, run_config={"solid": {}})
except DagsterInvalidConfigError as error:
    faults: list[str] = [f"{fault.path_text}: {fault.message}" for fault in error.errors]
