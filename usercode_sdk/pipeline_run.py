"""One execution of a pipeline: its identity, what it was asked to do, and where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from usercode_sdk.events import EventType


class PipelineRunStatus(StrEnum):
    """Where a run stands."""

    QUEUED = "QUEUED"
    NOT_STARTED = "NOT_STARTED"
    MANAGED = "MANAGED"
    STARTING = "STARTING"
    STARTED = "STARTED"
    SUCCESS = "SUCCESS"
    FAILURE = "FAILURE"
    CANCELING = "CANCELING"
    CANCELED = "CANCELED"

    @property
    def is_finished(self) -> bool:
        """Whether nothing more can happen in the run."""
        return self in _FINISHED


_FINISHED = frozenset({PipelineRunStatus.SUCCESS, PipelineRunStatus.FAILURE, PipelineRunStatus.CANCELED})

STATUS_AFTER: Mapping[EventType, PipelineRunStatus] = {
    EventType.PIPELINE_ENQUEUED: PipelineRunStatus.QUEUED,
    EventType.PIPELINE_STARTING: PipelineRunStatus.STARTING,
    EventType.PIPELINE_START: PipelineRunStatus.STARTED,
    EventType.PIPELINE_SUCCESS: PipelineRunStatus.SUCCESS,
    EventType.PIPELINE_FAILURE: PipelineRunStatus.FAILURE,
    EventType.PIPELINE_CANCELING: PipelineRunStatus.CANCELING,
    EventType.PIPELINE_CANCELED: PipelineRunStatus.CANCELED,
}
"""The status a run has after an event of this type; other types leave it as it is."""


class PipelineRun(NamedTuple):
    """What a run was asked to do, and its status."""

    run_id: str
    pipeline_name: str
    run_config: Mapping[str, object]
    mode: str
    solid_selection: tuple[str, ...] | None = None
    """Names of the solids to execute; None for all."""
    step_keys_to_execute: tuple[str, ...] | None = None
    """Keys of the steps to execute; None for all."""
    tags: Mapping[str, str] = {}
    status: PipelineRunStatus = PipelineRunStatus.NOT_STARTED
    root_run_id: str | None = None
    parent_run_id: str | None = None

    @property
    def is_success(self) -> bool:
        return self.status is PipelineRunStatus.SUCCESS

    @property
    def is_failure(self) -> bool:
        return self.status is PipelineRunStatus.FAILURE

    @property
    def is_finished(self) -> bool:
        return self.status.is_finished


def new_run_id() -> str:
    """A fresh run id: a random UUID, as text."""
    from uuid import uuid4

    return str(uuid4())
