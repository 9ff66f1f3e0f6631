"""A failure message as text for people."""

from __future__ import annotations

from usercode_api.v1.error_info_pb2 import ErrorInfo
from usercode_server.wire.error_info import from_error_info


def error_text(error: ErrorInfo) -> str:
    """What happened and what to do, then the traceback as Python prints it; ends with a newline.

    The summary stands alone when the rest would only say it again.
    """
    text = from_error_info(error).to_text()
    if not error.summary:
        return text
    return f"{error.summary}\n\n{text}" if says_more(error) else f"{error.summary}\n"


def says_more(error: ErrorInfo) -> bool:
    """Whether an error has more to say than its summary: a traceback, a cause, or a longer message."""
    return bool(error.stack) or error.HasField("cause") or error.message not in error.summary
