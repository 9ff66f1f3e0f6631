"""Runs pipelines and solids in this process: for scripts, notebooks and tests."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing
from time import time

from usercode_sdk.definitions.mode import ModeDefinition
from usercode_sdk.definitions.node import NodeDefinition
from usercode_sdk.definitions.pipeline import PipelineDefinition
from usercode_sdk.errors import DagsterInvalidDefinitionError, DagsterInvariantViolationError
from usercode_sdk.events import Event, EventType, PipelineFailureData
from usercode_sdk.execution.in_process import run_pipeline
from usercode_sdk.execution.results import (
    CompositeSolidExecutionResult,
    PipelineExecutionResult,
    SolidExecutionResult,
)
from usercode_sdk.instance import DagsterInstance
from usercode_sdk.pipeline_run import PipelineRun, new_run_id
from usercode_sdk.plan import StepOutputHandle
from usercode_sdk.reconstructable import ReconstructablePipeline
from usercode_sdk.run_config import resolve_run_config
from usercode_sdk.tags import validate_tags


def execute_pipeline(
    pipeline: PipelineDefinition | ReconstructablePipeline,
    run_config: Mapping[str, object] | None = None,
    mode: str | None = None,
    preset: str | None = None,
    tags: Mapping[str, object] | None = None,
    solid_selection: Sequence[str] | None = None,
    instance: DagsterInstance | None = None,
    raise_on_error: bool = True,
) -> PipelineExecutionResult:
    """Runs a pipeline to its end.

    With ``raise_on_error`` the first exception of the author's code is raised; without, the result
    carries the failure. Raises DagsterInvalidConfigError with every fault of the run config.
    """
    values: dict[StepOutputHandle, object] = {}
    definition, run, where = _prepared(pipeline, run_config, mode, preset, tags, solid_selection, instance)
    happenings = run_pipeline(definition, run, where, raise_on_error=raise_on_error, captured_outputs=values)
    events = list(_recorded(happenings, run, where))
    return PipelineExecutionResult(definition, run.run_id, events, values)


def execute_pipeline_iterator(
    pipeline: PipelineDefinition | ReconstructablePipeline,
    run_config: Mapping[str, object] | None = None,
    mode: str | None = None,
    preset: str | None = None,
    tags: Mapping[str, object] | None = None,
    solid_selection: Sequence[str] | None = None,
    instance: DagsterInstance | None = None,
) -> Generator[Event, None, None]:
    """Runs a pipeline and gives its events as they happen; failures are events, not exceptions."""
    definition, run, where = _prepared(pipeline, run_config, mode, preset, tags, solid_selection, instance)
    return _recorded(run_pipeline(definition, run, where), run, where)


def _recorded(
    events: Generator[Event, None, None], run: PipelineRun, instance: DagsterInstance
) -> Generator[Event, None, None]:
    """The events, each recorded before it is given on; a run whose events are not read to the end fails."""
    with closing(events):
        try:
            for event in events:
                instance.record(event)
                yield event
        except GeneratorExit:
            events.close()
            recorded = instance.get_run_by_id(run.run_id)
            if recorded is not None and not recorded.is_finished:
                instance.record(_abandoned(run))
            raise


def _abandoned(run: PipelineRun) -> Event:
    message = f'Execution of pipeline "{run.pipeline_name}" failed: its events were not read to the end.'
    return Event(EventType.PIPELINE_FAILURE, run.run_id, run.pipeline_name, message, time(), data=PipelineFailureData())


def execute_solid(
    solid_def: NodeDefinition,
    mode_def: ModeDefinition | None = None,
    input_values: Mapping[str, object] | None = None,
    tags: Mapping[str, object] | None = None,
    run_config: Mapping[str, object] | None = None,
    raise_on_error: bool = True,
) -> SolidExecutionResult | CompositeSolidExecutionResult:
    """Runs one solid by itself with the given input values."""
    pipeline = _pipeline_around(solid_def, mode_def, input_values or {})
    result = execute_pipeline(pipeline, run_config, tags=tags, raise_on_error=raise_on_error)
    return result.result_for_solid(solid_def.name)


def _pipeline_around(
    solid_def: NodeDefinition, mode_def: ModeDefinition | None, values: Mapping[str, object]
) -> PipelineDefinition:
    from usercode_sdk.definitions.dependency import DependencyDefinition
    from usercode_sdk.definitions.names import did_you_mean

    if not isinstance(solid_def, NodeDefinition):
        raise DagsterInvariantViolationError(f"execute_solid() takes a solid, not {type(solid_def).__name__}.")
    for name in values:
        if name not in solid_def.input_dict:
            raise DagsterInvalidDefinitionError(
                f"{solid_def.describe()} has no input {name!r}.{did_you_mean(name, solid_def.input_dict)}"
            )
    sources = {name: _value_solid(f"input_{name}_of_{solid_def.name}", value) for name, value in values.items()}
    return PipelineDefinition(
        [solid_def, *sources.values()],
        f"execute_{solid_def.name}",
        dependencies={solid_def.name: {name: DependencyDefinition(one.name) for name, one in sources.items()}},
        mode_defs=None if mode_def is None else [mode_def],
    )


def _value_solid(name: str, value: object) -> NodeDefinition:
    from usercode_sdk.definitions.outputs import OutputDefinition
    from usercode_sdk.definitions.solid import SolidDefinition
    from usercode_sdk.user_events import Output

    def give(_context: object, _inputs: object) -> Iterator[Output[object]]:
        yield Output(value)

    return SolidDefinition(name, compute_fn=give, output_defs=[OutputDefinition()])


def _prepared(
    pipeline: PipelineDefinition | ReconstructablePipeline,
    run_config: Mapping[str, object] | None,
    mode: str | None,
    preset: str | None,
    tags: Mapping[str, object] | None,
    solid_selection: Sequence[str] | None,
    instance: DagsterInstance | None,
) -> tuple[PipelineDefinition, PipelineRun, DagsterInstance]:
    definition = pipeline.get_definition() if isinstance(pipeline, ReconstructablePipeline) else pipeline
    if not isinstance(definition, PipelineDefinition):
        raise DagsterInvariantViolationError(f"execute_pipeline() takes a pipeline, not {type(definition).__name__}.")
    run = pipeline_run_for(definition, run_config, mode, preset, tags, solid_selection)
    resolve_run_config(definition, run.run_config, run.mode)
    where = instance if instance is not None else DagsterInstance.ephemeral()
    where.create_run(run)
    return definition, run, where


def pipeline_run_for(
    pipeline: PipelineDefinition,
    run_config: Mapping[str, object] | None = None,
    mode: str | None = None,
    preset: str | None = None,
    tags: Mapping[str, object] | None = None,
    solid_selection: Sequence[str] | None = None,
    run_id: str | None = None,
) -> PipelineRun:
    """A new run with what a preset and the call say together.

    Tags of the pipeline are under those of the preset, these under those of the call. Raises
    DagsterInvariantViolationError for a mode or a run config that contradicts the preset.
    """
    if run_config is not None and not isinstance(run_config, Mapping):
        raise DagsterInvariantViolationError(
            f"The run config for pipeline {pipeline.name!r} is a {type(run_config).__name__}. Give a dict."
        )
    given_tags = validate_tags(tags, "this run") if tags else {}
    preset_tags: Mapping[str, str] = {}
    if preset is not None:
        chosen = pipeline.get_preset(preset)
        _check_preset(pipeline, preset, chosen.mode, mode, chosen.run_config, run_config)
        run_config, mode, preset_tags = chosen.run_config or run_config, chosen.mode, chosen.tags
        solid_selection = solid_selection or chosen.solid_selection
    if solid_selection is not None and list(solid_selection) != ["*"]:
        raise DagsterInvariantViolationError(
            f"The run of pipeline {pipeline.name!r} asks for a solid selection, {list(solid_selection)!r}, "
            "which is not supported. Run the whole pipeline."
        )
    return PipelineRun(
        run_id or new_run_id(),
        pipeline.name,
        dict(run_config or {}),
        pipeline.get_mode_definition(mode).name,
        tags={**pipeline.tags, **preset_tags, **given_tags},
    )


def _check_preset(
    pipeline: PipelineDefinition,
    preset: str,
    preset_mode: str,
    mode: str | None,
    preset_config: Mapping[str, object],
    run_config: Mapping[str, object] | None,
) -> None:
    if mode is not None and mode != preset_mode:
        raise DagsterInvariantViolationError(
            f"Preset {preset!r} of pipeline {pipeline.name!r} is for mode {preset_mode!r}; "
            f"it can't run in mode {mode!r}."
        )
    if run_config and preset_config and run_config != preset_config:
        raise DagsterInvariantViolationError(
            f"Both preset {preset!r} and another run config are given for pipeline {pipeline.name!r}. "
            "Give one of them, or derive a preset with with_additional_config()."
        )
