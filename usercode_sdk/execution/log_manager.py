"""``context.log``: what an author's code says while it runs."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, Protocol

from usercode_sdk.errors import DagsterInvariantViolationError

# As in the standard ``logging`` module, which is imported only by authors who use it: it costs a tenth of our import.
DEBUG, INFO, WARNING, ERROR, CRITICAL = 10, 20, 30, 40, 50
_NAMES = {DEBUG: "DEBUG", INFO: "INFO", WARNING: "WARNING", ERROR: "ERROR", CRITICAL: "CRITICAL"}
_LEVELS = {**{name: number for number, name in _NAMES.items()}, "WARN": WARNING, "FATAL": CRITICAL, "NOTSET": 0}


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


class LineLogger(Protocol):
    """What a run's lines are handed to; a ``logging.Logger`` is one."""

    def log(self, level: int, msg: str, *, extra: Mapping[str, object]) -> None:
        """Handles one line; ``extra`` tells its run, pipeline and step."""


class DagsterLogManager:
    """Hands messages to the run's Python loggers and to the instance's log."""

    __slots__ = ("_attempt", "_loggers", "_pipeline_name", "_run_id", "_sink", "_step_key")

    def __init__(
        self,
        run_id: str,
        pipeline_name: str,
        loggers: Sequence[LineLogger],
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
        number = level_number(level, "context.log") if isinstance(level, str) else level
        message = _formatted(msg, args)
        if kwargs.get("exc_info"):
            message = f"{message}\n{_traceback()}"
        self._sink(
            LogLine(self._run_id, self._pipeline_name, self._step_key, self._attempt, number, message, time.time())
        )
        for logger in self._loggers:
            logger.log(number, self._with_prefix(message), extra={"dagster_meta": self._meta(message)})

    def debug(self, msg: object, *args: object, **kwargs: object) -> None:
        """Logs at level DEBUG."""
        self.log(DEBUG, msg, *args, **kwargs)

    def info(self, msg: object, *args: object, **kwargs: object) -> None:
        """Logs at level INFO."""
        self.log(INFO, msg, *args, **kwargs)

    def warning(self, msg: object, *args: object, **kwargs: object) -> None:
        """Logs at level WARNING."""
        self.log(WARNING, msg, *args, **kwargs)

    warn = warning

    def error(self, msg: object, *args: object, **kwargs: object) -> None:
        """Logs at level ERROR."""
        self.log(ERROR, msg, *args, **kwargs)

    def exception(self, msg: object, *args: object, **kwargs: object) -> None:
        """Logs at level ERROR, with the traceback of the exception being handled."""
        kwargs["exc_info"] = True
        self.log(ERROR, msg, *args, **kwargs)

    def critical(self, msg: object, *args: object, **kwargs: object) -> None:
        """Logs at level CRITICAL."""
        self.log(CRITICAL, msg, *args, **kwargs)

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


def _formatted(msg: object, args: tuple[object, ...]) -> str:
    if not args:
        return str(msg)
    values = args[0] if len(args) == 1 and isinstance(args[0], Mapping) and args[0] else args
    try:
        return str(msg) % values
    except (TypeError, ValueError, KeyError):  # a log line is no reason to fail a step
        return f"{msg} {args!r}"


def _traceback() -> str:
    from traceback import format_exc

    return format_exc().rstrip()


def level_number(name: str, where: str) -> int:
    """The number of a log level; raises DagsterInvariantViolationError for a name that is none."""
    number = _LEVELS.get(name.upper())
    if number is None:
        raise DagsterInvariantViolationError(
            f"{where}: {name!r} is not a log level. Use DEBUG, INFO, WARNING, ERROR or CRITICAL."
        )
    return number


class ConsoleLogger:
    """Writes to standard error."""

    __slots__ = ("_level", "_name")

    def __init__(self, name: str = "dagster", level: int = DEBUG) -> None:
        self._name = name
        self._level = level

    def log(self, level: int, msg: str, *, extra: Mapping[str, object]) -> None:
        """Writes one line, when it is of the logger's level or above."""
        if level >= self._level:
            at = time.strftime("%Y-%m-%d %H:%M:%S")
            print(f"{at} - {self._name} - {_NAMES.get(level, level)} - {msg}", file=sys.stderr)
