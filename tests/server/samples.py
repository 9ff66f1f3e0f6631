"""Runs and events that tests need and do not care about the details of."""

from __future__ import annotations

from usercode_sdk.events import (
    Event,
    EventData,
    EventType,
    HandledOutputData,
    LogsCapturedData,
    StepOutputData,
    StepSuccessData,
)
from usercode_sdk.pipeline_run import PipelineRun
from usercode_server.storage.base import RunRecord
from usercode_server.target import CodeTarget


def a_run(run_id: str = "run-1", pipeline_name: str = "p", tags: dict[str, str] | None = None) -> PipelineRun:
    """A run that was asked for nothing in particular."""
    return PipelineRun(run_id, pipeline_name, {}, "default", tags=tags or {})


def a_record(run_id: str = "run-1", pipeline_name: str = "p", tags: dict[str, str] | None = None) -> RunRecord:
    """Such a run as a store takes it."""
    return RunRecord(a_run(run_id, pipeline_name, tags), CodeTarget(python_file="/repo.py"))


def an_event(
    event_type: EventType,
    run_id: str = "run-1",
    *,
    step_key: str | None = None,
    attempt: int = 0,
    timestamp: float = 1.5,
    message: str = "It happened.",
    data: EventData | None = None,
) -> Event:
    """An event of the pipeline ``p``."""
    return Event(event_type, run_id, "p", message, timestamp, step_key, attempt, data)


def step_events(step_key: str, run_id: str = "run-1") -> list[Event]:
    """What a step without inputs that succeeds reports."""
    parts: list[tuple[EventType, EventData | None]] = [
        (EventType.LOGS_CAPTURED, LogsCapturedData(f"{step_key}.1")),
        (EventType.STEP_START, None),
        (EventType.STEP_OUTPUT, StepOutputData("result", "Any", True)),
        (EventType.HANDLED_OUTPUT, HandledOutputData("result", "io_manager")),
        (EventType.STEP_SUCCESS, StepSuccessData(1.25)),
    ]
    return [an_event(kind, run_id, step_key=step_key, attempt=1, data=data) for kind, data in parts]
