"""When a policy tries again, and after how long; that runs obey it is tested with execution."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from usercode_sdk import Backoff, DagsterInvalidDefinitionError, Jitter, RetryPolicy


def test_a_policy_of_nothing_tries_once_more_at_once() -> None:
    policy = RetryPolicy()
    assert (policy.max_retries, policy.delay, policy.backoff, policy.jitter) == (1, None, None, None)
    assert [policy.calculate_delay(attempt) for attempt in (1, 2, 3)] == [0.0, 0.0, 0.0]


def test_policies_are_values() -> None:
    assert RetryPolicy(2, 0.5) == RetryPolicy(max_retries=2, delay=0.5)
    assert hash(RetryPolicy(2, 0.5)) == hash(RetryPolicy(2, 0.5))
    assert RetryPolicy(2) != RetryPolicy(3)


@pytest.mark.parametrize(
    ("backoff", "delays"),
    [
        (None, [0.5, 0.5, 0.5, 0.5]),
        (Backoff.LINEAR, [0.5, 1.0, 1.5, 2.0]),
        (Backoff.EXPONENTIAL, [0.5, 1.5, 3.5, 7.5]),
    ],
)
def test_the_delay_grows_as_the_backoff_says(backoff: Backoff | None, delays: list[float]) -> None:
    policy = RetryPolicy(4, 0.5, backoff)
    assert [policy.calculate_delay(attempt) for attempt in (1, 2, 3, 4)] == delays


@given(st.sampled_from([None, *Backoff]), st.floats(0, 100), st.integers(1, 10))
def test_full_jitter_waits_at_most_the_delay(backoff: Backoff | None, delay: float, attempt: int) -> None:
    longest = RetryPolicy(1, delay, backoff).calculate_delay(attempt)
    assert 0 <= RetryPolicy(1, delay, backoff, Jitter.FULL).calculate_delay(attempt) <= longest


@given(st.sampled_from([None, *Backoff]), st.floats(0, 100), st.integers(1, 10))
def test_plus_minus_jitter_stays_within_one_base_delay(backoff: Backoff | None, delay: float, attempt: int) -> None:
    around = RetryPolicy(1, delay, backoff).calculate_delay(attempt)
    waited = RetryPolicy(1, delay, backoff, Jitter.PLUS_MINUS).calculate_delay(attempt)
    assert max(0.0, around - delay) <= waited <= around + delay


def test_jitter_is_drawn_anew_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter([0.0, 0.25, 1.0, 0.0, 0.75])
    monkeypatch.setattr("random.random", lambda: next(drawn))
    full = RetryPolicy(3, 4, Backoff.LINEAR, Jitter.FULL)
    assert [full.calculate_delay(2) for _ in range(3)] == [0.0, 2.0, 8.0]
    plus_minus = RetryPolicy(3, 4, Backoff.LINEAR, Jitter.PLUS_MINUS)
    assert [plus_minus.calculate_delay(2) for _ in range(2)] == [4.0, 10.0]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"max_retries": -1}, "RetryPolicy: max_retries is a whole number from 0, not -1."),
        ({"max_retries": 1.5}, "RetryPolicy: max_retries is a whole number from 0, not 1.5."),
        ({"max_retries": True}, "RetryPolicy: max_retries is a whole number from 0, not True."),
        ({"max_retries": None}, "RetryPolicy: max_retries is a whole number from 0, not None."),
        ({"delay": -1}, "RetryPolicy: delay is in seconds from 0, not -1."),
        ({"delay": "5"}, "RetryPolicy: delay is in seconds from 0, not '5'."),
        ({"delay": float("nan")}, "RetryPolicy: delay is in seconds from 0, not nan."),
        ({"delay": float("inf")}, "RetryPolicy: delay is in seconds from 0, not inf."),
        ({"backoff": Backoff.LINEAR}, "RetryPolicy: backoff and jitter need a delay to work on. Give a delay."),
        ({"jitter": Jitter.FULL}, "RetryPolicy: backoff and jitter need a delay to work on. Give a delay."),
        ({"delay": 1, "backoff": "LINEAR"}, "RetryPolicy: backoff is 'LINEAR'. Give Backoff.LINEAR or .EXPONENTIAL."),
        ({"delay": 1, "jitter": 0.5}, "RetryPolicy: jitter is 0.5. Give Jitter.FULL or .PLUS_MINUS."),
    ],
)
def test_what_is_wrong_is_refused(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(DagsterInvalidDefinitionError) as refused:
        RetryPolicy(**arguments)
    assert str(refused.value) == message
