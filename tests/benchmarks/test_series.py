"""Figures over several runs."""

from __future__ import annotations

import pytest

from benchmarks.series import Series, growth, series, take


def test_a_series_has_a_median_and_a_spread() -> None:
    figure = series([3.0, 1.0, 10.0, 2.0])
    assert (figure.median, figure.least, figure.most) == (2.5, 1.0, 10.0)


def test_a_series_has_at_least_one_value() -> None:
    with pytest.raises(ValueError, match="at least one value"):
        series([])


def test_ratios_and_differences_are_taken_run_by_run() -> None:
    ours, floor = series([2.0, 30.0]), series([1.0, 10.0])
    assert ours.over(floor) == Series((2.0, 3.0))
    assert ours.minus(floor) == Series((1.0, 20.0))


def test_series_of_different_runs_are_not_compared() -> None:
    with pytest.raises(ValueError):
        series([1.0]).over(series([1.0, 2.0]))


def test_measurements_are_taken_in_turn() -> None:
    taken: list[str] = []

    def measurement(name: str, value: float) -> float:
        taken.append(name)
        return value

    result = take(2, lambda: measurement("ours", 1.0), lambda: measurement("floor", 2.0))

    assert result == (Series((1.0, 1.0)), Series((2.0, 2.0)))
    assert taken == ["ours", "floor", "ours", "floor"]


@pytest.mark.parametrize(("large", "exponent"), [(5.0, 0.0), (50.0, 1.0), (500.0, 2.0)])
def test_growth_is_the_exponent(large: float, exponent: float) -> None:
    assert growth(series([5.0]), series([large]), 10).median == pytest.approx(exponent)
