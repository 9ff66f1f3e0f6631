"""How IO managers are defined; what they store and load is tested with execution."""

from __future__ import annotations

from typing import Any

import pytest

from usercode_sdk import (
    Field,
    IOManager,
    IOManagerDefinition,
    ResourceDefinition,
    fs_io_manager,
    io_manager,
    mem_io_manager,
)
from usercode_sdk.config import validate_config


class Shelf(IOManager):
    def handle_output(self, context: object, obj: object) -> None: ...

    def load_input(self, context: object) -> object:
        return 1


def test_a_bare_decorator_takes_the_description_of_the_function() -> None:
    @io_manager
    def shelf(_: object) -> Shelf:
        """Keeps things."""
        return Shelf()

    assert isinstance(shelf, IOManagerDefinition)
    assert isinstance(shelf, ResourceDefinition)
    assert shelf.description == "Keeps things."
    assert (shelf.input_config_field, shelf.output_config_field, shelf.keeps_in_memory) == (None, None, False)


def test_the_decorator_keeps_what_it_is_given() -> None:
    @io_manager(
        {"folder": str},
        "On disk.",
        output_config_schema={"name": Field(str, default_value="out")},
        input_config_schema=int,
        required_resource_keys={"disk"},
        version="v1",
    )
    def shelf(_: object) -> Shelf:
        return Shelf()

    assert (shelf.description, shelf.required_resource_keys, shelf.version) == ("On disk.", frozenset({"disk"}), "v1")
    fields = (shelf.config_field, shelf.output_config_field, shelf.input_config_field)
    values: tuple[object, ...] = ({"folder": "x"}, {}, 3)
    assert [validate_config(field, value).value for field, value in zip(fields, values, strict=True) if field] == [
        {"folder": "x"},
        {"name": "out"},
        3,
    ]


def test_a_configured_io_manager_is_one_and_keeps_the_schemas_of_its_outputs() -> None:
    @io_manager({"folder": str}, output_config_schema={"name": str})
    def shelf(_: object) -> Shelf:
        return Shelf()

    here = shelf.configured({"folder": "here"})
    assert type(here) is IOManagerDefinition
    assert (here.config_field, here.output_config_field) == (None, shelf.output_config_field)
    assert here.resolve_config(None) == {"folder": "here"}


def test_a_hardcoded_io_manager_is_always_the_same() -> None:
    shelf = Shelf()
    definition = IOManagerDefinition.hardcoded_io_manager(shelf, "Shared.")
    assert definition.resource_fn(None) is shelf
    assert definition.description == "Shared."


def test_only_the_memory_one_keeps_values_in_memory() -> None:
    assert (mem_io_manager.keeps_in_memory, fs_io_manager.keeps_in_memory) == (True, False)


def test_an_io_manager_needs_both_methods() -> None:
    class Half(IOManager):
        def handle_output(self, context: object, obj: object) -> None: ...

    half: Any = Half
    with pytest.raises(TypeError, match="load_input"):
        half()
