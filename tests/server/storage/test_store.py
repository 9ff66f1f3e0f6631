"""What every store does."""

from __future__ import annotations

import math
import threading

import pytest

from tests.server.samples import a_record, a_run, an_event, step_events
from usercode_sdk.errors import DagsterRunNotFoundError
from usercode_sdk.events import Event, EventType
from usercode_sdk.pipeline_run import PipelineRun, PipelineRunStatus
from usercode_server.storage.base import RunFilter, RunRecord, RunState, Store, StoredEvent
from usercode_server.storage.errors import (
    RunEndedError,
    RunExistsError,
    RunStartedTwiceError,
    ValueNotStorableError,
)
from usercode_server.target import CodeTarget

Status = PipelineRunStatus


def ids(records: list[RunRecord]) -> list[str]:
    return [record.run_id for record in records]


def test_a_run_comes_back_as_it_was_created(store: Store) -> None:
    run = PipelineRun(
        "run-1",
        "p",
        {"solids": {"a": {"config": {"n": 10**40, "x": math.inf, "t": (1, [2]), 3: "\ud800"}}}},
        "prod",
        ("a", "b"),
        ("a",),
        {"k": "v", "odd": "\ud800"},
        Status.NOT_STARTED,
        "root",
        "parent",
    )
    target = CodeTarget(None, "m", None, "repo", "/w")
    created = store.create_run(RunRecord(run, target, "repository", "image:1"))
    assert created == RunRecord(run, target, "repository", "image:1", created.created_at, created.created_at)
    assert created.created_at > 1_000_000_000
    assert store.get_run("run-1") == created


def test_a_run_of_its_authors_own_process_has_no_target(store: Store) -> None:
    store.create_run(RunRecord(a_run()))
    record = store.get_run("run-1")
    assert record is not None
    assert (record.pipeline_run, record.target, record.repository_name, record.image) == (
        a_run(),
        None,
        None,
        None,
    )


def test_a_run_id_is_given_once(store: Store) -> None:
    store.create_run(a_record(pipeline_name="first"))
    with pytest.raises(RunExistsError, match="'run-1' exists already"):
        store.create_run(a_record(pipeline_name="second"))
    record = store.get_run("run-1")
    assert record is not None
    assert record.pipeline_run.pipeline_name == "first"


def test_a_run_config_of_other_than_plain_values_is_refused(store: Store) -> None:
    run = a_run()._replace(run_config={"a": object()})
    with pytest.raises(ValueNotStorableError, match="The run config of pipeline 'p' holds a object"):
        store.create_run(RunRecord(run))
    assert store.get_run("run-1") is None


def test_a_run_config_that_holds_itself_is_refused(store: Store) -> None:
    config: dict[str, object] = {}
    config["self"] = config
    with pytest.raises(ValueNotStorableError, match="nested too deeply, or holds itself"):
        store.create_run(RunRecord(a_run()._replace(run_config=config)))


def test_an_unknown_run_has_nothing(store: Store) -> None:
    assert store.get_run("none") is None
    assert store.get_state("none") is None
    assert store.read_events("none") == []
    assert store.delete_run("none") is False
    with pytest.raises(DagsterRunNotFoundError, match="'none'"):
        store.append_events("none", [an_event(EventType.STEP_START, "none")])


def test_runs_are_listed_newest_first_and_in_pages(store: Store) -> None:
    for number in range(5):
        store.create_run(a_record(f"run-{number}"))
    assert ids(store.list_runs()) == ["run-4", "run-3", "run-2", "run-1", "run-0"]
    assert ids(store.list_runs(limit=2)) == ["run-4", "run-3"]
    assert ids(store.list_runs(limit=10**30)) == ids(store.list_runs())
    assert ids(store.list_runs(limit=2, before="run-3")) == ["run-2", "run-1"]
    assert ids(store.list_runs(before="unknown")) == []


def test_runs_are_filtered_by_every_part_given(store: Store) -> None:
    store.create_run(a_record("a", "p", {"team": "x", "size": "1"}))
    store.create_run(a_record("b", "p", {"team": "x"}))
    store.create_run(a_record("c", "q", {"team": "y"}))
    for run_id in ("b", "a"):
        store.append_events(run_id, [an_event(EventType.PIPELINE_START, run_id)])
    listed = {
        "status": ids(store.list_runs(RunFilter([Status.STARTED]))),
        "statuses": ids(store.list_runs(RunFilter([Status.STARTED, Status.NOT_STARTED]))),
        "pipeline": ids(store.list_runs(RunFilter(pipeline_name="q"))),
        "tag": ids(store.list_runs(RunFilter(tags={"team": "x"}))),
        "tags": ids(store.list_runs(RunFilter(tags={"team": "x", "size": "1"}))),
        "all": ids(store.list_runs(RunFilter([Status.STARTED], "p", {"team": "x"}), 1, "b")),
        "old": ids(store.list_runs(RunFilter(created_before=0.0))),
        "none": ids(store.list_runs(RunFilter(tags={"team": "z"}))),
        "ended": ids(store.list_runs(RunFilter([Status.FAILURE], tags={"team": "x"}))),
    }
    assert listed == {
        "status": ["b", "a"],
        "statuses": ["c", "b", "a"],
        "pipeline": ["c"],
        "tag": ["b", "a"],
        "tags": ["a"],
        "all": ["a"],
        "old": [],
        "none": [],
        "ended": [],
    }


def test_run_ids_are_found_by_their_beginning(store: Store) -> None:
    for run_id in ("ab1", "ab2", "b", "ab%"):
        store.create_run(a_record(run_id))
    assert store.find_run_ids("ab", limit=5) == ["ab%", "ab1", "ab2"]
    assert store.find_run_ids("ab%") == ["ab%"]
    assert store.find_run_ids("ab") == ["ab%", "ab1"]
    assert store.find_run_ids("zz") == []


def test_events_are_numbered_in_their_order(store: Store) -> None:
    store.create_run(a_record())
    store.create_run(a_record("run-2"))
    events = step_events("a") + step_events("b")
    store.append_events("run-1", events[:3])
    store.append_events("run-2", step_events("a", "run-2"))
    store.append_events("run-1", events[3:])
    stored = [StoredEvent(number, event) for number, event in enumerate(events, 1)]
    assert store.read_events("run-1") == stored
    assert store.read_events("run-1", after=4, limit=2) == stored[4:6]
    assert store.read_events("run-1", after=10) == []
    assert store.get_state("run-1") == RunState(Status.NOT_STARTED, 10)


def test_of_two_that_take_a_step_one_is_first(store: Store) -> None:
    store.create_run(a_record())
    store.append_events("run-1", step_events("a"))
    last = store.read_events("run-1")[-1].number
    first, second, other = (an_event(EventType.STEP_START, step_key=key) for key in ("b", "b", "c"))
    assert store.append_if_first(first, last)
    assert not store.append_if_first(second, last)
    assert store.append_if_first(other, last)
    assert [each.event for each in store.read_events("run-1", after=last)] == [first, other]
    assert store.append_if_first(second, last + 1)
    with pytest.raises(DagsterRunNotFoundError):
        store.append_if_first(an_event(EventType.STEP_START, "none", step_key="a"), 0)


def test_the_status_and_times_follow_from_the_events(store: Store) -> None:
    store.create_run(a_record())
    seen = []
    for number, event_type in enumerate(
        (
            EventType.PIPELINE_ENQUEUED,
            EventType.PIPELINE_DEQUEUED,
            EventType.PIPELINE_STARTING,
            EventType.PIPELINE_START,
            EventType.ENGINE_EVENT,
            EventType.PIPELINE_SUCCESS,
        )
    ):
        status = store.append_events("run-1", [an_event(event_type, timestamp=100.0 + number)])
        record = store.get_run("run-1")
        assert record is not None
        assert record.status is status
        seen.append((status, record.started_at, record.ended_at))
    assert seen == [
        (Status.QUEUED, None, None),
        (Status.QUEUED, None, None),
        (Status.STARTING, None, None),
        (Status.STARTED, 103.0, None),
        (Status.STARTED, 103.0, None),
        (Status.SUCCESS, 103.0, 105.0),
    ]


def test_a_start_does_not_take_back_a_cancellation(store: Store) -> None:
    store.create_run(a_record())
    store.append_events("run-1", [an_event(EventType.PIPELINE_CANCELING, timestamp=2.0)])
    assert store.append_events("run-1", [an_event(EventType.PIPELINE_START, timestamp=3.0)]) is Status.CANCELING
    record = store.get_run("run-1")
    assert record is not None
    assert (record.status, record.started_at) == (Status.CANCELING, 3.0)


@pytest.mark.parametrize("end", [EventType.PIPELINE_SUCCESS, EventType.PIPELINE_FAILURE, EventType.PIPELINE_CANCELED])
def test_a_finished_run_stays_finished(store: Store, end: EventType) -> None:
    store.create_run(a_record())
    status = store.append_events("run-1", [an_event(EventType.PIPELINE_START), an_event(end)])
    for event_type in (EventType.PIPELINE_START, EventType.PIPELINE_FAILURE, EventType.STEP_START):
        with pytest.raises(RunEndedError, match=f"ended with the status {status.value}; {event_type.value} can't"):
            store.append_events("run-1", [an_event(EventType.ENGINE_EVENT), an_event(event_type)])
    assert store.get_state("run-1") == RunState(status, 2)


def test_the_platform_may_add_notes_to_a_finished_run(store: Store) -> None:
    store.create_run(a_record())
    store.append_events("run-1", [an_event(EventType.PIPELINE_SUCCESS, timestamp=5.0)])
    note = an_event(EventType.ENGINE_EVENT, timestamp=6.0)
    assert store.append_events("run-1", [note]) is Status.SUCCESS
    record = store.get_run("run-1")
    assert record is not None
    assert record.ended_at == 5.0
    assert store.read_events("run-1", after=1) == [StoredEvent(2, note)]


def test_a_run_is_started_once(store: Store) -> None:
    store.create_run(a_record())
    store.append_events("run-1", [an_event(EventType.PIPELINE_START)])
    with pytest.raises(RunStartedTwiceError, match="started by another worker"):
        store.append_events("run-1", [an_event(EventType.ENGINE_EVENT), an_event(EventType.PIPELINE_START)])
    assert store.get_state("run-1") == RunState(Status.STARTED, 1)


def test_events_of_another_run_or_pipeline_are_refused(store: Store) -> None:
    store.create_run(a_record())
    for stranger in (
        an_event(EventType.STEP_START, "run-2"),
        an_event(EventType.STEP_START)._replace(pipeline_name="q"),
    ):
        with pytest.raises(ValueError, match="can't be added to run 'run-1' of pipeline 'p'"):
            store.append_events("run-1", [an_event(EventType.STEP_START), stranger])
    assert store.read_events("run-1") == []


def test_a_deleted_run_leaves_nothing(store: Store) -> None:
    store.create_run(a_record(tags={"k": "v"}))
    store.append_events("run-1", step_events("a"))
    assert store.delete_run("run-1") is True
    assert store.get_run("run-1") is None
    assert store.read_events("run-1") == []
    store.create_run(a_record())
    assert store.read_events("run-1") == []
    assert store.list_runs(RunFilter(tags={"k": "v"})) == []


def test_runs_are_counted_by_status(store: Store) -> None:
    assert store.count_runs() == {}
    for run_id in ("a", "b", "c"):
        store.create_run(a_record(run_id))
    store.append_events("c", [an_event(EventType.PIPELINE_FAILURE, "c")])
    assert store.count_runs() == {Status.NOT_STARTED: 2, Status.FAILURE: 1}


def test_threads_share_a_store(store: Store) -> None:
    store.create_run(a_record())

    def append(thread: int) -> None:
        for number in range(20):
            store.append_events("run-1", [an_event(EventType.STEP_START, step_key=f"t{thread}", attempt=number)])

    threads = [threading.Thread(target=append, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    events: list[Event] = [stored.event for stored in store.read_events("run-1")]
    for number in range(4):
        assert [e.attempt for e in events if e.step_key == f"t{number}"] == list(range(20))
    assert [stored.number for stored in store.read_events("run-1")] == list(range(1, 81))
