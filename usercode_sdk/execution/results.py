"""What became of an execution: success, output values, events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from usercode_sdk.definitions.graph import GraphDefinition
from usercode_sdk.definitions.names import did_you_mean
from usercode_sdk.definitions.node import Solid
from usercode_sdk.definitions.pipeline import PipelineDefinition
from usercode_sdk.errors import DagsterInvariantViolationError
from usercode_sdk.events import Event, EventType, StepFailureData
from usercode_sdk.plan import StepOutputHandle
from usercode_sdk.user_events import DEFAULT_OUTPUT

Values = Mapping[StepOutputHandle, object]


class GraphExecutionResult:
    """The results of the solids of a graph: of a pipeline, or of a composite inside it."""

    def __init__(self, graph: GraphDefinition, path: tuple[str, ...], events: Sequence[Event], values: Values) -> None:
        self._graph = graph
        self._path = path
        self._values = values
        self.event_list = list(events)
        """All events, in order."""

    @property
    def step_event_list(self) -> list[Event]:
        """The events of steps."""
        return [event for event in self.event_list if event.is_step_event]

    @property
    def solid_result_list(self) -> list[SolidExecutionResult | CompositeSolidExecutionResult]:
        """The result of each solid of the graph."""
        return [self.result_for_solid(name) for name in self._graph.nodes]

    def result_for_solid(self, name: str) -> SolidExecutionResult | CompositeSolidExecutionResult:
        """The result of a solid of the graph, by its name or alias; raises when there is none."""
        first, _, rest = name.partition(".")
        node = self._graph.nodes.get(first)
        if node is None:
            raise DagsterInvariantViolationError(
                f"{self._graph.describe()} has no solid {first!r}.{did_you_mean(first, self._graph.nodes)}"
            )
        path = (*self._path, first)
        if isinstance(node.definition, GraphDefinition):
            result = CompositeSolidExecutionResult(node, path, self._events_below(path), self._values)
            return result.result_for_solid(rest) if rest else result
        return SolidExecutionResult(node, path, self._events_below(path), self._values)

    result_for_handle = result_for_solid

    def output_for_solid(self, handle: str, output_name: str = DEFAULT_OUTPUT) -> Any:
        """The value of an output of a solid; ``"composite.solid"`` leads into a composite.

        Raises DagsterInvariantViolationError when the solid failed, was skipped or has no such output.
        """
        return self.result_for_solid(handle).output_value(output_name)

    def _events_below(self, path: tuple[str, ...]) -> list[Event]:
        key = ".".join(path)
        return [
            event
            for event in self.event_list
            if event.step_key is not None and (event.step_key == key or event.step_key.startswith(key + "."))
        ]


class PipelineExecutionResult(GraphExecutionResult):
    """What became of a run of a pipeline."""

    def __init__(self, pipeline: PipelineDefinition, run_id: str, events: Sequence[Event], values: Values) -> None:
        super().__init__(pipeline, (), events, values)
        self.pipeline_def = pipeline
        self.run_id = run_id

    @property
    def success(self) -> bool:
        """Whether the whole run succeeded."""
        return any(event.type is EventType.PIPELINE_SUCCESS for event in self.event_list)


class CompositeSolidExecutionResult(GraphExecutionResult):
    """What became of a composite solid."""

    def __init__(self, node: Solid, path: tuple[str, ...], events: Sequence[Event], values: Values) -> None:
        assert isinstance(node.definition, GraphDefinition)  # the caller looked
        super().__init__(node.definition, path, events, values)
        self.solid = node

    @property
    def success(self) -> bool:
        """Whether no step inside failed, and some succeeded."""
        types = {event.type for event in self.event_list}
        return EventType.STEP_FAILURE not in types and EventType.STEP_SUCCESS in types

    def output_value(self, output_name: str = DEFAULT_OUTPUT) -> Any:
        """The value of an output of the composite."""
        for mapping in self._graph.output_mappings:
            if mapping.definition.name == output_name:
                return self.result_for_solid(mapping.solid_name).output_value(mapping.output_name)
        raise DagsterInvariantViolationError(f"{self._graph.describe()} has no output {output_name!r}.")


class SolidExecutionResult:
    """What became of one solid."""

    def __init__(self, solid: Solid, path: tuple[str, ...], events: Sequence[Event], values: Values) -> None:
        self.solid = solid
        self.step_key = ".".join(path)
        self.step_events = list(events)
        self._values = values

    @property
    def success(self) -> bool:
        """Whether the step succeeded."""
        return self._has(EventType.STEP_SUCCESS)

    @property
    def skipped(self) -> bool:
        """Whether the step was skipped."""
        return self._has(EventType.STEP_SKIPPED)

    @property
    def failure_data(self) -> StepFailureData | None:
        """Why the step failed, or None."""
        for event in self.step_events:
            if isinstance(event.data, StepFailureData):
                return event.data
        return None

    @property
    def retry_attempts(self) -> int:
        """How often the step was tried again."""
        return sum(event.type is EventType.STEP_RESTARTED for event in self.step_events)

    @property
    def materializations_during_compute(self) -> list[object]:
        """The data of the step's materialization events."""
        return [event.data for event in self.step_events if event.type is EventType.ASSET_MATERIALIZATION]

    @property
    def expectation_results_during_compute(self) -> list[object]:
        """The data of the step's expectation events."""
        return [event.data for event in self.step_events if event.type is EventType.STEP_EXPECTATION_RESULT]

    @property
    def output_values(self) -> dict[str, object]:
        """The values of the outputs that came."""
        return {handle.output_name: value for handle, value in self._values.items() if handle.step_key == self.step_key}

    def output_value(self, output_name: str = DEFAULT_OUTPUT) -> Any:
        """The value of one output; raises DagsterInvariantViolationError when it did not come."""
        if output_name not in self.solid.definition.output_dict:
            raise DagsterInvariantViolationError(
                f"Solid {self.step_key!r} has no output {output_name!r}."
                f"{did_you_mean(output_name, self.solid.definition.output_dict)}"
            )
        handle = StepOutputHandle(self.step_key, output_name)
        if handle not in self._values:
            raise DagsterInvariantViolationError(
                f"Output {output_name!r} of solid {self.step_key!r} did not come: the solid {self._fate()}."
            )
        return self._values[handle]

    def _fate(self) -> str:
        if self.success:
            return "succeeded without it"
        if self.skipped:
            return "was skipped"
        return "failed" if self._has(EventType.STEP_FAILURE) else "was not executed"

    def _has(self, type_: EventType) -> bool:
        return any(event.type is type_ for event in self.step_events)
