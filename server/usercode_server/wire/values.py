"""Python values of the author's as Value messages, and back without loss."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from usercode_api.v1 import value_pb2 as pb
from usercode_server.errors import InvalidRequestError
from usercode_server.wire.text import valid_utf8

MAX_DEPTH = 30
"""How deep values may be nested; protobuf itself refuses to read messages nested deeper than 100 levels."""

_INT64 = range(-(2**63), 2**63)


def to_value(value: object, depth: int = 0) -> pb.Value:
    """The message for a value. What is no plain data is sent as the name of its type.

    Raises InvalidRequestError for a value that is nested too deep, or holds itself.
    """
    message = pb.Value()
    put_value(message, value, depth)
    return message


def put_value(message: pb.Value, value: object, depth: int = 0) -> None:
    """Put a value into its message, which is new; raises as to_value does.

    Filling a message where it stands takes half the time of making it apart and copying it in.
    """
    match value:
        case str():
            message.string_value = valid_utf8(value)
        case bool():
            message.bool_value = value
        case int():
            _put_int(message, value)
        case list() | tuple():
            _check_depth(depth)
            message.list_value.SetInParent()
            for item in value:
                put_value(message.list_value.items.add(), item, depth + 1)
        case None:
            message.SetInParent()
        case float():
            message.double_value = value
        case dict() | Mapping():
            message.map_value.SetInParent()
            _put_map(message.map_value, value, depth)
        case bytes():
            message.bytes_value = value
        case _:
            message.opaque_type = valid_utf8(f"{type(value).__module__}.{type(value).__qualname__}")


def to_map(value: Mapping[Any, object], depth: int = 0) -> pb.MapValue:
    """The message for a mapping, in its order; raises as to_value does."""
    message = pb.MapValue()
    _put_map(message, value, depth)
    return message


def from_value(message: pb.Value) -> object:
    """The value of a message; raises InvalidRequestError for one that stands for no plain data."""
    kind = message.WhichOneof("kind")
    if kind is None:
        return None
    match kind:
        case "list_value":
            return [from_value(item) for item in message.list_value.items]
        case "map_value":
            return from_map(message.map_value)
        case "big_int_value":
            return _big_int(message.big_int_value)
        case "opaque_type":
            raise InvalidRequestError(f"A value of the type {message.opaque_type!r} can't be sent; send plain data.")
        case _:
            value: object = getattr(message, kind)
            return value


def from_map(message: pb.MapValue) -> dict[Any, object]:
    """The mapping of a message; raises InvalidRequestError for a key that can't be one."""
    return {
        (entry.key if entry.HasField("key") else _key(entry.other_key)): from_value(entry.value)
        for entry in message.entries
    }


def _put_map(message: pb.MapValue, value: Mapping[Any, object], depth: int) -> None:
    _check_depth(depth)
    for key, item in value.items():
        entry = message.entries.add()
        if isinstance(key, str):
            entry.key = valid_utf8(key)
        else:
            put_value(entry.other_key, key, depth + 1)
        put_value(entry.value, item, depth + 1)


def _key(message: pb.Value) -> object:
    key = from_value(message)
    if isinstance(key, list):
        key = tuple(key)
    try:
        hash(key)
    except TypeError:
        raise InvalidRequestError("A value that holds lists or mappings can't be a key of a mapping.") from None
    return key


def _put_int(message: pb.Value, value: int) -> None:
    if value in _INT64:
        message.int_value = value
    else:
        message.big_int_value = f"{value:x}"


def _big_int(digits: str) -> int:
    try:
        return int(digits, 16)
    except ValueError:
        raise InvalidRequestError(f"{digits[:40]!r} is no integer in hexadecimal.") from None


def _check_depth(depth: int) -> None:
    if depth >= MAX_DEPTH:
        raise InvalidRequestError(
            f"A value is nested deeper than {MAX_DEPTH} levels, or holds itself; it can't be sent."
        )
