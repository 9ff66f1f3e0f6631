"""How the state of a run follows from its events."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from usercode_sdk.events import Event, EventType
from usercode_sdk.pipeline_run import STATUS_AFTER, PipelineRunStatus
from usercode_server.storage.errors import RunEndedError, RunStartedTwiceError

_BEGINNINGS = (PipelineRunStatus.STARTING, PipelineRunStatus.STARTED)


class RunChange(NamedTuple):
    """The status after some events, and when the run started and ended, if it did so in these."""

    status: PipelineRunStatus
    started_at: float | None = None
    ended_at: float | None = None


def change_by(run_id: str, status: PipelineRunStatus, events: Iterable[Event]) -> RunChange:
    """What ``events`` make of a run that has ``status``.

    A finished run stays as it is, and takes nothing more but ENGINE_EVENTs, the platform's own notes:
    anything else raises RunEndedError. A second start raises RunStartedTwiceError.
    """
    change = RunChange(status)
    for event in events:
        if change.status.is_finished and event.type is not EventType.ENGINE_EVENT:
            raise RunEndedError(run_id, change.status, event.type.value)
        if event.type is EventType.PIPELINE_START and change.status is PipelineRunStatus.STARTED:
            raise RunStartedTwiceError(run_id)
        after = STATUS_AFTER.get(event.type)
        if after is None:
            continue
        # A worker that starts just as its run is canceled does not take that back.
        if not (change.status is PipelineRunStatus.CANCELING and after in _BEGINNINGS):
            change = change._replace(status=after)
        if after is PipelineRunStatus.STARTED and change.started_at is None:
            change = change._replace(started_at=event.timestamp)
        elif after.is_finished:
            change = change._replace(ended_at=event.timestamp)
    return change
