"""Solids as messages: their definitions, and their uses in a graph."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from usercode_api.v1 import pipeline_pb2 as pb
from usercode_sdk.definitions.composite import CompositeSolidDefinition
from usercode_sdk.definitions.dependency import Dependency, MappedInput
from usercode_sdk.definitions.inputs import InputDefinition
from usercode_sdk.definitions.node import NodeDefinition, Solid
from usercode_sdk.definitions.outputs import OutputDefinition
from usercode_sdk.definitions.solid import SolidDefinition
from usercode_sdk.types import DagsterType
from usercode_server.wire.config import ConfigTypes
from usercode_server.wire.retry_policy import to_retry_policy
from usercode_server.wire.text import text, valid_tags
from usercode_server.wire.usual import io_manager_key, output_name, type_name
from usercode_server.wire.values import put_value, to_map


class SolidDefinitions:
    """Makes the messages for the definitions of one pipeline.

    Collects what they refer to: config types in ``types``, and the types of inputs and outputs here.
    """

    def __init__(self, types: ConfigTypes) -> None:
        self._types = types
        self._dagster_types: dict[str, DagsterType] = {}

    def dagster_types(self) -> Iterator[pb.DagsterType]:
        """The messages for the described types met so far."""
        for dagster_type in self._dagster_types.values():
            yield pb.DagsterType(name=text(dagster_type.display_name), description=text(dagster_type.description))

    def message(self, definition: NodeDefinition) -> pb.SolidDefinition:
        """The message for a definition."""
        message = pb.SolidDefinition(name=definition.name)
        if definition.description:
            message.description = text(definition.description)
        for one in definition.input_defs:
            self._put_input(message.inputs.add(name=one.name), one)
        for output in definition.output_defs:
            self._put_output(message.outputs.add(name=output_name(output.name)), output)
        if definition.config_field is not None:
            self._types.put_field(message.config, definition.config_field)
        if definition.tags:
            message.tags.update(valid_tags(definition.tags))
        if definition.retry_policy is not None:
            message.retry_policy.CopyFrom(to_retry_policy(definition.retry_policy))
        if isinstance(definition, SolidDefinition):
            message.required_resource_keys.extend(sorted(definition.required_resource_keys))
            message.version = text(definition.version)
        elif isinstance(definition, CompositeSolidDefinition):
            message.composition.CopyFrom(_composition(definition))
        return message

    def _put_input(self, message: pb.InputDefinition, definition: InputDefinition) -> None:
        message.type_name = self._type_name(definition.dagster_type)
        if definition.description:
            message.description = text(definition.description)
        if definition.has_default_value:
            message.has_default_value = True
            put_value(message.default_value, definition.default_value)
        if definition.metadata:
            message.metadata.CopyFrom(to_map(definition.metadata))

    def _put_output(self, message: pb.OutputDefinition, definition: OutputDefinition) -> None:
        message.type_name = self._type_name(definition.dagster_type)
        message.is_optional = not definition.is_required
        message.io_manager_key = io_manager_key(definition.io_manager_key)
        if definition.description:
            message.description = text(definition.description)
        if definition.metadata:
            message.metadata.CopyFrom(to_map(definition.metadata))

    def _type_name(self, dagster_type: DagsterType) -> str:
        if dagster_type.description:
            self._dagster_types.setdefault(dagster_type.display_name, dagster_type)
        return type_name(dagster_type.display_name)


def to_solid(solid: Solid, composite: str, dependencies: Mapping[str, Dependency]) -> pb.Solid:
    """The message for one use of a definition, and what feeds it."""
    definition = solid.definition
    message = pb.Solid(name=solid.name)
    if definition.name != solid.name:
        message.definition_name = definition.name
    if composite:
        message.composite_name = composite
    tags = _own_tags(solid)
    if tags:
        message.tags.update(tags)
    for name, dependency in dependencies.items():
        _put_solid_input(message.inputs.add(name=name), dependency)
    policy = solid.retry_policy
    if policy is not None and policy is not definition.retry_policy:
        message.retry_policy.CopyFrom(to_retry_policy(policy))
    return message


def _own_tags(solid: Solid) -> dict[str, str] | None:
    """The tags of this use that its definition does not have, or has with another value."""
    of_definition = solid.definition.tags
    if solid.tags is of_definition:
        return None
    return valid_tags({key: value for key, value in solid.tags.items() if of_definition.get(key) != value})


def _put_solid_input(message: pb.SolidInput, dependency: Dependency) -> None:
    if dependency.fan_in:
        message.is_fan_in = True
    for source in dependency.sources:
        if isinstance(source, MappedInput):
            message.sources.add(composite_input=source.input_name)
        else:
            message.sources.add(solid_name=source.solid_name, output_name=output_name(source.output_name))


def _composition(definition: CompositeSolidDefinition) -> pb.Composition:
    return pb.Composition(
        has_config_mapping=definition.config_mapping is not None,
        output_mappings=[
            pb.OutputMapping(
                name=output_name(mapping.definition.name),
                solid_name=mapping.solid_name,
                output_name=output_name(mapping.output_name),
            )
            for mapping in definition.output_mappings
        ],
    )
