"""Retry policies as messages."""

from __future__ import annotations

from google.protobuf.duration_pb2 import Duration

from usercode_api.v1 import retry_policy_pb2 as pb
from usercode_sdk.definitions.retry_policy import RetryPolicy


def to_retry_policy(policy: RetryPolicy) -> pb.RetryPolicy:
    """The message for a retry policy."""
    return pb.RetryPolicy(
        max_retries=min(policy.max_retries, 2**32 - 1),
        delay=None if policy.delay is None else _duration(policy.delay),
        backoff=None if policy.backoff is None else f"RETRY_BACKOFF_{policy.backoff.value}",
        jitter=None if policy.jitter is None else f"RETRY_JITTER_{policy.jitter.value}",
    )


def _duration(seconds: float) -> Duration:
    # As far as the well-known type reaches: about 10,000 years.
    nanoseconds = round(min(seconds, 315_576_000_000) * 1e9)
    return Duration(seconds=nanoseconds // 10**9, nanos=nanoseconds % 10**9)
