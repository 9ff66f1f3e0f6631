"""``@repository``: the pipelines that a code server serves together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import overload

from usercode_sdk.definitions.names import check_name, did_you_mean
from usercode_sdk.definitions.node import NodeDefinition
from usercode_sdk.definitions.pipeline import PipelineDefinition
from usercode_sdk.errors import DagsterInvalidDefinitionError, DagsterInvariantViolationError

LazyPipeline = PipelineDefinition | Callable[[], object]

# The dict form has had these keys always; authors often give them empty.
_KEYS = ("pipelines", "partition_sets", "schedules", "sensors")


class RepositoryDefinition:
    """A named collection of pipelines, each built when first asked for if given as a callable."""

    def __init__(self, name: str, pipelines: Mapping[str, LazyPipeline], description: str | None = None) -> None:
        self.name = check_name(name, "repository")
        self.description = description
        self._pipelines: dict[str, LazyPipeline] = dict(pipelines)

    @property
    def pipeline_names(self) -> list[str]:
        """The names of all pipelines, sorted."""
        return sorted(self._pipelines)

    def has_pipeline(self, name: str) -> bool:
        """Whether there is a pipeline of this name."""
        return name in self._pipelines

    def get_pipeline(self, name: str) -> PipelineDefinition:
        """The pipeline of this name.

        Raises DagsterInvariantViolationError when there is none, and DagsterInvalidDefinitionError when
        its callable answers with something else. What the callable raises passes through.
        """
        try:
            found = self._pipelines[name]
        except KeyError:
            raise DagsterInvariantViolationError(
                f"Repository {self.name!r} has no pipeline {name!r}.{did_you_mean(name, self._pipelines)}"
            ) from None
        if not isinstance(found, PipelineDefinition):
            found = self._built(name, found)
            self._pipelines[name] = found
        return found

    def get_all_pipelines(self) -> list[PipelineDefinition]:
        """All pipelines, by name; raises when two different solids share a name."""
        pipelines = [self.get_pipeline(name) for name in self.pipeline_names]
        self._check_solid_names(pipelines)
        return pipelines

    def _built(self, name: str, make: Callable[[], object]) -> PipelineDefinition:
        definition = make()
        if not isinstance(definition, PipelineDefinition):
            raise DagsterInvalidDefinitionError(
                f"Repository {self.name!r}: the callable for pipeline {name!r} returned {type(definition).__name__}, "
                "not a pipeline."
            )
        if definition.name != name:
            raise DagsterInvalidDefinitionError(
                f"Repository {self.name!r}: the callable for pipeline {name!r} returned pipeline {definition.name!r}. "
                "Use its own name as the key."
            )
        return definition

    def _check_solid_names(self, pipelines: list[PipelineDefinition]) -> None:
        found: dict[str, tuple[NodeDefinition, PipelineDefinition]] = {}
        for pipeline in pipelines:
            for definition in pipeline.solid_definitions_by_name().values():
                first, where = found.setdefault(definition.name, (definition, pipeline))
                if first is not definition:
                    raise DagsterInvalidDefinitionError(
                        f"Repository {self.name!r} has two different solids named {definition.name!r}: one in pipeline "
                        f"{where.name!r}, one in pipeline {pipeline.name!r}. Give one another name."
                    )

    def __repr__(self) -> str:
        return f"RepositoryDefinition({self.name!r})"


RepositoryFunction = Callable[[], object]


@overload
def repository(name: RepositoryFunction, /) -> RepositoryDefinition: ...
@overload
def repository(
    name: str | None = None, description: str | None = None
) -> Callable[[RepositoryFunction], RepositoryDefinition]: ...


def repository(
    name: str | RepositoryFunction | None = None, description: str | None = None
) -> RepositoryDefinition | Callable[[RepositoryFunction], RepositoryDefinition]:
    """Makes a repository of a function that returns a list of pipelines or a dict.

    The dict form is ``{"pipelines": {name: pipeline or callable that returns it}}``.
    """
    if callable(name):
        return repository()(name)

    def make(function: RepositoryFunction) -> RepositoryDefinition:
        repository_name = name or function.__name__
        pipelines = _pipelines(function(), repository_name)
        return RepositoryDefinition(repository_name, pipelines, description or function.__doc__)

    return make


def _pipelines(returned: object, name: str) -> Mapping[str, LazyPipeline]:
    if isinstance(returned, list):
        return _from_list(returned, name)
    if isinstance(returned, dict):
        return _from_dict(returned, name)
    raise DagsterInvalidDefinitionError(
        f"Repository {name!r}: its function returned {type(returned).__name__}. Return a list of pipelines, or a dict."
    )


def _from_list(items: list[object], name: str) -> Mapping[str, LazyPipeline]:
    pipelines: dict[str, LazyPipeline] = {}
    for place, item in enumerate(items):
        if not isinstance(item, PipelineDefinition):
            raise DagsterInvalidDefinitionError(
                f"Repository {name!r}: entry {place} of its list is {item!r}, which is not a pipeline."
            )
        if pipelines.setdefault(item.name, item) is not item:
            raise DagsterInvalidDefinitionError(
                f"Repository {name!r} holds two different pipelines named {item.name!r}. Give one another name."
            )
    return pipelines


def _from_dict(returned: dict[str, object], name: str) -> Mapping[str, LazyPipeline]:
    for key in returned:
        if key not in _KEYS:
            raise DagsterInvalidDefinitionError(
                f"Repository {name!r}: the dict it returned has the key {key!r}.{did_you_mean(str(key), _KEYS)}"
            )
        if key != "pipelines" and returned[key]:
            raise DagsterInvalidDefinitionError(
                f"Repository {name!r}: the dict it returned has {key}, which this version does not run. "
                f"Leave {key!r} out, or empty."
            )
    given = returned.get("pipelines", {})
    if not isinstance(given, dict):
        raise DagsterInvalidDefinitionError(
            f"Repository {name!r}: 'pipelines' is a {type(given).__name__}. Give a dict from names to pipelines."
        )
    for key, item in given.items():
        if isinstance(item, PipelineDefinition):
            if item.name != key:
                raise DagsterInvalidDefinitionError(
                    f"Repository {name!r}: pipeline {item.name!r} stands under the name {key!r}. "
                    "Use its own name as the key."
                )
        elif not callable(item):
            raise DagsterInvalidDefinitionError(
                f"Repository {name!r}: 'pipelines' gives {item!r} for {key!r}. "
                "Give a pipeline, or a callable that returns one."
            )
    return given
