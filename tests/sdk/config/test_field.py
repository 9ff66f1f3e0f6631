"""When a field is required, and what its default is."""

from __future__ import annotations

import pytest

from usercode_sdk.config import (
    Enum,
    EnumValue,
    Field,
    IntSource,
    Noneable,
    Permissive,
    Selector,
    Shape,
    StringSource,
    validate_config,
)
from usercode_sdk.errors import (
    DagsterInvalidConfigDefinitionError,
    DagsterInvalidConfigError,
    DagsterInvariantViolationError,
)

_OPTIONAL = {"a": Field(int, default_value=1), "b": Field(str, is_required=False)}


@pytest.mark.parametrize(
    ("field", "default"),
    [
        (Field(int, default_value=3), 3),
        (Field(Noneable(int)), None),
        (Field(Noneable(int), default_value=4), 4),
        (Field({}), {}),
        (Field(dict), {}),
        (Field(_OPTIONAL), {"a": 1}),
        (Field({"inner": _OPTIONAL}), {"inner": {"a": 1}}),
        (Field(Permissive(_OPTIONAL)), {"a": 1}),
        (Field(Selector({"only": _OPTIONAL})), {"only": {"a": 1}}),
        (Field(Shape({"x": Noneable(str)})), {"x": None}),
    ],
)
def test_a_field_with_a_default_is_optional(field: Field, default: object) -> None:
    assert (field.is_required, field.default_provided, field.default_value) == (False, True, default)


@pytest.mark.parametrize(
    "field",
    [
        Field(int),
        Field([int]),
        Field({"a": int}),
        Field({"deep": {"a": int, "b": Field(int, default_value=1)}}),
        Field(Permissive({"a": int})),
        Field(Selector({"only": int})),
        Field(Selector({"one": _OPTIONAL, "two": _OPTIONAL})),
        Field(StringSource),
        Field(Noneable(int), is_required=True),
        Field(_OPTIONAL, is_required=True),
    ],
)
def test_any_other_field_is_required(field: Field) -> None:
    assert (field.is_required, field.default_provided) == (True, False)


def test_an_optional_field_may_have_no_default() -> None:
    field = Field(int, is_required=False, description="how many")
    assert (field.is_required, field.default_provided, field.description) == (False, False, "how many")
    with pytest.raises(DagsterInvariantViolationError, match="Field\\(Int, is_required=False\\) has no default"):
        field.default_value  # noqa: B018  # reading it is what is tested


def test_a_required_field_with_a_default_is_refused() -> None:
    with pytest.raises(DagsterInvalidConfigDefinitionError, match="Leave out is_required=True or default_value"):
        Field(int, default_value=1, is_required=True)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"is_required": "yes"}, "is_required is 'yes' (str)"),
        ({"description": 3}, "The description is 3 (int); it must be a str"),
        ({"default_value": int}, "is callable"),
    ],
)
def test_options_of_the_wrong_type_are_refused(options: dict[str, object], words: str) -> None:
    with pytest.raises(DagsterInvalidConfigDefinitionError) as refused:
        Field(int, **options)  # type: ignore[arg-type]  # the mistake tested
    assert words in str(refused.value)


def test_a_scalar_default_that_does_not_fit_is_at_no_place() -> None:
    with pytest.raises(DagsterInvalidConfigError) as refused:
        Field(int, default_value="a")
    assert [fault.message for fault in refused.value.errors] == ["Invalid value 'a' (str). Expected Int."]


def test_a_default_that_does_not_fit_is_refused_with_all_faults() -> None:
    with pytest.raises(DagsterInvalidConfigError) as refused:
        Field({"a": int, "b": str}, default_value={"a": "x", "c": 1})
    assert [(fault.reason, fault.path_text) for fault in refused.value.errors] == [
        ("RUNTIME_TYPE_MISMATCH", "root:a"),
        ("MISSING_REQUIRED_FIELD", "root"),
        ("FIELD_NOT_DEFINED", "root"),
    ]
    assert refused.value.config_value == {"a": "x", "c": 1}
    assert "The default {'a': 'x', 'c': 1} (dict) does not fit its type {a: Int, b: String}" in str(refused.value)


@pytest.mark.parametrize("default", [None, "3", 3.5, True])
def test_a_default_of_another_type_is_refused(default: object) -> None:
    with pytest.raises(DagsterInvalidConfigError, match="does not fit its type Int"):
        Field(int, default_value=default)


def test_a_python_value_as_the_default_of_an_enum_names_the_right_one() -> None:
    member = object()
    with pytest.raises(DagsterInvalidConfigError) as refused:
        Field(Enum("E", [EnumValue("NAME", member)]), default_value=member)
    assert refused.value.errors[0].nearest == "NAME"


def test_a_default_from_the_environment_is_read_at_each_run(monkeypatch: pytest.MonkeyPatch) -> None:
    field = Field({"n": Field(IntSource, default_value={"env": "SOME_NUMBER"})})
    monkeypatch.setenv("SOME_NUMBER", "1")
    assert validate_config(field, {}).value == {"n": 1}
    monkeypatch.setenv("SOME_NUMBER", "2")
    assert validate_config(field, {}).value == {"n": 2}


def test_a_run_that_changes_its_config_does_not_change_the_definition() -> None:
    field = Field({"options": Field(dict, default_value={"deep": {"list": [1]}}), "items": Field([int], [1])})
    first = validate_config(field, {}).value
    assert isinstance(first, dict)
    first["options"]["deep"]["list"].append(2)
    first["items"].append(2)
    assert validate_config(field, {}).value == {"options": {"deep": {"list": [1]}}, "items": [1]}


def test_the_default_of_an_enum_becomes_its_python_value() -> None:
    color = Enum("Color", [EnumValue("RED", 10), EnumValue("BLUE")])
    field = Field({"c": Field(color, default_value="RED"), "d": Field(color, default_value="BLUE")})
    assert field.default_value == {"c": "RED", "d": "BLUE"}
    assert validate_config(field, None) == ({"c": 10, "d": "BLUE"}, ())
