"""Messages as JSON documents: names as in the .proto files, values as they were, documented defaults filled in."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping, MutableSequence
from typing import cast

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from usercode_api.v1.error_info_pb2 import ErrorInfo
from usercode_api.v1.pipeline_pb2 import InputSource
from usercode_api.v1.value_pb2 import MapValue, Value

# What an empty string means, by message and field: see the comments in the .proto files.
_MEANINGS: Mapping[tuple[str, str], str] = {
    ("InputDefinition", "type_name"): "Any",
    ("OutputDefinition", "name"): "result",
    ("OutputDefinition", "type_name"): "Any",
    ("OutputDefinition", "io_manager_key"): "io_manager",
    ("OutputMapping", "name"): "result",
    ("OutputMapping", "output_name"): "result",
    ("StepInput", "type_name"): "Any",
    ("StepOutput", "name"): "result",
    ("StepOutput", "type_name"): "Any",
    ("StepOutput", "io_manager_key"): "io_manager",
    ("StepOutputReference", "output_name"): "result",
    ("Preset", "mode"): "default",
}


def json_form(message: Message) -> object:
    """The message as dicts, lists and plain values."""
    form = _FORMS.get(type(message))
    if form is not None:
        return form(message)
    return {
        field.name: _field(message, field)
        for field in _descriptors(message)
        if not field.has_presence or message.HasField(field.name)
    }


def _descriptors(message: Message) -> Iterable[FieldDescriptor]:
    # Those of the C implementation are FieldDescriptors too, which the type checker does not know.
    return cast("Iterable[FieldDescriptor]", message.DESCRIPTOR.fields)


def _field(message: Message, field: FieldDescriptor) -> object:
    value = getattr(message, field.name)
    if field.message_type is not None and field.message_type.GetOptions().map_entry:
        return dict(value)
    if isinstance(value, MutableSequence):
        return [_single(field, item) for item in value]
    if value == "":
        return _MEANINGS.get((message.DESCRIPTOR.name, field.name), "")
    return _single(field, value)


def _single(field: FieldDescriptor, value: object) -> object:
    if isinstance(value, Message):
        return json_form(value)
    if field.enum_type is not None and isinstance(value, int):
        prefix = field.enum_type.values_by_number[0].name.removesuffix("UNSPECIFIED")
        known = field.enum_type.values_by_number.get(value)
        return str(value) if known is None else known.name.removeprefix(prefix)
    return value


def _value(message: Value) -> object:
    kind = message.WhichOneof("kind")
    match kind:
        case None:
            return None
        case "list_value":
            return [_value(item) for item in message.list_value.items]
        case "map_value":
            return _map(message.map_value)
        case "bytes_value":
            return b64encode(message.bytes_value).decode()
        case "big_int_value":
            return int(message.big_int_value, 16)
        case "opaque_type":
            return f"<{message.opaque_type}>"
        case _:
            value: object = getattr(message, kind)
            return value


def _map(message: MapValue) -> dict[str, object]:
    return {
        entry.key if entry.HasField("key") else str(_value(entry.other_key)): _value(entry.value)
        for entry in message.entries
    }


def _input_source(message: InputSource) -> dict[str, str]:
    if message.composite_input:
        return {"composite_input": message.composite_input}
    return {"solid_name": message.solid_name, "output_name": message.output_name or "result"}


def _timestamp(message: Timestamp) -> str:
    return message.ToJsonString()


def _duration(message: Duration) -> float:
    return message.seconds + message.nanos / 1e9


def _error_info(message: ErrorInfo) -> dict[str, object]:
    return {
        "summary": message.summary,
        "error_type": message.error_type,
        "message": message.message,
        "stack": list(message.stack),
        "cause": _error_info(message.cause) if message.HasField("cause") else None,
    }


_FORMS: Mapping[type[Message], Callable[..., object]] = {
    Value: _value,
    MapValue: _map,
    Timestamp: _timestamp,
    Duration: _duration,
    ErrorInfo: _error_info,
    InputSource: _input_source,
}
