"""Which resources a pipeline needs in a mode."""

from __future__ import annotations

from usercode_sdk.definitions.graph import GraphDefinition
from usercode_sdk.definitions.mode import ModeDefinition
from usercode_sdk.definitions.outputs import DEFAULT_IO_MANAGER_KEY
from usercode_sdk.definitions.solid import SolidDefinition


def required_resource_keys(pipeline: GraphDefinition, mode: ModeDefinition) -> frozenset[str]:
    """The resources that some solid of ``pipeline`` needs in ``mode``, and those that these need."""
    needed = {DEFAULT_IO_MANAGER_KEY} & mode.resource_defs.keys()
    for definition in pipeline.solid_definitions():
        if isinstance(definition, SolidDefinition):
            needed |= solid_resource_keys(definition)
    return _with_required(needed, mode)


def solid_resource_keys(definition: SolidDefinition) -> frozenset[str]:
    """The resources that one solid, its outputs' IO managers and its types need."""
    keys = set(definition.required_resource_keys)
    for output in definition.output_defs:
        keys.add(output.io_manager_key)
        keys |= output.dagster_type.required_resource_keys
    for one in definition.input_defs:
        keys |= one.dagster_type.required_resource_keys
        if one.dagster_type.loader is not None:
            keys |= one.dagster_type.loader.required_resource_keys
    return frozenset(keys)


def _with_required(keys: set[str] | frozenset[str], mode: ModeDefinition) -> frozenset[str]:
    """``keys`` and, transitively, the resources that these resources need."""
    found: set[str] = set()
    waiting = [key for key in keys if key in mode.resource_defs]
    while waiting:
        key = waiting.pop()
        if key not in found:
            found.add(key)
            waiting += mode.resource_defs[key].required_resource_keys
    return frozenset(found)
