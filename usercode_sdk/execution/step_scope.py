"""One attempt of one step, as its parts see it."""

from __future__ import annotations

from usercode_sdk.events import (
    AssetMaterializationData,
    Event,
    EventData,
    EventType,
    ExpectationResultData,
)
from usercode_sdk.execution.io_contexts import OutputContext
from usercode_sdk.execution.run_context import RunContext
from usercode_sdk.execution.solid_context import SolidExecutionContext
from usercode_sdk.plan import Step
from usercode_sdk.user_events import AssetMaterialization, ExpectationResult


class StepScope:
    """The run, the step, the attempt's number from 1, and the context that the author's code gets."""

    __slots__ = ("attempt", "context", "run", "step")

    def __init__(self, run: RunContext, step: Step, attempt: int) -> None:
        self.run = run
        self.step = step
        self.attempt = attempt
        self.context = SolidExecutionContext(run, step, run.log.for_step(step.key, attempt), attempt - 1)

    def event(self, type_: EventType, message: str, data: EventData | None = None) -> Event:
        """An event of this attempt, happening now."""
        return self.run.event(type_, message, data, self.step.key, self.attempt)

    def materialization(self, one: AssetMaterialization) -> Event:
        """The event for an asset that was written."""
        data = AssetMaterializationData(
            one.asset_key, one.description, one.metadata_entries, one.partition, tuple(sorted(one.tags.items()))
        )
        message = one.description or f"Materialized value {one.label}."
        return self.event(EventType.ASSET_MATERIALIZATION, message, data)

    def expectation(self, one: ExpectationResult) -> Event:
        """The event for the result of a data check."""
        word = "passed" if one.success else "failed"
        data = ExpectationResultData(one.success, one.label, one.description, one.metadata_entries)
        return self.event(EventType.STEP_EXPECTATION_RESULT, f"Expectation {one.label} {word}", data)

    def output_context(self, step: Step, output_name: str, manager_key: str) -> OutputContext:
        """What tells an IO manager which output is meant: of this step, or of one before it."""
        run = self.run
        definition = step.definition.output_dict[output_name]
        return OutputContext(
            step.key,
            output_name,
            run.pipeline.name,
            run.run.run_id,
            definition.metadata,
            None,
            run.run_config.solid(step.solid_path).outputs.get(output_name),
            step.definition,
            definition.dagster_type,
            self.context.log,
            None,
            run.config_of_resource(manager_key),
            run.resources_of(manager_key),
        )
