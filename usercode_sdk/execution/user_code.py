"""The border to an author's code: what is raised there becomes one kind of error, with the original as its cause."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType

from usercode_sdk.errors import DagsterError, DagsterExecutionInterruptedError, DagsterUserCodeExecutionError
from usercode_sdk.user_events import Failure, RetryRequested

INTERRUPTIONS = (DagsterExecutionInterruptedError, KeyboardInterrupt)
"""What stops a run; not the fault of the code that it hits."""

STEP_SIGNALS = (Failure, RetryRequested)
"""What an author raises in a step to say how it ends."""


class UserCode:
    """``with UserCode(make_error):`` around a call of an author's.

    Errors of the SDK's own classes pass, since they say what they mean; so do interruptions and the
    exceptions in ``passing``. Everything else, ``sys.exit()`` included, becomes ``make_error(it)``.
    """

    __slots__ = ("_make_error", "_passing")

    def __init__(
        self,
        make_error: Callable[[BaseException], DagsterUserCodeExecutionError],
        passing: tuple[type[BaseException], ...] = (),
    ) -> None:
        self._make_error = make_error
        self._passing = passing

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if error is None or isinstance(error, (DagsterError, *INTERRUPTIONS, *self._passing)):
            return
        raise self._make_error(error) from error
