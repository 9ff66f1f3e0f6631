"""From what an author writes, a class, an annotation or a DagsterType, to a DagsterType."""

from __future__ import annotations

import types
import typing

from usercode_sdk.errors import DagsterInvalidDefinitionError
from usercode_sdk.types import builtins, containers
from usercode_sdk.types.dagster_type import DagsterType, PythonObjectDagsterType

_KNOWN: dict[object, DagsterType] = {
    typing.Any: builtins.ANY,
    object: builtins.ANY,
    None: builtins.ANY,
    type(None): builtins.NOTHING,
    int: builtins.INT,
    float: builtins.FLOAT,
    bool: builtins.BOOL,
    str: builtins.STRING,
    builtins.Nothing: builtins.NOTHING,
}


def resolve_dagster_type(annotation: object) -> DagsterType:
    """The runtime type for an annotation.

    An annotation that says nothing checkable, such as a TypeVar, becomes Any. Raises
    DagsterInvalidDefinitionError for a value that is no type at all.
    """
    try:
        known = _KNOWN.get(annotation)
    except TypeError:
        raise _not_a_type(annotation) from None
    if known is not None:
        return known
    if isinstance(annotation, DagsterType):
        return annotation
    resolved = _resolve_generic(annotation)
    _KNOWN[annotation] = resolved
    return resolved


def _resolve_generic(annotation: object) -> DagsterType:
    origin = typing.get_origin(annotation)
    arguments = typing.get_args(annotation)
    if origin is typing.Annotated:
        return resolve_dagster_type(arguments[0])
    if origin is typing.Union or origin is types.UnionType:
        return _resolve_union(arguments)
    if origin in (list, set, dict, tuple):
        return containers.container_type(origin, _element_types(origin, arguments))
    if isinstance(origin, type):
        return PythonObjectDagsterType(origin)
    if isinstance(annotation, type):
        return _class_type(annotation)
    if isinstance(annotation, (str, bytes, int, float, list, dict, set)):
        raise _not_a_type(annotation)
    return builtins.ANY


def _class_type(cls: type) -> DagsterType:
    if cls in (list, set, dict, tuple):
        return containers.container_type(cls, ())
    if typing.is_typeddict(cls):  # a plain dict at run time; isinstance() refuses the class
        return containers.container_type(dict, ())
    if getattr(cls, "_is_protocol", False):
        return builtins.ANY
    return PythonObjectDagsterType(cls)


def _element_types(origin: object, arguments: tuple[object, ...]) -> tuple[DagsterType, ...]:
    if origin is tuple and arguments and arguments[-1] is Ellipsis:
        return ()
    return tuple(resolve_dagster_type(argument) for argument in arguments)


def _resolve_union(arguments: tuple[object, ...]) -> DagsterType:
    rest = [argument for argument in arguments if argument is not type(None)]
    if len(rest) == 1 and len(arguments) == 2:
        return containers.optional_type(resolve_dagster_type(rest[0]))
    members = [resolve_dagster_type(argument) for argument in rest]
    union = containers.union_type(members)
    return containers.optional_type(union) if len(rest) < len(arguments) else union


def _not_a_type(value: object) -> DagsterInvalidDefinitionError:
    return DagsterInvalidDefinitionError(
        f"{value!r} is not a type. Give a Python class, a type annotation such as List[int], or a DagsterType."
    )
