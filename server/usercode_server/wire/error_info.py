"""Failures of the author's code as ErrorInfo messages, and back."""

from __future__ import annotations

from usercode_api.v1 import error_info_pb2 as pb
from usercode_sdk.error_info import ErrorInfo
from usercode_server.wire.text import text

_MAX_FRAMES = 200


def to_error_info(error: ErrorInfo, summary: str = "") -> pb.ErrorInfo:
    """The message for a failure; of a very long stack only both ends are sent."""
    return pb.ErrorInfo(
        summary=text(summary),
        error_type=text(error.error_type),
        message=text(error.message),
        stack=[text(frame) for frame in _shortened(error.stack)],
        cause=None if error.cause is None else to_error_info(error.cause),
    )


def from_error_info(message: pb.ErrorInfo) -> ErrorInfo:
    """The failure in a message."""
    cause = from_error_info(message.cause) if message.HasField("cause") else None
    return ErrorInfo(message.error_type, message.message, tuple(message.stack), cause)


def _shortened(stack: tuple[str, ...]) -> tuple[str, ...]:
    if len(stack) <= _MAX_FRAMES:
        return stack
    half = _MAX_FRAMES // 2
    left_out = f"  ... {len(stack) - 2 * half} frames left out ...\n"
    return (*stack[:half], left_out, *stack[-half:])
