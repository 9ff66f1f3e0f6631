"""Chooses a few drawn pipelines in which together as much as possible happens, where each costs processes."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import given

from tests.sdk.model.drawing import pipelines
from tests.sdk.model.profile import examples
from tests.sdk.model.semantics import expected
from tests.sdk.model.shapes import Call, Pipeline


def covering_pipelines(count: int, max_steps: int) -> list[Pipeline]:
    """The pipeline in which most happens, then the one that adds most to it, and so on."""
    drawn = {shape: frozenset(_happenings(shape)) for shape in _drawn(max_steps)}
    chosen: list[Pipeline] = []
    seen: set[str] = set()
    while drawn and len(chosen) < count:
        best = max(drawn, key=lambda shape: len(drawn[shape] - seen))
        chosen.append(best)
        seen |= drawn.pop(best)
    return chosen


def _drawn(max_steps: int) -> list[Pipeline]:
    drawn: list[Pipeline] = []

    @examples(200)
    @given(pipelines(max_steps))
    def draw(shape: Pipeline) -> None:
        drawn.append(shape)

    draw()
    return drawn


def _happenings(shape: Pipeline) -> Iterator[str]:
    """What happens in a run, each happening also together with how its step ends."""
    model = expected(shape)
    for key, step in model.steps.items():
        words = {event.partition(" ")[0] for event in step.events} | {f"{step.attempts} attempts"}
        words |= {event.rpartition(" ")[2] for event in step.events if event.endswith("misfit")}
        words.add(f"depth {key.count('.')}")
        words |= {f"above it {model.steps[one].status}" for one in model.upstream[key]}
        yield from (f"{step.status}: {word}" for word in words)
    for call in _calls(shape):
        yield from (f"feed of {len(feed.refs)} refs, fan-in {feed.fan_in}" for feed in call.feeds)
        yield f"aliased {call.aliased}, numbered {not call.aliased and call.name != call.uses}"


def _calls(shape: Pipeline) -> Iterator[Call]:
    yield from shape.calls
    for composite in shape.composites:
        yield from composite.calls
