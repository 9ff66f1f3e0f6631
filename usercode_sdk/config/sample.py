"""A small value that a config type accepts, to show an author what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from usercode_sdk.config.config_types import ConfigType, Enum, Scalar
from usercode_sdk.config.containers import Array, Noneable, Permissive, ScalarUnion, Selector, Shape
from usercode_sdk.config.pydantic_model import ModelType

if TYPE_CHECKING:
    from usercode_sdk.config.field import Field


def sample_config(config_type: ConfigType) -> object:
    """A value of the type: required entries only, one item in a list, the first choice of several."""
    match config_type:
        case Scalar():
            return config_type.sample
        case Enum():
            return config_type.enum_values[0].config_value
        case Array():
            return [sample_config(config_type.inner_type)]
        case Noneable():
            return sample_config(config_type.inner_type)
        case ScalarUnion():
            return sample_config(config_type.scalar_type)
        case Shape() | Permissive():
            return _required(config_type.fields)
        case Selector():
            name, field = next(iter(config_type.fields.items()))
            return {name: sample_config(field.config_type)}
        case ModelType():
            return config_type.sample()
        case _:
            return {}


def _required(fields: dict[str, Field]) -> dict[str, object]:
    return {name: sample_config(field.config_type) for name, field in fields.items() if field.is_required}
