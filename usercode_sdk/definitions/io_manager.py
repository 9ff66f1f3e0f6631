"""``@io_manager``: how outputs are stored and inputs are loaded."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import TYPE_CHECKING, overload

from usercode_sdk.config import to_field
from usercode_sdk.definitions.resource import ResourceDefinition, is_bare_function

if TYPE_CHECKING:
    from usercode_sdk.config import Field
    from usercode_sdk.execution.io_contexts import InputContext, OutputContext

IOManagerFunction = Callable[..., object]


class IOManager(ABC):
    """Stores outputs and loads them again as inputs of later steps.

    ``handle_output`` may yield :class:`AssetMaterialization` and metadata entries for what it wrote.
    Store atomically: a half-written output must never be readable.
    """

    @abstractmethod
    def handle_output(self, context: OutputContext, obj: object) -> object:
        """Stores ``obj``, the output that ``context`` names."""

    @abstractmethod
    def load_input(self, context: InputContext) -> object:
        """The value stored for ``context.upstream_output``."""


class IOManagerDefinition(ResourceDefinition):
    """A resource that is an :class:`IOManager`."""

    def __init__(
        self,
        resource_fn: IOManagerFunction | None = None,
        config_schema: object = None,
        description: str | None = None,
        required_resource_keys: set[str] | frozenset[str] | None = None,
        version: str | None = None,
        input_config_schema: object = None,
        output_config_schema: object = None,
        keeps_in_memory: bool = False,
    ) -> None:
        super().__init__(resource_fn, config_schema, description, required_resource_keys, version)
        self.input_config_field: Field | None = None if input_config_schema is None else to_field(input_config_schema)
        self.output_config_field: Field | None = (
            None if output_config_schema is None else to_field(output_config_schema)
        )
        self.keeps_in_memory = keeps_in_memory

    @staticmethod
    def hardcoded_io_manager(value: IOManager, description: str | None = None) -> IOManagerDefinition:
        """A definition that always gives ``value``."""
        return IOManagerDefinition(lambda _context: value, description=description)


@overload
def io_manager(  # type: ignore[overload-overlap]  # a class is a schema, though it is callable
    config_schema: type[object],
    description: str | None = None,
    output_config_schema: object = None,
    input_config_schema: object = None,
    required_resource_keys: set[str] | frozenset[str] | None = None,
    version: str | None = None,
) -> Callable[[IOManagerFunction], IOManagerDefinition]: ...
@overload
def io_manager(config_schema: IOManagerFunction, /) -> IOManagerDefinition: ...  # type: ignore[overload-overlap]  # a schema may be a class, and so callable
@overload
def io_manager(
    config_schema: object = None,
    description: str | None = None,
    output_config_schema: object = None,
    input_config_schema: object = None,
    required_resource_keys: set[str] | frozenset[str] | None = None,
    version: str | None = None,
) -> Callable[[IOManagerFunction], IOManagerDefinition]: ...


def io_manager(
    config_schema: object = None,
    description: str | None = None,
    output_config_schema: object = None,
    input_config_schema: object = None,
    required_resource_keys: set[str] | frozenset[str] | None = None,
    version: str | None = None,
) -> IOManagerDefinition | Callable[[IOManagerFunction], IOManagerDefinition]:
    """Makes an IO manager definition of a function that returns an :class:`IOManager`."""
    if is_bare_function(config_schema):
        return IOManagerDefinition(config_schema, description=config_schema.__doc__)  # type: ignore[arg-type]  # checked above

    def make(function: IOManagerFunction) -> IOManagerDefinition:
        return IOManagerDefinition(
            function,
            config_schema,
            description or function.__doc__,
            required_resource_keys,
            version,
            input_config_schema,
            output_config_schema,
        )

    return make
