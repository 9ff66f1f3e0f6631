"""The events that the platform itself adds to a run."""

from __future__ import annotations

from collections.abc import Mapping
from time import time

from usercode_sdk.error_info import ErrorInfo
from usercode_sdk.events import EngineEventData, Event, EventType, PipelineFailureData
from usercode_sdk.metadata import metadata_entries
from usercode_sdk.pipeline_run import PipelineRun

PROCESS_LABEL = "process"
"""The metadata entry that names the process of a run worker, as ProcessIdentity.to_text() writes it."""
STEP_PROCESS_LABEL = "step_process"
"""The same of a step job, which executes no more than one step."""


def engine_event(
    run: PipelineRun,
    message: str,
    metadata: Mapping[str, object] | None = None,
    error: ErrorInfo | None = None,
    step_key: str | None = None,
) -> Event:
    """A note of the platform."""
    data = EngineEventData(metadata_entries(metadata, None, "An engine event"), error)
    return Event(EventType.ENGINE_EVENT, run.run_id, run.pipeline_name, message, time(), step_key, 0, data)


def run_event(run: PipelineRun, event_type: EventType, message: str) -> Event:
    """A change of the run's status that needs no data."""
    return Event(event_type, run.run_id, run.pipeline_name, message, time())


def run_failure(run: PipelineRun, message: str, error: ErrorInfo | None) -> Event:
    """The end of a run that the platform could not execute."""
    data = PipelineFailureData(error)
    return Event(EventType.PIPELINE_FAILURE, run.run_id, run.pipeline_name, message, time(), data=data)
