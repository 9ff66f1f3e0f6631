"""A failure message as text for people."""

from __future__ import annotations

from usercode_api.v1.error_info_pb2 import ErrorInfo
from usercode_server.wire.error_info import from_error_info


def error_text(error: ErrorInfo) -> str:
    """What happened and what to do, then the traceback as Python prints it; ends with a newline."""
    text = from_error_info(error).to_text()
    return f"{error.summary}\n\n{text}" if error.summary else text
