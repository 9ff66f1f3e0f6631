"""The embedded store: one SQLite file, which any number of processes of one machine may share.

Write-ahead logging lets readers go on while one process writes; a write begins with its lock (``BEGIN
IMMEDIATE``), so that two writers wait for each other instead of failing half-way. With
``synchronous = NORMAL`` a power cut can lose the last commits, never the file's consistency; the death
of a process loses nothing.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Collection, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from threading import Lock
from time import sleep, time
from typing import cast

from usercode_sdk.errors import DagsterRunNotFoundError
from usercode_sdk.events import Event
from usercode_sdk.pipeline_run import PipelineRunStatus
from usercode_server.storage.base import ALL_RUNS, RunFilter, RunRecord, RunState, StoredEvent
from usercode_server.storage.errors import RunExistsError, StorageError, StorageSchemaError
from usercode_server.storage.event_codec import EventRow, decode_event, encode_event
from usercode_server.storage.migrations import migrations, newest_version
from usercode_server.storage.open_file import OpenFile
from usercode_server.storage.queries import load_queries
from usercode_server.storage.run_codec import Row, decode_run, encode_request
from usercode_server.storage.status import change_by

_BUSY_SECONDS = 30.0
_ALL = -1
"""SQLite's own word for "no limit"."""
_LARGEST = 2**63 - 1
"""The largest number that SQLite takes."""


class SQLiteStore:
    """A :class:`~usercode_server.storage.base.Store` in one SQLite file.

    A missing file is made, tables of an older version are brought up to date. Raises
    StorageSchemaError when they are of a newer version.
    """

    def __init__(self, path: str) -> None:
        self.place = path
        self._queries = load_queries("runs.sql") | load_queries("events.sql")
        self._lock = Lock()
        self._process = os.getpid()
        self._connection = self._connect()
        self._inherited: sqlite3.Connection | None = None
        try:
            self.migrated = self._migrate()
        except BaseException:
            self._connection.close()
            raise

    def _connect(self) -> sqlite3.Connection:
        connection = None
        try:
            connection = sqlite3.connect(
                self.place, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
            _use_write_ahead_log(connection)
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("PRAGMA foreign_keys = ON")
            self._file = OpenFile(self.place)
        except sqlite3.Error as error:
            if connection is not None:
                connection.close()
            raise StorageError(f"The store {self.place} can't be opened: {error}.{self._advice(error)}") from error
        return connection

    def _advice(self, error: sqlite3.Error) -> str:
        if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY):
            return ""
        return (
            f" The folder {os.path.dirname(self.place)!r} must be there and this user must be allowed to write to it, "
            "for reading as well: SQLite keeps its locks there."
        )

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[sqlite3.Connection]:
        with self._lock:
            if self._process != os.getpid():
                # A connection must not be used on both sides of a fork; nor may the child close it, so it is kept.
                self._inherited = self._connection
                self._process, self._connection = os.getpid(), self._connect()
            connection = self._connection
            if not self._file.is_open:
                raise StorageError(
                    f"The store {self.place} can't be used any more: code of this process has closed its file. Close "
                    "only descriptors that you have opened yourself."
                )
            try:
                connection.execute(begin)
                try:
                    yield connection
                    connection.execute("COMMIT")
                except BaseException:
                    if connection.in_transaction:
                        connection.execute("ROLLBACK")
                    raise
            except sqlite3.Error as error:
                raise StorageError(f"The store {self.place} failed: {error}.") from error

    def _reading(self) -> AbstractContextManager[sqlite3.Connection]:
        return self._transaction("BEGIN")

    def _writing(self) -> AbstractContextManager[sqlite3.Connection]:
        return self._transaction("BEGIN IMMEDIATE")

    # Tables

    @property
    def schema_version(self) -> int:
        """The version of the tables in the file."""
        with self._reading() as connection:
            return _schema_version(connection)

    def _migrate(self) -> list[str]:
        """Bring the tables up to date and return the names of the changes made."""
        newest = newest_version("sqlite")
        if self.schema_version == newest:
            return []
        with self._writing() as connection:
            version = _schema_version(connection)
            if version > newest:
                raise StorageSchemaError(
                    f"The store {self.place} has tables of version {version}; this Usercode works with "
                    f"version {newest}. It was written by a newer Usercode: update this one, or name another "
                    "storage folder."
                )
            missing = migrations("sqlite")[version:]
            for migration in missing:
                for statement in migration.statements():
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {migration.version}")
            return [migration.name for migration in missing]

    # Runs

    def create_run(self, record: RunRecord) -> RunRecord:
        run = record.pipeline_run
        now = time()
        values = {
            "run_id": run.run_id,
            "pipeline_name": run.pipeline_name,
            "status": run.status.value,
            "request": encode_request(record),
            "created_at": now,
        }
        with self._writing() as connection:
            inserted = connection.execute(self._queries["insert_run"], values).fetchone()
            if inserted is None:
                raise RunExistsError(run.run_id)
            for key, value in run.tags.items():
                tag = {"run": inserted[0], "key": _searchable(key), "value": _searchable(value)}
                connection.execute(self._queries["insert_tag"], tag)
        return record._replace(created_at=now, updated_at=now, started_at=None, ended_at=None)

    def get_run(self, run_id: str) -> RunRecord | None:
        with self._reading() as connection:
            row = connection.execute(self._queries["select_run"], {"run_id": run_id}).fetchone()
        return None if row is None else decode_run(row)

    def get_state(self, run_id: str) -> RunState | None:
        with self._reading() as connection:
            row = self._state_row(connection, run_id)
        return None if row is None else RunState(PipelineRunStatus(row[2]), row[3])

    def _state_row(self, connection: sqlite3.Connection, run_id: str) -> tuple[int, str, str, int] | None:
        row = connection.execute(self._queries["select_run_state"], {"run_id": run_id}).fetchone()
        return cast("tuple[int, str, str, int] | None", row)

    def find_run_ids(self, prefix: str, limit: int = 2) -> list[str]:
        values = {"low": prefix, "high": prefix + chr(0x10FFFF), "limit": limit}
        with self._reading() as connection:
            return [row[0] for row in connection.execute(self._queries["select_run_ids_from"], values)]

    def list_runs(
        self, run_filter: RunFilter = ALL_RUNS, limit: int | None = None, before: str | None = None
    ) -> list[RunRecord]:
        sql, values = self._runs_query(run_filter, before)
        with self._reading() as connection:
            rows = connection.execute(sql, {**values, "limit": _limit(limit)}).fetchall()
        return [decode_run(cast(Row, row)) for row in rows]

    def _runs_query(self, run_filter: RunFilter, before: str | None) -> tuple[str, dict[str, object]]:
        queries, values = self._queries, dict[str, object]()
        conditions, joins = ["TRUE"], list[str]()
        # Of the runs of a time, or with a tag, most have ended; those that have not are few: found by their status.
        are_few = _are_few(run_filter.statuses)
        by_tag = bool(run_filter.tags) and not are_few
        by_time = run_filter.created_before is not None and not are_few and not by_tag
        if run_filter.statuses:
            names = {f"status{n}": status.value for n, status in enumerate(run_filter.statuses)}
            where_status = queries["where_status_too" if by_time else "where_status"]
            conditions.append(where_status.format(statuses=", ".join(f":{name}" for name in names)))
            values |= names
        if run_filter.pipeline_name is not None:
            conditions.append(queries["where_pipeline"])
            values["pipeline_name"] = run_filter.pipeline_name
        if run_filter.created_before is not None:
            conditions.append(queries["where_created_before"])
            values["created_before"] = run_filter.created_before
        if before is not None:
            conditions.append(queries["where_before"])
            values["before"] = before
        for n, (key, value) in enumerate(run_filter.tags.items()):
            if by_tag:
                joins.append(queries["join_tag"].format(n=n))
            else:
                conditions.append(queries["where_tag"].format(n=n))
            values |= {f"key{n}": _searchable(key), f"value{n}": _searchable(value)}
        sql = queries["select_runs"].format(
            joins=" ".join(joins),
            conditions=" AND ".join(conditions),
            order="tag0.run" if by_tag else "runs.created_at" if by_time else "runs.id",
        )
        return sql, values

    def delete_run(self, run_id: str) -> bool:
        with self._writing() as connection:
            return connection.execute(self._queries["delete_run"], {"run_id": run_id}).rowcount == 1

    def count_runs(self) -> dict[PipelineRunStatus, int]:
        with self._reading() as connection:
            rows = connection.execute(self._queries["count_runs"]).fetchall()
        return {PipelineRunStatus(status): count for status, count in rows}

    # Events

    def append_events(self, run_id: str, events: Sequence[Event]) -> PipelineRunStatus:
        rows = [encode_event(event) for event in events]
        with self._writing() as connection:
            return self._append(connection, run_id, events, rows)

    def append_if_first(self, event: Event, after: int) -> bool:
        rows = [encode_event(event)]
        values = {"run_id": event.run_id, "step_key": event.step_key, "after": after}
        with self._writing() as connection:
            if connection.execute(self._queries["select_step_moved"], values).fetchone() is not None:
                return False
            self._append(connection, event.run_id, [event], rows)
            return True

    def _append(
        self, connection: sqlite3.Connection, run_id: str, events: Sequence[Event], rows: list[EventRow]
    ) -> PipelineRunStatus:
        state = self._state_row(connection, run_id)
        if state is None:
            raise DagsterRunNotFoundError(run_id)
        run, pipeline_name, status_name, event_count = state
        _check_owner(run_id, pipeline_name, events)
        change = change_by(run_id, PipelineRunStatus(status_name), events)
        connection.executemany(
            self._queries["insert_event"],
            [(run, number, *row) for number, row in enumerate(rows, event_count + 1)],
        )
        connection.execute(
            self._queries["update_run_state"],
            {
                "id": run,
                "status": change.status.value,
                "event_count": event_count + len(rows),
                "updated_at": time(),
                "started_at": change.started_at,
                "ended_at": change.ended_at,
            },
        )
        return change.status

    def read_events(self, run_id: str, after: int = 0, limit: int | None = None) -> list[StoredEvent]:
        with self._reading() as connection:
            state = self._state_row(connection, run_id)
            if state is None:
                return []
            run, pipeline_name, _, _ = state
            values = {"run": run, "after": after, "limit": _limit(limit)}
            rows = connection.execute(self._queries["select_events"], values).fetchall()
        return [
            StoredEvent(number, decode_event(run_id, pipeline_name, EventRow(*columns))) for number, *columns in rows
        ]

    def count_events(self) -> int:
        with self._reading() as connection:
            return int(connection.execute(self._queries["count_events"]).fetchone()[0])

    def size(self) -> int:
        files = (self.place, self.place + "-wal")
        return sum(os.path.getsize(file) for file in files if os.path.exists(file))

    def compact(self) -> None:
        with self._lock:
            try:
                self._connection.execute("VACUUM")
            except sqlite3.Error as error:
                raise StorageError(f"The store {self.place} can't be compacted: {error}.") from error

    def close(self) -> None:
        with self._lock:
            if self._process == os.getpid() and self._file.is_open:
                self._connection.close()


def _use_write_ahead_log(connection: sqlite3.Connection) -> None:
    """Switch the file to it; SQLite does not wait for others that do so at the same moment, so we do."""
    for _ in range(int(_BUSY_SECONDS / 0.02)):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise
            sleep(0.02)
    connection.execute("PRAGMA journal_mode = WAL")


def _check_owner(run_id: str, pipeline_name: str, events: Sequence[Event]) -> None:
    for event in events:
        if event.run_id != run_id or event.pipeline_name != pipeline_name:
            raise ValueError(
                f"An event of run {event.run_id!r}, pipeline {event.pipeline_name!r}, can't be added to run "
                f"{run_id!r} of pipeline {pipeline_name!r}."
            )


def _limit(limit: int | None) -> int:
    return _ALL if limit is None else min(limit, _LARGEST)


def _schema_version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _are_few(statuses: Collection[PipelineRunStatus]) -> bool:
    return bool(statuses) and not any(status.is_finished for status in statuses)


def _searchable(text: str) -> str:
    """``text`` as a text column can hold it; only hostile tags are changed."""
    return text.encode("utf-8", "backslashreplace").decode()
