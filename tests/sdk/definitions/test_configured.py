"""Config fixed beforehand, or made from a smaller one, for each kind of definition that takes config."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from usercode_sdk import (
    CompositeSolidDefinition,
    DagsterConfigMappingFunctionError,
    DagsterInvalidConfigError,
    DagsterInvalidDefinitionError,
    ExecutorDefinition,
    Field,
    LoggerDefinition,
    ModeDefinition,
    ResourceDefinition,
    SolidDefinition,
    StringSource,
    composite_solid,
    configured,
    execute_solid,
    io_manager,
    logger,
    multiprocess_executor,
    pipeline,
    resource,
    solid,
)
from usercode_sdk.definitions.configurable import ConfigurableDefinition
from usercode_sdk.run_config import check_run_config


@solid(config_schema={"greeting": str, "name": Field(str, default_value="you")}, tags={"k": "v"})
def greet(context: Any) -> str:
    """Says hello."""
    return f"{context.solid_config['greeting']} {context.solid_config['name']}"


@resource({"host": str, "port": Field(int, default_value=1)})
def server(context: Any) -> object:
    return context.resource_config


def _run(definition: SolidDefinition, config: object = None) -> object:
    run_config = None if config is None else {"solids": {definition.name: {"config": config}}}
    return execute_solid(definition, run_config=run_config).output_value()


def test_a_solid_with_its_config_fixed_takes_none() -> None:
    hello = greet.configured({"greeting": "Hello"}, "hello")
    assert (hello.name, hello.description, hello.tags, hello.config_field) == ("hello", "Says hello.", {"k": "v"}, None)
    assert (hello.is_configured, greet.is_configured) == (True, False)
    assert _run(hello) == "Hello you"
    assert greet.name == "greet"
    with pytest.raises(DagsterInvalidConfigError) as refused:
        _run(hello, {"greeting": "Hi"})
    assert [(fault.reason, fault.path_text) for fault in refused.value.errors] == [
        ("FIELD_NOT_DEFINED", "root:solids:hello")
    ]


def test_a_solid_may_get_its_config_from_a_smaller_one() -> None:
    @configured(greet, config_schema={"loud": bool})
    def shout(config: Any) -> object:
        return {"greeting": "HELLO" if config["loud"] else "hello"}

    assert isinstance(shout, SolidDefinition)
    assert shout.name == "shout"
    assert _run(shout, {"loud": True}) == "HELLO you"
    assert _run(shout, {"loud": False}) == "hello you"


def test_a_function_without_a_schema_takes_any_config() -> None:
    @configured(greet)
    def free(config: Any) -> object:
        return {"greeting": str(config)}

    assert isinstance(free, SolidDefinition)
    assert _run(free, 3) == "3 you"
    assert _run(free) == "None you"


def test_configured_definitions_can_be_configured_again() -> None:
    to_name = greet.configured(lambda config: {"greeting": "Hello", "name": config["to"]}, "to_name", {"to": str})
    to_all = to_name.configured({"to": "all"}, "to_all", description="Says hello to all.")
    assert (_run(to_name, {"to": "me"}), _run(to_all)) == ("Hello me", "Hello all")
    assert to_all.description == "Says hello to all."


def test_both_stand_in_one_pipeline_under_their_own_names() -> None:
    hello = greet.configured({"greeting": "Hello"}, "hello")

    @pipeline
    def p() -> None:
        hello()
        greet()

    assert list(p.nodes) == ["hello", "greet"]
    assert check_run_config(p, {"solids": {"greet": {"config": {"greeting": "Hi"}}}}, None).faults == ()


def test_resources_loggers_and_io_managers_are_configured_without_a_name() -> None:
    fixed = server.configured({"host": "here"}, description="Here.")
    assert isinstance(fixed, ResourceDefinition)
    assert (fixed.config_field, fixed.description, fixed.resolve_config(None)) == (
        None,
        "Here.",
        {"host": "here", "port": 1},
    )

    @configured(server, config_schema=int)
    def on_port(port: Any) -> object:
        return {"host": "there", "port": port}

    assert isinstance(on_port, ResourceDefinition)
    assert on_port.resolve_config(8) == {"host": "there", "port": 8}

    @logger({"level": str})
    def quiet(_: object) -> logging.Logger:
        return logging.getLogger("quiet")

    assert isinstance(configured(quiet)({"level": "DEBUG"}), LoggerDefinition)

    @io_manager({"folder": str})
    def shelf(_: object) -> Any: ...

    assert configured(shelf)({"folder": "x"}).resolve_config(None) == {"folder": "x"}


def test_an_executor_keeps_its_name_unless_it_is_given_one() -> None:
    two = multiprocess_executor.configured({"max_concurrent": 2})
    four = multiprocess_executor.configured({"max_concurrent": 4}, "four")
    assert ((two.name, two.kind), (four.name, four.kind)) == (
        ("multiprocess", "multiprocess"),
        ("four", "multiprocess"),
    )
    assert four.resolve_config(None) == {"max_concurrent": 4, "retries": {"enabled": {}}}
    mode = ModeDefinition(executor_defs=[four])
    assert mode.get_executor_def("four") is four


def test_a_composite_can_be_configured_when_it_maps_config() -> None:
    @composite_solid(config_schema={"to": str}, config_fn=lambda config: _greeting(config))
    def polite() -> Any:
        return greet()

    to_all = polite.configured({"to": "all"}, "to_all")
    assert isinstance(to_all, CompositeSolidDefinition)
    assert (to_all.name, to_all.config_field) == ("to_all", None)
    assert execute_solid(to_all).output_value() == "Hello all"
    with pytest.raises(DagsterInvalidDefinitionError) as refused:
        composite_solid("plain")(lambda: greet()).configured({}, "other")
    assert str(refused.value) == "Composite solid 'plain' has no config schema, so it can't be configured."


def _greeting(config: Any) -> object:
    return {"greet": {"config": {"greeting": "Hello", "name": config["to"]}}}


def test_a_fixed_config_is_checked_where_it_is_written() -> None:
    with pytest.raises(DagsterInvalidConfigError) as refused:
        greet.configured({"greting": "Hello", "name": 3}, "hello")
    assert (
        str(refused.value).splitlines()[0]
        == "The config given to configured() for Solid 'greet' does not fit its schema."
    )
    assert [(fault.reason, fault.path_text) for fault in refused.value.errors] == [
        ("MISSING_REQUIRED_FIELD", "root"),
        ("RUNTIME_TYPE_MISMATCH", "root:name"),
        ("FIELD_NOT_DEFINED", "root"),
    ]
    assert refused.value.config_value == {"greting": "Hello", "name": 3}


def test_a_source_in_a_fixed_config_is_read_when_the_run_is(monkeypatch: pytest.MonkeyPatch) -> None:
    @solid(config_schema={"token": StringSource})
    def show(context: Any) -> str:
        return str(context.solid_config["token"])

    fixed = show.configured({"token": {"env": "A_TOKEN"}}, "fixed")
    monkeypatch.setenv("A_TOKEN", "secret")
    assert _run(fixed) == "secret"


def test_what_a_function_makes_is_checked_when_it_is_called() -> None:
    wrong = greet.configured(lambda _config: {"greeting": 3}, "wrong")
    with pytest.raises(DagsterInvalidConfigError) as refused:
        _run(wrong)
    assert [(fault.reason, fault.path_text) for fault in refused.value.errors] == [
        ("RUNTIME_TYPE_MISMATCH", "root:greeting")
    ]
    assert (
        str(refused.value).splitlines()[0]
        == "The config given by configured() for Solid 'wrong' does not fit its schema."
    )


def test_a_function_that_raises_is_named() -> None:
    broken = greet.configured(lambda config: config["missing"], "broken", {"to": str})
    with pytest.raises(DagsterConfigMappingFunctionError) as raised:
        _run(broken, {"to": "me"})
    assert str(raised.value) == "The config function of configured() for Solid 'broken' raised KeyError: 'missing'"
    assert isinstance(raised.value.__cause__, KeyError)


@pytest.mark.parametrize(
    ("configure", "message"),
    [
        (
            lambda: ExecutorDefinition("bare").configured({}),
            "ExecutorDefinition 'bare' has no config schema, so it can't be configured.",
        ),
        (
            lambda: greet.configured({"greeting": "x"}, "hello").configured({}, "again"),
            "Solid 'hello' has no config schema, so it can't be configured.",
        ),
        (
            lambda: server.configured({"host": "x"}, config_schema={"a": int}),
            "configured() for ResourceDefinition 'server': a config_schema goes with a function, not with a fixed "
            "config.",
        ),
        (
            lambda: configured(greet)({"greeting": "x"}),
            "configured() for Solid 'greet' needs a name for the new definition: configured(greet, name=...).",
        ),
        (
            lambda: greet.configured({"greeting": "x"}, "no spaces"),
            "'no spaces' is not a valid solid name. Use letters, digits and underscores only.",
        ),
        (
            lambda: configured(3)({}),  # type: ignore[type-var]  # the mistake meant
            "configured() takes a solid, resource, logger, executor or IO manager, not 3.",
        ),
    ],
)
def test_what_is_wrong_is_refused(configure: Any, message: str) -> None:
    with pytest.raises(DagsterInvalidDefinitionError) as refused:
        configure()
    assert str(refused.value) == message


def test_a_definition_that_was_not_configured_leaves_its_config_alone() -> None:
    config = {"greeting": "Hello"}
    definitions: list[ConfigurableDefinition] = [greet, server, multiprocess_executor]
    assert all(one.resolve_config(config) is config for one in definitions)
