"""Brings the events of a real run into the words of the model."""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from tests.sdk.model.semantics import Expected, Status, StepResult
from usercode_sdk import Event, EventType
from usercode_sdk.events import HandledOutputData, LoadedInputData, StepInputData, StepOutputData, StepRetryData

STEP_ENDS: Mapping[EventType, Status] = {
    EventType.STEP_SUCCESS: "success",
    EventType.STEP_FAILURE: "failure",
    EventType.STEP_SKIPPED: "skipped",
}
_STARTS = (EventType.STEP_START, EventType.STEP_RESTARTED)


def step_results(
    events: Iterable[Event], step_keys: Iterable[str], outputs: Mapping[tuple[str, str], object]
) -> dict[str, StepResult]:
    """What came of each step, by its events and the values of its outputs; without events it was abandoned."""
    by_step: dict[str, list[Event]] = {key: [] for key in step_keys}
    for event in events:
        if event.step_key is not None and event.type is not EventType.ENGINE_EVENT:
            by_step[event.step_key].append(event)
    return {
        key: _step_result(of_step, {name: value for (step, name), value in outputs.items() if step == key})
        for key, of_step in by_step.items()
    }


def _step_result(events: Sequence[Event], outputs: Mapping[str, object]) -> StepResult:
    if not events:
        return StepResult("abandoned", outputs=outputs)
    return StepResult(
        STEP_ENDS[events[-1].type],
        sum(event.type in _STARTS for event in events),
        tuple(map(described, events)),
        outputs,
    )


def described(event: Event) -> str:
    """The type of an event, with what tells it from others of its type."""
    data = event.data
    name = event.type.value
    if isinstance(data, LoadedInputData):
        return f"{name} {data.input_name} from {data.upstream_step_key}.{data.upstream_output_name}"
    if isinstance(data, StepInputData):
        return f"{name} {data.input_name}{'' if data.type_check_passed else ' misfit'}"
    if isinstance(data, StepOutputData):
        return f"{name} {data.output_name}{'' if data.type_check_passed else ' misfit'}"
    return f"{name} {data.output_name}" if isinstance(data, HandledOutputData) else name


def ready_steps(events: Iterable[Event], expected: Expected) -> list[str]:
    """The steps that an orchestrator may start now: not over, and what they need is over and did not fail."""
    ends = {event.step_key: event.type for event in events if event.type in STEP_ENDS}
    good = {key for key, end in ends.items() if end is not EventType.STEP_FAILURE}
    return [key for key, upstream in expected.upstream.items() if key not in ends and upstream <= good]


def stored_outputs(run_folder: Path, expected: Expected) -> dict[tuple[str, str], object]:
    """The values in fs_io_manager's folder: those that reach the steps below, and any of a step not executed."""
    return {
        (key, path.name): pickle.loads(path.read_bytes())
        for key, step in expected.steps.items()
        for path in sorted((run_folder / key).glob("*"))
        if not step.attempts or path.name in step.outputs
    }


def faults_of_order(events: Sequence[Event], expected: Expected) -> list[str]:
    """Where a run in one process broke an order: steps after those they need, urgent ones first, one at a time."""
    faults: list[str] = []
    waiting = {key: upstream for key, upstream in expected.upstream.items() if expected.steps[key].attempts}
    ended: set[str] = set()
    running: str | None = None
    for event in events:
        key = event.step_key
        if key is None or event.type is EventType.ENGINE_EVENT:
            continue
        if running not in (None, key):
            faults.append(f"{key} has an event while {running} is running")
        if event.type is EventType.LOGS_CAPTURED:
            running = key
            waiting.pop(key, None)
            urgent = [
                one for one, upstream in waiting.items() if expected.is_more_urgent(one, key) and upstream <= ended
            ]
            faults += [f"{key} goes ahead of {one}, which is ready and more urgent" for one in urgent]
        faults += [f"{key} comes before {one}" for one in sorted(expected.upstream[key] - ended)]
        if isinstance(event.data, StepRetryData) and not event.data.seconds_to_wait:
            waiting[key] = expected.upstream[key]
        if event.type in STEP_ENDS or event.type is EventType.STEP_UP_FOR_RETRY:
            running = None
        if event.type in STEP_ENDS:
            ended.add(key)
    return faults
