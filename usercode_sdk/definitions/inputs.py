"""Inputs of solids, and inputs of composites handed on to the solids inside."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from usercode_sdk.definitions.names import check_name
from usercode_sdk.errors import DagsterInvalidDefinitionError
from usercode_sdk.types import DagsterType, DagsterTypeKind, resolve_dagster_type


class _NoValue:
    """Marks an argument that was not given, where None would be a value."""

    def __repr__(self) -> str:
        return "<not given>"


NO_VALUE = _NoValue()


class InputDefinition:
    """An input of a solid: its name, its type, and a default for when nothing feeds it."""

    __slots__ = ("dagster_type", "default_value", "description", "metadata", "name", "type_given")

    def __init__(
        self,
        name: str | None = None,
        dagster_type: object = None,
        description: str | None = None,
        default_value: object = NO_VALUE,
        root_manager_key: None = None,
        metadata: Mapping[str, object] | None = None,
    ) -> None:
        if root_manager_key is not None:
            raise DagsterInvalidDefinitionError(
                f"Input {name!r}: root_manager_key is not supported; feed the input from run config or a solid."
            )
        self.name = check_name(name, "solid input")
        self.type_given = dagster_type is not None
        self.dagster_type: DagsterType = resolve_dagster_type(dagster_type)
        self.description = description
        self.default_value = default_value
        self.metadata = dict(metadata) if metadata else {}
        if default_value is not NO_VALUE:
            self._check_default()

    @property
    def has_default_value(self) -> bool:
        """Whether the input may be left unfed."""
        return self.default_value is not NO_VALUE

    def mapping_to(self, solid_name: str, input_name: str, fan_in_index: int | None = None) -> InputMapping:
        """Hands this input of a composite on to an input of a solid inside it."""
        return InputMapping(self, solid_name, input_name, fan_in_index)

    def with_inferred(self, annotation: object, default: object) -> InputDefinition:
        """This definition, completed by what the function's signature says."""
        if self.type_given and (self.has_default_value or default is NO_VALUE):
            return self
        completed = InputDefinition.__new__(InputDefinition)
        completed.name = self.name
        completed.description = self.description
        completed.metadata = self.metadata
        completed.type_given = True
        completed.dagster_type = self.dagster_type if self.type_given else resolve_dagster_type(annotation)
        completed.default_value = self.default_value if self.has_default_value else default
        if completed.has_default_value:
            completed._check_default()
        return completed

    def _check_default(self) -> None:
        """Only scalars are checked here: other types may need a run's context and resources for it."""
        dagster_type = self.dagster_type
        if dagster_type.is_nothing:
            raise DagsterInvalidDefinitionError(
                f"Input {self.name!r} is of type Nothing, so it can't have a default_value."
            )
        if (
            dagster_type.kind is DagsterTypeKind.SCALAR
            and not dagster_type.type_check(None, self.default_value).success
        ):
            raise DagsterInvalidDefinitionError(
                f"The default_value of input {self.name!r}, {self.default_value!r:.80}, is not of its type "
                f"{dagster_type.display_name}. Give another default, or a type such as Optional."
            )

    def __repr__(self) -> str:
        return f"InputDefinition({self.name!r}, {self.dagster_type.display_name})"


class InputMapping(NamedTuple):
    """An input of a composite that feeds an input of a solid inside it."""

    definition: InputDefinition
    solid_name: str
    input_name: str
    fan_in_index: int | None = None
    """Which place of a fan-in list is fed; None when the whole input is."""
