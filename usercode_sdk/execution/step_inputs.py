"""Brings the values of a step's inputs together: from upstream outputs, run config and defaults."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping

from usercode_sdk.errors import DagsterExecutionLoadInputError, DagsterTypeLoadingError
from usercode_sdk.events import Event, EventType, LoadedInputData, StepInputData
from usercode_sdk.execution.io_contexts import InputContext
from usercode_sdk.execution.step_scope import StepScope
from usercode_sdk.execution.type_checks import check_type, did_not_pass, verdict
from usercode_sdk.execution.user_code import STEP_SIGNALS, UserCode
from usercode_sdk.plan import StepInput, StepOutputHandle
from usercode_sdk.plan.step import FanIn, FromConfig, FromDefault, FromUpstream, InputSource

Produced = set[StepOutputHandle]


def arrived(source: InputSource, produced: Produced, planned: Mapping[str, object]) -> bool:
    """Whether a source gives anything; outputs of steps outside the plan are taken to be stored already."""
    if isinstance(source, FromUpstream):
        return source.handle in produced or source.handle.step_key not in planned
    if isinstance(source, FanIn):
        return not source.items or any(arrived(item, produced, planned) for item in source.items)
    return True


def load_inputs(scope: StepScope, produced: Produced) -> Generator[Event, None, dict[str, object]]:
    """The values by input name, all loaded before any is checked; inputs of type Nothing have none."""
    values: dict[str, object] = {}
    inputs = [one for one in scope.step.inputs if not one.definition.dagster_type.is_nothing]
    for one in inputs:
        values[one.name] = yield from _load(scope, one, one.source, produced)
    for one in inputs:
        yield from _check(scope, one, values[one.name])
    return values


def _load(scope: StepScope, one: StepInput, source: InputSource, produced: Produced) -> Generator[Event, None, object]:
    if isinstance(source, FromUpstream):
        return (yield from _load_upstream(scope, one, source.handle))
    if isinstance(source, FanIn):
        values: list[object] = []
        for item in source.items:
            if arrived(item, produced, scope.run.plan.steps):
                values.append((yield from _load(scope, one, item, produced)))
        return values
    if isinstance(source, FromConfig):
        return _from_config(scope, one, source)
    assert isinstance(source, FromDefault)  # Unfed inputs are of type Nothing and not loaded
    return source.value


def _from_config(scope: StepScope, one: StepInput, source: FromConfig) -> object:
    loader = source.definition.dagster_type.loader
    assert loader is not None  # the schema has no entry for inputs without a loader
    message = f"Making input {one.name!r} of step {scope.step.key!r} from its run config failed."
    with UserCode(lambda error: DagsterTypeLoadingError(message, error), STEP_SIGNALS):
        return loader.construct_from_config_value(scope.context, source.config)


def _load_upstream(scope: StepScope, one: StepInput, handle: StepOutputHandle) -> Generator[Event, None, object]:
    key = scope.run.io_manager_key(handle)
    manager = scope.run.io_manager(key)
    with UserCode(lambda error: _not_loaded(scope, one, key, error), STEP_SIGNALS):
        value = manager.load_input(_input_context(scope, one, handle, key))
    yield scope.event(
        EventType.LOADED_INPUT,
        f'Loaded input "{one.name}" using input manager "{key}", from output "{handle.output_name}" of step '
        f'"{handle.step_key}"',
        LoadedInputData(one.name, key, handle.step_key, handle.output_name),
    )
    return value


def _not_loaded(scope: StepScope, one: StepInput, key: str, error: BaseException) -> DagsterExecutionLoadInputError:
    return DagsterExecutionLoadInputError(
        f"IO manager {key!r} failed to load input {one.name!r} of step {scope.step.key!r}.", error
    )


def _input_context(scope: StepScope, one: StepInput, handle: StepOutputHandle, key: str) -> InputContext:
    upstream = scope.run.full_plan.get_step(handle.step_key)
    return InputContext(
        one.name,
        scope.run.pipeline.name,
        scope.step.definition,
        None,
        one.definition.metadata,
        scope.output_context(upstream, handle.output_name, key),
        one.definition.dagster_type,
        scope.context.log,
        scope.run.config_of_resource(key),
        scope.run.resources_of(key),
    )


def _check(scope: StepScope, one: StepInput, value: object) -> Iterator[Event]:
    dagster_type = one.definition.dagster_type
    check = check_type(dagster_type, scope.context, value)
    yield scope.event(
        EventType.STEP_INPUT,
        f'Got input "{one.name}" of type "{dagster_type.display_name}".{verdict(check)}',
        StepInputData(one.name, dagster_type.display_name, check.success, check.description, check.metadata_entries),
    )
    if not check.success:
        raise did_not_pass("input", one.name, scope.step.key, dagster_type, check)
