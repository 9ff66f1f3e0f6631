"""A graph of solids: what stands in it, what feeds what, and the checks that make it executable."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from usercode_sdk.definitions.composition import Composition
from usercode_sdk.definitions.dependency import (
    Dependency,
    DependencyDefinition,
    MappedInput,
    MultiDependencyDefinition,
    OutputHandle,
    SolidInvocation,
)
from usercode_sdk.definitions.inputs import InputMapping
from usercode_sdk.definitions.node import NodeDefinition, Solid
from usercode_sdk.definitions.outputs import OutputMapping
from usercode_sdk.errors import DagsterInvalidDefinitionError

Dependencies = Mapping[str, dict[str, Dependency]]


class GraphDefinition(NodeDefinition):
    """Solids and what feeds their inputs; a pipeline is one, a composite solid is another."""

    nodes: dict[str, Solid]
    """By name within the graph, in the order of their definition."""
    dependencies: dict[str, dict[str, Dependency]]
    """By solid name and input name; inputs that nothing feeds are absent."""
    input_mappings: list[InputMapping]
    output_mappings: list[OutputMapping]

    def _set_graph(self, nodes: Iterable[Solid], dependencies: Mapping[str, dict[str, Dependency]]) -> None:
        self.nodes = {node.name: node for node in nodes}
        self.dependencies = {name: dependencies.get(name, {}) for name in self.nodes}
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


def find_cycle(upstream: Mapping[str, Sequence[str]]) -> list[str] | None:
    """A cycle, first name repeated at the end, in the direction the data flows; None when there is none."""
    done: set[str] = set()
    for start in upstream:
        path: list[str] = []
        on_path: dict[str, int] = {}
        stack: list[Iterator[str]] = [iter((start,))]
        while stack:
            name = next((one for one in stack[-1] if one not in done), None)
            if name is None:
                stack.pop()
                if path:
                    leaving = path.pop()
                    on_path.pop(leaving)
                    done.add(leaving)
                continue
            if name in on_path:
                found = path[on_path[name] :]
                return [name, *reversed(found)]
            on_path[name] = len(path)
            path.append(name)
            stack.append(iter(upstream.get(name, ())))
    return None


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """`` Did you mean 'x'?`` for the nearest known name, else the known names when they are few."""
    from usercode_sdk.config.faults import nearest_name

    names = list(known)
    nearest = nearest_name(name, names)
    if nearest:
        return f" Did you mean {nearest!r}?"
    return f" There are: {', '.join(map(repr, names))}." if 0 < len(names) <= 20 else ""


def nodes_of(composition: Composition) -> list[Solid]:
    """The solids that a function called."""
    return [Solid(one.name, one.definition, one.tags, one.retry_policy) for one in composition.invocations.values()]


def nodes_from_dict(
    solid_defs: Sequence[NodeDefinition],
    dependencies: Mapping[str | SolidInvocation, Mapping[str, object]],
    what: str,
) -> tuple[list[Solid], dict[str, dict[str, Dependency]]]:
    """The graph that a list of definitions and a ``dependencies`` dict describe."""
    by_name = {definition.name: definition for definition in solid_defs}
    nodes: dict[str, Solid] = {}
    result: dict[str, dict[str, Dependency]] = {}
    invoked: set[str] = set()
    for key, inputs in dependencies.items():
        use = key if isinstance(key, SolidInvocation) else SolidInvocation(key)
        definition = by_name.get(use.name)
        if definition is None:
            raise DagsterInvalidDefinitionError(
                f"{what}: dependencies name solid {use.name!r}, which is not in solid_defs."
                f"{did_you_mean(use.name, by_name)}"
            )
        invoked.add(use.name)
        name = use.alias or use.name
        if name in nodes:
            raise DagsterInvalidDefinitionError(f"{what}: dependencies name solid {name!r} twice.")
        nodes[name] = _node(name, definition, use)
        result[name] = _inputs_from_dict(definition, name, inputs, what)
    ordered = [Solid(one.name, one) for one in solid_defs if one.name not in invoked]
    return [*ordered, *nodes.values()], result


def _node(name: str, definition: NodeDefinition, use: SolidInvocation) -> Solid:
    from usercode_sdk.definitions.retry_policy import RetryPolicy
    from usercode_sdk.tags import validate_tags

    tags = validate_tags(use.tags, f"solid {name!r}") if use.tags else None
    policy = use.retry_policy if isinstance(use.retry_policy, RetryPolicy) else None
    return Solid(name, definition, tags, policy)


def _inputs_from_dict(
    definition: NodeDefinition, name: str, inputs: Mapping[str, object], what: str
) -> dict[str, Dependency]:
    result = {}
    for input_name, given in inputs.items():
        if input_name not in definition.input_dict:
            raise DagsterInvalidDefinitionError(
                f"{what}: solid {name!r} has no input {input_name!r}.{did_you_mean(input_name, definition.input_dict)}"
            )
        result[input_name] = _dependency(given, name, input_name, what)
    return result


def _dependency(given: object, name: str, input_name: str, what: str) -> Dependency:
    if isinstance(given, DependencyDefinition):
        return Dependency((OutputHandle(given.solid, given.output),))
    if isinstance(given, MultiDependencyDefinition):
        return Dependency(tuple(OutputHandle(one.solid, one.output) for one in given.dependencies), fan_in=True)
    raise DagsterInvalidDefinitionError(
        f"{what}: input {input_name!r} of solid {name!r} is given {given!r}. "
        "Give a DependencyDefinition or a MultiDependencyDefinition."
    )


def mapped_inputs(
    composition_dependencies: Mapping[str, dict[str, Dependency]], inputs: Mapping[str, object]
) -> Iterator[tuple[str, str, str, int | None]]:
    """``(composite input, solid, input, place in a fan-in list)`` for each hand-on in a composite's body."""
    for solid_name, dependencies in composition_dependencies.items():
        for input_name, dependency in dependencies.items():
            for place, source in enumerate(dependency.sources):
                if isinstance(source, MappedInput) and source.input_name in inputs:
                    yield source.input_name, solid_name, input_name, place if dependency.fan_in else None


Compose = Callable[..., object]
