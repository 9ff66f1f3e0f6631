"""A run config checked against its schema, and cut up by who needs which part."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from usercode_sdk.config import ConfigFault, ConfigResult, validate_config
from usercode_sdk.definitions.composite import CompositeSolidDefinition
from usercode_sdk.definitions.graph import GraphDefinition
from usercode_sdk.definitions.mode import ModeDefinition
from usercode_sdk.definitions.pipeline import PipelineDefinition
from usercode_sdk.errors import DagsterInvalidConfigError
from usercode_sdk.run_config.schema import SolidsSchema, run_config_schema

SolidPath = tuple[str, ...]


class SolidConfig(NamedTuple):
    """The config of one solid, of its inputs that nothing else feeds, and of the storing of its outputs."""

    config: object = None
    inputs: Mapping[str, object] = {}
    outputs: Mapping[str, object] = {}


class RunConfig(NamedTuple):
    """A validated run config, defaults filled in, cut up by who needs which part."""

    given: Mapping[str, object]
    """As the user wrote it."""
    mode: ModeDefinition
    solids: Mapping[SolidPath, SolidConfig]
    """By the path of names to the solid; a solid without any config may be absent."""
    resources: Mapping[str, object]
    executor_name: str
    executor_config: Mapping[str, object]
    loggers: Mapping[str, object]
    """The loggers asked for and their configs; empty for the default."""
    storage_base_dir: str | None
    """A folder for outputs, asked for by the ``filesystem`` storage of solid-era run configs."""
    keeps_in_memory: bool
    """Whether the ``in_memory`` storage of solid-era run configs is asked for."""

    def solid(self, path: SolidPath) -> SolidConfig:
        """The config of the solid at this path."""
        return self.solids.get(path, _NO_SOLID_CONFIG)


_NO_SOLID_CONFIG = SolidConfig()


def check_run_config(
    pipeline: PipelineDefinition,
    run_config: Mapping[str, object] | None,
    mode: str | None = None,
    *,
    resolve_sources: bool = True,
) -> ConfigResult:
    """Validates a run config; all faults are in the result.

    With ``resolve_sources=False`` values named by environment variables are only checked for form,
    which is right wherever the run itself will not happen.
    """
    return validate_config(
        run_config_schema(pipeline, mode),
        {} if run_config is None else run_config,
        resolve_sources=resolve_sources,
    )


def resolve_run_config(
    pipeline: PipelineDefinition,
    run_config: Mapping[str, object] | None,
    mode: str | None = None,
    *,
    resolve_sources: bool = True,
) -> RunConfig:
    """The validated run config; raises DagsterInvalidConfigError with every fault.

    ``resolve_sources`` is as for check_run_config.
    """
    definition = pipeline.get_mode_definition(mode)
    value, faults = check_run_config(pipeline, run_config, mode, resolve_sources=resolve_sources)
    if faults:
        raise _invalid(pipeline, faults, run_config)
    assert isinstance(value, dict)  # the schema is a Shape
    solids: dict[SolidPath, SolidConfig] = {}
    _Collection(pipeline, definition, solids, resolve_sources).add(pipeline, _as_mapping(value.get("solids")), ())
    executor_name, executor_config = _chosen_executor(definition, value.get("execution"), resolve_sources)
    base_dir, in_memory = _storage(value.get("intermediate_storage") or value.get("storage"))
    return RunConfig(
        run_config or {},
        definition,
        solids,
        _resource_configs(definition, value.get("resources") or {}, resolve_sources),
        executor_name,
        executor_config,
        {name: (content or {}).get("config") for name, content in (value.get("loggers") or {}).items()},
        base_dir,
        in_memory,
    )


def _invalid(pipeline: PipelineDefinition, faults: tuple[ConfigFault, ...], value: object) -> DagsterInvalidConfigError:
    return DagsterInvalidConfigError(
        f"The run config for pipeline {pipeline.name!r} does not fit its schema.", faults, value
    )


class _Collection:
    """One walk through a pipeline's graphs, gathering what each solid is given."""

    def __init__(
        self,
        pipeline: PipelineDefinition,
        mode: ModeDefinition,
        found: dict[SolidPath, SolidConfig],
        resolve_sources: bool,
    ) -> None:
        self._pipeline = pipeline
        self._mode = mode
        self._found = found
        self._resolve_sources = resolve_sources

    def add(self, graph: GraphDefinition, configs: Mapping[str, object], path: SolidPath) -> None:
        """Gathers from the ``solids`` section of one graph."""
        for name, node in graph.nodes.items():
            entry = _as_mapping(configs.get(name))
            here = (*path, name)
            inputs = _as_mapping(entry.get("inputs"))
            if isinstance(node.definition, CompositeSolidDefinition):
                if inputs:
                    self._found[here] = SolidConfig(None, inputs)
                self.add(node.definition, self._inside(node.definition, entry, here), here)
                continue
            config = node.definition.resolve_config(entry.get("config"), resolve_sources=self._resolve_sources)
            outputs = _as_mapping(entry.get("outputs"))
            if config is not None or inputs or outputs:
                self._found[here] = SolidConfig(config, inputs, outputs)

    def _inside(
        self, definition: CompositeSolidDefinition, entry: Mapping[str, object], path: SolidPath
    ) -> Mapping[str, object]:
        """The ``solids`` section of a composite: as given, or as its config function makes it."""
        if definition.config_mapping is None:
            return _as_mapping(entry.get("solids"))
        what = f"composite solid {'.'.join(path)!r}"
        given = definition.resolve_config(entry.get("config"), resolve_sources=self._resolve_sources)
        mapped = definition.config_mapping.map_config(given, what)
        schema = SolidsSchema(self._mode).of(definition)
        value, faults = validate_config(
            schema, mapped, ("solids", *_config_path(path)), resolve_sources=self._resolve_sources
        )
        if faults:
            raise DagsterInvalidConfigError(
                f"The config function of {what} in pipeline {self._pipeline.name!r} gave a config that does not fit.",
                faults,
                mapped,
            )
        return _as_mapping(value)


def _config_path(path: SolidPath) -> SolidPath:
    return tuple(part for name in path for part in (name, "solids"))


def _as_mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _resource_configs(
    mode: ModeDefinition, entries: Mapping[str, Mapping[str, object] | None], resolve_sources: bool
) -> dict[str, object]:
    return {
        key: definition.resolve_config((entries.get(key) or {}).get("config"), resolve_sources=resolve_sources)
        for key, definition in mode.resource_defs.items()
        if key in entries  # as all are that the pipeline needs: the schema fills them in
    }


def _chosen_executor(
    mode: ModeDefinition, execution: object, resolve_sources: bool
) -> tuple[str, Mapping[str, object]]:
    if isinstance(execution, Mapping) and execution:
        ((name, content),) = execution.items()
        config = content.get("config") if isinstance(content, Mapping) else None
    else:
        in_process = mode.get_executor_def("in_process")
        name, config = (in_process or mode.executor_defs[0]).name, None
    definition = mode.get_executor_def(name)
    if definition is None:
        return name, _as_mapping(config)
    if config is None and definition.config_field is not None:
        config = validate_config(definition.config_field, {}, resolve_sources=resolve_sources).value
    return definition.kind, _as_mapping(definition.resolve_config(config, resolve_sources=resolve_sources))


def _storage(storage: object) -> tuple[str | None, bool]:
    if not isinstance(storage, Mapping):
        return None, False
    if "in_memory" in storage:
        return None, True
    config = _as_mapping(_as_mapping(storage.get("filesystem")).get("config"))
    base_dir = config.get("base_dir")
    return (base_dir if isinstance(base_dir, str) else None), False
