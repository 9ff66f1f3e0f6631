"""Definitions that take config: their schema, and ``configured`` to fix a part of it beforehand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from usercode_sdk.error_info import message_of
from usercode_sdk.errors import (
    DagsterConfigMappingFunctionError,
    DagsterInvalidConfigError,
    DagsterInvalidDefinitionError,
)

if TYPE_CHECKING:
    from usercode_sdk.config import Field

ConfigurableT = TypeVar("ConfigurableT", bound="ConfigurableDefinition")


class ConfigurableDefinition:
    """A definition with a config schema.

    ``config_field`` is what run config must fit, None when there is none. After ``configured``
    it is the outer schema, and :meth:`resolve_config` leads from there to the inner config.
    """

    config_field: Field | None
    _configured_from: ConfigurableDefinition | None = None
    _config_fn: Callable[[Any], object] | None = None

    @property
    def is_configured(self) -> bool:
        """Whether ``configured`` made this definition of another one."""
        return self._configured_from is not None

    def resolve_config(self, config: object, *, resolve_sources: bool = True) -> object:
        """The config the author's function gets, from a validated outer one.

        With ``resolve_sources=False`` values named by environment variables stay as they are.
        Raises DagsterInvalidConfigError when a ``configured`` function's answer does not fit the
        inner schema, and DagsterConfigMappingFunctionError when it raises.
        """
        if self._configured_from is None:
            return config
        inner = self._configured_from
        value = self._map_config(config)
        if inner.config_field is not None:
            from usercode_sdk.config import validate_config

            value, faults = validate_config(inner.config_field, value, resolve_sources=resolve_sources)
            if faults:
                raise DagsterInvalidConfigError(
                    f"The config given by configured() for {self.describe()} does not fit its schema.",
                    faults,
                    value,
                )
        return inner.resolve_config(value, resolve_sources=resolve_sources)

    def _map_config(self, config: object) -> object:
        assert self._config_fn is not None  # set together with _configured_from
        try:
            return self._config_fn(config)
        except Exception as error:
            raise DagsterConfigMappingFunctionError(
                f"The config function of configured() for {self.describe()} raised {type(error).__name__}: "
                f"{message_of(error)}"
            ) from error

    def describe(self) -> str:
        """The definition in words, for messages."""
        return f"{type(self).__name__} {getattr(self, 'name', '')!r}"

    def _own_name(self) -> str | None:
        """The name of the configured form when it is given none; None where the definition keeps its own."""
        return None

    def _configure(
        self: ConfigurableT, copy: ConfigurableT, config_or_config_fn: object, config_schema: object
    ) -> ConfigurableT:
        """Makes ``copy`` the configured form of this definition."""
        if self.config_field is None:
            raise DagsterInvalidDefinitionError(f"{self.describe()} has no config schema, so it can't be configured.")
        copy._configured_from = self
        if callable(config_or_config_fn):
            from usercode_sdk.config import to_field
            from usercode_sdk.definitions.any_config import ANY_CONFIG

            copy._config_fn = config_or_config_fn
            copy.config_field = to_field(config_schema) if config_schema is not None else ANY_CONFIG
        else:
            self._check_fixed(config_or_config_fn, config_schema)
            copy._config_fn = lambda _config: config_or_config_fn
            copy.config_field = None
        return copy

    def _check_fixed(self, config: object, config_schema: object) -> None:
        from usercode_sdk.config import validate_config

        assert self.config_field is not None  # checked by the caller
        if config_schema is not None:
            raise DagsterInvalidDefinitionError(
                f"configured() for {self.describe()}: a config_schema goes with a function, not with a fixed config."
            )
        faults = validate_config(self.config_field, config, resolve_sources=False).faults
        if faults:
            raise DagsterInvalidConfigError(
                f"The config given to configured() for {self.describe()} does not fit its schema.",
                faults,
                config,
            )


def configured(
    configurable: ConfigurableT, config_schema: object = None, **kwargs: object
) -> Callable[[Callable[[Any], object] | Mapping[str, object]], ConfigurableT]:
    """Decorates a function that makes the config of ``configurable`` from a smaller one.

    The function's name becomes the name of the new definition where definitions have names. Raises
    DagsterInvalidDefinitionError when there is no name, and for what takes no config.
    """
    if not isinstance(configurable, ConfigurableDefinition):
        raise DagsterInvalidDefinitionError(
            f"configured() takes a solid, resource, logger, executor or IO manager, not {configurable!r}."
        )

    def wrap(
        config_or_config_fn: Callable[[Any], object] | Mapping[str, object],
    ) -> ConfigurableT:
        arguments = dict(kwargs)
        if getattr(configurable, "name", None) is not None and "name" not in arguments:
            arguments["name"] = getattr(config_or_config_fn, "__name__", None) or configurable._own_name()
        method: Callable[..., ConfigurableT] = configurable.configured  # type: ignore[attr-defined]  # each subclass has its own signature
        return method(config_or_config_fn, config_schema=config_schema, **arguments)

    return wrap
