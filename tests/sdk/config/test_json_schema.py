"""Config types as JSON Schema."""

from __future__ import annotations

import typing

import pytest
from jsonschema import Draft202012Validator

from usercode_sdk.config import (
    Enum,
    EnumValue,
    Field,
    Noneable,
    Permissive,
    ScalarUnion,
    Selector,
    Shape,
    StringSource,
    json_schema,
    to_config_type,
    to_field,
)

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def _schema(form: object) -> dict[str, object]:
    schema = json_schema(to_config_type(form))
    assert schema.pop("$schema") == _DIALECT
    Draft202012Validator.check_schema(schema)
    return schema


@pytest.mark.parametrize(
    ("form", "schema"),
    [
        (int, {"type": "integer"}),
        (float, {"type": "number"}),
        (str, {"type": "string"}),
        (bool, {"type": "boolean"}),
        (typing.Any, {}),
        ([int], {"type": "array", "items": {"type": "integer"}}),
        (Noneable(int), {"anyOf": [{"type": "integer"}, {"type": "null"}]}),
        (Enum("E", [EnumValue("A"), EnumValue("B")]), {"enum": ["A", "B"]}),
        (
            Enum("E", [EnumValue("A", description="first"), EnumValue("B")]),
            {"oneOf": [{"const": "A", "description": "first"}, {"const": "B"}]},
        ),
        (
            {"a": int, "b": Field(str, default_value="x", description="a text")},
            {
                "type": "object",
                "properties": {
                    "a": {"type": "integer"},
                    "b": {"type": "string", "default": "x", "description": "a text"},
                },
                "required": ["a"],
                "additionalProperties": False,
            },
        ),
        (
            Permissive({"a": Field(int, is_required=False)}, description="open"),
            {
                "type": ["object", "null"],
                "properties": {"a": {"type": "integer"}},
                "additionalProperties": True,
                "description": "open",
            },
        ),
        (
            Selector({"x": int, "y": str}),
            {
                "type": "object",
                "properties": {"x": {"type": "integer"}, "y": {"type": "string"}},
                "additionalProperties": False,
                "minProperties": 1,
                "maxProperties": 1,
            },
        ),
        (
            ScalarUnion(int, {"a": Field(int, is_required=False)}),
            {
                "anyOf": [
                    {"type": "integer"},
                    {
                        "type": "object",
                        "properties": {"a": {"type": "integer"}},
                        "additionalProperties": False,
                    },
                ]
            },
        ),
        (
            StringSource,
            {
                "anyOf": [
                    {"type": "string"},
                    {
                        "type": "object",
                        "properties": {"env": {"type": "string"}},
                        "additionalProperties": False,
                        "minProperties": 1,
                        "maxProperties": 1,
                        "description": "The name of an environment variable.",
                    },
                ]
            },
        ),
    ],
)
def test_each_type_has_its_schema(form: object, schema: dict[str, object]) -> None:
    assert _schema(form) == schema


def test_the_description_of_a_field_goes_before_that_of_its_type() -> None:
    shape = Shape({}, description="of the type")
    assert json_schema(Field(shape, description="of the field"))["description"] == "of the field"
    assert json_schema(Field(shape))["description"] == "of the type"


def test_the_default_of_a_field_is_kept() -> None:
    assert json_schema(to_field({"a": Field(int, default_value=1)}))["default"] == {"a": 1}
    assert json_schema(Field(Noneable(int)))["default"] is None


@pytest.mark.parametrize("default", [object, {1, 2}, float("nan"), {"x": object()}])
def test_a_default_that_json_cannot_say_is_left_out(default: object) -> None:
    field = Field({"a": Field(dict, default_value={"v": default})})
    schema = json_schema(field)
    assert "default" not in schema
    assert "default" not in typing.cast("dict[str, dict[str, object]]", schema["properties"])["a"]
