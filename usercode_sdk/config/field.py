"""A field: a config type with what the place it stands in says about it."""

from __future__ import annotations

from usercode_sdk.config import convert
from usercode_sdk.config.config_types import NO_DEFAULT, ConfigTypeKind, Scalar
from usercode_sdk.config.display import describe, shorten
from usercode_sdk.config.validate import validate_config
from usercode_sdk.errors import (
    DagsterInvalidConfigDefinitionError,
    DagsterInvalidConfigError,
    DagsterInvariantViolationError,
)

_IMMUTABLE = (str, int, float, bool, type(None))
_MAX_COPY_DEPTH = 64


class Field:
    """One entry of a config schema.

    Without ``is_required``, a field is required unless it has a default value or its type has one anyway
    (a Noneable; fields that are all optional). A default value is checked here; variables of the environment
    that it names are read when a config is processed.
    """

    __slots__ = ("_default", "config_type", "constant_default", "default_is_implied", "description", "is_required")

    def __init__(
        self,
        config: object,
        default_value: object = NO_DEFAULT,
        is_required: bool | None = None,
        description: str | None = None,
    ) -> None:
        self.config_type = convert.to_inner_type(config, "Field")
        self.description = description
        self.default_is_implied = False
        if is_required is not None or description is not None:
            _check_options(default_value, is_required, description)
        if default_value is not NO_DEFAULT:
            self._default, self.constant_default = default_value, self._checked(default_value)
            self.is_required = False
            return
        implied = NO_DEFAULT if is_required is not None else self.config_type.implicit_default()
        self._default = implied
        self.default_is_implied = implied is not NO_DEFAULT
        self.constant_default = None if implied is None else NO_DEFAULT
        self.is_required = implied is NO_DEFAULT if is_required is None else is_required

    @property
    def default_provided(self) -> bool:
        """Whether an absent entry has a value all the same."""
        return self._default is not NO_DEFAULT

    @property
    def default_value(self) -> object:
        """The default as the author wrote it, or that of the type.

        Raises DagsterInvariantViolationError when there is none.
        """
        if self._default is NO_DEFAULT:
            raise DagsterInvariantViolationError(
                f"{self!r} has no default value. Ask default_provided before default_value."
            )
        return self._default

    def default_copy(self) -> object:
        """The default value, its dicts and lists copied, so that a run can't change the definition."""
        return _copied(self._default, _MAX_COPY_DEPTH)

    def _checked(self, default_value: object) -> object:
        """The processed default when every run can share it, else NO_DEFAULT."""
        if type(self.config_type) is Scalar and self.config_type.accepts(default_value):
            return default_value
        if callable(default_value):
            raise _bad_definition(f"The default {shorten(default_value)} is callable. Call it.", default_value)
        value, faults = validate_config(self.config_type, default_value, resolve_sources=False)
        if faults:
            raise DagsterInvalidConfigError(
                f"The default {describe(default_value)} does not fit its type {self.config_type.type_name}:",
                faults,
                default_value,
            )
        shareable = type(value) in _IMMUTABLE or self.config_type.kind is ConfigTypeKind.ENUM
        return value if shareable else NO_DEFAULT

    def __repr__(self) -> str:
        default = f", default_value={shorten(self._default)}" if self.default_provided else ""
        return f"Field({self.config_type.type_name}{default}, is_required={self.is_required})"


def _check_options(default_value: object, is_required: object, description: object) -> None:
    if is_required is not None and not isinstance(is_required, bool):
        raise _bad_definition(f"is_required is {describe(is_required)}, not True, False or absent.", is_required)
    if description is not None and not isinstance(description, str):
        raise _bad_definition(f"The description is {describe(description)}; it must be a str.", description)
    if is_required and default_value is not NO_DEFAULT:
        raise _bad_definition(
            f"A required field can't have a default value ({shorten(default_value)}). "
            "Leave out is_required=True or default_value.",
            default_value,
        )


def _bad_definition(message: str, value: object) -> DagsterInvalidConfigDefinitionError:
    return DagsterInvalidConfigDefinitionError(message, (), value)


def _copied(value: object, depth: int) -> object:
    if depth and type(value) is dict:
        return {key: _copied(entry, depth - 1) for key, entry in value.items()}
    if depth and type(value) is list:
        return [_copied(item, depth - 1) for item in value]
    return value
