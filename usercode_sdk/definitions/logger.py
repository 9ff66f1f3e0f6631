"""``@logger``: where ``context.log`` writes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, overload

from usercode_sdk.config import to_field
from usercode_sdk.definitions.any_config import ANY_CONFIG
from usercode_sdk.definitions.configurable import ConfigurableDefinition
from usercode_sdk.definitions.resource import is_bare_function
from usercode_sdk.errors import DagsterInvalidDefinitionError

if TYPE_CHECKING:
    import logging

    from usercode_sdk.config import Field

LoggerFunction = Callable[..., "logging.Logger"]


class LoggerDefinition(ConfigurableDefinition):
    """How a Python logger is made: ``logger_fn(init_context)`` returns it."""

    def __init__(self, logger_fn: LoggerFunction, config_schema: object = None, description: str | None = None) -> None:
        if not callable(logger_fn):
            raise DagsterInvalidDefinitionError(f"LoggerDefinition needs a function, not {logger_fn!r}.")
        self.logger_fn = logger_fn
        self.config_field: Field | None = ANY_CONFIG if config_schema is None else to_field(config_schema)
        self.description = description

    def configured(
        self, config_or_config_fn: object, config_schema: object = None, description: str | None = None
    ) -> LoggerDefinition:
        """This logger with its config fixed, or made by a function of a smaller config."""
        copy = LoggerDefinition.__new__(LoggerDefinition)
        copy.__dict__.update(self.__dict__)
        copy.description = description or self.description
        return self._configure(copy, config_or_config_fn, config_schema)

    def describe(self) -> str:
        return f"LoggerDefinition {getattr(self.logger_fn, '__name__', type(self.logger_fn).__name__)!r}"


@overload
def logger(  # type: ignore[overload-overlap]  # a class is a schema, though it is callable
    config_schema: type[object], description: str | None = None
) -> Callable[[LoggerFunction], LoggerDefinition]: ...
@overload
def logger(config_schema: LoggerFunction, /) -> LoggerDefinition: ...  # type: ignore[overload-overlap]  # a schema may be a class, and so callable
@overload
def logger(
    config_schema: object = None, description: str | None = None
) -> Callable[[LoggerFunction], LoggerDefinition]: ...


def logger(
    config_schema: object = None, description: str | None = None
) -> LoggerDefinition | Callable[[LoggerFunction], LoggerDefinition]:
    """Makes a logger definition of a function of the init context that returns a ``logging.Logger``."""
    if is_bare_function(config_schema):
        return LoggerDefinition(config_schema, description=config_schema.__doc__)  # type: ignore[arg-type]  # checked above
    return lambda function: LoggerDefinition(function, config_schema, description or function.__doc__)
