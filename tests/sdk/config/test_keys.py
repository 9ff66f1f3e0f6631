"""Keys of config types: equal content, equal key; in every process."""

from __future__ import annotations

import subprocess
import sys

import pytest

from usercode_sdk.config import Enum, EnumValue, Field, Permissive, Selector, Shape, to_config_type

_DISTINCT: list[object] = [
    {"a": int},
    {"b": int},
    {"a": str},
    {"a": int, "b": int},
    {"a": Field(int, is_required=False)},
    {"a": Field(int, default_value=1)},
    {"a": Field(int, default_value=2)},
    {"a": Field(int, description="text")},
    {"a": Field(dict, default_value={1: 2})},
    {"a": Field(dict, default_value={"1": 2})},
    {"a": {"b": {"c": int}}},
    {"a": {"b": {"c": str}}},
    Shape({"a": int}, description="text"),
    Permissive({"a": int}),
    Selector({"a": int}),
    Enum("E", [EnumValue("A"), EnumValue("B")]),
    Enum("E", [EnumValue("A"), EnumValue("C")]),
    Enum("F", [EnumValue("A"), EnumValue("B")]),
]


def test_types_of_other_content_have_other_keys() -> None:
    keys = [to_config_type(schema).key for schema in _DISTINCT]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("schema", [{"a": int, "b": [str]}, Selector({"x": int, "y": {"z": bool}})])
def test_equal_types_have_equal_keys(schema: object) -> None:
    assert to_config_type(schema).key == to_config_type(Shape({"q": schema}).fields["q"]).key


def test_a_key_names_its_kind_and_is_made_once() -> None:
    shape = to_config_type({"a": int})
    assert shape.key.startswith("Shape.") and len(shape.key) == len("Shape.") + 40
    assert shape.key is shape.key
    assert to_config_type([{"a": int}]).key == f"Array.{shape.key}"


def test_the_order_of_fields_does_not_matter() -> None:
    assert to_config_type({"a": int, "b": str}).key == to_config_type({"b": str, "a": int}).key


def test_a_key_is_the_same_in_another_process() -> None:
    script = (
        "from usercode_sdk.config import *\n"
        "class Own: pass\n"
        "print(to_config_type({'a': Field(dict, default_value={'x': Own(), 'y': {1, 2}}), 'b': [str]}).key)"
    )
    keys = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(keys) == 1


def test_a_default_that_contains_itself_has_a_key() -> None:
    nested: dict[str, object] = {}
    nested["again"] = nested
    assert to_config_type({"a": Field(dict, default_value=nested)}).key.startswith("Shape.")
