"""Events as rows of the store, and back exactly.

An event's data is one JSON document: ``{"kind": "StepOutput", "output_name": "result", ...}``.
Fields that have their default value are left out. The kind is the name of the data's class without
its ``Data`` ending.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, cast, get_args

from usercode_sdk.error_info import ErrorInfo
from usercode_sdk.events import Event, EventData, EventType
from usercode_sdk.metadata import (
    EventMetadataEntry,
    JsonMetadataEntryData,
    MetadataEntryData,
    TextMetadataEntryData,
)
from usercode_sdk.user_events import AssetKey
from usercode_server.storage.errors import StorageError, ValueNotStorableError
from usercode_server.storage.json_text import document_from_text, document_to_text, unwrapped, wrapped

Document = dict[str, Any]
"""A JSON object: its values are whatever JSON can hold."""


class EventRow(NamedTuple):
    """The columns of an event that differ from event to event of a run."""

    type: str
    step_key: str | None
    attempt: int
    timestamp: float
    message: str
    data: str | None


def encode_event(event: Event) -> EventRow:
    """``event`` as a row; its run id and pipeline name are those of the run."""
    document: Document = {} if event.data is None else data_document(event.data)
    message = event.message
    if not _is_storable(message):
        document["$message"] = message
        message = message.encode("utf-8", "backslashreplace").decode().replace("\0", "\\x00")
    data = document_to_text(document) if document else None
    return EventRow(event.type.value, event.step_key, event.attempt, event.timestamp, message, data)


def decode_event(run_id: str, pipeline_name: str, row: EventRow) -> Event:
    """The event that :func:`encode_event` made ``row`` from.

    Raises StorageError for a type or kind that this version does not know.
    """
    document = {} if row.data is None else document_from_text(row.data)
    message = cast(str, document.pop("$message", row.message))
    try:
        data = _decode_data(document) if document else None
        event_type = EventType(row.type)
    except (KeyError, ValueError, TypeError) as error:
        raise StorageError(
            f"The run {run_id!r} holds a {row.type} event that this Usercode can't read ({error}). "
            "It was written by a newer version: update this one."
        ) from error
    return Event(event_type, run_id, pipeline_name, message, row.timestamp, row.step_key, row.attempt, data)


def _is_storable(text: str) -> bool:
    """Whether a text column can hold ``text``: no lone surrogates, no NUL."""
    if text.isascii():
        return "\0" not in text
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text


def _kinds(union: object, ending: str) -> dict[str, type[Any]]:
    return {cls.__name__.removesuffix(ending): cls for cls in get_args(union)}


_DATA_CLASSES = _kinds(EventData, "Data")
_DATA_KINDS = {cls: kind for kind, cls in _DATA_CLASSES.items()}
_ENTRY_CLASSES = _kinds(MetadataEntryData, "MetadataEntryData")
_ENTRY_KINDS = {cls: kind for kind, cls in _ENTRY_CLASSES.items()}


def data_document(data: EventData) -> Document:
    """The data of an event as a JSON document."""
    cls = type(data)
    document: Document = {"kind": _DATA_KINDS[cls]}
    defaults: Mapping[str, object] = cls._field_defaults
    for name, value in zip(cls._fields, data, strict=True):
        if name not in defaults or value != defaults[name]:
            encode = _FIELD_ENCODERS.get(name)
            document[name] = value if encode is None else encode(value)
    return document


def _decode_data(document: Document) -> EventData:
    cls = _DATA_CLASSES[document.pop("kind")]
    fields = {
        name: value if (decode := _FIELD_DECODERS.get(name)) is None else decode(value)
        for name, value in document.items()
        if name in cls._fields
    }
    return cast(EventData, cls(**fields))


def _encode_entries(entries: tuple[EventMetadataEntry, ...]) -> list[Document]:
    return [_encode_entry(entry) for entry in entries]


def _encode_entry(entry: EventMetadataEntry) -> Document:
    document: Document = {"label": entry.label}
    if entry.description is not None:
        document["description"] = entry.description
    data = _storable(entry.entry_data)
    document["kind"] = _ENTRY_KINDS[type(data)]
    for name, value in zip(data._fields, data, strict=True):
        document[name] = wrapped(value, entry.label)
    return document


def _storable(data: MetadataEntryData) -> MetadataEntryData:
    """``data``, or a text that says why it can't be kept: metadata never costs a step its success."""
    if not isinstance(data, JsonMetadataEntryData):
        return data
    try:
        document_to_text({"data": wrapped(data.data, "JSON metadata")})
    except (ValueNotStorableError, RecursionError):
        return TextMetadataEntryData("(this value can't be stored as JSON, or is nested too deeply)")
    return data


def _decode_entries(documents: list[Document]) -> tuple[EventMetadataEntry, ...]:
    return tuple(_decode_entry(document) for document in documents)


def _decode_entry(document: Document) -> EventMetadataEntry:
    cls = _ENTRY_CLASSES[document["kind"]]
    data = cls(**{name: unwrapped(document[name]) for name in cls._fields})
    return EventMetadataEntry(document["label"], document.get("description"), data)


def _encode_error(error: ErrorInfo | None) -> Document | None:
    if error is None:
        return None
    document: Document = {"error_type": error.error_type, "message": error.message, "stack": error.stack}
    if error.cause is not None:
        document["cause"] = _encode_error(error.cause)
    return document


def _decode_error(document: Document | None) -> ErrorInfo | None:
    if document is None:
        return None
    return ErrorInfo(
        document["error_type"],
        document["message"],
        tuple(document["stack"]),
        _decode_error(document.get("cause")),
    )


_FIELD_ENCODERS: Mapping[str, Callable[[Any], object]] = {
    "asset_key": lambda key: key.path,
    "error": _encode_error,
    "metadata_entries": _encode_entries,
}
_FIELD_DECODERS: Mapping[str, Callable[[Any], object]] = {
    "asset_key": AssetKey,
    "error": _decode_error,
    "input_names": tuple,
    "metadata_entries": _decode_entries,
    "tags": lambda pairs: tuple((key, value) for key, value in pairs),
}
