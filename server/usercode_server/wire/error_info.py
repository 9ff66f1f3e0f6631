"""Failures of the author's code as ErrorInfo messages, and back."""

from __future__ import annotations

from usercode_api.v1 import error_info_pb2 as pb
from usercode_sdk.error_info import ErrorInfo
from usercode_server.wire.text import text

_MAX_FRAMES = 200
_MAX_FRAME = 1_000
"""So many characters of a frame are sent: a line of generated code may be of any length."""
_ROOM = 400_000
"""When an error and its causes have so many characters, further causes are left out: a reply has to hold them all."""


def to_error_info(error: ErrorInfo, summary: str = "", room: int = _ROOM) -> pb.ErrorInfo:
    """The message for a failure; of a very long stack only both ends are sent, of very long causes the last."""
    message = text(error.message)
    stack = [_cut(text(frame)) for frame in _shortened(error.stack)]
    room -= len(message) + sum(map(len, stack))
    return pb.ErrorInfo(
        summary=text(summary),
        error_type=text(error.error_type),
        message=message,
        stack=stack,
        cause=None if error.cause is None or room <= 0 else to_error_info(error.cause, room=room),
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


def _cut(frame: str) -> str:
    return frame if len(frame) <= _MAX_FRAME else f"{frame[:_MAX_FRAME]}... (cut)\n"
