"""Metadata that authors attach to what they report: labelled text, numbers, links, JSON."""

from __future__ import annotations

import builtins
from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeAlias

from usercode_sdk.errors import DagsterInvalidDefinitionError


class TextMetadataEntryData(NamedTuple):
    text: str


class UrlMetadataEntryData(NamedTuple):
    url: str


class PathMetadataEntryData(NamedTuple):
    path: str


class JsonMetadataEntryData(NamedTuple):
    data: object


class MarkdownMetadataEntryData(NamedTuple):
    md_str: str


class PythonArtifactMetadataEntryData(NamedTuple):
    module: str
    name: str


class FloatMetadataEntryData(NamedTuple):
    value: float


class IntMetadataEntryData(NamedTuple):
    value: int


MetadataEntryData: TypeAlias = (
    TextMetadataEntryData
    | UrlMetadataEntryData
    | PathMetadataEntryData
    | JsonMetadataEntryData
    | MarkdownMetadataEntryData
    | PythonArtifactMetadataEntryData
    | FloatMetadataEntryData
    | IntMetadataEntryData
)


class EventMetadata:
    """Makes metadata values for the ``metadata={label: value}`` argument of events."""

    @staticmethod
    def text(text: str) -> TextMetadataEntryData:
        return TextMetadataEntryData(text)

    @staticmethod
    def url(url: str) -> UrlMetadataEntryData:
        return UrlMetadataEntryData(url)

    @staticmethod
    def path(path: object) -> PathMetadataEntryData:
        return PathMetadataEntryData(str(path))

    @staticmethod
    def json(data: object) -> JsonMetadataEntryData:
        return JsonMetadataEntryData(_checked_json(data, "EventMetadata.json"))

    @staticmethod
    def md(data: str) -> MarkdownMetadataEntryData:
        return MarkdownMetadataEntryData(data)

    @staticmethod
    def python_artifact(python_artifact: object) -> PythonArtifactMetadataEntryData:
        return _artifact(python_artifact)

    @staticmethod
    def float(value: builtins.float) -> FloatMetadataEntryData:
        return FloatMetadataEntryData(value)

    @staticmethod
    def int(value: builtins.int) -> IntMetadataEntryData:
        return IntMetadataEntryData(value)


class EventMetadataEntry(NamedTuple):
    """One labelled metadata value of an event."""

    label: str
    description: str | None
    entry_data: MetadataEntryData

    @staticmethod
    def text(text: str | None, label: str, description: str | None = None) -> EventMetadataEntry:
        return EventMetadataEntry(label, description, TextMetadataEntryData(text or ""))

    @staticmethod
    def url(url: str | None, label: str, description: str | None = None) -> EventMetadataEntry:
        return EventMetadataEntry(label, description, UrlMetadataEntryData(url or ""))

    @staticmethod
    def path(path: object, label: str, description: str | None = None) -> EventMetadataEntry:
        return EventMetadataEntry(label, description, PathMetadataEntryData(str(path or "")))

    @staticmethod
    def fspath(path: object, label: str | None = None, description: str | None = None) -> EventMetadataEntry:
        text = str(path)
        name = text.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]
        return EventMetadataEntry(label if label is not None else name, description, PathMetadataEntryData(text))

    @staticmethod
    def json(data: object, label: str, description: str | None = None) -> EventMetadataEntry:
        return EventMetadataEntry(label, description, JsonMetadataEntryData(_checked_json(data, label)))

    @staticmethod
    def md(md_str: str | None, label: str, description: str | None = None) -> EventMetadataEntry:
        return EventMetadataEntry(label, description, MarkdownMetadataEntryData(md_str or ""))

    @staticmethod
    def python_artifact(python_artifact: object, label: str, description: str | None = None) -> EventMetadataEntry:
        return EventMetadataEntry(label, description, _artifact(python_artifact))

    @staticmethod
    def float(value: builtins.float | None, label: str, description: str | None = None) -> EventMetadataEntry:
        return EventMetadataEntry(label, description, FloatMetadataEntryData(value or 0.0))

    @staticmethod
    def int(value: builtins.int | None, label: str, description: str | None = None) -> EventMetadataEntry:
        return EventMetadataEntry(label, description, IntMetadataEntryData(value or 0))


def _artifact(python_artifact: object) -> PythonArtifactMetadataEntryData:
    module = getattr(python_artifact, "__module__", "")
    name = getattr(python_artifact, "__name__", type(python_artifact).__name__)
    return PythonArtifactMetadataEntryData(str(module), str(name))


def _checked_json(data: object, label: str) -> object:
    from json import dumps

    try:
        dumps(data)
    except (TypeError, ValueError, RecursionError) as error:
        raise DagsterInvalidDefinitionError(
            f"The JSON metadata {label!r} can't be written as JSON: {error}. "
            "Give plain dicts, lists, strings and numbers."
        ) from None
    return data


def metadata_entries(
    metadata: Mapping[str, object] | None, entries: Sequence[EventMetadataEntry] | None, owner: str
) -> tuple[EventMetadataEntry, ...]:
    """Entries from either of the two ways an author may give them.

    Raises DagsterInvalidDefinitionError for a value that has no metadata kind.
    """
    result = list(entries or ())
    for entry in result:
        if not isinstance(entry, EventMetadataEntry):
            raise DagsterInvalidDefinitionError(
                f"{owner}: metadata_entries holds {type(entry).__name__}. Give entries made by EventMetadataEntry, "
                "such as EventMetadataEntry.text(value, label)."
            )
    if metadata and not isinstance(metadata, Mapping):
        raise DagsterInvalidDefinitionError(
            f"{owner}: metadata is {metadata!r:.80}. Give a dict from labels to values."
        )
    for label, value in (metadata or {}).items():
        result.append(EventMetadataEntry(str(label), None, _entry_data(label, value, owner)))
    return tuple(result)


def _entry_data(label: str, value: object, owner: str) -> MetadataEntryData:
    if isinstance(value, _ENTRY_DATA):
        return value
    if isinstance(value, bool):
        return TextMetadataEntryData(str(value))
    if isinstance(value, str):
        return TextMetadataEntryData(value)
    if isinstance(value, builtins.int):
        return IntMetadataEntryData(value)
    if isinstance(value, builtins.float):
        return FloatMetadataEntryData(value)
    if isinstance(value, (dict, list)):
        return JsonMetadataEntryData(_checked_json(value, label))
    raise DagsterInvalidDefinitionError(
        f"{owner}: metadata {label!r} is a {type(value).__name__}. Give a str, int, float, dict or list, "
        "or one of EventMetadata's values, such as EventMetadata.path(...)."
    )


_ENTRY_DATA = (
    TextMetadataEntryData,
    UrlMetadataEntryData,
    PathMetadataEntryData,
    JsonMetadataEntryData,
    MarkdownMetadataEntryData,
    PythonArtifactMetadataEntryData,
    FloatMetadataEntryData,
    IntMetadataEntryData,
)
