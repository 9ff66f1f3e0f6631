"""Pipelines as messages, in their encoded form."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from google.protobuf.message import Message

from usercode_api.v1 import pipeline_pb2 as pb
from usercode_sdk.definitions.graph import GraphDefinition
from usercode_sdk.definitions.pipeline import PipelineDefinition
from usercode_sdk.definitions.preset import PresetDefinition
from usercode_sdk.error_info import ErrorInfo
from usercode_server.errors import TooLargeError
from usercode_server.wire.config import ConfigTypes
from usercode_server.wire.error_info import to_error_info
from usercode_server.wire.fields import PART_SIZE, field, parts
from usercode_server.wire.mode import Modes
from usercode_server.wire.retry_policy import to_retry_policy
from usercode_server.wire.solid import SolidDefinitions, to_solid
from usercode_server.wire.text import text, valid_tags
from usercode_server.wire.values import to_map

_DEFINITION, _SOLID, _TYPE, _CONFIG_TYPE = (
    pb.Pipeline.DESCRIPTOR.fields_by_name[name].number
    for name in ("solid_definitions", "solids", "dagster_types", "config_types")
)


class EncodedPipeline(NamedTuple):
    """A pipeline as encoded Pipeline messages."""

    name: str
    summary: bytes
    """In the SUMMARY view."""
    parts: list[bytes]
    """In the FULL view; one behind the other they are the whole."""


class PipelineEncoder:
    """Encodes the pipelines of a repository."""

    def __init__(self) -> None:
        self._modes = Modes()

    def encode(self, pipeline: PipelineDefinition) -> EncodedPipeline:
        """The pipeline in both views.

        Raises TooLargeError when a single solid, mode or preset is larger than a reply may be, and
        InvalidRequestError for a value that can't be sent.
        """
        modes, types = self._modes.messages(pipeline.mode_definitions)
        summary = _summary(pipeline)
        fields = [_encode(_head(pipeline, summary, modes)), *_entries(pipeline, types)]
        _check_sizes(fields)
        return EncodedPipeline(pipeline.name, _encode(summary), list(parts(fields)))


def encode_broken_pipeline(name: str, summary: str, error: ErrorInfo) -> EncodedPipeline:
    """What stands in the place of a pipeline that can't be built."""
    encoding = _encode(pb.Pipeline(name=name, error=to_error_info(error, summary)))
    return EncodedPipeline(name, encoding, [encoding])


def _summary(pipeline: PipelineDefinition) -> pb.Pipeline:
    return pb.Pipeline(
        name=pipeline.name,
        description=text(pipeline.description),
        tags=valid_tags(pipeline.tags),
        solid_count=len(pipeline.nodes),
        modes=[pb.Mode(name=mode.name, description=text(mode.description)) for mode in pipeline.mode_definitions],
        presets=[pb.Preset(name=one.name, mode=one.mode, tags=valid_tags(one.tags)) for one in pipeline.preset_defs],
    )


def _head(pipeline: PipelineDefinition, summary: pb.Pipeline, modes: list[pb.Mode]) -> pb.Pipeline:
    """All of the FULL view but the entries that there may be very many of."""
    policy = pipeline.solid_retry_policy
    return pb.Pipeline(
        name=summary.name,
        description=summary.description,
        tags=summary.tags,
        solid_count=summary.solid_count,
        modes=modes,
        presets=[_preset(preset) for preset in pipeline.preset_defs],
        retry_policy=None if policy is None else to_retry_policy(policy),
    )


def _entries(pipeline: PipelineDefinition, types: ConfigTypes) -> Iterator[bytes]:
    """The encoded fields for definitions, solids and types."""
    definitions = SolidDefinitions(types)
    for definition in pipeline.solid_definitions_by_name().values():
        yield field(_DEFINITION, _encode(definitions.message(definition)))
    for composite, graph in _graphs(pipeline):
        for solid in graph.nodes.values():
            yield field(_SOLID, _encode(to_solid(solid, composite, graph.dependencies[solid.name])))
    for described in definitions.dagster_types():
        yield field(_TYPE, _encode(described))
    for config_type in types.encoded:
        yield field(_CONFIG_TYPE, config_type)


def _graphs(pipeline: PipelineDefinition) -> Iterator[tuple[str, GraphDefinition]]:
    """The pipeline itself and each composite in it once, with the composite's name."""
    yield "", pipeline
    for definition in pipeline.solid_definitions():
        if isinstance(definition, GraphDefinition):
            yield definition.name, definition


def _preset(preset: PresetDefinition) -> pb.Preset:
    return pb.Preset(
        name=preset.name,
        mode=preset.mode,
        run_config=to_map(preset.run_config) if preset.run_config else None,
        solid_selection=preset.solid_selection,
        tags=valid_tags(preset.tags),
    )


def _encode(message: Message) -> bytes:
    return message.SerializeToString(deterministic=True)


def _check_sizes(fields: list[bytes]) -> None:
    largest = max(map(len, fields))
    if largest > PART_SIZE:
        raise TooLargeError(
            f"One of its solids, config types, or its modes and presets together take {largest:,} bytes; "
            f"{PART_SIZE:,} are allowed. Shorten descriptions, tags, defaults or preset run configs."
        )
