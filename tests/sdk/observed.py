"""What tests look at in a run: the order of its events, and how its steps ended."""

from __future__ import annotations

from collections.abc import Iterable

from usercode_sdk import Event, EventType, PipelineExecutionResult, SolidExecutionResult
from usercode_sdk.events import StepFailureData

_ENDS = {
    EventType.STEP_SUCCESS: "success",
    EventType.STEP_FAILURE: "failure",
    EventType.STEP_SKIPPED: "skipped",
}


def order(events: Iterable[Event]) -> list[str]:
    """Type and step of each event, in order."""
    return [f"{event.type} {event.step_key}" if event.step_key else event.type.value for event in events]


def step_order(events: Iterable[Event]) -> list[str]:
    """The steps in the order in which they started, tries included."""
    starts = (EventType.STEP_START, EventType.STEP_RESTARTED)
    return [str(event.step_key) for event in events if event.type in starts]


def ends(events: Iterable[Event]) -> dict[str, str]:
    """How each step that has an end ended."""
    return {str(event.step_key): _ENDS[event.type] for event in events if event.type in _ENDS}


def leaf(result: PipelineExecutionResult, name: str) -> SolidExecutionResult:
    """The result of a solid that is no composite."""
    found = result.result_for_solid(name)
    assert isinstance(found, SolidExecutionResult)
    return found


def failure_of(result: PipelineExecutionResult, step_key: str) -> StepFailureData:
    """The data of the failure of a step."""
    for event in result.event_list:
        if event.step_key == step_key and isinstance(event.data, StepFailureData):
            return event.data
    raise AssertionError(f"step {step_key!r} did not fail")
