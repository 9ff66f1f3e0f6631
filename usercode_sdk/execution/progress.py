"""How far a run is: which steps are ready, which never will be, and what has been produced."""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Iterable, Iterator
from enum import Enum
from typing import NamedTuple

from usercode_sdk.events import Event, EventType, StepOutputData
from usercode_sdk.execution.step_inputs import arrived
from usercode_sdk.plan import ExecutionPlan, Step, StepOutputHandle
from usercode_sdk.plan.step import FromUpstream


class StepState(Enum):
    """Where a step of a run stands."""

    WAITING = "WAITING"
    READY = "READY"
    RUNNING = "RUNNING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    SKIPPED = "SKIPPED"
    ABANDONED = "ABANDONED"
    """Not executed since a step it needs failed or was abandoned."""

    @property
    def is_final(self) -> bool:
        """Whether the step is over."""
        return self in _FINAL


_FINAL = frozenset({StepState.SUCCEEDED, StepState.FAILED, StepState.SKIPPED, StepState.ABANDONED})


class Decision(NamedTuple):
    """A step that will not be executed, and why."""

    step: Step
    state: StepState
    """SKIPPED or ABANDONED."""
    because: tuple[str, ...]
    """For SKIPPED the inputs that nothing arrived for, for ABANDONED the steps that failed."""


class Progress:
    """Follows a plan's steps to their ends; each change costs only what it touches."""

    def __init__(self, plan: ExecutionPlan) -> None:
        self._plan = plan
        self.states: dict[str, StepState] = {}
        self.produced: set[StepOutputHandle] = set()
        self._waiting_for = {
            key: sum(upstream in plan.steps for upstream in step.depends_on) for key, step in plan.steps.items()
        }
        self._ready: list[tuple[int, int, str]] = []
        self._sequence = 0
        for key, count in self._waiting_for.items():
            self.states[key] = StepState.WAITING
            if count == 0:
                self._make_ready(plan.steps[key])

    def next_ready(self) -> Step | None:
        """Takes the ready step of highest priority, of these the one ready first; None when none is."""
        if not self._ready:
            return None
        _, _, key = heapq.heappop(self._ready)
        self.states[key] = StepState.RUNNING
        return self._plan.steps[key]

    def finish(self, step: Step, state: StepState, outputs: Iterable[StepOutputHandle] = ()) -> Iterator[Decision]:
        """Records the end of a step; gives the steps that therefore will not be executed, in order."""
        self.produced.update(outputs)
        ended = deque([(step.key, state)])
        while ended:
            key, how = ended.popleft()
            self.states[key] = how
            for below in self._plan.downstream[key]:
                self._waiting_for[below] -= 1
                if self._waiting_for[below]:
                    continue
                decision = decide(self._plan.steps[below], self.states, self.produced, self._plan)
                if decision is None:
                    self._make_ready(self._plan.steps[below])
                else:
                    yield decision
                    ended.append((below, decision.state))

    def try_again(self, step: Step) -> None:
        """Makes a step ready once more, behind those of its priority that are ready already."""
        self._make_ready(step)

    @property
    def failed_steps(self) -> list[str]:
        """The keys of the steps that failed, in plan order."""
        return [key for key, state in self.states.items() if state is StepState.FAILED]

    def _make_ready(self, step: Step) -> None:
        self._sequence += 1
        self.states[step.key] = StepState.READY
        heapq.heappush(self._ready, (-step.priority, self._sequence, step.key))


def decide(
    step: Step, states: dict[str, StepState], produced: set[StepOutputHandle], plan: ExecutionPlan
) -> Decision | None:
    """Why a step whose upstream steps have all ended is not executed; None when it is.

    It is abandoned when one of them failed or was abandoned, and skipped when for some input
    none of the outputs that feed it came; config values beside them in a list do not count.
    """
    failed = tuple(sorted(key for key in step.depends_on if states.get(key) in (StepState.FAILED, StepState.ABANDONED)))
    if failed:
        return Decision(step, StepState.ABANDONED, failed)
    missing = tuple(
        one.name
        for one in step.inputs
        if one.sources and not any(arrived(FromUpstream(handle), produced, plan.steps) for handle in one.sources)
    )
    return Decision(step, StepState.SKIPPED, missing) if missing else None


class StepHistory(NamedTuple):
    """What the events of a run tell about its steps."""

    states: dict[str, StepState]
    """Of the steps with events, and of those abandoned for them."""
    produced: set[StepOutputHandle]
    attempts: dict[str, int]
    """The highest attempt of each step so far."""


def history_of(plan: ExecutionPlan, events: Iterable[Event]) -> StepHistory:
    """Where the steps of ``plan`` stand after ``events``."""
    states = dict.fromkeys(plan.steps, StepState.WAITING)
    outputs: dict[str, set[StepOutputHandle]] = {}
    attempts: dict[str, int] = {}
    for event in events:
        key = event.step_key
        if key is None or key not in plan.steps:
            continue
        attempts[key] = max(attempts.get(key, 0), event.attempt)
        state = _STATE_AFTER.get(event.type)
        if state is not None:
            states[key] = state
        if event.type in (EventType.STEP_START, EventType.STEP_RESTARTED):
            outputs[key] = set()
        if isinstance(event.data, StepOutputData) and event.data.type_check_passed:
            outputs.setdefault(key, set()).add(StepOutputHandle(key, event.data.output_name))
    produced = {handle for key, handles in outputs.items() if states[key] is StepState.SUCCEEDED for handle in handles}
    _spread_failures(plan, states)
    return StepHistory(states, produced, attempts)


def _spread_failures(plan: ExecutionPlan, states: dict[str, StepState]) -> None:
    for key, step in plan.steps.items():
        if states[key] is StepState.WAITING and any(
            states.get(upstream) in (StepState.FAILED, StepState.ABANDONED) for upstream in step.depends_on
        ):
            states[key] = StepState.ABANDONED


_STATE_AFTER = {
    EventType.STEP_START: StepState.RUNNING,
    EventType.STEP_RESTARTED: StepState.RUNNING,
    EventType.STEP_SUCCESS: StepState.SUCCEEDED,
    EventType.STEP_FAILURE: StepState.FAILED,
    EventType.STEP_SKIPPED: StepState.SKIPPED,
    EventType.STEP_UP_FOR_RETRY: StepState.READY,
}
