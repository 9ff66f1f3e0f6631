"""The types of config values: what every type has, and those that hold no other type.

A type is plain data, made once when the author's schema is read. Checking a value is
:mod:`~usercode_sdk.config.validate`'s work, exporting it :mod:`~usercode_sdk.config.json_schema`'s.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Sequence
from typing import ClassVar, Final

from usercode_sdk.config.display import quote, shorten, shorten_text
from usercode_sdk.errors import DagsterInvalidConfigDefinitionError

TYPE_NAME_LIMIT = 400


class _NoDefault:
    __slots__ = ()

    def __repr__(self) -> str:
        return "<no default>"


NO_DEFAULT: Final[object] = _NoDefault()
"""Stands for "no default value", since None is a value."""


class ConfigTypeKind(enum.Enum):
    """The closed set of kinds that a config type can be of."""

    ANY = "ANY"
    SCALAR = "SCALAR"
    ENUM = "ENUM"
    ARRAY = "ARRAY"
    NONEABLE = "NONEABLE"
    SCALAR_UNION = "SCALAR_UNION"
    SHAPE = "SHAPE"
    PERMISSIVE = "PERMISSIVE"
    SELECTOR = "SELECTOR"
    MODEL = "MODEL"


class ConfigType:
    """Base of all config types."""

    __slots__ = ("_key", "_type_name", "depth", "description")
    kind: ClassVar[ConfigTypeKind]

    def __init__(self, description: str | None = None, depth: int = 1) -> None:
        self.description = description
        self.depth = depth
        self._key: str | None = None
        self._type_name: str | None = None

    @property
    def key(self) -> str:
        """A name that is equal for equal types, in every process: ``Array.Int``, ``Shape.<sha1>``."""
        if self._key is None:
            self._key = self._make_key()
        return self._key

    @property
    def type_name(self) -> str:
        """The type for people, such as ``{a: Int, b?: [String]}``; a long one is cut."""
        if self._type_name is None:
            self._type_name = shorten_text(self._make_type_name(), TYPE_NAME_LIMIT)
        return self._type_name

    @property
    def expected(self) -> str:
        """What a value of this type must be, in words."""
        return self.type_name

    def implicit_default(self) -> object:
        """The value that an absent entry of this type has anyway, or NO_DEFAULT when it must be given."""
        return NO_DEFAULT

    def _make_key(self) -> str:
        return self.type_name

    def _make_type_name(self) -> str:
        return type(self).__name__

    def __repr__(self) -> str:
        return f"<{type(self).__name__} config type {self.type_name}>"


class AnyType(ConfigType):
    """Accepts every value as it is."""

    __slots__ = ()
    kind = ConfigTypeKind.ANY

    def _make_type_name(self) -> str:
        return "Any"


class Scalar(ConfigType):
    """A single value: ``accepts`` tells which, ``sample`` is one, ``json_type`` is its JSON Schema name."""

    __slots__ = ("accepts", "json_type", "name", "sample")
    kind = ConfigTypeKind.SCALAR

    def __init__(self, name: str, accepts: Callable[[object], bool], sample: object, json_type: str) -> None:
        super().__init__()
        self.name = name
        self.accepts = accepts
        self.sample = sample
        self.json_type = json_type

    def _make_type_name(self) -> str:
        return self.name


# Tests of type(value), not isinstance: an object can claim any class it likes in __class__.
def _is_int(value: object) -> bool:
    kind = type(value)
    return kind is int or (kind is not bool and issubclass(kind, int))


def _is_float(value: object) -> bool:
    return type(value) is float or issubclass(type(value), float) or _is_int(value)


def _is_bool(value: object) -> bool:
    return type(value) is bool


def _is_str(value: object) -> bool:
    return issubclass(type(value), str)


ANY: Final = AnyType()
INT: Final = Scalar("Int", _is_int, 0, "integer")
FLOAT: Final = Scalar("Float", _is_float, 0.0, "number")
BOOL: Final = Scalar("Bool", _is_bool, False, "boolean")
STRING: Final = Scalar("String", _is_str, "...", "string")


class EnumValue:
    """One value of an :class:`Enum`: written as ``config_value``, seen by the code as ``python_value``."""

    __slots__ = ("config_value", "description", "python_value")

    def __init__(self, config_value: str, python_value: object = None, description: str | None = None) -> None:
        if not isinstance(config_value, str):
            raise DagsterInvalidConfigDefinitionError(
                f"EnumValue({shorten(config_value)}): the config value must be a str.", (), config_value
            )
        self.config_value = config_value
        self.python_value = config_value if python_value is None else python_value
        self.description = description

    def __repr__(self) -> str:
        return f"EnumValue({self.config_value!r})"


class Enum(ConfigType):
    """One of a closed set of names."""

    __slots__ = ("enum_values", "name", "python_values")
    kind = ConfigTypeKind.ENUM

    def __init__(self, name: str, enum_values: Sequence[EnumValue]) -> None:
        super().__init__()
        self.name = name
        self.enum_values = tuple(enum_values)
        for value in self.enum_values:
            if not isinstance(value, EnumValue):
                raise DagsterInvalidConfigDefinitionError(
                    f"Enum {name!r}: {shorten(value)} is not an EnumValue. Write EnumValue('NAME').",
                    (),
                    value,
                )
        self.python_values = {value.config_value: value.python_value for value in self.enum_values}
        if len(self.python_values) != len(self.enum_values) or not self.enum_values:
            raise DagsterInvalidConfigDefinitionError(
                f"Enum {name!r}: the values must be one or more, each with a name of its own.",
                (),
                enum_values,
            )

    @classmethod
    def from_python_enum(cls, python_enum: type[enum.Enum]) -> Enum:
        """The names of a Python enum, read as its members."""
        return cls(python_enum.__name__, [EnumValue(member.name, member) for member in python_enum])

    @property
    def expected(self) -> str:
        names = ", ".join(quote(name) for name in self.python_values)
        return f"one of {shorten_text(names, TYPE_NAME_LIMIT)}"

    def _make_type_name(self) -> str:
        return self.name

    def _make_key(self) -> str:
        from usercode_sdk.config.content_key import content_key

        values = [[value.config_value, value.description] for value in self.enum_values]
        return content_key("Enum", [self.name, values])
