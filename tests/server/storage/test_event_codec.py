"""Every event comes back from its row exactly as it was."""

from __future__ import annotations

import json
from typing import Any, get_args, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.server.samples import an_event
from tests.server.storage.test_json_text import VALUES
from usercode_sdk.error_info import ErrorInfo
from usercode_sdk.events import (
    AssetMaterializationData,
    Event,
    EventData,
    EventType,
    StepFailureData,
    StepOutputData,
    StepRetryData,
)
from usercode_sdk.metadata import EventMetadataEntry, IntMetadataEntryData, JsonMetadataEntryData
from usercode_sdk.user_events import AssetKey
from usercode_server.storage.errors import StorageError
from usercode_server.storage.event_codec import EventRow, decode_event, encode_event

_TEXT = st.text(st.characters())
_FLOATS = st.floats(allow_nan=False)
st.register_type_strategy(str, _TEXT)
st.register_type_strategy(float, _FLOATS)
_ERRORS = st.recursive(
    st.builds(ErrorInfo, _TEXT, _TEXT, st.lists(_TEXT, max_size=3).map(tuple), st.none()),
    lambda cause: st.builds(ErrorInfo, _TEXT, _TEXT, st.just(()), cause),
    max_leaves=3,
)
st.register_type_strategy(ErrorInfo, _ERRORS)
st.register_type_strategy(AssetKey, st.lists(_TEXT, min_size=1, max_size=3).map(AssetKey))
st.register_type_strategy(JsonMetadataEntryData, st.builds(JsonMetadataEntryData, VALUES))


def _built(cls: type[EventData]) -> st.SearchStrategy[EventData]:
    fields = {name: st.from_type(hint) for name, hint in get_type_hints(cls).items()}
    return st.builds(cls, **fields)


_DATA = st.none() | st.one_of([_built(cls) for cls in get_args(EventData)])
_EVENTS = st.builds(
    Event,
    st.sampled_from(EventType),
    st.just("run-1"),
    st.just("p"),
    _TEXT,
    st.floats(0, 4e9),
    st.none() | st.from_regex(r"[a-z]{1,5}(\.[a-z]{1,5})?", fullmatch=True),
    st.integers(0, 100),
    _DATA,
)


@given(_EVENTS)
def test_any_event_comes_back_as_it_was(event: Event) -> None:
    found = decode_event("run-1", "p", encode_event(event))
    assert repr(found) == repr(event)


@pytest.mark.parametrize("cls", get_args(EventData), ids=lambda cls: cls.__name__)
def test_every_kind_of_data_is_known(cls: type[EventData]) -> None:
    fields: dict[str, Any] = {name: "x" for name in cls._fields if name not in cls._field_defaults}
    if "error" in fields:
        fields["error"] = ErrorInfo("E", "m", ())
    if "asset_key" in fields:
        fields["asset_key"] = AssetKey("a")
    if "input_names" in fields:
        fields["input_names"] = ("a",)
    event = an_event(EventType.ENGINE_EVENT, data=cls(**fields))
    assert decode_event("run-1", "p", encode_event(event)) == event


def test_data_is_readable_json_without_its_defaults() -> None:
    event = an_event(EventType.STEP_OUTPUT, data=StepOutputData("result", "Int", True))
    assert encode_event(event) == EventRow(
        "STEP_OUTPUT",
        None,
        0,
        1.5,
        "It happened.",
        '{"kind":"StepOutput","output_name":"result","type_name":"Int","type_check_passed":true}',
    )


def test_a_failure_keeps_its_causes_and_metadata() -> None:
    error = ErrorInfo("Outer", "o", ("frame\n",), ErrorInfo("Inner", "i", ("other\n",)))
    entries = (EventMetadataEntry("n", None, IntMetadataEntryData(10**5000)),)
    event = an_event(EventType.STEP_FAILURE, data=StepFailureData(error, "bad", entries))
    row = encode_event(event)
    assert decode_event("run-1", "p", row) == event
    assert row.data is not None
    assert json.loads(row.data)["error"]["cause"]["error_type"] == "Inner"


def test_a_materialization_keeps_its_key_and_tags() -> None:
    data = AssetMaterializationData(AssetKey(["a", "b"]), None, (), "2020", (("k", "v"),))
    event = an_event(EventType.ASSET_MATERIALIZATION, data=data)
    assert decode_event("run-1", "p", encode_event(event)) == event


def test_a_retry_without_error_keeps_its_none() -> None:
    event = an_event(EventType.STEP_UP_FOR_RETRY, data=StepRetryData(None, 0))
    assert decode_event("run-1", "p", encode_event(event)) == event


def test_a_message_that_no_text_column_holds_stays_readable_there() -> None:
    event = an_event(EventType.ENGINE_EVENT, message="a\ud800b\0")
    row = encode_event(event)
    assert row.message == "a\\ud800b\\x00"
    assert decode_event("run-1", "p", row) == event


def test_metadata_that_is_nested_too_deeply_becomes_a_text_that_says_so() -> None:
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]
    entries = (EventMetadataEntry("deep", None, JsonMetadataEntryData(deep)),)
    event = an_event(EventType.STEP_OUTPUT, data=StepOutputData("result", "Any", True, None, entries))
    found = decode_event("run-1", "p", encode_event(event))
    assert found.data == StepOutputData(
        "result",
        "Any",
        True,
        None,
        (EventMetadataEntry.text("(this value can't be stored as JSON, or is nested too deeply)", "deep"),),
    )


@pytest.mark.parametrize("row", [EventRow("NEW_TYPE", None, 0, 1.0, "m", None)])
def test_an_event_of_a_newer_version_is_refused_clearly(row: EventRow) -> None:
    with pytest.raises(StorageError, match="NEW_TYPE event that this Usercode can't read"):
        decode_event("run-1", "p", row)


def test_data_of_a_newer_version_is_refused_clearly() -> None:
    with pytest.raises(StorageError, match="written by a newer version"):
        decode_event("run-1", "p", EventRow("STEP_START", None, 0, 1.0, "m", '{"kind":"New","a":1}'))


def test_a_field_of_a_newer_version_is_passed_over() -> None:
    row = EventRow("LOGS_CAPTURED", None, 0, 1.0, "m", '{"kind":"LogsCaptured","log_key":"k","new":1}')
    data = decode_event("run-1", "p", row).data
    assert data is not None
    assert data._asdict() == {"log_key": "k"}
