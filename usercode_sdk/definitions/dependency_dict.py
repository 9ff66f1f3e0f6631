"""The graph that a list of definitions and a ``dependencies`` dict describe, the older way to write one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from usercode_sdk.definitions.dependency import (
    Dependency,
    DependencyDefinition,
    MultiDependencyDefinition,
    OutputHandle,
    SolidInvocation,
)
from usercode_sdk.definitions.names import did_you_mean
from usercode_sdk.definitions.node import NodeDefinition, Solid
from usercode_sdk.definitions.retry_policy import checked_retry_policy
from usercode_sdk.errors import DagsterInvalidDefinitionError


def nodes_from_dict(
    solid_defs: Sequence[NodeDefinition],
    dependencies: Mapping[str | SolidInvocation, Mapping[str, object]],
    what: str,
) -> tuple[list[Solid], dict[str, dict[str, Dependency]]]:
    """The graph that a list of definitions and a ``dependencies`` dict describe."""
    by_name = _by_name(solid_defs, what)
    nodes: dict[str, Solid] = {}
    result: dict[str, dict[str, Dependency]] = {}
    uses = [(_use_of(key, what), inputs) for key, inputs in dependencies.items()]
    invoked = {use.name for use, _inputs in uses}
    for name, definition in by_name.items():
        if name not in invoked:
            nodes[name] = Solid(name, definition)
    for use, inputs in uses:
        definition = _definition_of(use, by_name, what)
        name = use.alias or use.name
        if name in nodes:
            raise DagsterInvalidDefinitionError(
                f"{what} uses the name {name!r} for two solids. Give each an alias of its own."
            )
        nodes[name] = _node(name, definition, use)
        result[name] = _inputs_from_dict(definition, name, inputs, what)
    return list(nodes.values()), result


def _by_name(solid_defs: Sequence[NodeDefinition], what: str) -> dict[str, NodeDefinition]:
    by_name: dict[str, NodeDefinition] = {}
    for definition in solid_defs:
        if not isinstance(definition, NodeDefinition):
            raise DagsterInvalidDefinitionError(f"{what}: solid_defs holds {definition!r}, which is not a solid.")
        if by_name.setdefault(definition.name, definition) is not definition:
            raise DagsterInvalidDefinitionError(
                f"{what} uses two different solids named {definition.name!r}. Give one another name."
            )
    return by_name


def _use_of(key: object, what: str) -> SolidInvocation:
    if isinstance(key, SolidInvocation):
        return key
    if isinstance(key, str):
        return SolidInvocation(key)
    raise DagsterInvalidDefinitionError(
        f"{what}: dependencies has the key {key!r}. Give the name of a solid, or a SolidInvocation."
    )


def _definition_of(use: SolidInvocation, by_name: Mapping[str, NodeDefinition], what: str) -> NodeDefinition:
    try:
        return by_name[use.name]
    except KeyError:
        raise DagsterInvalidDefinitionError(
            f"{what}: dependencies name solid {use.name!r}, which is not in solid_defs."
            f"{did_you_mean(use.name, by_name)}"
        ) from None


def _node(name: str, definition: NodeDefinition, use: SolidInvocation) -> Solid:
    from usercode_sdk.tags import validate_tags

    tags = validate_tags(use.tags, f"solid {name!r}") if use.tags else None
    return Solid(name, definition, tags, checked_retry_policy(use.retry_policy, f"Solid {name!r}"))


def _inputs_from_dict(
    definition: NodeDefinition, name: str, inputs: Mapping[str, object], what: str
) -> dict[str, Dependency]:
    if not isinstance(inputs, Mapping):
        raise DagsterInvalidDefinitionError(
            f"{what}: dependencies gives {inputs!r} for solid {name!r}. Give a dict from inputs to what feeds them."
        )
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
