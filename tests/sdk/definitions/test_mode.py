"""Modes: what they give, and what is refused where they are written."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from usercode_sdk import (
    DagsterInvalidDefinitionError,
    ExecutorDefinition,
    ModeDefinition,
    ResourceDefinition,
    default_executors,
    logger,
    multiprocess_executor,
    resource,
)


def _requiring(*keys: str) -> ResourceDefinition:
    return ResourceDefinition(lambda _: None, required_resource_keys=set(keys))


def _refused(**arguments: Any) -> str:
    with pytest.raises(DagsterInvalidDefinitionError) as refused:
        ModeDefinition(**arguments)
    return str(refused.value)


def test_a_mode_of_nothing_is_the_default_one() -> None:
    mode = ModeDefinition()
    assert (mode.name, mode.resource_defs, mode.loggers, mode.description) == ("default", {}, {}, None)
    assert mode.executor_defs == default_executors
    assert mode.executor_defs is not default_executors
    assert repr(mode) == "ModeDefinition('default')"


def test_a_mode_keeps_what_it_is_given() -> None:
    @resource
    def database(_: object) -> str:
        return "db"

    @logger
    def quiet(_: object) -> logging.Logger:
        return logging.getLogger("quiet")

    mode = ModeDefinition("prod", {"database": database}, {"quiet": quiet}, [multiprocess_executor], "The real thing.")
    assert (mode.name, mode.description) == ("prod", "The real thing.")
    assert (mode.resource_defs, mode.loggers) == ({"database": database}, {"quiet": quiet})
    assert mode.executor_defs == [multiprocess_executor]
    assert mode.resource_key_set == frozenset({"database"})
    assert mode.get_executor_def("multiprocess") is multiprocess_executor
    assert mode.get_executor_def("in_process") is None


def test_the_arguments_may_be_changed_afterwards() -> None:
    resources = {"a": _requiring()}
    executors = [multiprocess_executor]
    mode = ModeDefinition(resource_defs=resources, executor_defs=executors)
    resources.clear()
    executors.clear()
    assert (list(mode.resource_defs), mode.executor_defs) == (["a"], [multiprocess_executor])


def test_resources_may_require_one_another() -> None:
    mode = ModeDefinition(resource_defs={"a": _requiring("b", "c"), "b": _requiring("c"), "c": _requiring()})
    assert mode.resource_key_set == {"a", "b", "c"}


@pytest.mark.parametrize("name", ["my mode", "a-b", "config"])
def test_the_name_is_checked(name: str) -> None:
    assert repr(name) in _refused(name=name)


@pytest.mark.parametrize("key", ["a-b", "1a", "class", "_hidden", "", 3])
def test_a_resource_key_is_what_authors_can_write_after_a_dot(key: object) -> None:
    assert _refused(name="dev", resource_defs={key: _requiring()}) == (
        f"Mode 'dev': {key!r} can't be the key of a resource, since authors write context.resources.<key>. "
        "Use letters, digits and underscores, with a letter first."
    )


def test_a_resource_may_be_called_what_a_solid_may_not() -> None:
    assert list(ModeDefinition(resource_defs={"config": _requiring(), "type": _requiring()}).resource_defs) == [
        "config",
        "type",
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"resource_defs": {"db": "localhost"}},
            "Mode 'dev': resource 'db' is 'localhost', not a ResourceDefinition. Make it with @resource, or wrap a "
            "plain value in ResourceDefinition.hardcoded_resource().",
        ),
        (
            {"logger_defs": {"file": 3}},
            "Mode 'dev': logger 'file' is 3, not a LoggerDefinition. Make it with @logger.",
        ),
        (
            {"executor_defs": multiprocess_executor},
            "Mode 'dev': executor_defs is one ExecutorDefinition. Put it into a list.",
        ),
        (
            {"executor_defs": ["multiprocess"]},
            "Mode 'dev': executor_defs holds 'multiprocess'. Each must be an ExecutorDefinition.",
        ),
        ({"executor_defs": 3}, "Mode 'dev': executor_defs is 3. Give a list of ExecutorDefinition."),
        (
            {"executor_defs": [ExecutorDefinition("mine"), ExecutorDefinition("mine")]},
            "Mode 'dev' has two executors named 'mine'. Run config names one of them; give each another name.",
        ),
        (
            {"resource_defs": {"a": _requiring("database"), "databse": _requiring()}},
            "Mode 'dev': resource 'a' requires resource 'database', which the mode does not give. "
            "Did you mean 'databse'? Add it to the mode: ModeDefinition(resource_defs={'database': ...}).",
        ),
        (
            {"resource_defs": {"a": _requiring("b")}},
            "Mode 'dev': resource 'a' requires resource 'b', which the mode does not give. "
            "Add it to the mode: ModeDefinition(resource_defs={'b': ...}).",
        ),
        (
            {"resource_defs": {"a": _requiring("b"), "b": _requiring("c"), "c": _requiring("a")}},
            "Mode 'dev': resources require each other in a cycle: a -> b -> c -> a. Let one of them do without the "
            "next.",
        ),
        (
            {"resource_defs": {"a": _requiring("a")}},
            "Mode 'dev': resources require each other in a cycle: a -> a. Let one of them do without the next.",
        ),
    ],
)
def test_what_is_wrong_is_refused(arguments: dict[str, Any], message: str) -> None:
    assert _refused(name="dev", **arguments) == message
