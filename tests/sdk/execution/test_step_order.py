"""Which step comes when: the plan's order, priorities, retries, and what is skipped or abandoned."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.sdk.observed import ends, step_order
from usercode_sdk import (
    Event,
    EventType,
    Output,
    OutputDefinition,
    RetryRequested,
    composite_solid,
    execute_pipeline,
    pipeline,
    solid,
)
from usercode_sdk.events import StepSkippedData
from usercode_sdk.instance import DagsterInstance


@solid
def one(_: object) -> int:
    return 1


@solid
def eat(_: object, x: Any) -> Any:
    return x


@solid
def fan(_: object, values: Any) -> Any:
    return values


@solid(output_defs=[OutputDefinition(int, "o", is_required=False)])
def maybe(_: object) -> Iterator[Output[int]]:
    yield from ()


@solid
def boom(_: object) -> int:
    raise ValueError("broken")


def test_ready_steps_run_by_level_and_name() -> None:
    @pipeline
    def p() -> None:
        one.alias("m")()
        one.alias("b")()
        q = one.alias("q")()
        eat.alias("aa")(q)
        eat.alias("c")(q)
        one.alias("k")()

    assert step_order(execute_pipeline(p).event_list) == ["b", "k", "m", "q", "aa", "c"]


def test_a_composite_runs_in_its_place_among_the_solids_around_it() -> None:
    @solid
    def add(_: object, a: int, b: int) -> int:
        return a + b

    @composite_solid
    def outer(x: Any) -> Any:
        return add(x, add.alias("again")(x, one()))

    @pipeline
    def p() -> None:
        first = outer(one())
        add(first, outer.alias("o2")(first))

    assert step_order(execute_pipeline(p).event_list) == [
        "one",
        "outer.one",
        "o2.one",
        "outer.again",
        "outer.add",
        "o2.again",
        "o2.add",
        "add",
    ]


def test_higher_priority_goes_first_among_ready_steps() -> None:
    @pipeline
    def p() -> None:
        one.alias("low").tag({"dagster/priority": -3})()
        one.alias("usual")()
        eat.alias("urgent").tag({"dagster/priority": "5"})(one.alias("high").tag({"dagster/priority": 2})())

    assert step_order(execute_pipeline(p).event_list) == ["high", "urgent", "usual", "low"]


def test_a_step_tried_again_at_once_goes_behind_those_that_are_ready() -> None:
    tries: list[int] = []

    @solid
    def again(_: object) -> int:
        tries.append(1)
        if len(tries) < 3:
            raise RetryRequested(max_retries=2)
        return 1

    @pipeline
    def p() -> None:
        again()
        one()

    assert step_order(execute_pipeline(p).event_list) == ["again", "one", "again", "again"]


def test_a_step_is_skipped_when_nothing_arrived_for_one_of_its_inputs() -> None:
    @solid
    def both(_: object, a: Any, b: Any) -> Any:
        return a

    @pipeline
    def p() -> None:
        came_not = maybe()
        both(one(), came_not)
        both.alias("below")(both.alias("beside")(came_not, one()), one())

    result = execute_pipeline(p)
    assert result.success
    assert {name: end for name, end in ends(result.event_list).items() if end == "skipped"} == dict.fromkeys(
        ["both", "beside", "below"], "skipped"
    )


def test_a_fan_in_runs_with_what_arrived_and_is_skipped_when_nothing_did() -> None:
    @pipeline
    def p() -> None:
        came_not = maybe()
        skipped = eat(came_not)
        fan([came_not, one(), skipped])
        fan.alias("nothing")([came_not, skipped])

    result = execute_pipeline(p)
    assert result.output_for_solid("fan") == [1]
    assert ends(result.event_list) == {
        "maybe": "success",
        "eat": "skipped",
        "one": "success",
        "fan": "success",
        "nothing": "skipped",
    }


def test_a_skip_says_which_inputs_lack_a_value_in_its_event_and_in_the_log() -> None:
    @solid
    def three(_: object, a: Any, b: Any, c: Any) -> Any: ...

    @pipeline
    def p() -> None:
        three(maybe(), one(), fan([maybe()]))

    instance = DagsterInstance.ephemeral()
    result = execute_pipeline(p, instance=instance)
    skips = [event for event in result.event_list if event.type is EventType.STEP_SKIPPED]
    assert [(event.step_key, event.message, event.data) for event in skips] == [
        ("fan", 'Skipped execution of step "fan".', StepSkippedData(("values",))),
        ("three", 'Skipped execution of step "three".', StepSkippedData(("a", "c"))),
    ]
    assert "Skipping step three due to missing inputs: a, c" in [
        line.message for line in instance.log_lines(result.run_id)
    ]


def test_what_follows_a_failure_is_abandoned_and_the_rest_goes_on() -> None:
    @pipeline
    def p() -> None:
        broken = boom()
        eat.alias("below")(eat(broken))
        fan([broken, one()])
        one.alias("beside")()

    instance = DagsterInstance.ephemeral()
    result = execute_pipeline(p, instance=instance, raise_on_error=False)
    assert ends(result.event_list) == {"boom": "failure", "one": "success", "beside": "success"}
    assert [line.message for line in instance.log_lines(result.run_id)] == [
        "Dependencies for step eat failed: boom. Not executing.",
        "Dependencies for step below failed: eat. Not executing.",
        "Dependencies for step fan failed: boom. Not executing.",
    ]
    assert result.event_list[-1].message == "Execution of pipeline \"p\" failed. Steps failed: ['boom']."


def test_a_failure_abandons_what_would_also_be_skipped() -> None:
    @solid
    def both(_: object, a: Any, b: Any) -> Any:
        return a

    @pipeline
    def p() -> None:
        both(boom(), maybe())

    assert ends(execute_pipeline(p, raise_on_error=False).event_list) == {"boom": "failure", "maybe": "success"}


def test_a_failed_step_gives_nothing_on_even_what_it_had_stored() -> None:
    @solid(output_defs=[OutputDefinition(int, "early"), OutputDefinition(int, "late")])
    def half(_: object) -> Iterator[Output[int]]:
        yield Output(1, "early")
        raise ValueError

    @pipeline
    def p() -> None:
        eat(half().early)

    result = execute_pipeline(p, raise_on_error=False)
    assert ends(result.event_list) == {"half": "failure"}
    assert result.result_for_solid("half").output_values == {}


@pytest.mark.parametrize("raise_on_error", [True, False])
def test_raising_stops_the_run_at_the_first_failure(raise_on_error: bool) -> None:
    instance = DagsterInstance.ephemeral()

    @pipeline
    def p() -> None:
        boom()
        one.alias("later")()

    def run() -> list[Event]:
        return execute_pipeline(p, instance=instance, raise_on_error=raise_on_error).event_list

    if raise_on_error:
        with pytest.raises(ValueError, match="broken"):
            run()
    else:
        run()
    (recorded,) = instance.get_runs()
    assert recorded.is_failure
    assert step_order(instance.all_logs(recorded.run_id)) == (["boom"] if raise_on_error else ["boom", "later"])
