"""Checking config values: what is accepted, what becomes of it, and every fault."""

from __future__ import annotations

import typing

import pytest

from usercode_sdk.config import (
    Array,
    ConfigFault,
    Enum,
    EnumValue,
    Field,
    Noneable,
    Permissive,
    ScalarUnion,
    Selector,
    Shape,
    to_field,
    validate_config,
)

_COLOR = Enum("Color", [EnumValue("RED", 10), EnumValue("GREEN")])
_ONE_OPTIONAL = Selector({"console": Field({"level": Field(str, default_value="INFO")})})
_UNION = ScalarUnion(int, {"a": Field(int, default_value=5)})


class Text(str):
    """A str of the author's own."""


@pytest.mark.parametrize(
    ("schema", "value", "processed"),
    [
        (int, 3, 3),
        (float, 3, 3),
        (float, 3.5, 3.5),
        (bool, False, False),
        (str, "x", "x"),
        (str, Text("x"), "x"),
        (typing.Any, {"x": [object]}, {"x": [object]}),
        (None, None, None),
        ([int], [1, 2], [1, 2]),
        ([int], (1, 2), [1, 2]),
        ([int], [], []),
        (Noneable(int), None, None),
        (Noneable(int), 3, 3),
        (_COLOR, "RED", 10),
        (_COLOR, "GREEN", "GREEN"),
        ([_COLOR], ["RED", "GREEN"], [10, "GREEN"]),
        (_UNION, 3, 3),
        (_UNION, {}, {"a": 5}),
        ({"a": Field(int, default_value=1), "b": str}, {"b": "x"}, {"a": 1, "b": "x"}),
        ({"a": Field(int, is_required=False)}, {}, {}),
        ({"a": Field(int, default_value=1)}, None, {"a": 1}),
        ({"deep": {"c": Field(_COLOR, default_value="RED")}}, {}, {"deep": {"c": 10}}),
        ({"deep": {"c": Field(_COLOR, default_value="RED")}}, {"deep": None}, {"deep": {"c": 10}}),
        (Permissive({"a": Field(int, default_value=1)}), {"z": [1], 3: 4}, {"a": 1, "z": [1], 3: 4}),
        (dict, {"x": {"y": 1}}, {"x": {"y": 1}}),
        (Selector({"x": int, "y": str}), {"y": "q"}, {"y": "q"}),
        (_ONE_OPTIONAL, {}, {"console": {"level": "INFO"}}),
        (_ONE_OPTIONAL, None, {"console": {"level": "INFO"}}),
        (_ONE_OPTIONAL, {"console": None}, {"console": {"level": "INFO"}}),
        (Selector({"x": Field(int, is_required=False)}), {}, {}),
    ],
)
def test_a_value_of_the_type_is_processed(schema: object, value: object, processed: object) -> None:
    assert validate_config(to_field(schema), value) == (processed, ())


def test_entries_come_in_the_order_of_the_schema() -> None:
    field = to_field({"a": int, "b": int})
    assert list(typing.cast("dict[str, int]", validate_config(field, {"b": 1, "a": 2}).value)) == ["a", "b"]


@pytest.mark.parametrize(
    ("schema", "value", "expected"),
    [
        (int, True, "Int"),
        (int, 1.0, "Int"),
        (int, "1", "Int"),
        (int, None, "Int"),
        (float, True, "Float"),
        (float, "1", "Float"),
        (bool, 0, "Bool"),
        (bool, "true", "Bool"),
        (str, 1, "String"),
        (str, b"x", "String"),
        ([int], 1, "[Int]"),
        ([int], "12", "[Int]"),
        ([int], None, "[Int]"),
        ([int], {1, 2}, "[Int]"),
        (Noneable(int), "x", "Int"),
        (_COLOR, "YELLOW", 'one of "RED", "GREEN"'),
        (_COLOR, ["RED"], 'one of "RED", "GREEN"'),
        (_UNION, "x", "(Int | {a?: Int})"),
        (_UNION, None, "(Int | {a?: Int})"),
        ({"a": int}, [], "{a: Int}"),
        ({"a": int}, 0, "{a: Int}"),
        ({"a": int}, "", "{a: Int}"),
        (dict, [], "{...}"),
        (Selector({"x": int}), 3, 'the entry "x"'),
    ],
)
def test_a_value_of_another_type_is_one_fault(schema: object, value: object, expected: str) -> None:
    (fault,) = validate_config(to_field(schema), value, ("here",)).faults
    assert (fault.reason, fault.path) == ("RUNTIME_TYPE_MISMATCH", ("here",))
    assert (fault.value, fault.expected) == (value, expected)


def test_all_faults_are_found_in_the_order_of_the_schema() -> None:
    field = to_field(
        {
            "a": int,
            "list": [{"n": int, "c": Field(_COLOR, is_required=False)}],
            "choice": Field(Selector({"x": int, "y": str}), is_required=False),
            "name": str,
        }
    )
    value = {
        "extra": 1,
        "choice": {"x": "one"},
        "list": [{"n": 1}, {"n": "x", "c": "REDD"}, {}],
        "name": 4,
    }
    faults = validate_config(field, value, ("solids", "s", "config")).faults
    assert [(fault.reason, fault.path_text.removeprefix("root:solids:s:config")) for fault in faults] == [
        ("MISSING_REQUIRED_FIELD", ""),
        ("RUNTIME_TYPE_MISMATCH", ":list:[1]:n"),
        ("RUNTIME_TYPE_MISMATCH", ":list:[1]:c"),
        ("MISSING_REQUIRED_FIELD", ":list:[2]"),
        ("RUNTIME_TYPE_MISMATCH", ":choice:x"),
        ("RUNTIME_TYPE_MISMATCH", ":name"),
        ("FIELD_NOT_DEFINED", ""),
    ]


def test_a_missing_entry_is_told_with_a_sample() -> None:
    (fault,) = validate_config(Shape({"a": int, "b": int}), {"b": 1}, ("solids", "x", "config")).faults
    assert fault == ConfigFault(
        reason="MISSING_REQUIRED_FIELD",
        path=("solids", "x", "config"),
        value={"b": 1},
        expected="Int",
        nearest=None,
        sample=0,
        message="Missing required entry \"a\" at root:solids:x:config. Expected Int. Sample: {'a': 0}",
        entry="a",
    )


def test_an_unexpected_entry_is_told_with_the_nearest_one() -> None:
    (fault,) = validate_config(Shape({"name": str}), {"name": "x", "nmae": 2}).faults
    assert fault == ConfigFault(
        reason="FIELD_NOT_DEFINED",
        path=(),
        value=2,
        expected='one of the entries "name"',
        nearest="name",
        sample=None,
        message='Unexpected entry "nmae" at the root. Did you mean "name"? Accepted: "name".',
        entry="nmae",
    )


def test_a_wrong_value_is_told_with_its_type() -> None:
    (fault,) = validate_config(to_field(int), "x", ("a",)).faults
    assert fault.message == "Invalid value 'x' (str) at root:a. Expected Int."


def test_a_wrong_choice_of_a_selector_is_told_with_a_sample() -> None:
    selector = Selector({"x": int, "y": str})
    (none,), (two,) = (
        validate_config(selector, {}).faults,
        validate_config(selector, {"x": 1, "y": "q"}).faults,
    )
    assert (none.message, none.sample) == (
        'Found no entry at the root. Expected exactly one of the entries "x", "y". Sample: {\'x\': 0}',
        {"x": 0},
    )
    assert two.message.startswith('Found the entries "x", "y" at the root. Expected exactly one of')


def test_the_nearest_enum_value_ignores_case() -> None:
    assert validate_config(_COLOR, "red").faults[0].nearest == "RED"


def test_several_missing_or_unexpected_entries_are_a_fault_each() -> None:
    faults = validate_config(Shape({"a": int, "b": str, "c": bool}), {"c": True, "y": 1, "z": 2}).faults
    assert [(fault.reason, fault.entry, fault.sample) for fault in faults] == [
        ("MISSING_REQUIRED_FIELDS", "a", 0),
        ("MISSING_REQUIRED_FIELDS", "b", "..."),
        ("FIELDS_NOT_DEFINED", "y", None),
        ("FIELDS_NOT_DEFINED", "z", None),
    ]


def test_a_subclass_of_a_type_is_checked_as_its_base() -> None:
    class Settings(Shape):
        __slots__ = ()

    assert validate_config(Settings({"a": int}), {"a": 1}) == ({"a": 1}, ())
    assert [fault.path for fault in validate_config(Array(Settings({"a": int})), [{"a": "x"}]).faults] == [("[0]", "a")]
