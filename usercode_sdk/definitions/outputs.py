"""Outputs of solids, and outputs of composites taken from the solids inside."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from usercode_sdk.definitions.names import check_name
from usercode_sdk.types import DagsterType, resolve_dagster_type
from usercode_sdk.user_events import DEFAULT_OUTPUT

DEFAULT_IO_MANAGER_KEY = "io_manager"


class OutputDefinition:
    """An output of a solid: its name and type, whether it always comes, and who stores it."""

    __slots__ = (
        "dagster_type",
        "description",
        "io_manager_key",
        "is_required",
        "metadata",
        "name",
        "type_given",
    )

    def __init__(
        self,
        dagster_type: object = None,
        name: str | None = None,
        description: str | None = None,
        is_required: bool | None = None,
        io_manager_key: str | None = None,
        metadata: Mapping[str, object] | None = None,
    ) -> None:
        self.name = DEFAULT_OUTPUT if name is None else check_name(name, "solid output")
        self.type_given = dagster_type is not None
        self.dagster_type: DagsterType = resolve_dagster_type(dagster_type)
        self.description = description
        self.is_required = True if is_required is None else bool(is_required)
        self.io_manager_key = io_manager_key or DEFAULT_IO_MANAGER_KEY
        self.metadata = dict(metadata) if metadata else {}

    def mapping_from(self, solid_name: str, output_name: str | None = None) -> OutputMapping:
        """Takes this output of a composite from an output of a solid inside it."""
        return OutputMapping(self, solid_name, output_name or DEFAULT_OUTPUT)

    def with_inferred(self, annotation: object) -> OutputDefinition:
        """This definition, with the type that the function's return annotation gives."""
        if self.type_given or annotation is None:
            return self
        return OutputDefinition(
            annotation,
            None if self.name == DEFAULT_OUTPUT else self.name,
            self.description,
            self.is_required,
            self.io_manager_key,
            self.metadata,
        )

    def __repr__(self) -> str:
        return f"OutputDefinition({self.dagster_type.display_name}, {self.name!r})"


class OutputMapping(NamedTuple):
    """An output of a composite that is an output of a solid inside it."""

    definition: OutputDefinition
    solid_name: str
    output_name: str
