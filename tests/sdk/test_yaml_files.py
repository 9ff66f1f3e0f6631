"""Run configs in YAML: what is read, what is merged, and what is said of files that hold none."""

from __future__ import annotations

from pathlib import Path

import pytest

from usercode_sdk import DagsterInvalidDefinitionError, DagsterInvariantViolationError
from usercode_sdk.yaml_files import (
    dump_yaml,
    load_yaml_file,
    load_yaml_globs,
    merge_yaml_strings,
    parse_yaml_mapping,
    read_package_file,
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", {}),
        ("# nothing but this\n", {}),
        ("---\n", {}),
        ("a: 1\nb: [x, 2.5, null, true]\n", {"a": 1, "b": ["x", 2.5, None, True]}),
        ("base: &base {x: 1}\nmore: {<<: *base, y: 2}\n", {"base": {"x": 1}, "more": {"x": 1, "y": 2}}),
        ('{"solids": {"é": "ü"}}', {"solids": {"é": "ü"}}),
    ],
)
def test_a_mapping_is_read(text: str, value: object) -> None:
    assert parse_yaml_mapping(text, "It") == value


@pytest.mark.parametrize(
    ("text", "kind"), [("- a", "list"), ("3", "int"), ("words", "str"), ("false", "bool"), ("2020-01-01", "date")]
)
def test_anything_else_is_refused(text: str, kind: str) -> None:
    with pytest.raises(DagsterInvariantViolationError) as refused:
        parse_yaml_mapping(text, "The text")
    assert str(refused.value) == f"The text holds a {kind} at its top. A run config is a mapping."


@pytest.mark.parametrize(
    "text", ["a: [1", "a: b: c", "\tx: 1", "a: !!python/object/apply:os.getcwd []", "a: 1\n---\nb: 2"]
)
def test_what_is_no_yaml_is_refused_with_its_place(text: str) -> None:
    with pytest.raises(DagsterInvariantViolationError, match=r"(?s)^The text is not valid YAML: .*line 1") as refused:
        parse_yaml_mapping(text, "The text")
    assert refused.value.__cause__ is None


def test_the_place_in_a_text_that_is_no_yaml_is_told_without_a_name_of_the_parsers() -> None:
    with pytest.raises(DagsterInvariantViolationError) as refused:
        merge_yaml_strings(["a: 1", "a: [1"])
    message = str(refused.value)
    assert message.startswith("YAML text 2 is not valid YAML: ")
    assert "at line 1, column 4" in message
    assert "<" not in message


def test_later_texts_are_merged_over_earlier_ones() -> None:
    assert merge_yaml_strings(["a: {x: 1, y: [1, 2]}", "", "a: {y: [3]}\nb: 1", "b: {z: 2}"]) == {
        "a": {"x": 1, "y": [3]},
        "b": {"z": 2},
    }
    assert merge_yaml_strings([]) == {}


def test_a_file_is_read_as_utf_8(tmp_path: Path) -> None:
    path = tmp_path / "run.yaml"
    path.write_bytes("name: größe\n".encode())
    assert load_yaml_file(str(path)) == {"name": "größe"}


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    def refused(path: Path) -> str:
        with pytest.raises(DagsterInvariantViolationError) as error:
            load_yaml_file(str(path))
        return str(error.value)

    missing, binary, broken = tmp_path / "missing.yaml", tmp_path / "binary.yaml", tmp_path / "list.yaml"
    binary.write_bytes(b"a: \xff")
    broken.write_text("- a")
    assert refused(missing) == f"Can't read the config file {str(missing)!r}: No such file or directory."
    assert refused(tmp_path) == f"Can't read the config file {str(tmp_path)!r}: Is a directory."
    assert refused(broken) == f"The config file {str(broken)!r} holds a list at its top. A run config is a mapping."
    assert refused(binary).startswith(f"The config file {str(binary)!r} is not UTF-8 text: ")


def test_each_file_counts_once_in_the_order_of_the_patterns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in "abc":
        Path(f"{name}.yaml").write_text(f"last: {name}\n{name}: 1\n")
    assert load_yaml_globs(["*.yaml"]) == {"last": "c", "a": 1, "b": 1, "c": 1}
    assert load_yaml_globs(["c.yaml", "[ab].yaml"]) == {"last": "b", "c": 1, "a": 1, "b": 1}
    assert load_yaml_globs(["c.yaml", "*.yaml"])["last"] == "b"
    assert load_yaml_globs([]) == {}
    with pytest.raises(DagsterInvalidDefinitionError, match=r"^The config file or pattern 'd\.yaml' matches no file\."):
        load_yaml_globs(["a.yaml", "d.yaml"])


def test_a_file_of_a_package_is_read() -> None:
    assert read_package_file("usercode_sdk", "py.typed") == ""
    with pytest.raises(DagsterInvariantViolationError, match=r"^Can't read 'no\.yaml' of package 'usercode_sdk': "):
        read_package_file("usercode_sdk", "no.yaml")


def test_what_is_written_can_be_read_again() -> None:
    value = {"solids": {"b": {"config": [1, None, "yes", "1", 2.5]}, "a": {}}, "text": "two\nlines"}
    assert list(parse_yaml_mapping(dump_yaml(value), "It").items()) == list(value.items())


@pytest.mark.parametrize("levels", [800, 20_000])
def test_what_is_nested_without_end_is_refused(levels: int) -> None:
    with pytest.raises(DagsterInvariantViolationError) as refused:
        parse_yaml_mapping(f"a: {'[' * levels}{']' * levels}", "The text")
    assert str(refused.value) == "The text is nested too deeply for a run config."
