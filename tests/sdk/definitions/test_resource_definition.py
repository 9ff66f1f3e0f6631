"""How resources are defined; how they are made and torn down is tested with execution."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from unittest.mock import MagicMock

import pytest

from usercode_sdk import (
    DagsterInvalidDefinitionError,
    Field,
    ModeDefinition,
    ResourceDefinition,
    execute_solid,
    make_values_resource,
    resource,
    solid,
)
from usercode_sdk.config import validate_config


def _value(definition: ResourceDefinition, config: object = None) -> object:
    """What a solid finds when it is given this resource."""

    @solid(required_resource_keys={"r"})
    def take(context: Any) -> Any:
        return context.resources.r

    run_config = None if config is None else {"resources": {"r": {"config": config}}}
    result = execute_solid(take, ModeDefinition(resource_defs={"r": definition}), run_config=run_config)
    return result.output_value()


def test_a_bare_decorator_takes_the_description_of_the_function() -> None:
    @resource
    def database(_: object) -> str:
        """Where the rows are."""
        return "db"

    assert isinstance(database, ResourceDefinition)
    assert (database.description, database.required_resource_keys, database.version) == (
        "Where the rows are.",
        frozenset(),
        None,
    )
    assert _value(database) == "db"


def test_the_decorator_keeps_what_it_is_given() -> None:
    @resource({"port": Field(int, default_value=1)}, "A connection.", {"secrets"}, "v2")
    def connection(_: object) -> Iterator[int]:
        yield 1

    assert connection.description == "A connection."
    assert connection.required_resource_keys == frozenset({"secrets"})
    assert connection.version == "v2"
    assert connection.config_field is not None
    assert validate_config(connection.config_field, {}).value == {"port": 1}
    assert connection.resource_fn.__name__ == "connection"


def test_a_class_given_to_the_decorator_is_a_config_schema() -> None:
    @resource(str)
    def greeting(context: Any) -> object:
        return f"Hello {context.resource_config}"

    assert _value(greeting, "world") == "Hello world"


@pytest.mark.parametrize("config", [None, 3, {"anything": ["goes"]}])
def test_a_resource_without_a_schema_takes_any_config(config: object) -> None:
    assert _value(ResourceDefinition(lambda context: context.resource_config), config) == config


def test_ready_made_resources() -> None:
    assert _value(ResourceDefinition.hardcoded_resource({"a": 1}, "Fixed.")) == {"a": 1}
    assert ResourceDefinition.hardcoded_resource(1, "Fixed.").description == "Fixed."
    assert _value(ResourceDefinition.none_resource()) is None
    assert _value(ResourceDefinition.string_resource(), "text") == "text"
    assert isinstance(_value(ResourceDefinition.mock_resource()), MagicMock)
    assert _value(make_values_resource(host=str, port=Field(int, default_value=5432)), {"host": "here"}) == {
        "host": "here",
        "port": 5432,
    }
    assert _value(make_values_resource(), {"free": 1}) == {"free": 1}


@pytest.mark.parametrize("function", [None, 3])
def test_what_is_no_function_is_refused(function: Any) -> None:
    with pytest.raises(DagsterInvalidDefinitionError) as refused:
        ResourceDefinition(function)
    assert str(refused.value) == f"ResourceDefinition needs a function, not {function!r}."


def test_required_resource_keys_are_a_set() -> None:
    with pytest.raises(DagsterInvalidDefinitionError) as refused:
        ResourceDefinition(lambda _: None, required_resource_keys="db")  # type: ignore[arg-type]  # the mistake meant
    assert str(refused.value) == "ResourceDefinition '<lambda>': required_resource_keys is a set of strings, not 'db'."
