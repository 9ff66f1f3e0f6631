"""The model: what must come of a pipeline, by walking through its calls once and playing them.

It knows nothing of plans, progress or stores. Calls stand in an order in which each depends on earlier
ones only, so each can be decided when it is reached, from the signals that reach its inputs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from tests.sdk.model.shapes import (
    Act,
    Call,
    Composite,
    In,
    Out,
    Path,
    Pipeline,
    Ref,
    Solid,
    config_value,
    default_value,
    fits,
    misfit_value,
    output_value,
)

Status = Literal["success", "failure", "skipped", "abandoned"]


@dataclass(frozen=True)
class StepResult:
    """What came of one step."""

    status: Status
    attempts: int = 0
    events: tuple[str, ...] = ()
    """Each with what tells it from others of its type."""
    outputs: Mapping[str, object] = field(default_factory=dict)
    """The values that reach the steps below."""


@dataclass(frozen=True)
class Expected:
    """What must come of a run."""

    steps: Mapping[str, StepResult]
    upstream: Mapping[str, frozenset[str]]
    """The steps that each step must come after; any order that does so is legal."""
    priorities: Mapping[str, int]

    def is_more_urgent(self, one: str, other: str) -> bool:
        """Whether one step goes before another when both are ready."""
        return self.priorities[one] > self.priorities[other]

    @property
    def run_succeeds(self) -> bool:
        """Whether the run as a whole is a success."""
        return all(step.status in ("success", "skipped") for step in self.steps.values())


def expected(pipeline: Pipeline) -> Expected:
    """What must come of a run of ``pipeline``."""
    walk = _Walk(pipeline)
    walk.graph(pipeline.calls, (), {})
    return Expected(walk.results, walk.upstream, walk.priorities)


@dataclass(frozen=True)
class _Signal:
    """What an output of a step sends down: a value, the news that none comes, or that the step failed."""

    source: str
    news: Literal["value", "none", "broken"]
    value: object = None


@dataclass(frozen=True)
class _Constant:
    value: object


@dataclass(frozen=True)
class _FanIn:
    parts: tuple[_Argument, ...]


_Argument = _Signal | _Constant | _FanIn
_Ports = Mapping[str, _Argument]


def _signals(argument: _Argument) -> Iterator[_Signal]:
    if isinstance(argument, _Signal):
        yield argument
    elif isinstance(argument, _FanIn):
        for part in argument.parts:
            yield from _signals(part)


def _has_nothing(argument: _Argument) -> bool:
    """Whether steps feed this and none of them gives anything."""
    news = {signal.news for signal in _signals(argument)}
    return news == {"none"}


class _Walk:
    """One walk through a pipeline."""

    def __init__(self, pipeline: Pipeline) -> None:
        self.pipeline = pipeline
        self.results: dict[str, StepResult] = {}
        self.upstream: dict[str, frozenset[str]] = {}
        self.priorities: dict[str, int] = {}

    def graph(self, calls: Sequence[Call], path: Path, own: _Ports) -> dict[str, _Ports]:
        """Plays the calls of a graph whose own inputs are ``own``; gives the outputs of each call."""
        ports: dict[str, _Ports] = {"": own}
        for call in calls:
            here = (*path, call.name)
            definition = self.pipeline.definition(call.uses)
            arguments = _arguments(definition.inputs, call, ports, here)
            if isinstance(definition, Composite):
                inside = self.graph(definition.calls, here, arguments)
                ports[call.name] = {one.name: _read(inside, one.source) for one in definition.outputs}
            else:
                ports[call.name] = self.step(definition, call, ".".join(here), arguments)
        return ports

    def step(self, solid: Solid, call: Call, key: str, arguments: _Ports) -> dict[str, _Argument]:
        """Decides one step; gives what its outputs send down."""
        signals = [signal for argument in arguments.values() for signal in _signals(argument)]
        self.upstream[key] = frozenset(signal.source.rpartition(".")[0] for signal in signals)
        self.priorities[key] = next((one for one in (call.priority, solid.priority) if one is not None), 0)
        if any(signal.news == "broken" for signal in signals):
            result = StepResult("abandoned")
        elif any(_has_nothing(argument) for argument in arguments.values()):
            result = StepResult("skipped", events=("STEP_SKIPPED",))
        else:
            policies = (call.retries, solid.retries, self.pipeline.retries)
            policy = next((one for one in policies if one is not None), None)
            result = _played(solid, key, arguments, policy)
        self.results[key] = result
        return {one.name: _sent(key, one, result) for one in solid.outputs}


def _arguments(inputs: Sequence[In], call: Call, ports: Mapping[str, _Ports], path: Path) -> _Ports:
    found = {one.name: _argument(one, call, ports, path) for one in inputs}
    return {name: argument for name, argument in found.items() if argument is not None}


def _argument(one: In, call: Call, ports: Mapping[str, _Ports], path: Path) -> _Argument | None:
    """What feeds an input, None when nothing does; an unfed input of a composite feeds nothing inside."""
    feed = call.feed(one.name)
    if feed is not None and feed.refs:
        fed = [ports[ref.call][ref.port] for ref in feed.refs if ref.port in ports[ref.call]]
        if feed.fan_in:
            return _FanIn(tuple(fed))
        if fed:
            return fed[0]
    elif feed is not None:
        return _Constant(config_value(one.kind, path, one.name))
    return _Constant(default_value(one.kind)) if one.default else None


def _read(ports: Mapping[str, _Ports], ref: Ref) -> _Argument:
    return ports[ref.call][ref.port]


def _sent(key: str, output: Out, result: StepResult) -> _Signal:
    source = f"{key}.{output.name}"
    if result.status in ("failure", "abandoned"):
        return _Signal(source, "broken")
    if output.name not in result.outputs:
        return _Signal(source, "none")
    return _Signal(source, "value", result.outputs[output.name])


def _played(solid: Solid, key: str, arguments: _Ports, policy: int | None) -> StepResult:
    """All attempts of a step: the next one comes while the last asks for it and may have it."""
    events: list[str] = []
    attempt = 0
    while True:
        attempt += 1
        played = _Attempt(solid, key, attempt)
        end = played.run(arguments)
        events += played.events
        allowed = {"raise": policy, "exit": policy, "again": solid.play(attempt).retries}.get(end)
        if allowed is None or attempt > allowed:
            break
        events.append("STEP_UP_FOR_RETRY")
    if end == "return":
        return StepResult("success", attempt, (*events, "STEP_SUCCESS"), played.outputs)
    return StepResult("failure", attempt, (*events, "STEP_FAILURE"))


class _Attempt:
    """One attempt of a step."""

    def __init__(self, solid: Solid, key: str, number: int) -> None:
        self.solid = solid
        self.key = key
        self.number = number
        self.events = ["LOGS_CAPTURED", "STEP_START" if number == 1 else "STEP_RESTARTED"]
        self.outputs: dict[str, object] = {}

    def run(self, arguments: _Ports) -> str:
        """How the attempt ends: as its play says, or ``error`` when something is wrong with it."""
        values = {one.name: self._load(one, arguments[one.name]) for one in self.solid.inputs if one.kind != "nothing"}
        for one in self.solid.inputs:
            if one.kind != "nothing" and not self._check("STEP_INPUT", one, values[one.name]):
                return "error"
        play = self.solid.play(self.number)
        if not all(self._act(act, values) for act in play.acts):
            return "error"
        if play.ends == "return" and not all(self._completed(output) for output in self.solid.outputs):
            return "error"
        return play.ends

    def _load(self, one: In, argument: _Argument) -> object:
        if isinstance(argument, _Constant):
            return argument.value
        if isinstance(argument, _FanIn):
            return [self._load(one, part) for part in argument.parts if not _has_nothing(part)]
        self.events.append(f"LOADED_INPUT {one.name} from {argument.source}")
        return argument.value

    def _check(self, event: str, port: In | Out, value: object) -> bool:
        passed = fits(port.kind, value)
        self.events.append(f"{event} {port.name}{'' if passed else ' misfit'}")
        return passed

    def _act(self, act: Act, values: Mapping[str, object]) -> bool:
        if act.does in ("asset", "check"):
            self.events.append({"asset": "ASSET_MATERIALIZATION", "check": "STEP_EXPECTATION_RESULT"}[act.does])
            return True
        output = next((one for one in self.solid.outputs if one.name == act.output), None)
        if output is None or output.name in self.outputs:
            return False
        if act.does == "misfit":
            return self._put(output, misfit_value(output.kind))
        return self._put(output, output_value(self.key, output, values, self.number))

    def _put(self, output: Out, value: object) -> bool:
        if not self._check("STEP_OUTPUT", output, value):
            return False
        self.events.append(f"HANDLED_OUTPUT {output.name}")
        self.outputs[output.name] = value
        return True

    def _completed(self, output: Out) -> bool:
        """Required outputs must have come; one of type Nothing comes by itself."""
        if output.name in self.outputs or not output.required:
            return True
        return output.kind == "nothing" and self._put(output, None)
