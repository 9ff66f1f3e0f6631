"""Executes a chain of no-op solids in this process and prints, as JSON, what a step cost.

    steps.py LIBRARY COUNT ROUNDS [HOME]

LIBRARY is ``usercode_sdk`` or ``dagster``: the same code runs on both, so it keeps to what Python 3.8
knows. With HOME every event goes to the SQLite storage in that folder.
"""

from __future__ import annotations

import json
import resource
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

# Both show log lines on stderr; what it takes to draw them is no cost of a step.
QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


def main() -> None:
    """Entry point."""
    library_name, count, rounds, *home = sys.argv[1:]
    library = import_module(library_name)
    pipeline = chain(library, int(count))
    with storage(library_name, library, home) as instance:
        execute(library, chain(library, 20), instance)
        start = time.process_time()
        for _ in range(int(rounds)):
            events = execute(library, pipeline, instance)
        cpu = time.process_time() - start
    document = {
        "cpu_ms_per_step": cpu * 1000 / (int(count) * int(rounds)),
        "events_per_step": events / int(count),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    if home:
        document["commits_per_step"] = commits_per_step(library_name, library, pipeline, int(count), home)
    print("\n" + json.dumps(document))


def chain(library: Any, count: int) -> Any:
    """A pipeline of ``count`` solids, each behind the one before."""

    # No annotations on these three: Dagster reads them, and as text it can't.
    @library.solid
    def first(_context):  # type: ignore[no-untyped-def]
        return 1

    @library.solid(input_defs=[library.InputDefinition("value")])
    def following(_context, value):  # type: ignore[no-untyped-def]
        return value

    def wire():  # type: ignore[no-untyped-def]
        value = first()
        for number in range(count - 1):
            value = following.alias(f"step_{number}")(value)

    wire.__name__ = f"chain_of_{count}"
    # Named, as the default differs between libraries and storages: it is the step that is measured.
    mode = library.ModeDefinition(resource_defs={"io_manager": library.mem_io_manager})
    return library.pipeline(mode_defs=[mode])(wire)


def execute(library: Any, pipeline: Any, instance: Any) -> int:
    """Execute the pipeline; how many events there were."""
    arguments = {} if instance is None else {"instance": instance}
    result = library.execute_pipeline(pipeline, run_config=QUIET, **arguments)
    if not result.success:
        sys.exit("The pipeline failed.")
    return len(result.event_list)


@contextmanager
def storage(name: str, library: Any, home: list[str]) -> Iterator[Any]:
    """The library's SQLite storage in the folder; None, which is in memory, when there is no folder."""
    if not home:
        yield None
    elif name == "dagster":
        yield library.DagsterInstance.local_temp(home[0])
    else:
        with import_module("usercode_server.instance").open_instance(home[0]) as instance:
            yield instance


def commits_per_step(name: str, library: Any, pipeline: Any, count: int, home: list[str]) -> float:
    """How many transactions a step takes, counted by SQLite in an execution that is not timed."""
    commits = []
    connect = sqlite3.connect

    def connect_and_count(*arguments: Any, **options: Any) -> Any:
        connection = connect(*arguments, **options)
        connection.set_trace_callback(lambda text: commits.append(text) if is_commit(text) else None)
        return connection

    sqlite3.connect = sqlite3.dbapi2.connect = connect_and_count
    with storage(name, library, home) as instance:
        commits.clear()
        execute(library, pipeline, instance)
        return len(commits) / count


def is_commit(statement: str) -> bool:
    return statement.lstrip().upper().startswith("COMMIT")


if __name__ == "__main__":
    main()
