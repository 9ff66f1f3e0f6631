"""Named queries are read from their files."""

from __future__ import annotations

import pytest

from usercode_server.storage.queries import load_queries, parse_queries


def test_queries_are_read_by_name_without_comments() -> None:
    text = "-- A file.\n\n-- name: one\n-- What it does.\nSELECT 1\nFROM t;\n\n-- name: two\nSELECT 2;\n"
    assert parse_queries(text) == {"one": "SELECT 1\nFROM t", "two": "SELECT 2"}


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("-- name: a\nSELECT 1;\n-- name: a\nSELECT 2;\n", "Two queries are named 'a'"),
        ("SELECT 1;\n", "no name"),
        ("-- name: a\n-- name: b\nSELECT 1;\n", "'a' is empty"),
    ],
)
def test_a_faulty_file_is_refused(text: str, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        parse_queries(text)


def test_the_stores_own_files_are_whole() -> None:
    assert sorted(load_queries("events.sql")) == ["count_events", "insert_event", "select_events", "select_step_moved"]
    assert "insert_run" in load_queries("runs.sql")
