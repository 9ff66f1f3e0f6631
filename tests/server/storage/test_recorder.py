"""Events reach storage in few commits, soon, in order, and all of them."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.server.samples import a_record, an_event, step_events
from usercode_sdk.events import Event, EventType
from usercode_sdk.pipeline_run import PipelineRunStatus
from usercode_server.storage.errors import StorageError
from usercode_server.storage.recorder import EventRecorder
from usercode_server.storage.sqlite import SQLiteStore
from usercode_server.ticker import INTERVAL, Ticker


class CountingStore(SQLiteStore):
    """Counts its commits of events, and fails when it is told to."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.commits = 0
        self.fails = False

    def append_events(self, run_id: str, events: Sequence[Event]) -> PipelineRunStatus:
        if self.fails:
            raise StorageError("The disk is full.")
        self.commits += 1
        return super().append_events(run_id, events)

    def stored(self) -> list[Event]:
        return [event for _, event in self.read_events("run-1")]


class IdleTicker(Ticker):
    """Never ticks, so that a test sees what is written without it."""

    def add(self, function: object) -> None:
        pass

    def remove(self, function: object) -> None:
        pass


@pytest.fixture
def store(tmp_path: Path) -> Iterator[CountingStore]:
    opened = CountingStore(str(tmp_path / "runs.db"))
    opened.create_run(a_record())
    yield opened
    opened.close()


def test_a_step_is_one_commit(store: CountingStore) -> None:
    recorder = EventRecorder(store, "run-1", IdleTicker())
    for event in step_events("a") + step_events("b"):
        recorder.record(event)
    assert store.commits == 2
    assert store.stored() == step_events("a") + step_events("b")


@pytest.mark.parametrize(
    "event_type",
    [
        EventType.STEP_FAILURE,
        EventType.STEP_SKIPPED,
        EventType.STEP_UP_FOR_RETRY,
        EventType.PIPELINE_STARTING,
        EventType.PIPELINE_SUCCESS,
        EventType.PIPELINE_CANCELED,
    ],
)
def test_what_a_reader_acts_on_is_written_at_once(store: CountingStore, event_type: EventType) -> None:
    recorder = EventRecorder(store, "run-1", IdleTicker())
    waiting = an_event(EventType.STEP_START, step_key="a", attempt=1)
    recorder.record(waiting)
    assert store.stored() == []
    recorder.record(an_event(event_type))
    assert store.stored() == [waiting, an_event(event_type)]


def test_an_event_of_a_running_step_is_written_soon(store: CountingStore) -> None:
    recorder = EventRecorder(store, "run-1", Ticker())
    recorder.start()
    recorder.record(an_event(EventType.STEP_START, step_key="a", attempt=1))
    deadline = time.monotonic() + 100 * INTERVAL
    while not store.stored() and time.monotonic() < deadline:
        time.sleep(0.005)
    assert len(store.stored()) == 1
    recorder.stop()
    assert store.commits == 1


def test_the_end_writes_what_is_left(store: CountingStore) -> None:
    recorder = EventRecorder(store, "run-1", IdleTicker())
    recorder.start()
    recorder.record(an_event(EventType.STEP_START, step_key="a", attempt=1))
    recorder.stop()
    assert len(store.stored()) == 1


def test_a_long_step_does_not_gather_events_without_end(store: CountingStore) -> None:
    recorder = EventRecorder(store, "run-1", IdleTicker())
    for _ in range(1200):
        recorder.record(an_event(EventType.ASSET_MATERIALIZATION, step_key="a", attempt=1))
    assert len(store.stored()) == 1000
    assert store.commits == 2


def test_a_failed_write_is_told_with_the_next_event_and_loses_nothing(store: CountingStore) -> None:
    recorder = EventRecorder(store, "run-1", IdleTicker())
    recorder.record(an_event(EventType.STEP_START, step_key="a", attempt=1))
    store.fails = True
    recorder._tick()
    with pytest.raises(StorageError, match="disk is full"):
        recorder.record(an_event(EventType.STEP_INPUT, step_key="a", attempt=1))
    store.fails = False
    recorder.record(an_event(EventType.STEP_OUTPUT, step_key="a", attempt=1))
    assert [event.type.value for event in store.stored()] == ["STEP_START", "STEP_INPUT", "STEP_OUTPUT"]


_FORKER = """
    import os, sys
    from tests.server.samples import an_event
    from usercode_sdk.events import EventType
    from usercode_server.storage.recorder import EventRecorder
    from usercode_server.storage.sqlite import SQLiteStore
    from usercode_server.ticker import Ticker

    recorder = EventRecorder(SQLiteStore(sys.argv[1]), "run-1", Ticker())
    recorder.record(an_event(EventType.STEP_START, step_key="a", attempt=1))
    child = os.fork()
    recorder.flush()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
"""


def test_a_fork_does_not_write_its_parents_events(store: CountingStore) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", textwrap.dedent(_FORKER), store.place]
    subprocess.run(command, env=environment, check=True)
    assert len(store.stored()) == 1


def test_threads_record_at_once(store: CountingStore) -> None:
    recorder = EventRecorder(store, "run-1", Ticker())
    recorder.start()

    def record(number: int) -> None:
        for attempt in range(100):
            recorder.record(an_event(EventType.STEP_START, step_key=f"t{number}", attempt=attempt))

    threads = [threading.Thread(target=record, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    recorder.stop()
    for number in range(4):
        assert [e.attempt for e in store.stored() if e.step_key == f"t{number}"] == list(range(100))
