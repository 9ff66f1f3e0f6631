# ruff: noqa: UP006, UP007, UP035, UP045  # authors write both spellings
"""Which values fit which type, and what is said of those that don't."""

from __future__ import annotations

import decimal
from typing import Any, Dict, List, Optional, Set, Tuple, Union

import pytest

from usercode_sdk import Nothing
from usercode_sdk.types import resolve_dagster_type

FITTING: list[tuple[object, list[object]]] = [
    (Any, [None, 3, "x", object()]),
    (int, [3, True, 0]),
    (float, [1.5, float("nan")]),
    (bool, [True, False]),
    (str, ["", "x"]),
    (Nothing, [None]),
    (List[int], [[], [1, 2]]),
    (list, [[], [1, "x"]]),
    (Optional[int], [None, 3]),
    (Union[int, str], [3, "x"]),
    (int | str | None, [3, "x", None]),
    (Dict[str, int], [{}, {"a": 1}]),
    (dict, [{}, {1: "x"}]),
    (Set[int], [set(), {1}]),
    (Tuple[int, str], [(1, "x")]),
    (tuple[int, ...], [(), (1, 2, 3)]),
    (tuple, [(), (1, "x")]),
    (decimal.Decimal, [decimal.Decimal("1.5")]),
    (List[Optional[List[int]]], [[None, [1], []]]),
]


@pytest.mark.parametrize(("annotation", "values"), FITTING)
def test_a_value_that_fits(annotation: object, values: list[object]) -> None:
    dagster_type = resolve_dagster_type(annotation)
    assert [dagster_type.type_check(None, value).success for value in values] == [True] * len(values)


@pytest.mark.parametrize(
    ("annotation", "value", "description"),
    [
        (int, "3", "Expected a value of type Int, got str."),
        (int, None, "Expected a value of type Int, got NoneType."),
        (int, 1.0, "Expected a value of type Int, got float."),
        (float, 1, "Expected a value of type Float, got int."),
        (bool, 1, "Expected a value of type Bool, got int."),
        (str, b"x", "Expected a value of type String, got bytes."),
        (Nothing, 3, "An output of type Nothing carries no value, got int."),
        (List[int], (1, 2), "Expected a list, got tuple."),
        (List[int], [1, "x"], "At 1: Expected a value of type Int, got str."),
        (List[List[int]], [[1], [2, "x"]], "At 1: At 1: Expected a value of type Int, got str."),
        (Optional[int], "x", "Expected a value of type Int, got str."),
        (Union[int, str], 1.5, "Expected a value of type Int | String, got float."),
        (int | str | None, 1.5, "Expected a value of type Int | String, got float."),
        (dict, [1], "Expected a dict, got list."),
        (Dict[str, int], {"a": "x"}, "At 'a': Expected a value of type Int, got str."),
        (Dict[str, int], {1: 1}, "At 1: Expected a value of type String, got int."),
        (set, [1], "Expected a set, got list."),
        (Set[int], {"x"}, "At 'x': Expected a value of type Int, got str."),
        (tuple, [1], "Expected a tuple, got list."),
        (Tuple[int, str], (1,), "Expected a tuple of 2 values, got one of 1."),
        (Tuple[int, str], ("x", "y"), "At 0: Expected a value of type Int, got str."),
        (decimal.Decimal, 1.5, "Expected a value of type Decimal, got float."),
    ],
)
def test_a_value_that_does_not_fit(annotation: object, value: object, description: str) -> None:
    answer = resolve_dagster_type(annotation).type_check(None, value)
    assert (answer.success, answer.description) == (False, description)
