from __future__ import annotations

import os
from pathlib import Path

import pytest

from usercode_sdk import (
    DagsterInstance,
    DagsterInvariantViolationError,
    Event,
    EventType,
    PipelineRun,
    PipelineRunStatus,
    execute_pipeline,
    fs_io_manager,
    pipeline,
    solid,
)
from usercode_sdk.definitions.mode import ModeDefinition
from usercode_sdk.execution.log_manager import LogLine


def _event(type_: EventType, run_id: str = "r", step_key: str | None = None) -> Event:
    return Event(type_, run_id, "p", "m", 1.0, step_key)


def test_runs_are_kept_newest_first() -> None:
    instance = DagsterInstance.ephemeral()
    first, second = PipelineRun("a", "p", {}, "default"), PipelineRun("b", "p", {}, "default")
    instance.create_run(first)
    instance.create_run(second)
    assert instance.get_runs() == [second, first]
    assert (instance.get_run_by_id("a"), instance.get_run_by_id("c")) == (first, None)
    assert (instance.has_run("a"), instance.has_run("c")) == (True, False)
    with pytest.raises(DagsterInvariantViolationError) as caught:
        instance.create_run(first)
    assert str(caught.value) == "There is already a run with the id 'a'."


def test_events_are_kept_in_order_and_move_the_status() -> None:
    instance = DagsterInstance.ephemeral()
    instance.create_run(PipelineRun("r", "p", {}, "default"))
    seen = []
    for type_ in (
        EventType.PIPELINE_ENQUEUED,
        EventType.PIPELINE_DEQUEUED,
        EventType.PIPELINE_STARTING,
        EventType.PIPELINE_START,
        EventType.ENGINE_EVENT,
        EventType.PIPELINE_CANCELING,
        EventType.PIPELINE_CANCELED,
        EventType.PIPELINE_FAILURE,
        EventType.PIPELINE_SUCCESS,
    ):
        instance.record(_event(type_))
        run = instance.get_run_by_id("r")
        assert run is not None
        seen.append((run.status, run.is_finished))
    assert [status.value for status, _ in seen] == [
        "QUEUED",
        "QUEUED",
        "STARTING",
        "STARTED",
        "STARTED",
        "CANCELING",
        "CANCELED",
        "FAILURE",
        "SUCCESS",
    ]
    assert [finished for _, finished in seen] == [False] * 6 + [True] * 3
    assert instance.all_logs("r")[0].type is EventType.PIPELINE_ENQUEUED
    assert instance.all_logs("other") == []


def test_events_of_steps_leave_the_status() -> None:
    instance = DagsterInstance.ephemeral()
    instance.create_run(PipelineRun("r", "p", {}, "default"))
    instance.record(_event(EventType.STEP_FAILURE, step_key="s"))
    assert [run.status for run in instance.get_runs()] == [PipelineRunStatus.NOT_STARTED]


def test_log_lines_are_kept_by_run() -> None:
    instance = DagsterInstance.ephemeral()
    line = LogLine("r", "p", None, 0, 20, "m", 1.0)
    instance.record_log(line)
    assert (instance.log_lines("r"), instance.log_lines("other")) == ([line], [])


def test_the_storage_folder_lives_as_long_as_the_instance() -> None:
    with DagsterInstance.ephemeral() as instance:
        folder = instance.storage_directory()
        assert instance.storage_directory() == folder
        assert os.path.isdir(folder)
    assert not os.path.exists(folder)


def test_an_instance_that_is_dropped_removes_its_folder() -> None:
    instance = DagsterInstance.ephemeral()
    folder = instance.storage_directory()
    del instance
    assert not os.path.exists(folder)


def test_one_instance_keeps_several_runs() -> None:
    @solid
    def one(_: object) -> int:
        return 1

    @pipeline(mode_defs=[ModeDefinition(resource_defs={"io_manager": fs_io_manager})])
    def p() -> None:
        one()

    with DagsterInstance.ephemeral() as instance:
        first = execute_pipeline(p, instance=instance)
        second = execute_pipeline(p, instance=instance)
        assert [run.run_id for run in instance.get_runs()] == [second.run_id, first.run_id]
        assert instance.all_logs(first.run_id) == first.event_list
        stored = Path(instance.storage_directory())
        assert sorted(path.relative_to(stored).parts for path in stored.rglob("result")) == sorted(
            [(first.run_id, "one", "result"), (second.run_id, "one", "result")]
        )


def test_a_persistent_instance_needs_the_platform(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.metadata.entry_points", lambda group: ())
    with pytest.raises(DagsterInvariantViolationError) as caught:
        DagsterInstance.get()
    assert str(caught.value) == (
        "A persistent instance needs the platform, and no package here supplies it. Install the distribution "
        "'usercode' whole, or use DagsterInstance.ephemeral()."
    )


def test_the_platform_supplies_instances_through_an_entry_point(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: list[str | None] = []

    class Point:
        def load(self) -> object:
            def made(home: str | None) -> DagsterInstance:
                asked.append(home)
                return DagsterInstance()

            return made

    groups: list[str] = []

    def entry_points(group: str) -> list[Point]:
        groups.append(group)
        return [Point()]

    monkeypatch.setattr("importlib.metadata.entry_points", entry_points)
    DagsterInstance.get()
    DagsterInstance.local_temp(str(tmp_path))
    assert (asked, groups) == ([None, str(tmp_path)], ["usercode.instance", "usercode.instance"])
