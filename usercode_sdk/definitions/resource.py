"""``@resource``: something solids need, made at the start of a run and torn down at its end."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar, overload

from usercode_sdk.config import to_field
from usercode_sdk.definitions.any_config import ANY_CONFIG
from usercode_sdk.definitions.configurable import ConfigurableDefinition
from usercode_sdk.definitions.names import check_resource_keys
from usercode_sdk.errors import DagsterInvalidDefinitionError

if TYPE_CHECKING:
    from usercode_sdk.config import Field

ResourceFunction = Callable[..., object]
ResourceT = TypeVar("ResourceT", bound="ResourceDefinition")


class ResourceDefinition(ConfigurableDefinition):
    """How a resource is made: ``resource_fn(init_context)`` returns it, or yields it and then tears it down."""

    def __init__(
        self,
        resource_fn: ResourceFunction | None = None,
        config_schema: object = None,
        description: str | None = None,
        required_resource_keys: set[str] | frozenset[str] | None = None,
        version: str | None = None,
    ) -> None:
        if not callable(resource_fn):
            raise DagsterInvalidDefinitionError(f"{type(self).__name__} needs a function, not {resource_fn!r}.")
        self.resource_fn = resource_fn
        # A resource without a schema accepts any config, as resources always have.
        self.config_field: Field | None = ANY_CONFIG if config_schema is None else to_field(config_schema)
        self.description = description
        self.required_resource_keys = check_resource_keys(required_resource_keys, self.describe())
        self.version = version

    @staticmethod
    def hardcoded_resource(value: object, description: str | None = None) -> ResourceDefinition:
        """A resource that is always ``value``."""
        return ResourceDefinition(lambda _context: value, description=description)

    @staticmethod
    def none_resource(description: str | None = None) -> ResourceDefinition:
        """A resource that is None, for modes that do without."""
        return ResourceDefinition.hardcoded_resource(None, description)

    @staticmethod
    def string_resource(description: str | None = None) -> ResourceDefinition:
        """A resource that is the string given as its config."""
        return ResourceDefinition(lambda context: context.resource_config, str, description)

    @staticmethod
    def mock_resource(description: str | None = None) -> ResourceDefinition:
        """A resource that is a ``MagicMock``, for tests."""

        def make(_context: object) -> object:
            from unittest.mock import MagicMock

            return MagicMock()

        return ResourceDefinition(make, description=description)

    def configured(
        self: ResourceT,
        config_or_config_fn: object,
        config_schema: object = None,
        description: str | None = None,
    ) -> ResourceT:
        """This resource with its config fixed, or made by a function of a smaller config."""
        copy = type(self).__new__(type(self))
        copy.__dict__.update(self.__dict__)
        copy.description = description or self.description
        return self._configure(copy, config_or_config_fn, config_schema)

    def describe(self) -> str:
        function = self.resource_fn
        return f"{type(self).__name__} {getattr(function, '__name__', type(function).__name__)!r}"


@overload
def resource(  # type: ignore[overload-overlap]  # a class is a schema, though it is callable
    config_schema: type[object],
    description: str | None = None,
    required_resource_keys: set[str] | frozenset[str] | None = None,
    version: str | None = None,
) -> Callable[[ResourceFunction], ResourceDefinition]: ...
@overload
def resource(config_schema: ResourceFunction, /) -> ResourceDefinition: ...  # type: ignore[overload-overlap]  # a schema may be a class, and so callable
@overload
def resource(
    config_schema: object = None,
    description: str | None = None,
    required_resource_keys: set[str] | frozenset[str] | None = None,
    version: str | None = None,
) -> Callable[[ResourceFunction], ResourceDefinition]: ...


def resource(
    config_schema: object = None,
    description: str | None = None,
    required_resource_keys: set[str] | frozenset[str] | None = None,
    version: str | None = None,
) -> ResourceDefinition | Callable[[ResourceFunction], ResourceDefinition]:
    """Makes a resource of a function of the init context.

    A generator function yields the resource once; what follows the yield tears it down, also after a failure.
    """
    if is_bare_function(config_schema):
        return ResourceDefinition(config_schema, description=config_schema.__doc__)  # type: ignore[arg-type]  # checked above

    def make(function: ResourceFunction) -> ResourceDefinition:
        return ResourceDefinition(
            function, config_schema, description or function.__doc__, required_resource_keys, version
        )

    return make


def is_bare_function(value: object) -> bool:
    """Whether a decorator was used without arguments, rather than given a class as config schema."""
    return callable(value) and not isinstance(value, type) and not hasattr(value, "config_type")


def make_values_resource(**kwargs: object) -> ResourceDefinition:
    """A resource that is its config, a dict with these entries of the given config schemas."""
    return ResourceDefinition(lambda context: context.resource_config, kwargs or None)
