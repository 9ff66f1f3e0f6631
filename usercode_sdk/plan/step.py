"""A step: one solid of a pipeline, at its place, with where each input comes from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple, TypeAlias

from usercode_sdk.definitions.inputs import InputDefinition
from usercode_sdk.definitions.node import Solid
from usercode_sdk.definitions.outputs import OutputDefinition
from usercode_sdk.definitions.retry_policy import RetryPolicy
from usercode_sdk.definitions.solid import SolidDefinition


class StepOutputHandle(NamedTuple):
    """One output of one step."""

    step_key: str
    output_name: str


class FromUpstream(NamedTuple):
    """A value that an upstream step stored."""

    handle: StepOutputHandle


class FromConfig(NamedTuple):
    """A value made from run config by the loader of the input's type."""

    config: object
    definition: InputDefinition
    """Whose type's loader makes the value: the input itself, or that of the composite around it."""


class FromDefault(NamedTuple):
    """The default value of the input."""

    value: object


class FanIn(NamedTuple):
    """A list of the values that arrive from several sources."""

    items: tuple[InputSource, ...]


class Unfed(NamedTuple):
    """Nothing: an input of type Nothing that no step comes before."""


InputSource: TypeAlias = FromUpstream | FromConfig | FromDefault | FanIn | Unfed


class StepInput(NamedTuple):
    """An input of a step and its source."""

    name: str
    definition: InputDefinition
    source: InputSource

    @property
    def type_name(self) -> str:
        """The name of the input's type."""
        return self.definition.dagster_type.display_name

    @property
    def sources(self) -> tuple[StepOutputHandle, ...]:
        """The upstream outputs that feed this input, in order."""
        return tuple(upstream_handles(self.source))

    @property
    def fan_in(self) -> bool:
        """Whether the value is a list of what arrives from several sources."""
        return isinstance(self.source, FanIn)

    @property
    def kind(self) -> str:
        """``upstream``, ``config``, ``default`` or ``nothing``."""
        if self.sources:
            return "upstream"
        return _KINDS.get(type(self.source), "upstream")


_KINDS: Mapping[type, str] = {
    FromConfig: "config",
    FromDefault: "default",
    Unfed: "nothing",
    FanIn: "upstream",
}


def upstream_handles(source: InputSource) -> Iterator[StepOutputHandle]:
    """The upstream outputs among a source's parts."""
    if isinstance(source, FromUpstream):
        yield source.handle
    elif isinstance(source, FanIn):
        for item in source.items:
            yield from upstream_handles(item)


class StepOutput(NamedTuple):
    """An output of a step."""

    name: str
    definition: OutputDefinition

    @property
    def type_name(self) -> str:
        """The name of the output's type."""
        return self.definition.dagster_type.display_name

    @property
    def is_required(self) -> bool:
        """Whether the step fails without it."""
        return self.definition.is_required

    @property
    def io_manager_key(self) -> str:
        """The resource that stores it."""
        return self.definition.io_manager_key


class Step:
    """One solid at its place in a pipeline, ready to be executed."""

    __slots__ = (
        "_retry_policy",
        "definition",
        "depends_on",
        "inputs",
        "key",
        "priority",
        "solid",
        "solid_path",
        "tags",
    )

    def __init__(
        self,
        solid_path: tuple[str, ...],
        solid: Solid,
        definition: SolidDefinition,
        inputs: tuple[StepInput, ...],
        default_retry_policy: RetryPolicy | None,
    ) -> None:
        self.key = ".".join(solid_path)
        self.solid_path = solid_path
        self.solid = solid
        self.definition = definition
        self.inputs = inputs
        self.depends_on = frozenset(handle.step_key for one in inputs for handle in one.sources)
        self.tags: Mapping[str, str] = solid.tags
        self.priority = _priority(self.tags)
        self._retry_policy = default_retry_policy

    @property
    def solid_name(self) -> str:
        """The name, or alias, of the solid in its graph."""
        return self.solid.name

    @property
    def outputs(self) -> tuple[StepOutput, ...]:
        """The outputs, in the order of the solid's definition."""
        return tuple(StepOutput(one.name, one) for one in self.definition.output_defs)

    @property
    def retry_policy(self) -> RetryPolicy | None:
        """The solid's retry policy, or else the pipeline's."""
        return self.solid.retry_policy or self._retry_policy

    @property
    def required_resource_keys(self) -> frozenset[str]:
        """The resources its solid asks for."""
        return self.definition.required_resource_keys

    def __repr__(self) -> str:
        return f"Step({self.key!r})"


def _priority(tags: Mapping[str, str]) -> int:
    if "dagster/priority" not in tags:
        return 0
    try:
        return int(tags["dagster/priority"])
    except ValueError:
        return 0
