"""Values that may come from the environment."""

from __future__ import annotations

import pytest

from usercode_sdk.config import BoolSource, ConfigType, IntSource, StringSource, validate_config


@pytest.mark.parametrize(
    ("source", "given", "value"),
    [(StringSource, "text", "text"), (IntSource, 3, 3), (BoolSource, True, True)],
)
def test_a_value_given_as_it_is(source: ConfigType, given: object, value: object) -> None:
    assert validate_config(source, given) == (value, ())


@pytest.mark.parametrize(
    ("source", "text", "value"),
    [
        (StringSource, "text", "text"),
        (StringSource, "", ""),
        (IntSource, "-12", -12),
        (IntSource, " 7 ", 7),
        (BoolSource, "true", True),
        (BoolSource, "YES", True),
        (BoolSource, "1", True),
        (BoolSource, "off", False),
        (BoolSource, "0", False),
    ],
)
def test_a_value_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, source: ConfigType, text: str, value: object
) -> None:
    monkeypatch.setenv("SOME_NAME", text)
    assert validate_config(source, {"env": "SOME_NAME"}) == (value, ())


def test_a_variable_that_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOME_NAME", raising=False)
    (fault,) = validate_config(StringSource, {"env": "SOME_NAME"}, ("a",)).faults
    assert (fault.reason, fault.path, fault.value) == ("FAILED_POST_PROCESSING", ("a",), {"env": "SOME_NAME"})
    assert fault.message == (
        'The environment variable "SOME_NAME" is not set. It is named at root:a. Expected String or {env: NAME}.'
    )


@pytest.mark.parametrize(
    ("source", "wanted"), [(IntSource, "does not hold an int"), (BoolSource, "does not hold true or false")]
)
def test_a_variable_that_holds_something_else_is_not_shown(
    monkeypatch: pytest.MonkeyPatch, source: ConfigType, wanted: str
) -> None:
    monkeypatch.setenv("SOME_NAME", "hunter2")
    (fault,) = validate_config(source, {"env": "SOME_NAME"}).faults
    assert fault.reason == "FAILED_POST_PROCESSING"
    assert wanted in fault.message
    assert "hunter2" not in repr(fault)


@pytest.mark.parametrize(
    ("value", "reason", "path"),
    [
        ({}, "SELECTOR_FIELD_ERROR", "root:x"),
        ({"env": "A", "file": "B"}, "SELECTOR_FIELD_ERROR", "root:x"),
        ({"envv": "A"}, "FIELD_NOT_DEFINED", "root:x"),
        ({"env": 3}, "RUNTIME_TYPE_MISMATCH", "root:x:env"),
        (3.5, "RUNTIME_TYPE_MISMATCH", "root:x"),
        (None, "RUNTIME_TYPE_MISMATCH", "root:x"),
    ],
)
@pytest.mark.parametrize("resolve_sources", [True, False])
def test_a_wrong_form_is_a_fault_with_or_without_the_environment(
    value: object, reason: str, path: str, resolve_sources: bool
) -> None:
    faults = validate_config(IntSource, value, ("x",), resolve_sources=resolve_sources).faults
    assert [(fault.reason, fault.path_text) for fault in faults] == [(reason, path)]


def test_without_the_environment_only_the_form_is_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOME_NAME", raising=False)
    value = {"env": "SOME_NAME"}
    assert validate_config(IntSource, value, resolve_sources=False) == (value, ())


@pytest.mark.parametrize("name", ["", "=", "a\0b", "\ud800"])
def test_a_name_that_no_environment_can_hold_is_not_set(name: str) -> None:
    (fault,) = validate_config(StringSource, {"env": name}).faults
    assert fault.reason == "FAILED_POST_PROCESSING"
