"""Config types and values of messages as text for people."""

from __future__ import annotations

from collections.abc import Sequence

from usercode_api.v1 import config_pb2 as pb
from usercode_api.v1.value_pb2 import Value
from usercode_server.errors import InvalidRequestError
from usercode_server.wire.values import from_value

_SHORT = 60


def config_text(types: Sequence[pb.ConfigType], field: pb.ConfigField) -> str:
    """A field's type, such as ``{x: Int, name?: String = 'a'}``."""
    return _type_text(types, types[field.type])


def value_text(message: Value) -> str:
    """A value, shortened."""
    try:
        text = repr(from_value(message))
    except InvalidRequestError:
        return f"<{message.opaque_type or 'value'}>"
    return text if len(text) <= _SHORT else f"{text[: _SHORT - 3]}..."


def _type_text(types: Sequence[pb.ConfigType], config_type: pb.ConfigType) -> str:
    if config_type.name:
        return config_type.name
    inner = [_type_text(types, types[position]) for position in config_type.inner_types]
    match config_type.kind:
        case pb.CONFIG_KIND_ARRAY:
            return f"[{inner[0]}]"
        case pb.CONFIG_KIND_NONEABLE:
            return f"{inner[0]}?"
        case pb.CONFIG_KIND_SCALAR_UNION:
            return f"({' | '.join(inner)})"
        case pb.CONFIG_KIND_ANY:
            return "Any"
    fields = [_field_text(types, field) for field in config_type.fields]
    if config_type.kind == pb.CONFIG_KIND_SELECTOR:
        return "{" + " | ".join(fields) + "}"
    if config_type.kind == pb.CONFIG_KIND_PERMISSIVE:
        fields.append("...")
    return "{" + ", ".join(fields) + "}"


def _field_text(types: Sequence[pb.ConfigType], field: pb.ConfigField) -> str:
    optional = "" if field.is_required else "?"
    default = f" = {value_text(field.default_value)}" if field.HasField("default_value") else ""
    return f"{field.name}{optional}: {_type_text(types, types[field.type])}{default}"
