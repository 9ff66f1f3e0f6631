"""What can stand in a graph, a solid or a composite of solids, and one place where it stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from usercode_sdk.definitions.composition import PendingNode, current_composition
from usercode_sdk.definitions.configurable import ConfigurableDefinition
from usercode_sdk.errors import DagsterInvalidDefinitionError, DagsterInvariantViolationError

if TYPE_CHECKING:
    from usercode_sdk.definitions.inputs import InputDefinition
    from usercode_sdk.definitions.outputs import OutputDefinition
    from usercode_sdk.definitions.retry_policy import RetryPolicy


class NodeDefinition(ConfigurableDefinition):
    """A solid or composite solid: a name, inputs, outputs, and how it is used in a pipeline function."""

    name: str
    description: str | None
    input_defs: list[InputDefinition]
    output_defs: list[OutputDefinition]
    input_dict: dict[str, InputDefinition]
    output_dict: dict[str, OutputDefinition]
    tags: Mapping[str, str]
    retry_policy: RetryPolicy | None = None

    def may_stay_unfed(self, definition: InputDefinition) -> bool:
        """Whether an input of this needs no value from anywhere."""
        return definition.has_default_value or definition.dagster_type.is_nothing

    def _set_ports(self, inputs: Sequence[InputDefinition], outputs: Sequence[OutputDefinition]) -> None:
        self.input_defs = list(inputs)
        self.output_defs = list(outputs)
        self.input_dict = {one.name: one for one in inputs}
        self.output_dict = {one.name: one for one in outputs}
        if len(self.input_dict) != len(self.input_defs):
            self._duplicate("input", [one.name for one in inputs])
        if len(self.output_dict) != len(self.output_defs):
            self._duplicate("output", [one.name for one in outputs])

    def _duplicate(self, what: str, names: list[str]) -> None:
        twice = sorted({name for name in names if names.count(name) > 1})
        raise DagsterInvalidDefinitionError(
            f"{self.describe()} has two {what}s named {', '.join(map(repr, twice))}. Names of {what}s are unique."
        )

    def describe(self) -> str:
        """The definition in words, for messages."""
        return f"Solid {self.name!r}"

    def _own_name(self) -> str:
        raise DagsterInvalidDefinitionError(
            f"configured() for {self.describe()} needs a name for the new definition: "
            f"configured({self.name}, name=...)."
        )

    def __call__(self, *args: object, **kwargs: object) -> Any:
        composition = current_composition()
        if composition is None:
            return self._call_directly(args, kwargs)
        return composition.invoke(PendingNode(self), args, kwargs)

    def _call_directly(self, args: tuple[object, ...], kwargs: dict[str, object]) -> object:
        raise DagsterInvariantViolationError(
            f"{self.describe()} is called outside a @pipeline or @composite_solid function. "
            "Run it by itself with execute_solid()."
        )

    def alias(self, name: str) -> PendingNode:
        """This solid under another name, to be called in a pipeline function."""
        return PendingNode(self).alias(name)

    def tag(self, tags: Mapping[str, object]) -> PendingNode:
        """This solid with more tags, to be called in a pipeline function."""
        return PendingNode(self).tag(tags)

    def with_retry_policy(self, retry_policy: RetryPolicy) -> PendingNode:
        """This solid with another retry policy, to be called in a pipeline function."""
        return PendingNode(self).with_retry_policy(retry_policy)


class Solid:
    """One use of a solid in a graph, under its own name."""

    __slots__ = ("_retry_policy", "_tags", "definition", "name")

    def __init__(
        self,
        name: str,
        definition: NodeDefinition,
        tags: Mapping[str, str] | None = None,
        retry_policy: RetryPolicy | None = None,
    ) -> None:
        self.name = name
        self.definition = definition
        self._tags = tags
        self._retry_policy = retry_policy

    @property
    def tags(self) -> Mapping[str, str]:
        """The tags of this use over those of the definition."""
        if not self._tags:
            return self.definition.tags
        return {**self.definition.tags, **self._tags}

    @property
    def retry_policy(self) -> RetryPolicy | None:
        """The retry policy of this use, or else of the definition."""
        return self._retry_policy or self.definition.retry_policy

    @property
    def is_composite(self) -> bool:
        """Whether there are solids inside."""
        return hasattr(self.definition, "nodes")

    def __repr__(self) -> str:
        return f"Solid({self.name!r})"
