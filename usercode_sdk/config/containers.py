"""The config types that hold others: arrays, optional values, unions, and those with named fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

# The module and not its functions: a Shape converts the author's forms and a form may become a Shape,
# so the two modules need each other, but only when they are called.
from usercode_sdk.config import convert
from usercode_sdk.config.config_types import NO_DEFAULT, ConfigType, ConfigTypeKind, Scalar
from usercode_sdk.config.content_key import content_key
from usercode_sdk.config.display import quote
from usercode_sdk.errors import DagsterInvalidConfigDefinitionError

if TYPE_CHECKING:
    from usercode_sdk.config.field import Field

MAX_DEPTH: Final = 64
"""How deep types may be nested; checking a value recurses no deeper than its type."""


class Array(ConfigType):
    """A list whose items are all of one type."""

    __slots__ = ("inner_type",)
    kind = ConfigTypeKind.ARRAY

    def __init__(self, inner_type: object) -> None:
        self.inner_type = convert.to_inner_type(inner_type, "Array")
        super().__init__(depth=_depth_over((self.inner_type,)))

    def _make_key(self) -> str:
        return f"Array.{self.inner_type.key}"

    def _make_type_name(self) -> str:
        return f"[{self.inner_type.type_name}]"


class Noneable(ConfigType):
    """None, or a value of the inner type; an absent entry of this type is None."""

    __slots__ = ("inner_type",)
    kind = ConfigTypeKind.NONEABLE

    def __init__(self, inner_type: object) -> None:
        self.inner_type = convert.to_inner_type(inner_type, "Noneable")
        super().__init__(depth=_depth_over((self.inner_type,)))

    def implicit_default(self) -> object:
        return None

    @property
    def expected(self) -> str:
        return f"{self.inner_type.expected} or None"

    def _make_key(self) -> str:
        return f"Noneable.{self.inner_type.key}"

    def _make_type_name(self) -> str:
        return f"{self.inner_type.type_name}?"


class ScalarUnion(ConfigType):
    """A scalar, or a value with structure: a dict or a list."""

    __slots__ = ("non_scalar_type", "scalar_type")
    kind = ConfigTypeKind.SCALAR_UNION

    def __init__(self, scalar_type: object, non_scalar_schema: object) -> None:
        scalar = convert.to_inner_type(scalar_type, "ScalarUnion")
        structured = convert.to_inner_type(non_scalar_schema, "ScalarUnion")
        if not isinstance(scalar, Scalar) or not isinstance(structured, (Array, _WithFields)):
            raise DagsterInvalidConfigDefinitionError(
                f"ScalarUnion({scalar.type_name}, {structured.type_name}): the first must be int, float, "
                "str or bool, the second an Array, Shape, Permissive or Selector.",
                (),
                non_scalar_schema,
            )
        self.scalar_type = scalar
        self.non_scalar_type = structured
        super().__init__(depth=_depth_over((self.scalar_type, self.non_scalar_type)))

    def _make_key(self) -> str:
        return f"ScalarUnion.{self.scalar_type.key}-{self.non_scalar_type.key}"

    def _make_type_name(self) -> str:
        return f"({self.scalar_type.type_name} | {self.non_scalar_type.type_name})"


class _WithFields(ConfigType):
    """What Shape, Permissive and Selector share."""

    __slots__ = ("fields",)

    def __init__(self, fields: Mapping[str, object], description: str | None = None) -> None:
        self.fields: dict[str, Field] = convert.to_fields(fields)
        super().__init__(description, _depth_over([field.config_type for field in self.fields.values()]))

    def implicit_default(self) -> object:
        default = {}
        for name, field in self.fields.items():
            if field.is_required:
                return NO_DEFAULT
            if field.default_provided:
                default[name] = field.default_value
        return default

    def _make_key(self) -> str:
        fields = {
            name: [
                field.config_type.key,
                field.is_required,
                field.default_provided,
                field.default_value if field.default_provided else None,
                field.description,
            ]
            for name, field in self.fields.items()
        }
        return content_key(type(self).__name__, [fields, self.description])

    def _printed_fields(self) -> list[str]:
        return [
            f"{name}{'' if field.is_required else '?'}: {field.config_type.type_name}"
            for name, field in self.fields.items()
        ]


class Shape(_WithFields):
    """A dict with exactly these entries."""

    __slots__ = ()
    kind = ConfigTypeKind.SHAPE

    def _make_type_name(self) -> str:
        return "{" + ", ".join(self._printed_fields()) + "}"


class Permissive(_WithFields):
    """A dict with these entries and any others, which are kept as they are."""

    __slots__ = ()
    kind = ConfigTypeKind.PERMISSIVE

    def __init__(self, fields: Mapping[str, object] | None = None, description: str | None = None) -> None:
        super().__init__(fields or {}, description)

    def _make_type_name(self) -> str:
        return "{" + ", ".join([*self._printed_fields(), "..."]) + "}"


class Selector(_WithFields):
    """A dict with exactly one of these entries.

    When there is only one to choose and its content is optional, an empty dict chooses it.
    """

    __slots__ = ()
    kind = ConfigTypeKind.SELECTOR

    def __init__(self, fields: Mapping[str, object], description: str | None = None) -> None:
        super().__init__(fields, description)
        if not self.fields:
            raise DagsterInvalidConfigDefinitionError(
                "A Selector without fields accepts no value. Give it one or more.", (), fields
            )

    def implicit_default(self) -> object:
        return super().implicit_default() if len(self.fields) == 1 else NO_DEFAULT

    @property
    def expected(self) -> str:
        names = ", ".join(quote(name) for name in self.fields)
        return f"one of the entries {names}" if len(self.fields) > 1 else f"the entry {names}"

    def _make_type_name(self) -> str:
        return "{" + " | ".join(self._printed_fields()) + "}"


def _depth_over(inner: Iterable[ConfigType]) -> int:
    depth = 1
    for config_type in inner:
        if config_type.depth >= depth:
            depth = config_type.depth + 1
    if depth > MAX_DEPTH:
        raise DagsterInvalidConfigDefinitionError(
            f"The config schema is nested deeper than {MAX_DEPTH} levels. Use Permissive or Any further down."
        )
    return depth
