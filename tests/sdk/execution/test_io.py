"""IO managers as steps use them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.sdk.observed import ends, failure_of, order, step_order
from usercode_sdk import (
    AssetMaterialization,
    DagsterInvalidConfigError,
    DagsterInvariantViolationError,
    EventMetadataEntry,
    Failure,
    Field,
    InputDefinition,
    IOManager,
    IOManagerDefinition,
    ModeDefinition,
    Nothing,
    OutputDefinition,
    PipelineDefinition,
    RetryPolicy,
    RetryRequested,
    execute_pipeline,
    io_manager,
    pipeline,
    resource,
    solid,
)
from usercode_sdk.events import HandledOutputData, LoadedInputData


class Shelf(IOManager):
    """Keeps values, and writes down what it was told."""

    def __init__(self) -> None:
        self.log: list[list[object]] = []
        self.values: dict[tuple[object, object], object] = {}

    def handle_output(self, context: Any, obj: object) -> Any:
        about = (context.metadata, context.config, context.resource_config)
        types = (context.solid_def.name, context.dagster_type.display_name)
        self.log.append(["handle", context.step_key, context.name, context.pipeline_name, *about, *types])
        self.values[context.step_key, context.name] = obj

    def load_input(self, context: Any) -> object:
        upstream = context.upstream_output
        about = (context.metadata, context.resource_config, context.solid_def.name, context.dagster_type.display_name)
        source = (upstream.step_key, upstream.name, upstream.metadata, upstream.config)
        self.log.append(["load", context.name, context.pipeline_name, *about, *source])
        return self.values[upstream.step_key, upstream.name]


@solid(output_defs=[OutputDefinition(int, io_manager_key="shelf", metadata={"table": "t"})])
def give(_: object) -> int:
    return 1


@solid(input_defs=[InputDefinition("v", int, metadata={"columns": 2})])
def take(_: object, v: int) -> int:
    return v + 1


def _pipeline(**managers: IOManagerDefinition) -> PipelineDefinition:
    @pipeline(mode_defs=[ModeDefinition(resource_defs=managers)])
    def p() -> None:
        take(give())

    return p


def _with(manager: IOManager) -> PipelineDefinition:
    return _pipeline(shelf=IOManagerDefinition.hardcoded_io_manager(manager))


def test_an_io_manager_is_told_what_it_stores_and_loads() -> None:
    shelf = Shelf()

    @io_manager(config_schema={"bucket": Field(str, default_value="b")}, output_config_schema={"path": str})
    def shelves(_: object) -> IOManager:
        return shelf

    run_config = {"solids": {"give": {"outputs": {"result": {"path": "x"}}}}}
    result = execute_pipeline(_pipeline(shelf=shelves), run_config)
    assert result.output_for_solid("take") == 2
    bucket, path = {"bucket": "b"}, {"path": "x"}
    assert shelf.log == [
        ["handle", "give", "result", "p", {"table": "t"}, path, bucket, "give", "Int"],
        ["load", "v", "p", {"columns": 2}, bucket, "take", "Int", "give", "result", {"table": "t"}, path],
    ]
    data = [event.data for event in result.event_list if event.type.value in ("HANDLED_OUTPUT", "LOADED_INPUT")]
    assert data == [
        HandledOutputData("result", "shelf"),
        LoadedInputData("v", "shelf", "give", "result"),
        HandledOutputData("result", "io_manager"),
    ]
    with pytest.raises(DagsterInvalidConfigError) as caught:
        execute_pipeline(_pipeline(shelf=shelves))
    assert [(fault.reason, fault.path_text, fault.entry) for fault in caught.value.errors] == [
        ("MISSING_REQUIRED_FIELD", "root", "solids")
    ]


def test_values_of_type_nothing_are_stored_and_not_loaded() -> None:
    shelf = Shelf()

    @solid(output_defs=[OutputDefinition(Nothing, io_manager_key="shelf")])
    def first(_: object) -> None: ...

    @solid(input_defs=[InputDefinition("after", Nothing)])
    def second(_: object) -> int:
        return 1

    modes = [ModeDefinition(resource_defs={"shelf": IOManagerDefinition.hardcoded_io_manager(shelf)})]

    @pipeline(mode_defs=modes)
    def p() -> None:
        second(first())

    execute_pipeline(p)
    assert [entry[:3] for entry in shelf.log] == [["handle", "first", "result"]]


def test_what_an_io_manager_tells_becomes_events() -> None:
    class Telling(Shelf):
        def handle_output(self, context: Any, obj: object) -> Iterator[object]:
            super().handle_output(context, obj)
            yield AssetMaterialization("table")
            yield EventMetadataEntry.int(3, "rows")

    class Returning(Shelf):
        def handle_output(self, context: Any, obj: object) -> EventMetadataEntry:
            super().handle_output(context, obj)
            return EventMetadataEntry.int(3, "rows")

    result = execute_pipeline(_with(Telling()))
    assert order(result.event_list)[5:10] == [
        "STEP_START give",
        "STEP_OUTPUT give",
        "ASSET_MATERIALIZATION give",
        "HANDLED_OUTPUT give",
        "STEP_SUCCESS give",
    ]
    for telling in (Telling(), Returning()):
        handled = [
            event.data for event in execute_pipeline(_with(telling)).event_list if event.type == "HANDLED_OUTPUT"
        ]
        assert handled[0] == HandledOutputData("result", "shelf", (EventMetadataEntry.int(3, "rows"),))


def test_an_io_manager_that_tells_something_else_fails_the_step() -> None:
    class Wrong(Shelf):
        def handle_output(self, context: Any, obj: object) -> int:
            return 3

    assert failure_of(execute_pipeline(_with(Wrong()), raise_on_error=False), "give").error.message == (
        "IO manager 'shelf' gave a value of type int from handle_output. "
        "Give AssetMaterialization or EventMetadataEntry, or nothing."
    )


class _Broken(Shelf):
    def __init__(self, storing: BaseException | None = None, loading: BaseException | None = None) -> None:
        super().__init__()
        self._storing, self._loading = storing, loading

    def handle_output(self, context: Any, obj: object) -> Any:
        if self._storing is not None:
            raise self._storing
        return super().handle_output(context, obj)

    def load_input(self, context: Any) -> object:
        if self._loading is not None:
            raise self._loading
        return super().load_input(context)


@pytest.mark.parametrize(
    ("manager", "step", "message"),
    [
        (
            _Broken(storing=ValueError("x")),
            "give",
            "IO manager 'shelf' failed to store output 'result' of step 'give'.",
        ),
        (_Broken(storing=SystemExit()), "give", "IO manager 'shelf' failed to store output 'result' of step 'give'."),
        (_Broken(loading=ValueError("x")), "take", "IO manager 'shelf' failed to load input 'v' of step 'take'."),
        (_Broken(storing=DagsterInvariantViolationError("said")), "give", "said"),
        (_Broken(loading=DagsterInvariantViolationError("said")), "take", "said"),
    ],
)
def test_an_io_manager_that_raises_fails_the_step(manager: IOManager, step: str, message: str) -> None:
    result = execute_pipeline(_with(manager), raise_on_error=False)
    assert ends(result.event_list)[step] == "failure"
    assert failure_of(result, step).error.message == message


def test_an_io_manager_may_ask_for_a_retry_or_fail_on_purpose() -> None:
    for manager, step in (
        (_Broken(storing=RetryRequested(max_retries=1)), "give"),
        (_Broken(loading=RetryRequested(max_retries=1)), "take"),
    ):
        result = execute_pipeline(_with(manager), raise_on_error=False)
        assert step_order(result.event_list)[-2:] == [step, step]
    for manager, step in ((_Broken(storing=Failure("no")), "give"), (_Broken(loading=Failure("no")), "take")):
        assert failure_of(execute_pipeline(_with(manager), raise_on_error=False), step).failure_description == "no"


def test_a_retry_policy_is_for_storing_and_loading_too() -> None:
    for manager, step in ((_Broken(storing=ValueError()), "give"), (_Broken(loading=ValueError()), "take")):
        modes = [ModeDefinition(resource_defs={"shelf": IOManagerDefinition.hardcoded_io_manager(manager)})]

        @pipeline(mode_defs=modes, solid_retry_policy=RetryPolicy(1))
        def p() -> None:
            take(give())

        assert step_order(execute_pipeline(p, raise_on_error=False).event_list)[-2:] == [step, step]


def test_a_function_that_makes_no_io_manager_fails_the_step() -> None:
    @io_manager
    def wrong(_: object) -> int:
        return 3

    assert failure_of(execute_pipeline(_pipeline(shelf=wrong), raise_on_error=False), "give").error.message == (
        "Resource 'shelf' stores outputs, but it is of type int, which is no IO manager. "
        "Give one made with @io_manager."
    )


def test_an_io_manager_may_need_resources() -> None:
    seen: list[object] = []

    class Connected(Shelf):
        def handle_output(self, context: Any, obj: object) -> Any:
            seen.append(context.resources.connection)
            return super().handle_output(context, obj)

        def load_input(self, context: Any) -> object:
            seen.append((context.resources.connection, context.upstream_output.resources.connection))
            return super().load_input(context)

    @io_manager(required_resource_keys={"connection"})
    def connected(context: Any) -> IOManager:
        seen.append(context.resources.connection)
        return Connected()

    @resource
    def connection(_: object) -> str:
        return "C"

    @pipeline(mode_defs=[ModeDefinition(resource_defs={"shelf": connected, "connection": connection})])
    def p() -> None:
        take(give())

    execute_pipeline(p)
    assert seen == ["C", "C", ("C", "C")]
