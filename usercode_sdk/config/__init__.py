"""The config language: what an author writes as a config schema, and how values are checked against it."""

from __future__ import annotations

# First: it and the types need each other, and it is the one that imports them all.
from usercode_sdk.config.convert import to_config_type, to_field  # isort: skip
from usercode_sdk.config.config_types import (
    NO_DEFAULT,
    ConfigType,
    ConfigTypeKind,
    Enum,
    EnumValue,
)
from usercode_sdk.config.containers import Array, Noneable, Permissive, ScalarUnion, Selector, Shape
from usercode_sdk.config.faults import ConfigFault
from usercode_sdk.config.field import Field
from usercode_sdk.config.json_schema import json_schema
from usercode_sdk.config.sample import sample_config
from usercode_sdk.config.sources import BoolSource, IntSource, StringSource
from usercode_sdk.config.validate import ConfigResult, validate_config

__all__ = [
    "NO_DEFAULT",
    "Array",
    "BoolSource",
    "ConfigFault",
    "ConfigResult",
    "ConfigType",
    "ConfigTypeKind",
    "Enum",
    "EnumValue",
    "Field",
    "IntSource",
    "Noneable",
    "Permissive",
    "ScalarUnion",
    "Selector",
    "Shape",
    "StringSource",
    "json_schema",
    "sample_config",
    "to_config_type",
    "to_field",
    "validate_config",
]
