"""Turns a graph with composites into flat steps, each input traced to what really feeds it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from usercode_sdk.definitions.dependency import Dependency, MappedInput, OutputHandle
from usercode_sdk.definitions.graph import GraphDefinition
from usercode_sdk.definitions.inputs import InputDefinition
from usercode_sdk.definitions.node import Solid
from usercode_sdk.definitions.pipeline import PipelineDefinition
from usercode_sdk.definitions.retry_policy import RetryPolicy
from usercode_sdk.definitions.solid import SolidDefinition
from usercode_sdk.errors import DagsterInvariantViolationError
from usercode_sdk.plan.step import (
    FanIn,
    FromConfig,
    FromDefault,
    FromUpstream,
    InputSource,
    Step,
    StepInput,
    StepOutputHandle,
    Unfed,
)
from usercode_sdk.run_config import RunConfig

SolidPath = tuple[str, ...]
Bindings = Mapping[str, InputSource]


class Place(NamedTuple):
    """A graph at its place in the pipeline."""

    graph: GraphDefinition
    path: SolidPath
    bindings: Bindings
    """What feeds the inputs of the graph itself, if it is a composite."""


def flatten(pipeline: PipelineDefinition, run_config: RunConfig) -> Iterator[Step]:
    """The steps of ``pipeline``, each after those it needs: as its graphs are ordered, composites in their places."""
    flattening = _Flattening(run_config, pipeline.solid_retry_policy)
    place = Place(pipeline, (), {})
    # Not recursive: composites may be nested deeper than Python's stack.
    waiting = [(place, iter(pipeline.solids_in_topological_order))]
    while waiting:
        place, nodes = waiting[-1]
        node = next(nodes, None)
        if node is None:
            waiting.pop()
        elif isinstance(node.definition, GraphDefinition):
            inside = flattening.inside(node, node.definition, place)
            waiting.append((inside, iter(inside.graph.solids_in_topological_order)))
        else:
            yield flattening.step(node, place)


class _Flattening:
    """What one walk through a pipeline's graphs needs."""

    def __init__(self, run_config: RunConfig, retry_policy: RetryPolicy | None) -> None:
        self.run_config = run_config
        self.retry_policy = retry_policy

    def inside(self, node: Solid, graph: GraphDefinition, place: Place) -> Place:
        """The graph of a composite, with what feeds its inputs."""
        sources = ((one.name, self._source(one, node, place)) for one in graph.input_defs)
        bindings = {name: source for name, source in sources if source is not None}
        return Place(graph, (*place.path, node.name), bindings)

    def step(self, node: Solid, place: Place) -> Step:
        """The step of a solid that is no composite."""
        definition = node.definition
        assert isinstance(definition, SolidDefinition)  # the only other kind of node is a graph
        path = (*place.path, node.name)
        inputs = tuple(
            StepInput(one.name, one, self._needed(self._source(one, node, place), one, path))
            for one in definition.input_defs
        )
        return Step(path, node, definition, inputs, self.retry_policy)

    def _needed(self, source: InputSource | None, definition: InputDefinition, path: SolidPath) -> InputSource:
        if source is not None:
            return source
        if definition.dagster_type.is_nothing:
            return Unfed()
        raise DagsterInvariantViolationError(
            f"Nothing feeds input {definition.name!r} of solid {'.'.join(path)!r}. Feed it from another solid, "
            "give it a value in run config, or give it a default_value."
        )

    def _source(self, definition: InputDefinition, node: Solid, place: Place) -> InputSource | None:
        dependency = place.graph.dependencies[node.name].get(definition.name)
        if dependency is not None:
            fed = _from_dependency(dependency, place)
            if fed is not None:
                return fed
        configs = self.run_config.solid((*place.path, node.name)).inputs
        if definition.name in configs:
            return FromConfig(configs[definition.name], definition)
        if definition.has_default_value:
            return FromDefault(definition.default_value)
        return None


def _from_dependency(dependency: Dependency, place: Place) -> InputSource | None:
    items: list[InputSource] = []
    for source in dependency.sources:
        if isinstance(source, MappedInput):
            bound = place.bindings.get(source.input_name)
            if bound is not None:
                items.append(bound)
        else:
            items.append(FromUpstream(_resolve_output(source, place)))
    if dependency.fan_in:
        return FanIn(tuple(items))
    return items[0] if items else None


def _resolve_output(handle: OutputHandle, place: Place) -> StepOutputHandle:
    """The output of a leaf step that an output of a solid, maybe a composite, really is."""
    graph, path = place.graph, place.path
    while True:
        path = (*path, handle.solid_name)
        inner = graph.nodes[handle.solid_name].definition
        if not isinstance(inner, GraphDefinition):
            return StepOutputHandle(".".join(path), handle.output_name)
        graph = inner
        mapping = next(one for one in inner.output_mappings if one.definition.name == handle.output_name)
        handle = OutputHandle(mapping.solid_name, mapping.output_name)
