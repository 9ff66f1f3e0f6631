"""How the inputs of solids are fed: what authors write, and the form kept in graphs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeAlias

from usercode_sdk.errors import DagsterInvalidDefinitionError
from usercode_sdk.user_events import DEFAULT_OUTPUT


class DependencyDefinition(NamedTuple):
    """An input fed by one output of another solid, named by its name or alias."""

    solid: str
    output: str = DEFAULT_OUTPUT
    description: str | None = None


class MultiDependencyDefinition:
    """An input fed by several outputs, as a list (fan-in)."""

    __slots__ = ("dependencies",)

    def __init__(self, dependencies: Sequence[DependencyDefinition]) -> None:
        for dependency in dependencies:
            if not isinstance(dependency, DependencyDefinition):
                raise DagsterInvalidDefinitionError(
                    f"MultiDependencyDefinition takes a list of DependencyDefinition, it holds {dependency!r}."
                )
        if len({(one.solid, one.output) for one in dependencies}) != len(dependencies):
            raise DagsterInvalidDefinitionError(
                "MultiDependencyDefinition names the same output twice; name each output once."
            )
        self.dependencies = list(dependencies)


class SolidInvocation:
    """One use of a solid under an alias, as a key of a ``dependencies`` dict."""

    __slots__ = ("alias", "name", "retry_policy", "tags")

    def __init__(
        self,
        name: str,
        alias: str | None = None,
        tags: Mapping[str, object] | None = None,
        retry_policy: object = None,
    ) -> None:
        self.name = name
        self.alias = alias
        self.tags = dict(tags or {})
        self.retry_policy = retry_policy

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SolidInvocation) and (self.name, self.alias) == (other.name, other.alias)

    def __hash__(self) -> int:
        return hash((self.name, self.alias))

    def __repr__(self) -> str:
        return f"SolidInvocation({self.name!r}, alias={self.alias!r})"


class OutputHandle(NamedTuple):
    """One output of one solid of a graph."""

    solid_name: str
    output_name: str


class MappedInput(NamedTuple):
    """An input of the composite solid itself, handed on to a solid inside."""

    input_name: str


Source: TypeAlias = OutputHandle | MappedInput


class SolidHandle(NamedTuple):
    """The place of a solid in a pipeline: its name, and the composite around it."""

    name: str
    parent: SolidHandle | None = None

    @staticmethod
    def from_path(path: Sequence[str]) -> SolidHandle:
        """The handle for the names that lead from the pipeline to the solid."""
        handle = SolidHandle(path[0])
        for name in path[1:]:
            handle = SolidHandle(name, handle)
        return handle

    @property
    def path(self) -> list[str]:
        """The names that lead from the pipeline to the solid."""
        return [*(self.parent.path if self.parent is not None else ()), self.name]

    def to_string(self) -> str:
        """The names joined by dots, which is also the key of the solid's step."""
        return ".".join(self.path)

    def __str__(self) -> str:
        return self.to_string()


class Dependency(NamedTuple):
    """What feeds one input: one source, or with ``fan_in`` a list of them."""

    sources: tuple[Source, ...]
    fan_in: bool = False
