"""The run config of a pipeline in a mode: its schema, and its validated parts ready for execution."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from usercode_sdk.config import (
    ConfigFault,
    ConfigResult,
    Field,
    Selector,
    Shape,
    validate_config,
)
from usercode_sdk.definitions.composite import CompositeSolidDefinition
from usercode_sdk.definitions.graph import GraphDefinition
from usercode_sdk.definitions.mode import ModeDefinition
from usercode_sdk.definitions.node import Solid
from usercode_sdk.definitions.outputs import DEFAULT_IO_MANAGER_KEY
from usercode_sdk.definitions.pipeline import PipelineDefinition
from usercode_sdk.definitions.solid import SolidDefinition
from usercode_sdk.errors import DagsterInvalidConfigError

SolidPath = tuple[str, ...]


class SolidConfig(NamedTuple):
    """The config of one solid and of its inputs that nothing else feeds."""

    config: object = None
    inputs: Mapping[str, object] = {}


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
_EMPTY = Field(Shape({}))
_STORAGE = Field(
    Selector(
        {
            "in_memory": Field(Shape({"config": Field(Shape({}), is_required=False)}), is_required=False),
            "filesystem": Field(
                Shape({"config": Field(Shape({"base_dir": Field(str, is_required=False)}), is_required=False)}),
                is_required=False,
            ),
        }
    ),
    is_required=False,
)
_CONSOLE = Field(
    {
        "log_level": Field(str, default_value="INFO", is_required=False),
        "name": Field(str, default_value="dagster", is_required=False),
    }
)


def run_config_schema(pipeline: PipelineDefinition, mode: str | None = None) -> Field:
    """What the run config of ``pipeline`` in ``mode`` must look like."""
    definition = pipeline.get_mode_definition(mode)
    return Field(
        Shape(
            {
                "solids": _solids_field(pipeline, frozenset()),
                "resources": _resources_field(pipeline, definition),
                "execution": _execution_field(definition),
                "loggers": _loggers_field(definition),
                "intermediate_storage": _STORAGE,
                "storage": _STORAGE,
            }
        )
    )


def _solids_field(graph: GraphDefinition, fed_from_outside: frozenset[tuple[str, str]]) -> Field:
    fields = {name: _solid_field(node, graph, fed_from_outside) for name, node in graph.nodes.items()}
    return Field(Shape(fields))


def _solid_field(node: Solid, graph: GraphDefinition, fed_from_outside: frozenset[tuple[str, str]]) -> Field:
    definition = node.definition
    entries: dict[str, Field] = {}
    inputs = _inputs_shape(node, graph, fed_from_outside)
    if inputs:
        entries["inputs"] = Field(Shape(inputs))
    if isinstance(definition, CompositeSolidDefinition):
        if definition.config_mapping is not None:
            if definition.config_field is not None:
                entries["config"] = definition.config_field
        else:
            entries["solids"] = _solids_field(definition, _handed_on(definition))
    elif definition.config_field is not None:
        entries["config"] = definition.config_field
    return Field(Shape(entries)) if entries else _EMPTY


def _handed_on(composite: CompositeSolidDefinition) -> frozenset[tuple[str, str]]:
    return frozenset((mapping.solid_name, mapping.input_name) for mapping in composite.input_mappings)


def _inputs_shape(
    node: Solid, graph: GraphDefinition, fed_from_outside: frozenset[tuple[str, str]]
) -> dict[str, Field]:
    fed = graph.dependencies[node.name]
    fields = {}
    for one in node.definition.input_defs:
        loader = one.dagster_type.loader
        if loader is None or one.name in fed or (node.name, one.name) in fed_from_outside:
            continue
        required = not (one.has_default_value or _has_inner_default(node, one.name))
        fields[one.name] = Field(loader.config_field.config_type, is_required=required)
    return fields


def _has_inner_default(node: Solid, input_name: str) -> bool:
    """Whether an unfed input of a composite reaches only inputs inside that have defaults."""
    if not isinstance(node.definition, CompositeSolidDefinition):
        return False
    targets = [one for one in node.definition.input_mappings if one.definition.name == input_name]
    return bool(targets) and all(
        _target_has_default(node.definition, one.solid_name, one.input_name) for one in targets
    )


def _target_has_default(composite: CompositeSolidDefinition, solid_name: str, input_name: str) -> bool:
    inner = composite.nodes[solid_name]
    definition = inner.definition.input_dict[input_name]
    return definition.has_default_value or definition.dagster_type.is_nothing or _has_inner_default(inner, input_name)


def _resources_field(pipeline: PipelineDefinition, mode: ModeDefinition) -> Field:
    needed = required_resource_keys(pipeline, mode)
    fields = {}
    for key, definition in mode.resource_defs.items():
        shape = Shape({"config": definition.config_field}) if definition.config_field is not None else Shape({})
        fields[key] = Field(shape) if key in needed else Field(shape, is_required=False)
    return Field(Shape(fields))


def required_resource_keys(pipeline: GraphDefinition, mode: ModeDefinition) -> frozenset[str]:
    """The resources that some solid of ``pipeline`` needs in ``mode``, and those that these need."""
    needed = {DEFAULT_IO_MANAGER_KEY} & mode.resource_defs.keys()
    for definition in pipeline.solid_definitions():
        if isinstance(definition, SolidDefinition):
            needed |= solid_resource_keys(definition)
    return with_required(needed, mode)


def solid_resource_keys(definition: SolidDefinition) -> frozenset[str]:
    """The resources that one solid, its outputs' IO managers and its types need."""
    keys = set(definition.required_resource_keys)
    for output in definition.output_defs:
        keys.add(output.io_manager_key)
        keys |= output.dagster_type.required_resource_keys
    for one in definition.input_defs:
        keys |= one.dagster_type.required_resource_keys
        if one.dagster_type.loader is not None:
            keys |= one.dagster_type.loader.required_resource_keys
    return frozenset(keys)


def with_required(keys: set[str] | frozenset[str], mode: ModeDefinition) -> frozenset[str]:
    """``keys`` and, transitively, the resources that these resources need."""
    found: set[str] = set()
    waiting = [key for key in keys if key in mode.resource_defs]
    while waiting:
        key = waiting.pop()
        if key not in found:
            found.add(key)
            waiting += mode.resource_defs[key].required_resource_keys
    return frozenset(found)


def _execution_field(mode: ModeDefinition) -> Field:
    fields = {
        one.name: Field(
            Shape({} if one.config_field is None else {"config": one.config_field}),
            is_required=False,
        )
        for one in mode.executor_defs
    }
    return Field(Selector(fields), is_required=False)


def _loggers_field(mode: ModeDefinition) -> Field:
    if mode.loggers:
        fields = {
            name: Field(Shape({} if one.config_field is None else {"config": one.config_field}), is_required=False)
            for name, one in mode.loggers.items()
        }
    else:
        fields = {"console": Field(Shape({"config": _CONSOLE}), is_required=False)}
    return Field(Shape(fields), is_required=False)


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
    pipeline: PipelineDefinition, run_config: Mapping[str, object] | None, mode: str | None = None
) -> RunConfig:
    """The validated run config; raises DagsterInvalidConfigError with every fault."""
    definition = pipeline.get_mode_definition(mode)
    value, faults = check_run_config(pipeline, run_config, mode)
    if faults:
        raise _invalid(pipeline, faults, run_config)
    assert isinstance(value, dict)  # the schema is a Shape
    solids: dict[SolidPath, SolidConfig] = {}
    _collect_solids(pipeline, value.get("solids") or {}, (), solids, pipeline)
    executor_name, executor_config = _chosen_executor(definition, value.get("execution"))
    base_dir, in_memory = _storage(value.get("intermediate_storage") or value.get("storage"))
    return RunConfig(
        run_config or {},
        definition,
        solids,
        _resource_configs(definition, value.get("resources") or {}),
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


def _collect_solids(
    graph: GraphDefinition,
    configs: Mapping[str, Mapping[str, object]],
    path: SolidPath,
    found: dict[SolidPath, SolidConfig],
    pipeline: PipelineDefinition,
) -> None:
    for name, node in graph.nodes.items():
        entry = configs.get(name) or {}
        here = (*path, name)
        definition = node.definition
        inputs = entry.get("inputs")
        config = entry.get("config")
        if isinstance(definition, CompositeSolidDefinition):
            if inputs:
                found[here] = SolidConfig(None, _as_mapping(inputs))
            inner = _inner_configs(definition, entry, here, pipeline)
            _collect_solids(definition, inner, here, found, pipeline)
            continue
        config = definition.resolve_config(config)
        if config is not None or inputs:
            found[here] = SolidConfig(config, _as_mapping(inputs))


def _inner_configs(
    definition: CompositeSolidDefinition,
    entry: Mapping[str, object],
    path: SolidPath,
    pipeline: PipelineDefinition,
) -> Mapping[str, Mapping[str, object]]:
    if definition.config_mapping is None:
        return _as_mapping(entry.get("solids"))  # type: ignore[return-value]  # validated by the schema
    what = f"composite solid {'.'.join(path)!r}"
    mapped = definition.config_mapping.map_config(definition.resolve_config(entry.get("config")), what)
    schema = _solids_field(definition, _handed_on(definition))
    value, faults = validate_config(schema, mapped, ("solids", *_config_path(path)))
    if faults:
        raise DagsterInvalidConfigError(
            f"The config function of {what} in pipeline {pipeline.name!r} gave a config that does not fit.",
            faults,
            mapped,
        )
    return _as_mapping(value)  # type: ignore[return-value]  # validated by the schema


def _config_path(path: SolidPath) -> SolidPath:
    return tuple(part for name in path for part in (name, "solids"))


def _as_mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _resource_configs(mode: ModeDefinition, entries: Mapping[str, Mapping[str, object] | None]) -> dict[str, object]:
    return {
        key: definition.resolve_config((entries.get(key) or {}).get("config"))
        for key, definition in mode.resource_defs.items()
        if key in entries  # as all are that the pipeline needs: the schema fills them in
    }


def _chosen_executor(mode: ModeDefinition, execution: object) -> tuple[str, Mapping[str, object]]:
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
        config = validate_config(definition.config_field, {}).value
    return definition.kind, _as_mapping(definition.resolve_config(config))


def _storage(storage: object) -> tuple[str | None, bool]:
    if not isinstance(storage, Mapping):
        return None, False
    if "in_memory" in storage:
        return None, True
    config = _as_mapping(_as_mapping(storage.get("filesystem")).get("config"))
    base_dir = config.get("base_dir")
    return (base_dir if isinstance(base_dir, str) else None), False
