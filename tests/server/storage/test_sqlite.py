"""What only the SQLite store does: one file for several processes."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.server.samples import a_record, step_events
from usercode_server.storage.errors import StorageError, StorageSchemaError
from usercode_server.storage.migrations import migrations, newest_version
from usercode_server.storage.sqlite import SQLiteStore

_WRITER = """
    import sys
    from tests.server.samples import a_record, an_event
    from usercode_sdk.events import EventType
    from usercode_server.storage.sqlite import SQLiteStore

    path, name, count = sys.argv[1:]
    store = SQLiteStore(path)
    for number in range(int(count)):
        store.append_events("run-1", [an_event(EventType.STEP_START, step_key=name, attempt=number)] * 2)
        if number == 0:
            print("writing", flush=True)
"""


def environment() -> dict[str, str]:
    """Lets a child find what this process finds."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}


def start_writer(path: Path, name: str, count: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", textwrap.dedent(_WRITER), str(path), name, str(count)]
    return subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE, text=True)


@contextmanager
def opened(path: Path) -> Iterator[SQLiteStore]:
    store = SQLiteStore(str(path))
    try:
        yield store
    finally:
        store.close()


def test_eight_processes_append_to_one_run(tmp_path: Path) -> None:
    path = tmp_path / "runs.db"
    with opened(path) as store:
        store.create_run(a_record())
    writers = [start_writer(path, f"w{number}", 50) for number in range(8)]
    assert [writer.wait() for writer in writers] == [0] * 8
    for writer in writers:
        writer.communicate()
    with opened(path) as store:
        stored = store.read_events("run-1")
    assert [number for number, _ in stored] == list(range(1, 801))
    for number in range(8):
        attempts = [event.attempt for _, event in stored if event.step_key == f"w{number}"]
        assert attempts == [attempt for attempt in range(50) for _ in range(2)]


def test_eight_processes_make_the_file_together(tmp_path: Path) -> None:
    path = tmp_path / "runs.db"
    script = "import sys; from usercode_server.storage.sqlite import SQLiteStore; SQLiteStore(sys.argv[1]).close()"
    openers = [subprocess.Popen([sys.executable, "-c", script, str(path)], env=environment()) for _ in range(8)]
    assert [opener.wait() for opener in openers] == [0] * 8


def test_a_killed_writer_leaves_whole_batches(tmp_path: Path) -> None:
    path = tmp_path / "runs.db"
    with opened(path) as store:
        store.create_run(a_record())
    writer = start_writer(path, "w", 1_000_000)
    assert writer.stdout is not None
    assert writer.stdout.readline() == "writing\n"
    writer.send_signal(signal.SIGKILL)
    writer.communicate()
    with opened(path) as store:
        attempts = [event.attempt for _, event in store.read_events("run-1")]
        store.append_events("run-1", step_events("after"))
    assert attempts == [attempt for attempt in range(len(attempts) // 2) for _ in range(2)]


_FORKER = """
    import os, sys
    from tests.server.samples import a_record, step_events
    from usercode_server.storage.sqlite import SQLiteStore

    store = SQLiteStore(sys.argv[1])
    store.create_run(a_record())
    child = os.fork()
    if child == 0:
        store.append_events("run-1", step_events("child"))
        store.close()
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    store.append_events("run-1", step_events("parent"))
"""


def test_a_forked_child_uses_a_connection_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "runs.db"
    subprocess.run([sys.executable, "-c", textwrap.dedent(_FORKER), str(path)], env=environment(), check=True)
    with opened(path) as store:
        events = [event for _, event in store.read_events("run-1")]
    assert events == step_events("child") + step_events("parent")


def test_the_file_is_brought_up_to_date_once(tmp_path: Path) -> None:
    with opened(tmp_path / "runs.db") as store:
        assert store.schema_version == newest_version("sqlite")
        assert store.migrated == ["runs_and_events"]
    with opened(tmp_path / "runs.db") as store:
        assert store.migrated == []


def test_a_file_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "runs.db"
    SQLiteStore(str(path)).close()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 999")
    connection.close()
    with pytest.raises(
        StorageSchemaError, match=r"version 999; this Usercode works with version \d+\..* update this one"
    ):
        SQLiteStore(str(path))


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "runs.db"
    path.write_text("something else, long enough to be looked at " * 50)
    with pytest.raises(StorageError, match="not a database"):
        SQLiteStore(str(path))


def test_a_folder_that_is_missing_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(StorageError) as caught:
        SQLiteStore(str(tmp_path / "none" / "runs.db"))
    assert str(caught.value) == (
        f"The store {tmp_path}/none/runs.db can't be opened: unable to open database file. The folder "
        f"'{tmp_path}/none' must be there and this user must be allowed to write to it, for reading as well: "
        "SQLite keeps its locks there."
    )


def test_migrations_are_numbered_without_gaps() -> None:
    assert [migration.version for migration in migrations("sqlite")] == list(range(1, newest_version("sqlite") + 1))
    assert all(migration.statements() for migration in migrations("sqlite"))


@pytest.mark.parametrize(
    ("name", "index"),
    [
        ("status", "runs_by_status"),
        ("tag", "tag0 USING PRIMARY KEY (key=? AND value=?)"),
        ("active", "runs_by_status"),
        ("done", "tag0 USING PRIMARY KEY (key=? AND value=?)"),
        ("pipeline", "runs_by_pipeline"),
        ("old", "runs_by_creation (created_at<?)"),
        ("old and done", "runs_by_creation (created_at<?)"),
        ("old with a tag", "tag0 USING PRIMARY KEY (key=? AND value=?)"),
    ],
)
def test_listing_uses_an_index(tmp_path: Path, name: str, index: str) -> None:
    from usercode_sdk.pipeline_run import PipelineRunStatus
    from usercode_server.storage.base import FINISHED, RunFilter

    filters = {
        "status": RunFilter([PipelineRunStatus.STARTED]),
        "tag": RunFilter(tags={"k": "v"}),
        "active": RunFilter([PipelineRunStatus.STARTED], tags={"k": "v"}),
        "done": RunFilter([PipelineRunStatus.SUCCESS], tags={"k": "v"}),
        "pipeline": RunFilter(pipeline_name="p"),
        "old": RunFilter(created_before=1.0),
        "old and done": RunFilter(FINISHED, created_before=1.0),
        "old with a tag": RunFilter(FINISHED, tags={"k": "v"}, created_before=1.0),
    }
    path = tmp_path / "runs.db"
    with opened(path) as store:
        sql, values = store._runs_query(filters[name], None)
    connection = sqlite3.connect(path)
    plan = connection.execute(f"EXPLAIN QUERY PLAN {sql}", {**values, "limit": 25}).fetchall()
    connection.close()
    steps = [step[3] for step in plan]
    assert any(index in step for step in steps)
    assert not any("SCAN runs" in step or "TEMP B-TREE" in step for step in steps), steps


def test_a_file_closed_by_the_authors_code_fails_at_once(tmp_path: Path) -> None:
    script = """
    import os, sys, time
    from tests.server.samples import a_record, step_events
    from usercode_server.storage.errors import StorageError
    from usercode_server.storage.sqlite import SQLiteStore

    other, store = SQLiteStore(sys.argv[1]), SQLiteStore(sys.argv[1])
    store.create_run(a_record())
    other.close()
    store.append_events("run-1", step_events("a"))
    os.closerange(3, 100)
    file = os.open(sys.argv[2], os.O_RDWR | os.O_CREAT)
    for _ in range(2):
        try:
            store.append_events("run-1", step_events("b"))
        except StorageError as error:
            print(error)
    store.close()
    os._exit(0)
    """
    command = [sys.executable, "-c", textwrap.dedent(script), str(tmp_path / "runs.db"), str(tmp_path / "theirs")]
    done = subprocess.run(command, env=environment(), check=True, capture_output=True, text=True)
    said = f"The store {tmp_path}/runs.db can't be used any more: code of this process has closed its file."
    assert [line.startswith(said) for line in done.stdout.splitlines()] == [True, True]
    assert (tmp_path / "theirs").read_bytes() == b""
    with opened(tmp_path / "runs.db") as store:
        assert [event for _, event in store.read_events("run-1")] == step_events("a")
