"""``context.log``: what is logged, and where it goes."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from usercode_sdk import (
    DagsterInstance,
    LoggerDefinition,
    ModeDefinition,
    PipelineDefinition,
    SolidDefinition,
    execute_pipeline,
    execute_solid,
    logger,
    pipeline,
    solid,
)
from usercode_sdk.execution.log_manager import LogLine


@solid
def speaking(context: Any) -> None:
    context.log.debug("d")
    context.log.info("i")
    context.log.warning("w")
    context.log.error("e")
    context.log.critical("c")


class _Kept(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


def _kept(level: str = "INFO") -> tuple[_Kept, LoggerDefinition]:
    handler = _Kept()

    @logger(config_schema={"level": str})
    def made(context: Any) -> logging.Logger:
        made_logger = logging.Logger("kept", context.logger_config["level"])
        made_logger.addHandler(handler)
        return made_logger

    return handler, made


def _pipeline(definition: SolidDefinition, **loggers: LoggerDefinition) -> PipelineDefinition:
    @pipeline(mode_defs=[ModeDefinition(logger_defs=loggers)])
    def p() -> None:
        definition()

    return p


def _lines(definition: SolidDefinition) -> list[LogLine]:
    instance = DagsterInstance.ephemeral()
    result = execute_pipeline(_pipeline(definition), instance=instance)
    return instance.log_lines(result.run_id)


def test_every_line_reaches_the_instance_with_its_step_attempt_and_level() -> None:
    instance = DagsterInstance.ephemeral()
    result = execute_pipeline(_pipeline(speaking), instance=instance)
    lines = instance.log_lines(result.run_id)
    assert [line._replace(timestamp=0.0) for line in lines] == [
        LogLine(result.run_id, "p", "speaking", 1, level, message, 0.0)
        for level, message in ((10, "d"), (20, "i"), (30, "w"), (40, "e"), (50, "c"))
    ]
    assert [line.timestamp for line in lines] == sorted(line.timestamp for line in lines)


def test_messages_take_arguments_as_in_the_standard_library() -> None:
    @solid
    def s(context: Any) -> None:
        context.log.info("%s of %d", "one", 2)
        context.log.info("%(a)s", {"a": 1})
        context.log.info("100%")
        context.log.info("%d rows", "many")
        context.log.warn("old name")
        context.log.log("error", "by name")
        context.log.log(35, "by number")

    assert [(line.level, line.message) for line in _lines(s)] == [
        (20, "one of 2"),
        (20, "1"),
        (20, "100%"),
        (20, "%d rows ('many',)"),
        (30, "old name"),
        (40, "by name"),
        (35, "by number"),
    ]


def test_an_exception_is_logged_with_its_traceback() -> None:
    @solid
    def s(context: Any) -> None:
        try:
            raise ValueError("v")
        except ValueError:
            context.log.exception("broken")

    ((level, message),) = [(line.level, line.message) for line in _lines(s)]
    first, second, *_, last = message.splitlines()
    assert (level, first, second, last) == (40, "broken", "Traceback (most recent call last):", "ValueError: v")


def test_an_unknown_level_is_refused() -> None:
    @solid
    def s(context: Any) -> None:
        context.log.log("loud", "x")

    with pytest.raises(Exception, match=r"'loud' is not a log level. Use DEBUG, INFO, WARNING, ERROR or CRITICAL"):
        execute_solid(s)


def test_without_loggers_lines_go_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    result = execute_pipeline(_pipeline(speaking))
    printed = [line[len("2024-01-01 00:00:00") :] for line in capsys.readouterr().err.splitlines()]
    assert printed == [
        f" - dagster - {level} - p - {result.run_id} - speaking - {message}"
        for level, message in (("DEBUG", "d"), ("INFO", "i"), ("WARNING", "w"), ("ERROR", "e"), ("CRITICAL", "c"))
    ]


def test_the_console_takes_a_name_and_a_level(capsys: pytest.CaptureFixture[str]) -> None:
    console = {"config": {"log_level": "error", "name": "mine"}}
    execute_pipeline(_pipeline(speaking), {"loggers": {"console": console}})
    assert [line.split(" - ")[1:3] for line in capsys.readouterr().err.splitlines()] == [
        ["mine", "ERROR"],
        ["mine", "CRITICAL"],
    ]


def test_an_unknown_console_level_fails_the_run() -> None:
    run_config = {"loggers": {"console": {"config": {"log_level": "loud"}}}}
    result = execute_pipeline(_pipeline(speaking), run_config, raise_on_error=False)
    assert [event.type.value for event in result.event_list] == ["PIPELINE_START", "PIPELINE_FAILURE"]
    assert result.event_list[-1].data.error.message == (  # type: ignore[union-attr]  # a failure's data
        "Logger 'console': 'loud' is not a log level. Use DEBUG, INFO, WARNING, ERROR or CRITICAL."
    )


def test_an_instance_that_shows_lines_itself_needs_no_console(capsys: pytest.CaptureFixture[str]) -> None:
    class Showing(DagsterInstance):
        shows_log_lines = True

    execute_pipeline(_pipeline(speaking), instance=Showing())
    assert capsys.readouterr().err == ""


def test_the_loggers_that_the_run_config_asks_for_replace_the_console(capsys: pytest.CaptureFixture[str]) -> None:
    (kept, definition), (other, unasked) = _kept(), _kept()
    p = _pipeline(speaking, kept=definition, other=unasked)
    result = execute_pipeline(p, {"loggers": {"kept": {"config": {"level": "ERROR"}}}})
    assert [(record.levelname, record.getMessage()) for record in kept.records] == [
        ("ERROR", f"p - {result.run_id} - speaking - e"),
        ("CRITICAL", f"p - {result.run_id} - speaking - c"),
    ]
    assert kept.records[0].__dict__["dagster_meta"] == {
        "run_id": result.run_id,
        "pipeline_name": "p",
        "step_key": "speaking",
        "orig_message": "e",
    }
    assert (other.records, capsys.readouterr().err) == ([], "")


def test_a_mode_with_loggers_that_nobody_asks_for_uses_the_console(capsys: pytest.CaptureFixture[str]) -> None:
    kept, definition = _kept()
    execute_pipeline(_pipeline(speaking, kept=definition))
    assert (kept.records, len(capsys.readouterr().err.splitlines())) == ([], 5)


def test_a_logger_that_cannot_be_made_fails_the_run() -> None:
    @logger
    def broken(_: object) -> logging.Logger:
        raise ValueError("no disk")

    result = execute_pipeline(_pipeline(speaking, broken=broken), {"loggers": {"broken": {}}}, raise_on_error=False)
    assert result.event_list[-1].data.error.message == "Making logger 'broken' failed."  # type: ignore[union-attr]  # a failure's data
