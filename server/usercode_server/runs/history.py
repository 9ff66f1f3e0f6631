"""What the events of a run say, step by step."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from usercode_sdk.error_info import ErrorInfo
from usercode_sdk.events import (
    EngineEventData,
    Event,
    EventType,
    PipelineFailureData,
    StepFailureData,
    StepRetryData,
)
from usercode_sdk.metadata import EventMetadataEntry
from usercode_sdk.pipeline_run import PipelineRunStatus
from usercode_server.engine_events import PROCESS_LABEL, STEP_PROCESS_LABEL
from usercode_server.process import ProcessIdentity

StepStatus = Literal["RUNNING", "SUCCESS", "FAILURE", "SKIPPED", "UP_FOR_RETRY", "NOT_EXECUTED"]

_ENDS: dict[EventType, StepStatus] = {
    EventType.STEP_SUCCESS: "SUCCESS",
    EventType.STEP_FAILURE: "FAILURE",
    EventType.STEP_SKIPPED: "SKIPPED",
    EventType.STEP_UP_FOR_RETRY: "UP_FOR_RETRY",
}
_STARTS = frozenset({EventType.STEP_START, EventType.STEP_RESTARTED})


class StepHistory(NamedTuple):
    """How one step went. Times are seconds since 1970-01-01 UTC."""

    step_key: str
    status: StepStatus
    attempts: int = 0
    started_at: float | None = None
    """The start of its first attempt."""
    ended_at: float | None = None
    """The end of its latest attempt; None while it runs."""
    error: ErrorInfo | None = None
    """Why its latest attempt failed."""
    metadata_entries: tuple[EventMetadataEntry, ...] = ()
    """What the author's Failure carried, when that ended it."""

    @property
    def seconds(self) -> float | None:
        """How long the step took, over all attempts."""
        if self.started_at is None or self.ended_at is None:
            return None
        return self.ended_at - self.started_at


class RunHistory(NamedTuple):
    """How a run went."""

    steps: tuple[StepHistory, ...]
    """In the order in which they were first heard of."""
    error: ErrorInfo | None
    """Why the run failed, when it was not a step of it."""
    workers: tuple[ProcessIdentity, ...]
    """The processes that were started for it."""


def run_history(events: Iterable[Event]) -> RunHistory:
    """The history that the events of one run, in their order, make up."""
    steps: dict[str, StepHistory] = {}
    error: ErrorInfo | None = None
    workers: list[ProcessIdentity] = []
    for event in events:
        if isinstance(event.data, PipelineFailureData):
            error = event.data.error
        if event.type is EventType.ENGINE_EVENT:
            workers += workers_of(event)
        elif event.step_key is not None:
            step = steps.get(event.step_key) or StepHistory(event.step_key, "RUNNING")
            steps[event.step_key] = _followed(step, event)
    return RunHistory(tuple(steps.values()), error, tuple(workers))


def with_abandoned(history: RunHistory, logged: Iterable[tuple[str, int]]) -> RunHistory:
    """The history with the steps that were given up because others failed.

    No event tells of these: only the log does, of which ``logged`` has the steps and attempts, as an attempt 0.
    """
    known = {step.step_key for step in history.steps}
    abandoned = [key for key, attempt in logged if attempt == 0 and key not in known]
    return history._replace(steps=(*history.steps, *(StepHistory(key, "NOT_EXECUTED") for key in abandoned)))


def worker_is_gone(status: PipelineRunStatus, workers: Sequence[ProcessIdentity]) -> bool:
    """Whether a run waits for workers of this machine that do not exist any more."""
    return (
        not status.is_finished
        and bool(workers)
        and all(worker.is_here for worker in workers)
        and not any(worker.is_alive for worker in workers)
    )


def workers_of(event: Event) -> list[ProcessIdentity]:
    """The processes that an event says were started for its run."""
    return _processes(event, PROCESS_LABEL)


def step_process(events: Iterable[Event], step_key: str) -> ProcessIdentity | None:
    """The process that took the step last, as far as the step has not ended since."""
    last = None
    for event in events:
        if event.step_key == step_key and event.type in _ENDS:
            last = None
        elif event.step_key == step_key and (processes := _processes(event, STEP_PROCESS_LABEL)):
            last = processes[-1]
    return last


def _processes(event: Event, label: str) -> list[ProcessIdentity]:
    if not isinstance(event.data, EngineEventData):
        return []
    entries = event.data.metadata_entries
    texts = [getattr(entry.entry_data, "text", "") for entry in entries if entry.label == label]
    return [identity for text in texts if (identity := ProcessIdentity.from_text(text)) is not None]


def event_error(event: Event) -> ErrorInfo | None:
    """The error that an event carries, if it does."""
    return getattr(event.data, "error", None)


def _followed(step: StepHistory, event: Event) -> StepHistory:
    attempts = max(step.attempts, event.attempt)
    if event.type in _STARTS:
        return step._replace(
            status="RUNNING",
            attempts=attempts,
            started_at=step.started_at or event.timestamp,
            ended_at=None,
            error=None,
            metadata_entries=(),
        )
    if event.type not in _ENDS:
        return step._replace(attempts=attempts)
    return step._replace(
        status=_ENDS[event.type],
        attempts=attempts,
        ended_at=event.timestamp,
        error=event.data.error if isinstance(event.data, (StepFailureData, StepRetryData)) else None,
        metadata_entries=event.data.metadata_entries if isinstance(event.data, StepFailureData) else (),
    )
