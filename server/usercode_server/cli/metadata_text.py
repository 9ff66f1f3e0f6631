"""The metadata of events as text for people."""

from __future__ import annotations

from collections.abc import Iterable

from usercode_sdk.metadata import EventMetadataEntry, JsonMetadataEntryData, PythonArtifactMetadataEntryData

_MAX_LENGTH = 200


def metadata_text(entries: Iterable[EventMetadataEntry]) -> str:
    """``label: value, label: value`` in one line; what is long of a value is cut."""
    return ", ".join(f"{entry.label}: {_value_text(entry)}" for entry in entries)


def _value_text(entry: EventMetadataEntry) -> str:
    data = entry.entry_data
    if isinstance(data, PythonArtifactMetadataEntryData):
        text = f"{data.module}.{data.name}"
    elif isinstance(data, JsonMetadataEntryData):
        from json import dumps

        text = dumps(data.data, ensure_ascii=False)
    else:
        (value,) = data
        text = " ".join(str(value).split())
    return text if len(text) <= _MAX_LENGTH else f"{text[:_MAX_LENGTH]}…"
