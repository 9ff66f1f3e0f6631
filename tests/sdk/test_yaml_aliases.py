"""Aliases in a YAML run config are written out, up to a bound."""

from __future__ import annotations

import pytest

from usercode_sdk.errors import DagsterInvariantViolationError
from usercode_sdk.yaml_files import parse_yaml_mapping


def nested_aliases(levels: int) -> str:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    for level in range(1, levels):
        aliases = ", ".join([f"*a{level - 1}"] * 10)
        lines.append(f"a{level}: &a{level} [{aliases}]")
    return "\n".join(lines)


def test_aliases_are_what_they_stand_for() -> None:
    assert parse_yaml_mapping("a: &a {x: 1}\nb: [*a, *a]", "It") == {"a": {"x": 1}, "b": [{"x": 1}, {"x": 1}]}


def test_aliases_that_stand_for_billions_of_values_are_refused() -> None:
    with pytest.raises(DagsterInvariantViolationError, match="It holds more than 10,000,000 values once its aliases"):
        parse_yaml_mapping(nested_aliases(12), "It")


def test_a_value_that_holds_itself_is_left_to_those_who_use_it() -> None:
    value = parse_yaml_mapping("a: &a [*a]", "It")["a"]
    assert isinstance(value, list)
    assert value[0] is value
