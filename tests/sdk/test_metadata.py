"""Metadata of events: every way of giving it, and what is refused."""

from __future__ import annotations

import pathlib
from typing import Any

import pytest

from usercode_sdk import (
    AssetKey,
    AssetMaterialization,
    DagsterInvalidDefinitionError,
    EventMetadata,
    EventMetadataEntry,
    ExpectationResult,
    Failure,
    Output,
    TypeCheck,
)
from usercode_sdk.metadata import (
    FloatMetadataEntryData,
    IntMetadataEntryData,
    JsonMetadataEntryData,
    MarkdownMetadataEntryData,
    PathMetadataEntryData,
    PythonArtifactMetadataEntryData,
    TextMetadataEntryData,
    UrlMetadataEntryData,
    metadata_entries,
)

KINDS = [
    (EventMetadata.text("t"), EventMetadataEntry.text("t", "label", "why"), TextMetadataEntryData("t")),
    (EventMetadata.url("u"), EventMetadataEntry.url("u", "label", "why"), UrlMetadataEntryData("u")),
    (EventMetadata.path("/p"), EventMetadataEntry.path("/p", "label", "why"), PathMetadataEntryData("/p")),
    (EventMetadata.json([1]), EventMetadataEntry.json([1], "label", "why"), JsonMetadataEntryData([1])),
    (EventMetadata.md("*m*"), EventMetadataEntry.md("*m*", "label", "why"), MarkdownMetadataEntryData("*m*")),
    (EventMetadata.float(1.5), EventMetadataEntry.float(1.5, "label", "why"), FloatMetadataEntryData(1.5)),
    (EventMetadata.int(3), EventMetadataEntry.int(3, "label", "why"), IntMetadataEntryData(3)),
    (
        EventMetadata.python_artifact(EventMetadata),
        EventMetadataEntry.python_artifact(EventMetadata, "label", "why"),
        PythonArtifactMetadataEntryData("usercode_sdk.metadata", "EventMetadata"),
    ),
]


@pytest.mark.parametrize(("value", "entry", "data"), KINDS)
def test_each_kind_has_a_value_and_an_entry(value: object, entry: EventMetadataEntry, data: object) -> None:
    assert (value, type(value)) == (data, type(data))
    assert entry == EventMetadataEntry("label", "why", value)  # type: ignore[arg-type]  # one of the kinds, by KINDS


@pytest.mark.parametrize(
    ("value", "data"),
    [
        ("text", TextMetadataEntryData("text")),
        (3, IntMetadataEntryData(3)),
        (1.5, FloatMetadataEntryData(1.5)),
        (True, TextMetadataEntryData("True")),
        ({"a": [1]}, JsonMetadataEntryData({"a": [1]})),
        ([1, "b"], JsonMetadataEntryData([1, "b"])),
        (EventMetadata.path(pathlib.PurePosixPath("/a/b")), PathMetadataEntryData("/a/b")),
    ],
)
def test_plain_values_have_a_kind(value: object, data: object) -> None:
    (entry,) = metadata_entries({"label": value}, None, "Output")
    assert entry == EventMetadataEntry("label", None, data)  # type: ignore[arg-type]  # a kind, by the table above
    assert type(entry.entry_data) is type(data)


def test_entries_come_before_values() -> None:
    first = EventMetadataEntry.text("a", "first")
    assert metadata_entries({"second": 2, "third": "c"}, [first], "Output") == (
        first,
        EventMetadataEntry("second", None, IntMetadataEntryData(2)),
        EventMetadataEntry("third", None, TextMetadataEntryData("c")),
    )
    assert metadata_entries(None, None, "Output") == ()


def test_a_path_is_its_own_label() -> None:
    assert EventMetadataEntry.fspath("/data/out.csv") == EventMetadataEntry(
        "out.csv", None, PathMetadataEntryData("/data/out.csv")
    )
    assert EventMetadataEntry.fspath(pathlib.PurePosixPath("/data/"), "folder", "why") == EventMetadataEntry(
        "folder", "why", PathMetadataEntryData("/data")
    )
    assert EventMetadataEntry.fspath("/data/").label == "data"


def test_absent_values_are_empty_ones() -> None:
    absent = [
        EventMetadataEntry.text(None, "x"),
        EventMetadataEntry.url(None, "x"),
        EventMetadataEntry.path(None, "x"),
        EventMetadataEntry.md(None, "x"),
        EventMetadataEntry.float(None, "x"),
        EventMetadataEntry.int(None, "x"),
    ]
    assert [entry.entry_data[0] for entry in absent] == ["", "", "", "", 0.0, 0]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"metadata": {"when": object}},
            "Output: metadata 'when' is a type. Give a str, int, float, dict or list, "
            "or one of EventMetadata's values, such as EventMetadata.path(...).",
        ),
        (
            {"metadata": {"rows": {1, 2}}},
            "Output: metadata 'rows' is a set. Give a str, int, float, dict or list, "
            "or one of EventMetadata's values, such as EventMetadata.path(...).",
        ),
        (
            {"metadata": {"rows": {"a": object}}},
            "The JSON metadata 'rows' can't be written as JSON: Object of type type is not JSON serializable. "
            "Give plain dicts, lists, strings and numbers.",
        ),
        (
            {"metadata_entries": [3]},
            "Output: metadata_entries holds int. Give entries made by EventMetadataEntry, such as "
            "EventMetadataEntry.text(value, label).",
        ),
        (
            {"metadata": "rows"},
            "Output: metadata is 'rows'. Give a dict from labels to values.",
        ),
    ],
)
def test_what_is_wrong_is_refused(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(DagsterInvalidDefinitionError) as refused:
        Output(1, **arguments)
    assert str(refused.value) == message


@pytest.mark.parametrize("data", [{"a": object()}, {1, 2}, b"bytes"])
def test_json_that_is_none_is_refused_where_it_is_given(data: object) -> None:
    with pytest.raises(
        DagsterInvalidDefinitionError, match=r"^The JSON metadata 'EventMetadata\.json' can't be written"
    ):
        EventMetadata.json(data)
    with pytest.raises(DagsterInvalidDefinitionError, match=r"^The JSON metadata 'rows' can't be written"):
        EventMetadataEntry.json(data, "rows")


def test_numbers_that_are_none_may_stand_in_json() -> None:
    assert EventMetadata.json({"loss": float("inf")}) == JsonMetadataEntryData({"loss": float("inf")})


def test_every_event_takes_metadata_in_both_ways() -> None:
    entry = EventMetadataEntry.int(1, "rows")
    both: dict[str, Any] = {"metadata_entries": [entry], "metadata": {"more": 2}}
    expected = (entry, EventMetadataEntry("more", None, IntMetadataEntryData(2)))
    events: list[Any] = [
        Output(1, **both),
        AssetMaterialization("table", **both),
        ExpectationResult(True, **both),
        TypeCheck(True, **both),
        Failure("no", **both),
    ]
    assert [event.metadata_entries for event in events] == [expected] * 5


def test_the_materialization_of_a_file_has_its_path() -> None:
    made = AssetMaterialization.file("/data/out.csv", "Written.")
    assert (made.asset_key, made.label, made.description) == (AssetKey("/data/out.csv"), "/data/out.csv", "Written.")
    assert made.metadata_entries == (EventMetadataEntry.fspath("/data/out.csv"),)
    assert AssetMaterialization.file("/x", asset_key=["warehouse", "x"]).label == "warehouse/x"


def test_asset_keys_are_paths_of_strings() -> None:
    assert AssetKey("a").path == ("a",)
    assert AssetKey(["a", "b"]) == AssetKey(("a", "b")) == AssetKey.coerce(["a", "b"])
    assert AssetKey(["a", "b"]).to_string() == "a/b"
    for wrong in ([], ["a", 3], 3, None):
        with pytest.raises(DagsterInvalidDefinitionError) as refused:
            AssetKey(wrong)  # type: ignore[arg-type]  # the mistake meant
        assert str(refused.value) == f"An asset key is a string or a list of strings, not {wrong!r}."


def test_tags_of_a_materialization_are_strings() -> None:
    assert AssetMaterialization("a", tags={"k": "v"}, partition="2020").tags == {"k": "v"}
    with pytest.raises(DagsterInvalidDefinitionError) as refused:
        AssetMaterialization("a", tags={"k": 3})  # type: ignore[dict-item]  # the mistake meant
    assert str(refused.value) == "AssetMaterialization: its tags are strings, but 'k' is 3. Make both strings."
