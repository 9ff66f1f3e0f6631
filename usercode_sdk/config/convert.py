"""What an author may write as a config schema, and the config type that it means.

All conversion happens when the author's module is imported; nothing here runs when a config is checked.
"""

from __future__ import annotations

import enum
import types
import typing
from collections.abc import Mapping

from usercode_sdk.config.config_types import ANY, BOOL, FLOAT, INT, STRING, ConfigType
from usercode_sdk.config.containers import MAX_DEPTH, Array, Noneable, Permissive, Shape
from usercode_sdk.config.display import describe, quote
from usercode_sdk.config.field import Field
from usercode_sdk.config.pydantic_model import ModelType, is_model
from usercode_sdk.errors import DagsterInvalidConfigDefinitionError

ACCEPTED = (
    "int, float, str, bool, Any, a dict (Shape), a list of one type (Array), Field, Shape, Permissive, "
    "Selector, Array, Noneable, ScalarUnion, Enum, StringSource, IntSource, BoolSource or a pydantic model"
)


def to_field(schema: object, path: tuple[str, ...] = ()) -> Field:
    """The field that an author's form means, for None one of any value; ``path`` says where it stands.

    Raises DagsterInvalidConfigDefinitionError for anything that is no form of a schema.
    """
    if type(schema) is Field:
        return schema
    if type(schema) is type and schema in _SIMPLE_FIELDS:
        return _SIMPLE_FIELDS[schema]
    if schema is None:
        return _ANYTHING
    return schema if isinstance(schema, Field) else Field(to_inner_type(schema, "Field", path))


def to_config_type(schema: object, path: tuple[str, ...] = ()) -> ConfigType:
    """The config type that an author's form means; of a Field, its type.

    Raises DagsterInvalidConfigDefinitionError for anything that is no form of a schema.
    """
    return schema.config_type if isinstance(schema, Field) else to_inner_type(schema, "a type", path)


def to_fields(fields: Mapping[str, object], path: tuple[str, ...] = ()) -> dict[str, Field]:
    """The fields of a Shape, in the author's order."""
    if not isinstance(fields, Mapping):
        raise _refused(f"Fields must be a dict of name to type, not {describe(fields)}", path, fields)
    if len(path) > MAX_DEPTH:
        raise _refused(f"The config schema is nested deeper than {MAX_DEPTH} levels", path, fields)
    converted = {}
    for name, schema in fields.items():
        if not isinstance(name, str):
            raise _refused(f"The key {describe(name)} of a config schema must be a str", path, name)
        converted[name] = schema if type(schema) is Field else to_field(schema, (*path, name))
    return converted


def to_inner_type(schema: object, holder: str, path: tuple[str, ...] = ()) -> ConfigType:
    """The config type for a place that a whole Field can't stand in, such as inside an Array or a Field."""
    if type(schema) is type and schema in _SIMPLE_TYPES:
        return _SIMPLE_TYPES[schema]
    if isinstance(schema, ConfigType):
        return schema
    if isinstance(schema, dict):
        return Shape(to_fields(schema, path))
    if isinstance(schema, list):
        return _array(schema, path)
    if isinstance(schema, Field):
        raise _refused(f"{holder} can't hold {schema!r}. Give it the type itself", path, schema)
    found = _from_typing(schema, path) or (ModelType(schema) if is_model(schema) else None)
    if found is None:
        message = f"{describe(schema)} is no config schema{_hint(schema)}. Accepted are {ACCEPTED}"
        raise _refused(message, path, schema)
    return found


def _array(schema: list[object], path: tuple[str, ...]) -> Array:
    if len(schema) != 1:
        raise _refused(
            f"A list in a config schema holds exactly one type, the type of its items; {describe(schema)} "
            f"holds {len(schema)}",
            path,
            schema,
        )
    item = schema[0]
    if type(item) is type and item in _SIMPLE_ARRAYS:
        return _SIMPLE_ARRAYS[item]
    if len(path) > MAX_DEPTH:
        raise _refused(f"The config schema is nested deeper than {MAX_DEPTH} levels", path, schema)
    return Array(to_inner_type(item, "Array", (*path, "[]")))


def _from_typing(schema: object, path: tuple[str, ...]) -> ConfigType | None:
    """The type for ``None``, ``Any``, ``List[int]``, ``dict[str, int]``, ``Optional[int]`` and their like."""
    if schema is None or schema is typing.Any:
        return ANY
    origin = typing.get_origin(schema)
    if origin is list:
        items = typing.get_args(schema)
        return Array(to_inner_type(items[0], "Array", (*path, "[]")) if items else ANY)
    if origin is dict:
        return _SIMPLE_TYPES[dict]
    if origin is typing.Union or origin is types.UnionType:
        members = [member for member in typing.get_args(schema) if member is not types.NoneType]
        if len(members) == 1:
            return Noneable(to_inner_type(members[0], "Noneable", path))
    return None


def _hint(schema: object) -> str:
    if isinstance(schema, type):
        if issubclass(schema, enum.Enum):
            return f"; for a Python enum write Enum.from_python_enum({schema.__name__})"
        if issubclass(schema, ConfigType | Field):
            return f"; it is a class: call it, as in {schema.__name__}(...)"
    return "; a list of one type stands for a list" if isinstance(schema, (tuple, set)) else ""


def _refused(message: str, path: tuple[str, ...], value: object) -> DagsterInvalidConfigDefinitionError:
    where = " at " + ":".join(("root", *(quote(name)[1:-1] for name in path))) if path else ""
    return DagsterInvalidConfigDefinitionError(f"Invalid config schema{where}: {message}.", path, value)


# Below the functions, because the constructors call them.
_SIMPLE_TYPES: dict[object, ConfigType] = {
    int: INT,
    float: FLOAT,
    str: STRING,
    bool: BOOL,
    list: Array(ANY),
    dict: Permissive(),
}
_SIMPLE_ARRAYS: dict[object, Array] = {form: Array(_SIMPLE_TYPES[form]) for form in (int, float, str, bool)}
_SIMPLE_FIELDS: dict[object, Field] = {form: Field(found) for form, found in _SIMPLE_TYPES.items()}
_ANYTHING = Field(ANY, is_required=False)
