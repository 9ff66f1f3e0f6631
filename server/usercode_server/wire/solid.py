"""Solids as messages: their definitions, and their uses in a graph."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from usercode_api.v1 import pipeline_pb2 as pb
from usercode_sdk.definitions.composite import CompositeSolidDefinition
from usercode_sdk.definitions.dependency import Dependency, MappedInput
from usercode_sdk.definitions.inputs import InputDefinition
from usercode_sdk.definitions.node import NodeDefinition, Solid
from usercode_sdk.definitions.outputs import OutputDefinition
from usercode_sdk.types import DagsterType
from usercode_server.wire.config import ConfigTypes
from usercode_server.wire.retry_policy import to_retry_policy
from usercode_server.wire.text import text, valid_tags
from usercode_server.wire.usual import io_manager_key, output_name, type_name
from usercode_server.wire.values import to_map, to_value


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
        config = definition.config_field
        return pb.SolidDefinition(
            name=definition.name,
            description=text(definition.description),
            inputs=[self._input(one) for one in definition.input_defs],
            outputs=[self._output(one) for one in definition.output_defs],
            config=None if config is None else self._types.field(config),
            required_resource_keys=sorted(getattr(definition, "required_resource_keys", ())),
            tags=valid_tags(definition.tags) if definition.tags else None,
            retry_policy=to_retry_policy(definition.retry_policy),
            version=text(getattr(definition, "version", None)),
            composition=_composition(definition),
        )

    def _input(self, definition: InputDefinition) -> pb.InputDefinition:
        message = pb.InputDefinition(
            name=definition.name,
            type_name=self._type_name(definition.dagster_type),
            description=text(definition.description),
            has_default_value=definition.has_default_value,
        )
        if definition.has_default_value:
            message.default_value.CopyFrom(to_value(definition.default_value))
        if definition.metadata:
            message.metadata.CopyFrom(to_map(definition.metadata))
        return message

    def _output(self, definition: OutputDefinition) -> pb.OutputDefinition:
        message = pb.OutputDefinition(
            name=output_name(definition.name),
            type_name=self._type_name(definition.dagster_type),
            description=text(definition.description),
            is_optional=not definition.is_required,
            io_manager_key=io_manager_key(definition.io_manager_key),
        )
        if definition.metadata:
            message.metadata.CopyFrom(to_map(definition.metadata))
        return message

    def _type_name(self, dagster_type: DagsterType) -> str:
        if dagster_type.description:
            self._dagster_types.setdefault(dagster_type.display_name, dagster_type)
        return type_name(dagster_type.display_name)


def to_solid(solid: Solid, composite: str, dependencies: Mapping[str, Dependency]) -> pb.Solid:
    """The message for one use of a definition, and what feeds it."""
    definition = solid.definition
    return pb.Solid(
        name=solid.name,
        definition_name="" if definition.name == solid.name else definition.name,
        composite_name=composite,
        tags=_own_tags(solid),
        inputs=[_solid_input(name, dependency) for name, dependency in dependencies.items()],
        retry_policy=None if solid.retry_policy is definition.retry_policy else to_retry_policy(solid.retry_policy),
    )


def _own_tags(solid: Solid) -> dict[str, str] | None:
    """The tags of this use that its definition does not have, or has with another value."""
    of_definition = solid.definition.tags
    if solid.tags is of_definition:
        return None
    return valid_tags({key: value for key, value in solid.tags.items() if of_definition.get(key) != value})


def _solid_input(name: str, dependency: Dependency) -> pb.SolidInput:
    return pb.SolidInput(
        name=name,
        is_fan_in=dependency.fan_in,
        sources=[
            pb.InputSource(composite_input=source.input_name)
            if isinstance(source, MappedInput)
            else pb.InputSource(solid_name=source.solid_name, output_name=output_name(source.output_name))
            for source in dependency.sources
        ],
    )


def _composition(definition: NodeDefinition) -> pb.Composition | None:
    if not isinstance(definition, CompositeSolidDefinition):
        return None
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
