"""An exception as plain data: what clients, logs and storage see of a failure in user code."""

from __future__ import annotations

import os
from typing import NamedTuple, cast

_OUR_FOLDERS = tuple(
    os.path.join(root, name) + os.sep
    for root in {os.path.dirname(os.path.dirname(os.path.abspath(__file__)))}
    for name in ("usercode_sdk", os.path.join("server", "usercode_server"), "usercode_server")
)
_MAX_CAUSES = 20
_MAX_MESSAGE = 20_000


class ErrorInfo(NamedTuple):
    """An exception: its type, its message, the author's part of its traceback, and what caused it."""

    error_type: str
    """The qualified name of the class, without ``builtins.``."""
    message: str
    stack: tuple[str, ...]
    """One entry a frame, outermost first, each with file, line, function and source line."""
    cause: ErrorInfo | None = None

    def to_text(self) -> str:
        """The failure as Python would print it, causes first."""
        parts = []
        if self.cause is not None:
            parts.append(self.cause.to_text())
            parts.append("\nThe above exception was the direct cause of the following exception:\n\n")
        if self.stack:
            parts.append("Traceback (most recent call last):\n")
            parts.extend(self.stack)
        parts.append(f"{self.error_type}: {self.message}\n" if self.message else f"{self.error_type}\n")
        return "".join(parts)


def error_info(error: BaseException) -> ErrorInfo:
    """``error`` as data, its stack trimmed of the frames of this package and of the import system."""
    return _error_info(error, _MAX_CAUSES, set())


def _error_info(error: BaseException, causes_left: int, seen: set[int]) -> ErrorInfo:
    seen.add(id(error))
    cause = _cause_of(error)
    if cause is None or id(cause) in seen or causes_left == 0:
        cause_info = None
    else:
        cause_info = _error_info(cause, causes_left - 1, seen)
    return ErrorInfo(_type_name(type(error)), message_of(error), _stack(error), cause_info)


def _cause_of(error: BaseException) -> BaseException | None:
    # Read past the author's class, which may have made properties of these, that raise.
    cause, is_hidden, context = (
        vars(BaseException)[name].__get__(error) for name in ("__cause__", "__suppress_context__", "__context__")
    )
    return cast("BaseException | None", cause if cause is not None or is_hidden else context)


def _type_name(cls: type[BaseException]) -> str:
    return cls.__qualname__ if cls.__module__ == "builtins" else f"{cls.__module__}.{cls.__qualname__}"


def message_of(error: BaseException) -> str:
    """The message of ``error``, whatever its ``__str__`` does."""
    try:
        if isinstance(error, SyntaxError):
            return _syntax_message(error)
        text = "".join((str(error),))  # a plain str, also where the author gives a subclass of it
    except (Exception, SystemExit, GeneratorExit):
        text = "<the exception's message could not be made>"
    return text if len(text) <= _MAX_MESSAGE else text[:_MAX_MESSAGE] + "... (cut)"


def _syntax_message(error: SyntaxError) -> str:
    from traceback import format_exception_only

    lines = format_exception_only(type(error), error)
    place = "".join(lines[:-1]).rstrip()
    return f"{error.msg}\n{place}" if place else str(error.msg)


def _stack(error: BaseException) -> tuple[str, ...]:
    from traceback import StackSummary, extract_tb

    frames = [frame for frame in extract_tb(error.__traceback__) if not _is_ours(frame.filename)]
    return tuple(StackSummary.from_list(frames).format())


def _is_ours(filename: str) -> bool:
    return filename.startswith(_OUR_FOLDERS) or filename.startswith("<frozen ")
