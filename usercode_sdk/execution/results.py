"""What became of an execution: success, output values, events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from usercode_sdk.definitions.graph import GraphDefinition
from usercode_sdk.definitions.inputs import NO_VALUE
from usercode_sdk.definitions.names import did_you_mean
from usercode_sdk.definitions.node import Solid
from usercode_sdk.definitions.pipeline import PipelineDefinition
from usercode_sdk.errors import DagsterInvariantViolationError
from usercode_sdk.events import Event, EventType, StepFailureData
from usercode_sdk.plan import StepOutputHandle
from usercode_sdk.user_events import DEFAULT_OUTPUT

Values = Mapping[StepOutputHandle, object]


class Happenings:
    """The events and output values of a run, found by step without walking through all of them."""

    def __init__(self, events: Sequence[Event], values: Values) -> None:
        self.events = list(events)
        self._values = values
        self._by_step: dict[str, list[Event]] | None = None

    def of_step(self, key: str) -> list[Event]:
        """The events of one step."""
        return self._index().get(key, [])

    def below(self, path: tuple[str, ...]) -> list[Event]:
        """The events of the steps inside a composite, in order."""
        prefix = ".".join(path) + "."
        inside = {key for key in self._index() if key.startswith(prefix)}
        return [event for event in self.events if event.step_key in inside]

    def value(self, handle: StepOutputHandle) -> object:
        """The value of an output; NO_VALUE when it did not come."""
        return self._values.get(handle, NO_VALUE)

    def _index(self) -> dict[str, list[Event]]:
        if self._by_step is None:
            self._by_step = {}
            for event in self.events:
                if event.step_key is not None:
                    self._by_step.setdefault(event.step_key, []).append(event)
        return self._by_step


class GraphExecutionResult:
    """The results of the solids of a graph: of a pipeline, or of a composite inside it."""

    def __init__(self, graph: GraphDefinition, path: tuple[str, ...], run: Happenings) -> None:
        self._graph = graph
        self._path = path
        self._run = run
        self.event_list = run.below(path) if path else run.events
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
            result = CompositeSolidExecutionResult(node, node.definition, path, self._run)
            return result.result_for_solid(rest) if rest else result
        return SolidExecutionResult(node, path, self._run)

    result_for_handle = result_for_solid

    def output_for_solid(self, handle: str, output_name: str = DEFAULT_OUTPUT) -> Any:
        """The value of an output of a solid; ``"composite.solid"`` leads into a composite.

        None when the solid did not succeed. Raises DagsterInvariantViolationError when it has no such output,
        or succeeded without it.
        """
        return self.result_for_solid(handle).output_value(output_name)


class PipelineExecutionResult(GraphExecutionResult):
    """What became of a run of a pipeline."""

    def __init__(self, pipeline: PipelineDefinition, run_id: str, events: Sequence[Event], values: Values) -> None:
        super().__init__(pipeline, (), Happenings(events, values))
        self.pipeline_def = pipeline
        self.run_id = run_id

    @property
    def success(self) -> bool:
        """Whether the whole run succeeded."""
        return any(event.type is EventType.PIPELINE_SUCCESS for event in self.event_list)


class CompositeSolidExecutionResult(GraphExecutionResult):
    """What became of a composite solid."""

    def __init__(self, node: Solid, graph: GraphDefinition, path: tuple[str, ...], run: Happenings) -> None:
        super().__init__(graph, path, run)
        self.solid = node

    @property
    def success(self) -> bool:
        """Whether no step inside failed, and some succeeded."""
        types = {event.type for event in self.event_list}
        return EventType.STEP_FAILURE not in types and EventType.STEP_SUCCESS in types

    @property
    def output_values(self) -> dict[str, object]:
        """The values of the outputs that came."""
        found = {}
        for mapping in self._graph.output_mappings:
            inside = self.result_for_solid(mapping.solid_name).output_values
            if mapping.output_name in inside:
                found[mapping.definition.name] = inside[mapping.output_name]
        return found

    def output_value(self, output_name: str = DEFAULT_OUTPUT) -> Any:
        """The value of an output of the composite; None when the solid that gives it did not succeed."""
        for mapping in self._graph.output_mappings:
            if mapping.definition.name == output_name:
                return self.result_for_solid(mapping.solid_name).output_value(mapping.output_name)
        raise DagsterInvariantViolationError(f"{self._graph.describe()} has no output {output_name!r}.")


class SolidExecutionResult:
    """What became of one solid."""

    def __init__(self, solid: Solid, path: tuple[str, ...], run: Happenings) -> None:
        self.solid = solid
        self.step_key = ".".join(path)
        self.step_events = run.of_step(self.step_key)
        self._run = run

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
        """The values of the outputs that came; none unless the step succeeded."""
        values = {name: self._value(name) for name in self.solid.definition.output_dict}
        return {name: value for name, value in values.items() if value is not NO_VALUE}

    def output_value(self, output_name: str = DEFAULT_OUTPUT) -> Any:
        """The value of one output; None when the step did not succeed.

        Raises DagsterInvariantViolationError when there is no such output, or the step succeeded without it.
        """
        outputs = self.solid.definition.output_dict
        if output_name not in outputs:
            raise DagsterInvariantViolationError(
                f"Solid {self.step_key!r} has no output {output_name!r}.{did_you_mean(output_name, outputs)}"
            )
        value = self._value(output_name)
        if value is not NO_VALUE:
            return value
        if not self.success:
            return None
        raise DagsterInvariantViolationError(
            f"Output {output_name!r} of solid {self.step_key!r} did not come: the solid succeeded without it."
        )

    def _value(self, output_name: str) -> object:
        return self._run.value(StepOutputHandle(self.step_key, output_name))

    def _has(self, type_: EventType) -> bool:
        return any(event.type is type_ for event in self.step_events)
