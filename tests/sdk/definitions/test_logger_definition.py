"""How loggers are defined; what they write is tested with execution."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from usercode_sdk import DagsterInvalidDefinitionError, LoggerDefinition, logger
from usercode_sdk.config import validate_config


def test_a_bare_decorator_takes_the_description_of_the_function() -> None:
    @logger
    def quiet(_: object) -> logging.Logger:
        """Says little."""
        return logging.getLogger("quiet")

    assert isinstance(quiet, LoggerDefinition)
    assert quiet.description == "Says little."
    assert quiet.logger_fn(None) is logging.getLogger("quiet")


def test_the_decorator_keeps_what_it_is_given() -> None:
    @logger({"level": str}, "To a file.")
    def to_file(_: object) -> logging.Logger:
        return logging.getLogger("file")

    assert to_file.description == "To a file."
    assert to_file.config_field is not None
    assert validate_config(to_file.config_field, {"level": "INFO"}).value == {"level": "INFO"}


def test_a_logger_can_be_configured_beforehand() -> None:
    @logger({"level": str})
    def to_file(_: object) -> logging.Logger:
        return logging.getLogger("file")

    fixed = to_file.configured({"level": "DEBUG"}, description="Says all.")
    assert (fixed.config_field, fixed.description, fixed.is_configured) == (None, "Says all.", True)
    assert fixed.resolve_config(None) == {"level": "DEBUG"}
    assert fixed.logger_fn is to_file.logger_fn


@pytest.mark.parametrize("function", [None, 3])
def test_what_is_no_function_is_refused(function: Any) -> None:
    with pytest.raises(DagsterInvalidDefinitionError) as refused:
        LoggerDefinition(function)
    assert str(refused.value) == f"LoggerDefinition needs a function, not {function!r}."
