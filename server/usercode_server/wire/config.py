"""Config types, fields and faults as messages."""

from __future__ import annotations

from collections.abc import Iterable

from usercode_api.v1 import config_pb2 as pb
from usercode_api.v1.value_pb2 import Value
from usercode_sdk.config import (
    Array,
    ConfigFault,
    ConfigType,
    ConfigTypeKind,
    Enum,
    Field,
    Noneable,
    Permissive,
    ScalarUnion,
    Selector,
    Shape,
)
from usercode_sdk.config.config_types import Scalar
from usercode_sdk.config.pydantic_model import ModelType
from usercode_server.errors import InvalidRequestError
from usercode_server.wire.text import text, valid_utf8
from usercode_server.wire.values import put_value, to_value

MAX_FAULTS = 1_000
_KINDS = {kind: f"CONFIG_KIND_{kind.value}" for kind in ConfigTypeKind}


class ConfigTypes:
    """The config types of one message, each once, in their encoded form.

    Types that are equal when encoded share a position, wherever they were defined.
    """

    def __init__(self) -> None:
        self.encoded: list[bytes] = []
        self._by_encoding: dict[bytes, int] = {}
        self._by_identity: dict[int, tuple[int, ConfigType]] = {}

    def copy(self) -> ConfigTypes:
        """A list that begins as this one and goes its own way from there."""
        copied = ConfigTypes()
        copied.encoded = self.encoded[:]
        copied._by_encoding = self._by_encoding.copy()
        copied._by_identity = self._by_identity.copy()
        return copied

    def field(self, field: Field) -> pb.ConfigField:
        """The message for a field, its type put into the list."""
        message = pb.ConfigField()
        self.put_field(message, field)
        return message

    def position(self, config_type: ConfigType) -> int:
        """Where the type stands in the list; it is put there if it is new."""
        known = self._by_identity.get(id(config_type))
        if known is not None:
            return known[0]
        encoding = self._message(config_type).SerializeToString(deterministic=True)
        position = self._by_encoding.setdefault(encoding, len(self.encoded))
        if position == len(self.encoded):
            self.encoded.append(encoding)
        # The type is kept beside its position, so that its identity stays its own.
        self._by_identity[id(config_type)] = (position, config_type)
        return position

    def put_field(self, message: pb.ConfigField, field: Field, name: str = "") -> None:
        """Put a field into its message, which is new, and its type into the list."""
        if name:
            message.name = valid_utf8(name)
        position = self.position(field.config_type)
        if position:
            message.type = position
        if field.is_required:
            message.is_required = True
        if field.default_provided:
            default = field.default_value
            if not (field.default_is_implied and default):
                put_value(message.default_value, default)
        if field.description:
            message.description = text(field.description)

    def _message(self, config_type: ConfigType) -> pb.ConfigType:
        message = pb.ConfigType(kind=_KINDS[config_type.kind])
        if config_type.description:
            message.description = text(config_type.description)
        match config_type:
            case Shape() | Permissive() | Selector():
                add = message.fields.add
                for name, field in config_type.fields.items():
                    self.put_field(add(), field, name)
            case Array() | Noneable():
                message.inner_types.append(self.position(config_type.inner_type))
            case Scalar():
                message.name = config_type.name
            case ScalarUnion():
                message.name = valid_utf8(getattr(config_type, "name", ""))
                message.inner_types.append(self.position(config_type.scalar_type))
                message.inner_types.append(self.position(config_type.non_scalar_type))
            case Enum():
                message.name = valid_utf8(config_type.name)
                for value in config_type.enum_values:
                    message.enum_values.add(name=valid_utf8(value.config_value), description=text(value.description))
            case ModelType():
                message.name = valid_utf8(config_type.model.__name__)
                put_value(message.json_schema, config_type.own_schema())
        return message


def to_faults(faults: Iterable[ConfigFault]) -> list[pb.ConfigFault]:
    """The messages for the first faults of a config."""
    return [to_fault(fault) for _, fault in zip(range(MAX_FAULTS), faults, strict=False)]


def to_fault(fault: ConfigFault) -> pb.ConfigFault:
    """The message for a fault; values that can't be sent are left out, the fault's message shows them."""
    return pb.ConfigFault(
        reason=f"CONFIG_FAULT_REASON_{fault.reason}",
        path=[text(step) for step in fault.path],
        value=_sendable(fault.value),
        expected=text(fault.expected),
        nearest=text(fault.nearest),
        sample=_sendable(fault.sample),
        message=text(fault.message),
        entry=text(fault.entry),
    )


def _sendable(value: object) -> Value | None:
    try:
        return to_value(value)
    except InvalidRequestError:
        return None
