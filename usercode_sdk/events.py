"""What happened in a run: one immutable :class:`Event` a happening, in the order it happened.

The same event travels from the step that made it to storage and to whoever shows it.
Type names and their order within a step are those of the solid-era event log.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple, TypeAlias

from usercode_sdk.error_info import ErrorInfo
from usercode_sdk.metadata import EventMetadataEntry
from usercode_sdk.user_events import AssetKey


class EventType(StrEnum):
    """The kinds of events."""

    STEP_OUTPUT = "STEP_OUTPUT"
    STEP_INPUT = "STEP_INPUT"
    STEP_FAILURE = "STEP_FAILURE"
    STEP_START = "STEP_START"
    STEP_SUCCESS = "STEP_SUCCESS"
    STEP_SKIPPED = "STEP_SKIPPED"
    STEP_UP_FOR_RETRY = "STEP_UP_FOR_RETRY"
    STEP_RESTARTED = "STEP_RESTARTED"
    ASSET_MATERIALIZATION = "ASSET_MATERIALIZATION"
    STEP_EXPECTATION_RESULT = "STEP_EXPECTATION_RESULT"
    PIPELINE_ENQUEUED = "PIPELINE_ENQUEUED"
    PIPELINE_DEQUEUED = "PIPELINE_DEQUEUED"
    PIPELINE_STARTING = "PIPELINE_STARTING"
    PIPELINE_START = "PIPELINE_START"
    PIPELINE_SUCCESS = "PIPELINE_SUCCESS"
    PIPELINE_FAILURE = "PIPELINE_FAILURE"
    PIPELINE_CANCELING = "PIPELINE_CANCELING"
    PIPELINE_CANCELED = "PIPELINE_CANCELED"
    LOADED_INPUT = "LOADED_INPUT"
    HANDLED_OUTPUT = "HANDLED_OUTPUT"
    ENGINE_EVENT = "ENGINE_EVENT"
    LOGS_CAPTURED = "LOGS_CAPTURED"


class StepInputData(NamedTuple):
    """An input passed or failed its type check."""

    input_name: str
    type_name: str
    type_check_passed: bool
    type_check_description: str | None = None
    metadata_entries: tuple[EventMetadataEntry, ...] = ()


class StepOutputData(NamedTuple):
    """An output was yielded and passed or failed its type check."""

    output_name: str
    type_name: str
    type_check_passed: bool
    type_check_description: str | None = None
    metadata_entries: tuple[EventMetadataEntry, ...] = ()
    mapping_key: str | None = None


class StepSuccessData(NamedTuple):
    """A step ended well."""

    duration_ms: float


class StepFailureData(NamedTuple):
    """A step ended badly.

    ``error`` is the exception; for a :class:`Failure` of the author's, ``failure_description``
    and ``metadata_entries`` are what it carried.
    """

    error: ErrorInfo
    failure_description: str | None = None
    metadata_entries: tuple[EventMetadataEntry, ...] = ()
    error_source: str = "USER_CODE_ERROR"


class StepRetryData(NamedTuple):
    """A step will be tried again; ``seconds_to_wait`` is 0 for at once."""

    error: ErrorInfo | None
    seconds_to_wait: float


class StepSkippedData(NamedTuple):
    """A step is skipped since nothing arrived for these inputs."""

    input_names: tuple[str, ...]


class LoadedInputData(NamedTuple):
    """An IO manager loaded one upstream output."""

    input_name: str
    manager_key: str
    upstream_step_key: str | None = None
    upstream_output_name: str | None = None


class HandledOutputData(NamedTuple):
    """An IO manager stored an output."""

    output_name: str
    manager_key: str
    metadata_entries: tuple[EventMetadataEntry, ...] = ()
    mapping_key: str | None = None


class AssetMaterializationData(NamedTuple):
    """An asset that a solid or an IO manager wrote."""

    asset_key: AssetKey
    description: str | None = None
    metadata_entries: tuple[EventMetadataEntry, ...] = ()
    partition: str | None = None
    tags: tuple[tuple[str, str], ...] = ()


class ExpectationResultData(NamedTuple):
    """The result of a data check."""

    success: bool
    label: str
    description: str | None = None
    metadata_entries: tuple[EventMetadataEntry, ...] = ()


class EngineEventData(NamedTuple):
    """Something the platform did; a pair of markers brackets a timed part."""

    metadata_entries: tuple[EventMetadataEntry, ...] = ()
    error: ErrorInfo | None = None
    marker_start: str | None = None
    marker_end: str | None = None


class PipelineFailureData(NamedTuple):
    """A run ended badly; ``error`` is None when steps failed."""

    error: ErrorInfo | None = None


class LogsCapturedData(NamedTuple):
    """Standard output and error of a step are captured under this key."""

    log_key: str


EventData: TypeAlias = (
    StepInputData
    | StepOutputData
    | StepSuccessData
    | StepFailureData
    | StepRetryData
    | StepSkippedData
    | LoadedInputData
    | HandledOutputData
    | AssetMaterializationData
    | ExpectationResultData
    | EngineEventData
    | PipelineFailureData
    | LogsCapturedData
)

_NOT_OF_STEPS = frozenset({EventType.ENGINE_EVENT, EventType.LOGS_CAPTURED})
_ERRORS = frozenset({EventType.STEP_FAILURE, EventType.PIPELINE_FAILURE})


class Event(NamedTuple):
    """One thing that happened in a run."""

    type: EventType
    run_id: str
    pipeline_name: str
    message: str
    timestamp: float
    """Seconds since 1970-01-01 UTC."""
    step_key: str | None = None
    """None for events of the run as a whole."""
    attempt: int = 0
    """Which attempt of the step, from 1; 0 for events of the run."""
    data: EventData | None = None

    @property
    def event_type(self) -> EventType:
        """The same as ``type``, by its solid-era name."""
        return self.type

    @property
    def event_type_value(self) -> str:
        """The type's name."""
        return self.type.value

    @property
    def is_error(self) -> bool:
        """Whether the event reports a failure."""
        return self.type in _ERRORS

    @property
    def is_step_event(self) -> bool:
        """Whether the event tells of a step's own life, rather than of what the platform does around it."""
        return self.step_key is not None and self.type not in _NOT_OF_STEPS

    @property
    def is_step_success(self) -> bool:
        return self.type is EventType.STEP_SUCCESS

    @property
    def is_step_failure(self) -> bool:
        return self.type is EventType.STEP_FAILURE

    @property
    def is_step_skipped(self) -> bool:
        return self.type is EventType.STEP_SKIPPED

    @property
    def is_successful_output(self) -> bool:
        return self.type is EventType.STEP_OUTPUT

    @property
    def is_pipeline_success(self) -> bool:
        return self.type is EventType.PIPELINE_SUCCESS

    @property
    def is_pipeline_failure(self) -> bool:
        return self.type is EventType.PIPELINE_FAILURE

    @property
    def solid_name(self) -> str | None:
        """The name, or alias, of the solid the step belongs to; for a nested one its last part."""
        return None if self.step_key is None else self.step_key.rsplit(".", 1)[-1].partition("[")[0]

    @property
    def event_specific_data(self) -> EventData | None:
        """The same as ``data``, by its solid-era name."""
        return self.data
