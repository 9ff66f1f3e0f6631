"""``@pipeline``: a graph of solids that can be run, with its modes, presets and tags."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import overload

from usercode_sdk.definitions.composition import compose
from usercode_sdk.definitions.dependency import Dependency, SolidInvocation
from usercode_sdk.definitions.dependency_dict import nodes_from_dict
from usercode_sdk.definitions.graph import GraphDefinition, nodes_of
from usercode_sdk.definitions.io_manager import IOManagerDefinition
from usercode_sdk.definitions.items import items_of
from usercode_sdk.definitions.mode import ModeDefinition
from usercode_sdk.definitions.names import check_name, did_you_mean
from usercode_sdk.definitions.node import NodeDefinition, Solid
from usercode_sdk.definitions.outputs import DEFAULT_IO_MANAGER_KEY
from usercode_sdk.definitions.preset import PresetDefinition
from usercode_sdk.definitions.retry_policy import RetryPolicy, checked_retry_policy
from usercode_sdk.definitions.signature import read_signature
from usercode_sdk.definitions.solid import SolidDefinition
from usercode_sdk.errors import DagsterInvalidDefinitionError, DagsterInvariantViolationError
from usercode_sdk.tags import validate_tags


class PipelineDefinition(GraphDefinition):
    """A pipeline. Authors make one with :func:`pipeline`, or from ``solid_defs`` and ``dependencies``.

    Raises DagsterInvalidDefinitionError for unknown solids, inputs or outputs, cycles, inputs that
    nothing can feed, and resources that a mode does not give.
    """

    def __init__(
        self,
        solid_defs: Sequence[NodeDefinition],
        name: str,
        description: str | None = None,
        dependencies: Mapping[str | SolidInvocation, Mapping[str, object]] | None = None,
        mode_defs: Sequence[ModeDefinition] | None = None,
        preset_defs: Sequence[PresetDefinition] | None = None,
        tags: Mapping[str, object] | None = None,
        solid_retry_policy: RetryPolicy | None = None,
    ) -> None:
        nodes, wiring = nodes_from_dict(solid_defs, dependencies or {}, f"Pipeline {name!r}")
        self._build(name, nodes, wiring, description, mode_defs, preset_defs, tags, solid_retry_policy)

    def _build(
        self,
        name: str,
        nodes: list[Solid],
        dependencies: Mapping[str, dict[str, Dependency]],
        description: str | None,
        mode_defs: Sequence[ModeDefinition] | None,
        preset_defs: Sequence[PresetDefinition] | None,
        tags: Mapping[str, object] | None,
        solid_retry_policy: RetryPolicy | None,
    ) -> None:
        self.name = check_name(name, "pipeline")
        self.description = description
        self.tags = validate_tags(tags, f"pipeline {name!r}") if tags else {}
        self.config_field = None
        self.input_mappings = []
        self.output_mappings = []
        self.solid_retry_policy = checked_retry_policy(solid_retry_policy, f"Pipeline {name!r}")
        self._set_ports((), ())
        self._set_graph(nodes, dependencies)
        self.solid_definitions_by_name()
        self.mode_definitions = items_of(mode_defs, ModeDefinition, f"Pipeline {name!r}: mode_defs")
        self.mode_definitions = self.mode_definitions or [ModeDefinition()]
        self.preset_defs = items_of(preset_defs, PresetDefinition, f"Pipeline {name!r}: preset_defs")
        self._check_names("mode", [mode.name for mode in self.mode_definitions])
        self._check_names("preset", [preset.name for preset in self.preset_defs])
        self._check_presets()
        self._check_unfed_inputs(self)
        self._check_resources()

    def describe(self) -> str:
        return f"Pipeline {self.name!r}"

    @property
    def solids(self) -> list[Solid]:
        """The solids at the top level, in the order of their definition."""
        return list(self.nodes.values())

    @property
    def available_modes(self) -> list[str]:
        """The names of the modes."""
        return [mode.name for mode in self.mode_definitions]

    def get_mode_definition(self, mode: str | None = None) -> ModeDefinition:
        """The mode of this name; without a name, the only mode there is.

        Raises DagsterInvariantViolationError for an unknown mode, or when a name is needed.
        """
        if mode is None:
            if len(self.mode_definitions) == 1:
                return self.mode_definitions[0]
            raise DagsterInvariantViolationError(
                f"{self.describe()} has several modes, so name one of: {', '.join(map(repr, self.available_modes))}."
            )
        for definition in self.mode_definitions:
            if definition.name == mode:
                return definition
        raise DagsterInvariantViolationError(
            f"{self.describe()} has no mode {mode!r}.{did_you_mean(mode, self.available_modes)}"
        )

    def get_default_mode_name(self) -> str:
        """The name of the first mode."""
        return self.mode_definitions[0].name

    def get_preset(self, name: str) -> PresetDefinition:
        """The preset of this name; raises DagsterInvariantViolationError when there is none."""
        for preset in self.preset_defs:
            if preset.name == name:
                return preset
        known = [preset.name for preset in self.preset_defs]
        raise DagsterInvariantViolationError(f"{self.describe()} has no preset {name!r}.{did_you_mean(name, known)}")

    def has_preset(self, name: str) -> bool:
        """Whether there is a preset of this name."""
        return any(preset.name == name for preset in self.preset_defs)

    def solid_definitions_by_name(self) -> dict[str, NodeDefinition]:
        """Every definition used at any depth; raises when two different ones share a name."""
        found: dict[str, NodeDefinition] = {}
        for definition in self.solid_definitions():
            if found.setdefault(definition.name, definition) is not definition:
                raise DagsterInvalidDefinitionError(
                    f"{self.describe()} uses two different solids named {definition.name!r}. Give one another name."
                )
        return found

    def _check_names(self, what: str, names: list[str]) -> None:
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise DagsterInvalidDefinitionError(
                f"{self.describe()} has two {what}s named {', '.join(map(repr, twice))}. Give each another name."
            )

    def _check_presets(self) -> None:
        for preset in self.preset_defs:
            if preset.mode not in self.available_modes:
                raise DagsterInvalidDefinitionError(
                    f"{self.describe()}: preset {preset.name!r} is for mode {preset.mode!r}, "
                    f"which the pipeline does not have.{did_you_mean(preset.mode, self.available_modes)}"
                )

    def _check_unfed_inputs(self, graph: GraphDefinition) -> None:
        """Every input must be fed, mapped, defaulted, loadable from config, or Nothing."""
        for node in graph.nodes.values():
            if isinstance(node.definition, GraphDefinition):
                self._check_unfed_inputs(node.definition)
            fed = graph.dependencies[node.name]
            for one in node.definition.input_defs:
                if one.name in fed or node.definition.may_stay_unfed(one):
                    continue
                if one.dagster_type.loader is None:
                    raise DagsterInvalidDefinitionError(
                        f"{graph.describe()}: nothing feeds input {one.name!r} of solid {node.name!r}, "
                        f"and a value of type {one.dagster_type.display_name} can't be loaded from run config. "
                        "Feed it from another solid, give it a default_value, or give its type a loader."
                    )

    def _check_resources(self) -> None:
        required = list(_required_resources(self))
        managers = {key: owner for owner, key in _io_managers(self)}
        for mode in self.mode_definitions:
            given = mode.resource_defs
            for owner, key in required:
                if key not in given and key != DEFAULT_IO_MANAGER_KEY:
                    raise DagsterInvalidDefinitionError(
                        f"{self.describe()}: {owner} requires resource {key!r}, "
                        f"which mode {mode.name!r} does not give.{did_you_mean(key, given) if given else ''} "
                        f"Add it to the mode: ModeDefinition(resource_defs={{{key!r}: ...}})."
                    )
            self._check_io_managers(mode, managers)

    def _check_io_managers(self, mode: ModeDefinition, managers: Mapping[str, str]) -> None:
        for key, owner in managers.items():
            given = mode.resource_defs.get(key)
            if given is not None and not isinstance(given, IOManagerDefinition):
                raise DagsterInvalidDefinitionError(
                    f"{self.describe()}: {owner} is to be stored by resource {key!r}, but what mode {mode.name!r} "
                    "gives for it is not an IO manager. Make it with @io_manager."
                )


def _io_managers(graph: GraphDefinition) -> Iterator[tuple[str, str]]:
    """``(who, resource key)`` for each output that an IO manager stores."""
    for definition in graph.solid_definitions():
        if isinstance(definition, SolidDefinition):
            for output in definition.output_defs:
                yield f"output {output.name!r} of solid {definition.name!r}", output.io_manager_key


def _required_resources(graph: GraphDefinition) -> Iterator[tuple[str, str]]:
    """``(who, resource key)`` for each resource that a solid, an output or a type needs."""
    for definition in graph.solid_definitions():
        if not isinstance(definition, SolidDefinition):
            continue
        for key in sorted(definition.required_resource_keys):
            yield f"solid {definition.name!r}", key
        for output in definition.output_defs:
            if output.io_manager_key != DEFAULT_IO_MANAGER_KEY:
                yield f"output {output.name!r} of solid {definition.name!r}", output.io_manager_key
        ports = [one.dagster_type for one in definition.input_defs]
        ports += [one.dagster_type for one in definition.output_defs]
        for dagster_type in ports:
            for key in sorted(dagster_type.required_resource_keys):
                yield f"type {dagster_type.display_name!r} of solid {definition.name!r}", key


PipelineFunction = Callable[..., object]


@overload
def pipeline(name: PipelineFunction, /) -> PipelineDefinition: ...
@overload
def pipeline(
    name: str | None = None,
    description: str | None = None,
    mode_defs: Sequence[ModeDefinition] | None = None,
    preset_defs: Sequence[PresetDefinition] | None = None,
    tags: Mapping[str, object] | None = None,
    solid_retry_policy: RetryPolicy | None = None,
) -> Callable[[PipelineFunction], PipelineDefinition]: ...


def pipeline(
    name: str | PipelineFunction | None = None,
    description: str | None = None,
    mode_defs: Sequence[ModeDefinition] | None = None,
    preset_defs: Sequence[PresetDefinition] | None = None,
    tags: Mapping[str, object] | None = None,
    solid_retry_policy: RetryPolicy | None = None,
) -> PipelineDefinition | Callable[[PipelineFunction], PipelineDefinition]:
    """Makes a pipeline of a function that calls solids; a call's result fed to another call is a dependency."""
    if callable(name):
        return pipeline()(name)

    def make(function: PipelineFunction) -> PipelineDefinition:
        pipeline_name = name or function.__name__
        parameters = read_signature(function).names
        if parameters:
            raise DagsterInvalidDefinitionError(
                f"Pipeline {pipeline_name!r}: its function takes {', '.join(map(repr, parameters))}. "
                "A pipeline function takes no parameters; put values into the config of solids."
            )
        composition, _returned = compose(f"pipeline {pipeline_name!r}", function, {})
        definition = PipelineDefinition.__new__(PipelineDefinition)
        definition._build(
            pipeline_name,
            nodes_of(composition),
            {one.name: one.dependencies for one in composition.invocations.values()},
            description or function.__doc__,
            mode_defs,
            preset_defs,
            tags,
            solid_retry_policy,
        )
        # So that reconstructable() finds the pipeline again by the place of its function.
        for attribute in ("__name__", "__qualname__", "__module__"):
            setattr(definition, attribute, getattr(function, attribute, None))
        return definition

    return make
