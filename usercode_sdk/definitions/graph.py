"""A graph of solids: what stands in it, what feeds what, and the checks that make it executable."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from usercode_sdk.definitions.composition import Composition
from usercode_sdk.definitions.dependency import Dependency, OutputHandle
from usercode_sdk.definitions.inputs import InputMapping
from usercode_sdk.definitions.names import did_you_mean
from usercode_sdk.definitions.node import NodeDefinition, Solid
from usercode_sdk.definitions.ordering import find_cycle, in_topological_order
from usercode_sdk.definitions.outputs import OutputMapping
from usercode_sdk.errors import DagsterInvalidDefinitionError

MAX_DEPTH = 25
"""A run config nests as deeply as the graphs, two levels for each, and config schemas have a limit."""


class GraphDefinition(NodeDefinition):
    """Solids and what feeds their inputs; a pipeline is one, a composite solid is another."""

    nodes: dict[str, Solid]
    """By name within the graph, in the order of their definition."""
    dependencies: dict[str, dict[str, Dependency]]
    """By solid name and input name; inputs that nothing feeds are absent."""
    input_mappings: list[InputMapping]
    output_mappings: list[OutputMapping]
    depth: int
    """How many graphs deep it is: 1 when there is no composite inside."""
    _in_order: list[Solid] | None = None

    def _set_graph(self, nodes: Iterable[Solid], dependencies: Mapping[str, dict[str, Dependency]]) -> None:
        self.nodes = {node.name: node for node in nodes}
        self.dependencies = {name: dependencies.get(name, {}) for name in self.nodes}
        self._set_depth()
        self._check_dependencies()
        self._check_cycles()

    def solid_named(self, name: str) -> Solid:
        """The solid of this name; raises DagsterInvalidDefinitionError when there is none."""
        try:
            return self.nodes[name]
        except KeyError:
            raise DagsterInvalidDefinitionError(
                f"{self.describe()} has no solid {name!r}.{did_you_mean(name, self.nodes)}"
            ) from None

    @property
    def solids_in_topological_order(self) -> list[Solid]:
        """The solids, each after those that feed it: level by level, within a level by name."""
        if self._in_order is None:
            upstream = {name: set(upstream_names(inputs)) for name, inputs in self.dependencies.items()}
            self._in_order = [self.nodes[name] for name in in_topological_order(upstream)]
        return self._in_order

    def solid_definitions(self) -> Iterator[NodeDefinition]:
        """Each definition used here or in a composite inside, once."""
        seen: set[int] = set()
        waiting: list[GraphDefinition] = [self]
        while waiting:
            for node in waiting.pop().nodes.values():
                if id(node.definition) in seen:
                    continue
                seen.add(id(node.definition))
                yield node.definition
                if isinstance(node.definition, GraphDefinition):
                    waiting.append(node.definition)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name!r})"

    def _set_depth(self) -> None:
        inside = (node.definition for node in self.nodes.values())
        self.depth = 1 + max((one.depth for one in inside if isinstance(one, GraphDefinition)), default=0)
        if self.depth > MAX_DEPTH:
            raise DagsterInvalidDefinitionError(
                f"{self.describe()} nests composite solids {self.depth - 1} deep; a run config can follow "
                f"{MAX_DEPTH - 1}. Call some of the inner solids directly."
            )

    def _check_dependencies(self) -> None:
        for solid_name, inputs in self.dependencies.items():
            for input_name, dependency in inputs.items():
                for source in dependency.sources:
                    if isinstance(source, OutputHandle):
                        self._check_source(solid_name, input_name, source)

    def _check_source(self, solid_name: str, input_name: str, source: OutputHandle) -> None:
        where = f"{self.describe()}: input {input_name!r} of solid {solid_name!r}"
        upstream = self.nodes.get(source.solid_name)
        if upstream is None:
            raise DagsterInvalidDefinitionError(
                f"{where} depends on solid {source.solid_name!r}, which is not in it."
                f"{did_you_mean(source.solid_name, self.nodes)}"
            )
        outputs = upstream.definition.output_dict
        output = outputs.get(source.output_name)
        if output is None:
            raise DagsterInvalidDefinitionError(
                f"{where} depends on output {source.output_name!r} of solid {source.solid_name!r}, which has no such "
                f"output. Its outputs: {', '.join(map(repr, outputs)) or 'none'}."
            )
        definition = self.nodes[solid_name].definition.input_dict[input_name]
        if output.dagster_type.is_nothing and not definition.dagster_type.is_nothing:
            raise DagsterInvalidDefinitionError(
                f"{where} needs a value of type {definition.dagster_type.display_name}, but output "
                f"{source.output_name!r} of solid {source.solid_name!r} is of type Nothing and carries none."
            )

    def _check_cycles(self) -> None:
        if all(_only_backward(self.dependencies)):
            return
        cycle = find_cycle({name: upstream_names(inputs) for name, inputs in self.dependencies.items()})
        if cycle:
            raise DagsterInvalidDefinitionError(
                f"{self.describe()} has a cycle: {' -> '.join(cycle)}. A solid can't depend on its own result."
            )


def _only_backward(dependencies: Mapping[str, dict[str, Dependency]]) -> Iterator[bool]:
    """Whether each solid depends on solids before it only, as in every graph written by calls."""
    seen: set[str] = set()
    for name, inputs in dependencies.items():
        yield all(
            source.solid_name in seen
            for dependency in inputs.values()
            for source in dependency.sources
            if isinstance(source, OutputHandle)
        )
        seen.add(name)


def upstream_names(inputs: Mapping[str, Dependency]) -> list[str]:
    """The solids that feed these inputs."""
    return [
        source.solid_name
        for dependency in inputs.values()
        for source in dependency.sources
        if isinstance(source, OutputHandle)
    ]


def nodes_of(composition: Composition) -> list[Solid]:
    """The solids that a function called."""
    return [Solid(one.name, one.definition, one.tags, one.retry_policy) for one in composition.invocations.values()]
