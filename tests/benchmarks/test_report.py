"""Rows, budgets and how they are shown."""

from __future__ import annotations

import pytest

from benchmarks.report import (
    Budget,
    Row,
    as_document,
    as_markdown,
    as_text,
    at_least_times,
    at_most,
    at_most_times,
    number,
)
from benchmarks.series import series

FAST = Row("small calls", "calls/s", series([900.0, 700.0]), series([1000.0, 1000.0]), budget=at_least_times(0.8))
SLOW = Row("import", "ms", series([95.0]), budget=at_most(90), peer=series([950.0]))


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0844, "0.084"), (0.5, "0.5"), (1.0, "1"), (8.421, "8.42"), (84.21, "84.2"), (842.1, "842"), (8421.0, "8,421")],
)
def test_numbers_have_the_digits_that_mean_something(value: float, text: str) -> None:
    assert number(value) == text


@pytest.mark.parametrize(
    ("budget", "text", "is_met"),
    [
        (at_most(100), "≤ 100 ms", True),
        (at_most(99), "≤ 99 ms", False),
        (at_most_times(2), "≤ 2 x", True),
        (at_most_times(1.9), "≤ 1.9 x", False),
        (at_least_times(2), "≥ 2 x", True),
        (at_least_times(2.1), "≥ 2.1 x", False),
    ],
)
def test_a_budget_is_held_against_the_median_of_the_value_or_of_the_ratio(
    budget: Budget, text: str, is_met: bool
) -> None:
    row = Row("call", "ms", series([100.0, 90.0, 500.0]), series([50.0, 45.0, 250.0]), budget=budget)
    assert (budget.text("ms"), row.is_met) == (text, is_met)


def test_a_row_without_a_budget_is_neither_met_nor_missed() -> None:
    assert Row("call", "ms", series([1.0])).is_met is None


def test_the_table_for_a_terminal_is_aligned() -> None:
    rows = [Row("a", "ms", series([1.0]), note="b"), SLOW]
    assert as_text(rows, "Dagster 1").splitlines() == [
        "what    Usercode  compared with  ratio  budget   met  Dagster 1",
        "a       1 ms      b",
        "import  95 ms                           ≤ 90 ms  NO   950 ms, 10 x ours",
    ]


def test_the_page_of_markdown_has_a_row_for_each() -> None:
    assert as_markdown([FAST, SLOW], None).splitlines() == [
        "| what | Usercode | compared with | ratio | budget | met |",
        "| --- | --- | --- | --- | --- | --- |",
        "| small calls | 800 calls/s (700 to 900) | floor 1,000 calls/s (1,000 to 1,000) | 0.8 x (0.7 to 0.9) "
        "| ≥ 0.8 x | yes |",
        "| import | 95 ms |  |  | ≤ 90 ms | NO |",
    ]


def test_the_document_has_the_values_of_every_run() -> None:
    assert as_document([FAST, SLOW], "Dagster 1") == [
        {
            "what": "small calls",
            "unit": "calls/s",
            "note": "",
            "ours": [900.0, 700.0],
            "compared_with": {"name": "floor", "values": [1000.0, 1000.0]},
            "ratio": [0.9, 0.7],
            "budget": "≥ 0.8 x",
            "is_met": True,
            "peer": None,
        },
        {
            "what": "import",
            "unit": "ms",
            "note": "",
            "ours": [95.0],
            "compared_with": None,
            "ratio": None,
            "budget": "≤ 90 ms",
            "is_met": False,
            "peer": {"name": "Dagster 1", "values": [950.0]},
        },
    ]
