"""Config types as JSON Schema (draft 2020-12), for editors and other tools."""

from __future__ import annotations

from typing import Final

from usercode_sdk.config.config_types import NO_DEFAULT, ConfigType, Enum, Scalar
from usercode_sdk.config.containers import Array, Noneable, Permissive, ScalarUnion, Selector, Shape
from usercode_sdk.config.field import Field
from usercode_sdk.config.pydantic_model import ModelType

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

Schema = dict[str, object]


def json_schema(config_type: ConfigType | Field) -> Schema:
    """The JSON Schema of a config type or field, as an object of its own.

    It accepts what :func:`~usercode_sdk.config.validate.validate_config` accepts, with two
    differences: in JSON ``1.0`` is an integer, and a pydantic model may turn a string into a number.
    """
    definitions: Schema = {}
    schema: Schema = {"$schema": DIALECT}
    if isinstance(config_type, Field):
        schema.update(_of_field(config_type, definitions))
    else:
        schema.update(_of_type(config_type, definitions))
    return {**schema, "$defs": definitions} if definitions else schema


def _of_field(field: Field, definitions: Schema) -> Schema:
    schema = _of_type(field.config_type, definitions)
    if field.description is not None:
        schema["description"] = field.description
    default = _json_value(field.default_value) if field.default_provided else NO_DEFAULT
    if default is not NO_DEFAULT:
        schema["default"] = default
    return schema


def _of_type(config_type: ConfigType, definitions: Schema) -> Schema:
    schema = _bare(config_type, definitions)
    if config_type.description is not None:
        schema.setdefault("description", config_type.description)
    return schema


def _bare(config_type: ConfigType, definitions: Schema) -> Schema:
    match config_type:
        case Scalar():
            return {"type": config_type.json_type}
        case Enum():
            return _enum(config_type)
        case Array():
            return {"type": "array", "items": _of_type(config_type.inner_type, definitions)}
        case Noneable():
            return {"anyOf": [_of_type(config_type.inner_type, definitions), {"type": "null"}]}
        case ScalarUnion():
            scalar = _of_type(config_type.scalar_type, definitions)
            structured = _of_type(config_type.non_scalar_type, definitions)
            # Only in a place of its own does None count as an empty dict.
            structured["type"] = "array" if isinstance(config_type.non_scalar_type, Array) else "object"
            return {"anyOf": [scalar, structured]}
        case Shape() | Permissive():
            return _object(config_type, definitions)
        case Selector():
            return _selector(config_type, definitions)
        case ModelType():
            return _model(config_type, definitions)
        case _:
            return {}


def _enum(config_type: Enum) -> Schema:
    if not any(value.description for value in config_type.enum_values):
        return {"enum": list(config_type.python_values)}
    choices = [
        {"const": value.config_value, **({"description": value.description} if value.description else {})}
        for value in config_type.enum_values
    ]
    return {"oneOf": choices}


def _object(config_type: Shape | Permissive, definitions: Schema) -> Schema:
    required = [name for name, field in config_type.fields.items() if field.is_required]
    schema: Schema = {
        "type": "object" if required else ["object", "null"],
        "properties": {name: _of_field(field, definitions) for name, field in config_type.fields.items()},
        "additionalProperties": isinstance(config_type, Permissive),
    }
    return {**schema, "required": required} if required else schema


def _selector(config_type: Selector, definitions: Schema) -> Schema:
    must_choose = config_type.implicit_default() is NO_DEFAULT
    return {
        "type": "object" if must_choose else ["object", "null"],
        "properties": {name: _of_field(field, definitions) for name, field in config_type.fields.items()},
        "additionalProperties": False,
        "minProperties": 1 if must_choose else 0,
        "maxProperties": 1,
    }


def _model(config_type: ModelType, definitions: Schema) -> Schema:
    """The model's own schema, its definitions moved to the root under names that no other model's share."""
    name = config_type.key.replace(".", "-")
    schema = config_type.own_schema(f"#/$defs/{name}-{{model}}")
    inner = schema.pop("$defs", {})
    assert isinstance(inner, dict)
    definitions.update((f"{name}-{key}", definition) for key, definition in inner.items())
    if config_type.implicit_default() is NO_DEFAULT:
        return schema
    return {"anyOf": [schema, {"type": "null"}]}


def _json_value(value: object) -> object:
    """The value as JSON reads it back, or NO_DEFAULT when JSON can't say it."""
    import json  # asked for when a schema is exported, not when it is made

    try:
        return json.loads(json.dumps(value, allow_nan=False))
    except (TypeError, ValueError, RecursionError):
        return NO_DEFAULT
