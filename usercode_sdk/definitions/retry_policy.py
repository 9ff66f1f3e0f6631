"""When a failed step is tried again, and after how long."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from usercode_sdk.errors import DagsterInvalidDefinitionError


class Backoff(Enum):
    """How the delay grows with the attempts: n x delay, or (2^n - 1) x delay."""

    LINEAR = "LINEAR"
    EXPONENTIAL = "EXPONENTIAL"


class Jitter(Enum):
    """How the delay is randomised: anything up to the delay, or the delay plus or minus one base delay."""

    FULL = "FULL"
    PLUS_MINUS = "PLUS_MINUS"


class RetryPolicy(NamedTuple("RetryPolicy", [
    ("max_retries", int), ("delay", "float | None"), ("backoff", "Backoff | None"), ("jitter", "Jitter | None"),
])):  # fmt: skip
    """Tries a failed step again, ``max_retries`` times at most, after ``delay`` seconds."""

    __slots__ = ()

    def __new__(
        cls,
        max_retries: int = 1,
        delay: float | None = None,
        backoff: Backoff | None = None,
        jitter: Jitter | None = None,
    ) -> RetryPolicy:
        if not isinstance(max_retries, int) or isinstance(max_retries, bool) or max_retries < 0:
            raise DagsterInvalidDefinitionError(
                f"RetryPolicy: max_retries is a whole number from 0, not {max_retries!r}."
            )
        if backoff is not None and not isinstance(backoff, Backoff):
            raise DagsterInvalidDefinitionError(
                f"RetryPolicy: backoff is {backoff!r}. Give Backoff.LINEAR or .EXPONENTIAL."
            )
        if jitter is not None and not isinstance(jitter, Jitter):
            raise DagsterInvalidDefinitionError(f"RetryPolicy: jitter is {jitter!r}. Give Jitter.FULL or .PLUS_MINUS.")
        if delay is None and (backoff is not None or jitter is not None):
            raise DagsterInvalidDefinitionError(
                "RetryPolicy: backoff and jitter need a delay to work on. Give a delay."
            )
        if delay is not None and not (isinstance(delay, (int, float)) and 0 <= delay < float("inf")):
            raise DagsterInvalidDefinitionError(f"RetryPolicy: delay is in seconds from 0, not {delay!r}.")
        return super().__new__(cls, max_retries, delay, backoff, jitter)

    def calculate_delay(self, attempt_num: int) -> float:
        """Seconds to wait before retry number ``attempt_num``, counted from 1."""
        if self.delay is None:
            return 0.0
        delay = float(self.delay)
        if self.backoff is Backoff.LINEAR:
            delay = attempt_num * self.delay
        elif self.backoff is Backoff.EXPONENTIAL:
            delay = (2**attempt_num - 1) * self.delay
        if self.jitter is None:
            return delay
        from random import random

        if self.jitter is Jitter.FULL:
            return random() * delay
        return max(0.0, delay + (2.0 * random() - 1.0) * self.delay)


def checked_retry_policy(policy: object, where: str) -> RetryPolicy | None:
    """``policy`` itself, when it is one or None; ``where`` begins the error, such as ``"Solid 'load'"``."""
    if policy is not None and not isinstance(policy, RetryPolicy):
        raise DagsterInvalidDefinitionError(f"{where}: its retry policy is {policy!r}. Give a RetryPolicy.")
    return policy
