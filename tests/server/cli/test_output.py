"""How commands print."""

from __future__ import annotations

import json
import math

import pytest

from usercode_server.cli.output import duration, json_text, table


def test_a_table_is_aligned() -> None:
    assert table(("Name", "N"), [("a", "1"), ("longer", "22")]) == "Name    N\na       1\nlonger  22"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.0004, "0 ms"),
        (0.84, "840 ms"),
        (0.9999, "1.0 s"),
        (3.21, "3.2 s"),
        (59.97, "1 min 0 s"),
        (245.4, "4 min 5 s"),
        (7_830, "2 h 10 min"),
    ],
)
def test_a_length_of_time_is_told_in_fitting_units(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_json_stays_json_whatever_the_numbers() -> None:
    text = json_text({"a": [math.nan, math.inf, 1.5], "b": {"c": -math.inf}})
    assert json.loads(text) == {"a": ["nan", "inf", 1.5], "b": {"c": "-inf"}}
