from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest

from tests.sdk.observed import ends, order
from usercode_sdk import (
    DagsterInvariantViolationError,
    DagsterResourceFunctionError,
    Event,
    EventType,
    ModeDefinition,
    PipelineDefinition,
    PipelineExecutionResult,
    ResourceDefinition,
    execute_pipeline,
    make_values_resource,
    pipeline,
    resource,
    solid,
)
from usercode_sdk.events import EngineEventData


class Shelf:
    """Resources that write down when they are made and torn down."""

    def __init__(self) -> None:
        self.log: list[str] = []

    def resource(
        self, name: str, needs: Sequence[str] = (), broken: bool = False, leaks: bool = False
    ) -> ResourceDefinition:
        @resource(required_resource_keys=set(needs))
        def made(_: object) -> Iterator[str]:
            self.log.append(f"make {name}")
            if broken:
                raise ValueError(name)
            try:
                yield name.upper()
            finally:
                self.log.append(f"tear down {name}")
                if leaks:
                    raise RuntimeError(f"{name} leaks")

        return made


@solid(required_resource_keys={"a", "b", "c"})
def use(context: Any) -> list[Any]:
    return [context.resources.a, context.resources.b, context.resources.c]


@solid(required_resource_keys={"r"})
def read(context: Any) -> Any:
    return context.resources.r


@solid
def plain(_: object) -> int:
    return 1


def _pipeline(body: Callable[[], object], **resources: ResourceDefinition) -> PipelineDefinition:
    return pipeline(name="p", mode_defs=[ModeDefinition(resource_defs=resources)])(lambda: (body(), None)[1])


def _reading(definition: ResourceDefinition, config: dict[str, Any] | None = None, **others: ResourceDefinition) -> Any:
    run_config = {} if config is None else {"resources": {"r": config}}
    return execute_pipeline(_pipeline(read, r=definition, **others), run_config).output_for_solid("read")


def _engine_events(result: PipelineExecutionResult) -> list[tuple[str, str | None, str | None, str | None]]:
    """Message, markers and error of each."""
    found = []
    for event in result.event_list:
        if isinstance(event.data, EngineEventData):
            error = None if event.data.error is None else event.data.error.message
            found.append((event.message, event.data.marker_start, event.data.marker_end, error))
    return found[1:-1]  # without the first and last, of the execution itself


def test_resources_are_made_after_those_they_need_and_torn_down_in_reverse() -> None:
    shelf = Shelf()
    resources = {"a": shelf.resource("a"), "b": shelf.resource("b", ["c"]), "c": shelf.resource("c", ["a"])}
    result = execute_pipeline(_pipeline(use, **resources, unused=shelf.resource("unused")))
    assert result.output_for_solid("use") == ["A", "B", "C"]
    assert shelf.log == ["make a", "make c", "make b", "tear down b", "tear down c", "tear down a"]
    assert _engine_events(result) == [
        ("Starting initialization of resources [a, b, c, io_manager].", "resources", None, None),
        ("Finished initialization of resources [a, b, c, io_manager].", None, "resources", None),
    ]


def test_resources_are_torn_down_after_a_failure() -> None:
    @solid(required_resource_keys={"a"})
    def boom(_: object) -> None:
        raise ValueError

    shelf = Shelf()
    execute_pipeline(_pipeline(boom, a=shelf.resource("a")), raise_on_error=False)
    assert shelf.log == ["make a", "tear down a"]


def test_a_resource_that_cannot_be_made_fails_the_run_and_those_made_are_torn_down() -> None:
    shelf = Shelf()
    p = _pipeline(use, a=shelf.resource("a"), b=shelf.resource("b", broken=True), c=shelf.resource("c", ["b"]))
    result = execute_pipeline(p, raise_on_error=False)
    assert shelf.log == ["make a", "make b", "tear down a"]
    assert order(result.event_list) == [
        "PIPELINE_START",
        "ENGINE_EVENT",
        "ENGINE_EVENT use",
        "ENGINE_EVENT use",
        "PIPELINE_FAILURE",
    ]
    assert result.event_list[-1].message == "Execution of pipeline \"p\" failed. Making resource 'b' failed."
    with pytest.raises(DagsterResourceFunctionError) as caught:
        execute_pipeline(p)
    assert isinstance(caught.value.user_exception, ValueError)


@pytest.mark.parametrize("error", [SystemExit(1), RuntimeError("no")], ids=repr)
def test_whatever_a_resource_function_raises_fails_the_run(error: BaseException) -> None:
    @resource
    def r(_: object) -> object:
        raise error

    result = execute_pipeline(_pipeline(read, r=r), raise_on_error=False)
    assert result.event_list[-1].type is EventType.PIPELINE_FAILURE


def test_a_teardown_that_fails_is_told_and_keeps_neither_the_run_nor_the_others_from_their_end() -> None:
    shelf = Shelf()
    p = _pipeline(use, a=shelf.resource("a", leaks=True), b=shelf.resource("b", leaks=True), c=shelf.resource("c"))
    result = execute_pipeline(p)
    assert shelf.log == ["make a", "make b", "make c", "tear down c", "tear down b", "tear down a"]
    assert result.success
    assert _engine_events(result)[2:] == [
        ("Teardown of resource 'b' failed.", None, None, "b leaks"),
        ("Teardown of resource 'a' failed.", None, None, "a leaks"),
    ]


def test_exits_and_interruptions_in_a_teardown_spare_the_other_resources() -> None:
    log: list[str] = []

    @resource
    def leaving(_: object) -> Iterator[int]:
        yield 1
        raise SystemExit

    @resource
    def held(_: object) -> Iterator[int]:
        yield 1
        log.append("torn down")

    result = execute_pipeline(_pipeline(use, a=held, b=leaving, c=leaving))
    assert (result.success, log) == (True, ["torn down"])


def test_with_a_single_step_the_events_of_resources_are_that_steps() -> None:
    shelf = Shelf()
    leaking = shelf.resource("r", leaks=True)

    def steps(body: Callable[[], object]) -> list[str | None]:
        events: list[Event] = execute_pipeline(_pipeline(body, r=leaking)).event_list
        return [event.step_key for event in events if isinstance(event.data, EngineEventData)]

    assert steps(read) == [None, "read", "read", "read", None]
    assert steps(lambda: (read(), plain())) == [None, None, None, None, None]


def test_resources_that_no_step_needs_are_not_made() -> None:
    shelf = Shelf()
    execute_pipeline(_pipeline(plain, a=shelf.resource("a", broken=True)))
    assert shelf.log == []


def test_a_generator_yields_the_resource_once() -> None:
    @resource
    def none(_: object) -> Iterator[int]:
        yield from ()

    @resource
    def twice(_: object) -> Iterator[int]:
        yield 1
        yield 2

    with pytest.raises(DagsterInvariantViolationError) as caught:
        _reading(none)
    assert str(caught.value) == "The generator that makes resource 'r' yielded nothing. Yield the resource once."
    result = execute_pipeline(_pipeline(read, r=twice))
    assert result.output_for_solid("read") == 1
    assert _engine_events(result)[2:] == [
        (
            "Teardown of resource 'r' failed.",
            None,
            None,
            "The generator that makes resource 'r' yielded twice. Yield the resource once; what follows the yield "
            "tears it down.",
        )
    ]


def test_a_context_manager_is_entered_and_left() -> None:
    log: list[str] = []

    @resource
    @contextlib.contextmanager
    def opened(_: object) -> Iterator[int]:
        log.append("in")
        yield 5
        log.append("out")

    assert _reading(opened) == 5
    assert log == ["in", "out"]


def test_a_resource_gets_its_config_the_run_and_the_resources_it_needs() -> None:
    seen: dict[str, object] = {}

    @resource(config_schema={"x": int}, required_resource_keys={"b"})
    def r(context: Any) -> int:
        seen.update(
            config=context.resource_config,
            needed=context.resources.b,
            run_id=context.run_id == context.pipeline_run.run_id,
            instance=context.instance is not None,
            definition=context.resource_def,
        )
        context.log.info("making")
        return 1

    assert _reading(r, {"config": {"x": 3}}, b=ResourceDefinition.hardcoded_resource(7)) == 1
    assert seen == {"config": {"x": 3}, "needed": 7, "run_id": True, "instance": True, "definition": r}


def test_a_function_without_parameters_makes_a_resource_too() -> None:
    assert _reading(resource(lambda: 4)) == 4


def test_the_ready_made_resources() -> None:
    assert _reading(ResourceDefinition.hardcoded_resource(5)) == 5
    assert _reading(ResourceDefinition.none_resource()) is None
    assert _reading(ResourceDefinition.string_resource(), {"config": "text"}) == "text"
    assert _reading(make_values_resource(a=int, b=str), {"config": {"a": 1, "b": "x"}}) == {"a": 1, "b": "x"}
    assert _reading(make_values_resource(), {"config": {"anything": 1}}) == {"anything": 1}
    assert _reading(ResourceDefinition.mock_resource()).anything() is not None


def test_configured_resources_need_no_config_or_less_of_it() -> None:
    @resource(config_schema={"x": int})
    def r(context: Any) -> int:
        return int(context.resource_config["x"])

    assert _reading(r.configured({"x": 9})) == 9
    assert _reading(r.configured(lambda n: {"x": n * 2}, config_schema=int), {"config": 4}) == 8
    assert _reading(r.configured(lambda n: {"x": n}, config_schema=int).configured(5)) == 5


def test_a_configured_resource_that_nothing_needs_is_left_alone() -> None:
    @resource(config_schema=int)
    def r(_: object) -> int:
        return 1

    p = _pipeline(plain, r=r.configured(lambda config: config["absent"]))
    assert ends(execute_pipeline(p).event_list) == {"plain": "success"}
