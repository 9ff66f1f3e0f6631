"""Turns a graph with composites into flat steps, each input traced to what really feeds it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

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


def flatten(pipeline: PipelineDefinition, run_config: RunConfig) -> Iterator[Step]:
    """The steps of ``pipeline``, in the order of definition."""
    yield from _Flattening(run_config, pipeline.solid_retry_policy).graph(pipeline, (), {})


class _Flattening:
    """One walk through a pipeline's graph."""

    def __init__(self, run_config: RunConfig, retry_policy: RetryPolicy | None) -> None:
        self.run_config = run_config
        self.retry_policy = retry_policy

    def graph(self, graph: GraphDefinition, path: SolidPath, bindings: Bindings) -> Iterator[Step]:
        """The steps of one graph; ``bindings`` say what feeds its own inputs, if it is a composite."""
        for name, node in graph.nodes.items():
            here = (*path, name)
            sources = {one.name: self._source(one, node, graph, here, bindings) for one in node.definition.input_defs}
            if isinstance(node.definition, GraphDefinition):
                bound = {input_name: source for input_name, source in sources.items() if source is not None}
                yield from self.graph(node.definition, here, bound)
            else:
                yield self._step(node, here, sources)

    def _step(self, node: Solid, path: SolidPath, sources: Mapping[str, InputSource | None]) -> Step:
        definition = node.definition
        assert isinstance(definition, SolidDefinition)  # the only other kind of node is a graph
        inputs = tuple(
            StepInput(one.name, one, self._needed(sources[one.name], one, path)) for one in definition.input_defs
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

    def _source(
        self,
        definition: InputDefinition,
        node: Solid,
        graph: GraphDefinition,
        path: SolidPath,
        bindings: Bindings,
    ) -> InputSource | None:
        dependency = graph.dependencies[node.name].get(definition.name)
        if dependency is not None:
            fed = self._from_dependency(dependency, graph, path[:-1], bindings)
            if fed is not None:
                return fed
        configs = self.run_config.solid(path).inputs
        if definition.name in configs:
            return FromConfig(configs[definition.name], definition)
        if definition.has_default_value:
            return FromDefault(definition.default_value)
        return None

    def _from_dependency(
        self, dependency: Dependency, graph: GraphDefinition, path: SolidPath, bindings: Bindings
    ) -> InputSource | None:
        items: list[InputSource] = []
        for source in dependency.sources:
            if isinstance(source, MappedInput):
                bound = bindings.get(source.input_name)
                if bound is not None:
                    items.append(bound)
            else:
                items.append(FromUpstream(_resolve_output(source, graph, path)))
        if dependency.fan_in:
            return FanIn(tuple(items))
        return items[0] if items else None


def _resolve_output(handle: OutputHandle, graph: GraphDefinition, path: SolidPath) -> StepOutputHandle:
    """The output of a leaf step that an output of a solid, maybe a composite, really is."""
    while True:
        path = (*path, handle.solid_name)
        inner = graph.nodes[handle.solid_name].definition
        if not isinstance(inner, GraphDefinition):
            return StepOutputHandle(".".join(path), handle.output_name)
        graph = inner
        mapping = next(one for one in inner.output_mappings if one.definition.name == handle.output_name)
        handle = OutputHandle(mapping.solid_name, mapping.output_name)
