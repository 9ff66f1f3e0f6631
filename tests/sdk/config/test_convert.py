"""What an author may write as a config schema."""

from __future__ import annotations

import enum
import typing
from collections import OrderedDict

import pytest

from usercode_sdk.config import (
    Array,
    BoolSource,
    ConfigTypeKind,
    Enum,
    EnumValue,
    Field,
    IntSource,
    Noneable,
    Permissive,
    ScalarUnion,
    Selector,
    Shape,
    StringSource,
    to_config_type,
    to_field,
)
from usercode_sdk.errors import DagsterInvalidConfigDefinitionError


class Color(enum.Enum):
    RED = 1
    BLUE = 2


@pytest.mark.parametrize(
    ("schema", "kind", "type_name", "key"),
    [
        (int, ConfigTypeKind.SCALAR, "Int", "Int"),
        (float, ConfigTypeKind.SCALAR, "Float", "Float"),
        (str, ConfigTypeKind.SCALAR, "String", "String"),
        (bool, ConfigTypeKind.SCALAR, "Bool", "Bool"),
        (typing.Any, ConfigTypeKind.ANY, "Any", "Any"),
        (None, ConfigTypeKind.ANY, "Any", "Any"),
        ([int], ConfigTypeKind.ARRAY, "[Int]", "Array.Int"),
        (list, ConfigTypeKind.ARRAY, "[Any]", "Array.Any"),
        (list[int], ConfigTypeKind.ARRAY, "[Int]", "Array.Int"),
        (typing.List[str], ConfigTypeKind.ARRAY, "[String]", "Array.String"),  # noqa: UP006  # an author's form
        (typing.List, ConfigTypeKind.ARRAY, "[Any]", "Array.Any"),  # noqa: UP006  # an author's form
        (typing.Optional[int], ConfigTypeKind.NONEABLE, "Int?", "Noneable.Int"),  # noqa: UP045  # an author's form
        (int | None, ConfigTypeKind.NONEABLE, "Int?", "Noneable.Int"),
        (list[str | None], ConfigTypeKind.ARRAY, "[String?]", "Array.Noneable.String"),
        (Array(Noneable(float)), ConfigTypeKind.ARRAY, "[Float?]", "Array.Noneable.Float"),
        (ScalarUnion(int, [int]), ConfigTypeKind.SCALAR_UNION, "(Int | [Int])", "ScalarUnion.Int-Array.Int"),
        (StringSource, ConfigTypeKind.SCALAR_UNION, "StringSource", "StringSource"),
        (IntSource, ConfigTypeKind.SCALAR_UNION, "IntSource", "IntSource"),
        (BoolSource, ConfigTypeKind.SCALAR_UNION, "BoolSource", "BoolSource"),
        (Field(int), ConfigTypeKind.SCALAR, "Int", "Int"),
    ],
)
def test_a_form_means_its_type(schema: object, kind: ConfigTypeKind, type_name: str, key: str) -> None:
    config_type = to_config_type(schema)
    assert (config_type.kind, config_type.type_name, config_type.key) == (kind, type_name, key)


@pytest.mark.parametrize(
    ("schema", "kind", "type_name"),
    [
        ({"a": int, "b": Field([str], is_required=False)}, ConfigTypeKind.SHAPE, "{a: Int, b?: [String]}"),
        (OrderedDict(a=int), ConfigTypeKind.SHAPE, "{a: Int}"),
        (Shape({"a": {"b": int}}), ConfigTypeKind.SHAPE, "{a: {b: Int}}"),
        (dict, ConfigTypeKind.PERMISSIVE, "{...}"),
        (dict[str, int], ConfigTypeKind.PERMISSIVE, "{...}"),
        (typing.Dict, ConfigTypeKind.PERMISSIVE, "{...}"),  # noqa: UP006  # an author's form
        (Permissive({"a": int}), ConfigTypeKind.PERMISSIVE, "{a: Int, ...}"),
        (Selector({"x": int, "y": str}), ConfigTypeKind.SELECTOR, "{x: Int | y: String}"),
        (Enum.from_python_enum(Color), ConfigTypeKind.ENUM, "Color"),
    ],
)
def test_a_form_with_content_means_its_type(schema: object, kind: ConfigTypeKind, type_name: str) -> None:
    config_type = to_config_type(schema)
    assert (config_type.kind, config_type.type_name) == (kind, type_name)


def test_parts_of_a_type_can_be_read() -> None:
    shape = Shape({"a": Field([int], description="ints"), "u": ScalarUnion(str, {"q": bool})}, "all")
    assert shape.description == "all"
    assert list(shape.fields) == ["a", "u"]
    assert shape.fields["a"].description == "ints"
    array, union = shape.fields["a"].config_type, shape.fields["u"].config_type
    assert isinstance(array, Array) and array.inner_type is to_config_type(int)
    assert isinstance(union, ScalarUnion)
    assert (union.scalar_type.type_name, union.non_scalar_type.type_name) == ("String", "{q: Bool}")
    color = Enum.from_python_enum(Color)
    assert [(value.config_value, value.python_value) for value in color.enum_values] == [
        ("RED", Color.RED),
        ("BLUE", Color.BLUE),
    ]


def test_the_fields_of_a_shape_are_a_copy() -> None:
    written = {"a": int}
    shape = Shape(written)
    written["b"] = int
    assert list(shape.fields) == ["a"]


def test_no_schema_is_an_optional_field_of_anything() -> None:
    field = to_field(None)
    assert (field.config_type.kind, field.is_required) == (ConfigTypeKind.ANY, False)


@pytest.mark.parametrize(
    ("schema", "path", "value", "words"),
    [
        (
            "text",
            (),
            "text",
            "'text' (str) is no config schema. Accepted are int, float, str, bool, Any, a dict",
        ),
        ({"a": {"b": 3}}, ("a", "b"), 3, "at root:a:b: 3 (int) is no config schema"),
        ({"a": [{"b": 3}]}, ("a", "[]", "b"), 3, "at root:a:[]:b: 3 (int)"),
        ({"a": [int, str]}, ("a",), [int, str], "holds exactly one type"),
        ([], (), [], "holds exactly one type"),
        ({3: int}, (), 3, "The key 3 (int) of a config schema must be a str"),
        ({"a": (int,)}, ("a",), (int,), "a list of one type stands for a list"),
        ({"a": Array}, ("a",), Array, "it is a class: call it, as in Array(...)"),
        ({"a": Color}, ("a",), Color, "write Enum.from_python_enum(Color)"),
        (int | str, (), int | str, "is no config schema"),
        (object, (), object, "is no config schema"),
    ],
)
def test_anything_else_is_refused_with_its_path(
    schema: object, path: tuple[str, ...], value: object, words: str
) -> None:
    with pytest.raises(DagsterInvalidConfigDefinitionError) as refused:
        to_field(schema)
    assert (refused.value.path, refused.value.value) == (path, value)
    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Field(Field(int)), "Field can't hold Field(Int"),
        (lambda: Array(Field(int)), "Array can't hold Field(Int"),
        (lambda: Shape(["a"]), "Fields must be a dict of name to type, not ['a'] (list)"),  # type: ignore[arg-type]  # the mistake tested
        (lambda: Selector({}), "A Selector without fields accepts no value"),
        (lambda: ScalarUnion({"a": int}, [int]), "the first must be int, float, str or bool"),
        (lambda: ScalarUnion(int, str), "the second an Array, Shape, Permissive or Selector"),
        (lambda: Enum("E", []), "Enum 'E': the values must be one or more"),
        (lambda: Enum("E", [EnumValue("A"), EnumValue("A")]), "each with a name of its own"),
        (lambda: Enum("E", ["A"]), "Enum 'E': 'A' is not an EnumValue"),  # type: ignore[list-item]  # the mistake tested
        (lambda: EnumValue(3), "EnumValue(3): the config value must be a str"),  # type: ignore[arg-type]  # the mistake tested
    ],
)
def test_a_type_made_wrongly_is_refused(make: typing.Callable[[], object], words: str) -> None:
    with pytest.raises(DagsterInvalidConfigDefinitionError) as refused:
        make()
    assert words in str(refused.value)


def test_a_schema_that_contains_itself_is_refused() -> None:
    nested: dict[str, object] = {}
    nested["again"] = nested
    with pytest.raises(DagsterInvalidConfigDefinitionError, match="deeper than 64 levels"):
        to_field(nested)
    listed: list[object] = []
    listed.append(listed)
    with pytest.raises(DagsterInvalidConfigDefinitionError, match="deeper than 64 levels"):
        to_field(listed)


def test_a_type_nested_too_deep_is_refused() -> None:
    config_type = to_config_type(int)
    with pytest.raises(DagsterInvalidConfigDefinitionError, match="deeper than 64 levels"):
        for _ in range(100):
            config_type = Array(Shape({"a": config_type}))
