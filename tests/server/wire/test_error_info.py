"""Failures of the author's code as messages: whole where they can be, never larger than a reply may be."""

from __future__ import annotations

from usercode_sdk.error_info import ErrorInfo
from usercode_server.wire.error_info import from_error_info, to_error_info

MOST_BYTES = 4 * 1024 * 1024
"""What a client takes that has not raised its limit."""


def test_a_failure_and_its_causes_come_back_as_they_were() -> None:
    error = ErrorInfo(
        "a.B", "größe", ("one\n", "two\n"), ErrorInfo("KeyError", "'x'", (), ErrorInfo("E", "", ("f\n",)))
    )
    assert from_error_info(to_error_info(error, "It failed.")) == error
    assert to_error_info(error, "It failed.").summary == "It failed."


def test_of_a_very_long_stack_both_ends_are_sent() -> None:
    stack = tuple(f"frame {number}\n" for number in range(1_000))
    sent = to_error_info(ErrorInfo("E", "", stack)).stack
    assert list(sent) == [*stack[:100], "  ... 800 frames left out ...\n", *stack[-100:]]


def test_a_very_long_line_is_cut() -> None:
    sent = to_error_info(ErrorInfo("E", "", ("x" * 90_000,))).stack
    assert list(sent) == [f"{'x' * 1_000}... (cut)\n"]


def test_the_largest_failure_fits_into_a_reply() -> None:
    error = None
    for _ in range(20):
        error = ErrorInfo("E", "ä" * 100_000, ("\N{GRINNING FACE}" * 10_000,) * 10_000, error)
    assert error is not None
    sent = to_error_info(error, "\N{GRINNING FACE}" * 100_000)
    assert MOST_BYTES / 4 < sent.ByteSize() < MOST_BYTES
    assert sent.HasField("cause")
