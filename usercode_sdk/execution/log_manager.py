"""``context.log``: what an author's code says while it runs."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple


class LogLine(NamedTuple):
    """One message logged through ``context.log``."""

    run_id: str
    pipeline_name: str
    step_key: str | None
    attempt: int
    level: int
    """As in the standard ``logging`` module."""
    message: str
    timestamp: float
    """Seconds since 1970-01-01 UTC."""


Sink = Callable[[LogLine], None]


class DagsterLogManager:
    """Hands messages to the run's Python loggers and to the instance's log."""

    __slots__ = ("_attempt", "_loggers", "_pipeline_name", "_run_id", "_sink", "_step_key")

    def __init__(
        self,
        run_id: str,
        pipeline_name: str,
        loggers: Sequence[logging.Logger],
        sink: Sink,
        step_key: str | None = None,
        attempt: int = 0,
    ) -> None:
        self._run_id = run_id
        self._pipeline_name = pipeline_name
        self._loggers = loggers
        self._sink = sink
        self._step_key = step_key
        self._attempt = attempt

    def for_step(self, step_key: str, attempt: int) -> DagsterLogManager:
        """The same log, with messages marked as of this step."""
        return DagsterLogManager(self._run_id, self._pipeline_name, self._loggers, self._sink, step_key, attempt)

    def log(self, level: int | str, msg: object, *args: object, **kwargs: object) -> None:
        """Logs at a level given as a number or a name such as ``"INFO"``."""
        number = logging.getLevelName(level.upper()) if isinstance(level, str) else level
        if not isinstance(number, int):
            raise ValueError(f"{level!r} is not a log level. Use DEBUG, INFO, WARNING, ERROR, CRITICAL or a number.")
        message = str(msg) % args if args else str(msg)
        if kwargs.get("exc_info"):
            message = f"{message}\n{_traceback()}"
        self._sink(
            LogLine(self._run_id, self._pipeline_name, self._step_key, self._attempt, number, message, time.time())
        )
        for logger in self._loggers:
            logger.log(number, self._with_prefix(message), extra={"dagster_meta": self._meta(message)})

    def debug(self, msg: object, *args: object, **kwargs: object) -> None:
        """Logs at level DEBUG."""
        self.log(logging.DEBUG, msg, *args, **kwargs)

    def info(self, msg: object, *args: object, **kwargs: object) -> None:
        """Logs at level INFO."""
        self.log(logging.INFO, msg, *args, **kwargs)

    def warning(self, msg: object, *args: object, **kwargs: object) -> None:
        """Logs at level WARNING."""
        self.log(logging.WARNING, msg, *args, **kwargs)

    warn = warning

    def error(self, msg: object, *args: object, **kwargs: object) -> None:
        """Logs at level ERROR."""
        self.log(logging.ERROR, msg, *args, **kwargs)

    def exception(self, msg: object, *args: object, **kwargs: object) -> None:
        """Logs at level ERROR, with the traceback of the exception being handled."""
        kwargs["exc_info"] = True
        self.log(logging.ERROR, msg, *args, **kwargs)

    def critical(self, msg: object, *args: object, **kwargs: object) -> None:
        """Logs at level CRITICAL."""
        self.log(logging.CRITICAL, msg, *args, **kwargs)

    def _with_prefix(self, message: str) -> str:
        parts = [self._pipeline_name, self._run_id, self._step_key, message]
        return " - ".join(part for part in parts if part)

    def _meta(self, message: str) -> dict[str, object]:
        return {
            "run_id": self._run_id,
            "pipeline_name": self._pipeline_name,
            "step_key": self._step_key,
            "orig_message": message,
        }


def _traceback() -> str:
    import traceback

    return traceback.format_exc().rstrip()


def console_logger(name: str = "dagster", level: str | int = logging.DEBUG) -> logging.Logger:
    """A logger that writes to standard error; not registered, so that it ends with its run."""
    logger = logging.Logger(name, level)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s - %(name)s - %(levelname)s - %(message)s"))
    logger.addHandler(handler)
    return logger
