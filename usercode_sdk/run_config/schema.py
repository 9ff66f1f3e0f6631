"""The schema of a pipeline's run config in a mode."""

from __future__ import annotations

from functools import lru_cache

from usercode_sdk.config import Field, Selector, Shape
from usercode_sdk.definitions.any_config import ANY_CONFIG
from usercode_sdk.definitions.composite import CompositeSolidDefinition
from usercode_sdk.definitions.graph import GraphDefinition
from usercode_sdk.definitions.io_manager import IOManagerDefinition
from usercode_sdk.definitions.mode import ModeDefinition
from usercode_sdk.definitions.node import NodeDefinition, Solid
from usercode_sdk.definitions.pipeline import PipelineDefinition
from usercode_sdk.run_config.needs import required_resource_keys

_EMPTY = Field(Shape({}))
_ANY_SOLID = Field(Shape({"config": ANY_CONFIG}))
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


# A code server is asked again and again about the same pipelines, and making a schema takes longer than checking by it.
@lru_cache(maxsize=128)
def run_config_schema(pipeline: PipelineDefinition, mode: str | None = None) -> Field:
    """What the run config of ``pipeline`` in ``mode`` must look like."""
    definition = pipeline.get_mode_definition(mode)
    return Field(
        Shape(
            {
                "solids": SolidsSchema(definition).of(pipeline),
                "resources": _resources_field(pipeline, definition),
                "execution": _execution_field(definition),
                "loggers": _loggers_field(definition),
                "intermediate_storage": _STORAGE,
                "storage": _STORAGE,
            }
        )
    )


class SolidsSchema:
    """The ``solids`` sections of the graphs of a pipeline in one mode."""

    def __init__(self, mode: ModeDefinition) -> None:
        self._mode = mode

    def of(self, graph: GraphDefinition) -> Field:
        """The entries of a graph's solids; inputs that the graph hands on have theirs further out."""
        handed_on = frozenset((mapping.solid_name, mapping.input_name) for mapping in graph.input_mappings)
        return Field(Shape({name: self._solid(node, graph, handed_on) for name, node in graph.nodes.items()}))

    def _solid(self, node: Solid, graph: GraphDefinition, handed_on: frozenset[tuple[str, str]]) -> Field:
        definition = node.definition
        entries = self._config(definition)
        inputs = _inputs(node, graph, handed_on)
        if inputs:
            entries["inputs"] = Field(Shape(inputs))
        outputs = self._outputs(definition)
        if outputs:
            entries["outputs"] = Field(Shape(outputs))
        if len(entries) == 1 and entries.get("config") is ANY_CONFIG:
            return _ANY_SOLID
        return Field(Shape(entries)) if entries else _EMPTY

    def _config(self, definition: NodeDefinition) -> dict[str, Field]:
        if isinstance(definition, CompositeSolidDefinition) and definition.config_mapping is None:
            return {"solids": self.of(definition)}
        return {} if definition.config_field is None else {"config": definition.config_field}

    def _outputs(self, definition: NodeDefinition) -> dict[str, Field]:
        """What the IO managers of this mode want to know about single outputs."""
        if isinstance(definition, GraphDefinition):
            return {}
        fields = {}
        for output in definition.output_defs:
            manager = self._mode.resource_defs.get(output.io_manager_key)
            if isinstance(manager, IOManagerDefinition) and manager.output_config_field is not None:
                fields[output.name] = manager.output_config_field
        return fields


def _inputs(node: Solid, graph: GraphDefinition, handed_on: frozenset[tuple[str, str]]) -> dict[str, Field]:
    fed = graph.dependencies[node.name]
    fields = {}
    for one in node.definition.input_defs:
        loader = one.dagster_type.loader
        if loader is None or one.name in fed or (node.name, one.name) in handed_on:
            continue
        required = not node.definition.may_stay_unfed(one)
        fields[one.name] = Field(loader.config_field.config_type, is_required=required)
    return fields


def _resources_field(pipeline: PipelineDefinition, mode: ModeDefinition) -> Field:
    needed = required_resource_keys(pipeline, mode)
    fields = {}
    for key, definition in mode.resource_defs.items():
        shape = Shape({"config": definition.config_field}) if definition.config_field is not None else Shape({})
        fields[key] = Field(shape) if key in needed else Field(shape, is_required=False)
    return Field(Shape(fields))


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
