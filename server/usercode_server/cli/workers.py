"""``usercode api run-worker`` and ``usercode api step-job``: what a worker's process executes."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO, cast

import click

_RUN_ID = click.option("--run-id", required=True, metavar="ID", help="The run, as `usercode run launch` printed it.")
_ECHO = click.option(
    "--echo/--no-echo",
    default=True,
    show_default=True,
    help="Whether the output of steps, besides being stored, goes to this process's own stdout and stderr.",
)


@click.command("run-worker")
@_RUN_ID
@_ECHO
def run_worker(run_id: str, echo: bool) -> int:
    """Execute a run that is in storage.

    Exit code 0: the run ended and its status, be it success or failure, is recorded. 1: it could not be run.
    """
    from usercode_server.instance import open_instance
    from usercode_server.runs.run_worker import run_worker

    with _own_streams(), open_instance(echo=echo) as instance:
        return 0 if run_worker(instance, run_id) else 1


@click.command("step-job")
@_RUN_ID
@click.option("--step-key", required=True, metavar="KEY", help="The step, as `usercode code plan` shows it.")
@click.option("--attempt", type=click.IntRange(min=1), help="Which attempt this is, from 1; default the next one.")
@_ECHO
def step_job(run_id: str, step_key: str, attempt: int | None, echo: bool) -> None:
    """Execute one attempt of one step of a run that is in storage.

    Exit code 0: the attempt ended and its outcome, be it success, skip, failure or a retry to come, is
    recorded. 1: it could not be run; the message says why.
    """
    from usercode_server.instance import open_instance
    from usercode_server.runs.step_job import step_job

    with _own_streams(), open_instance(echo=echo) as instance:
        step_job(instance, run_id, step_key, attempt)


@contextmanager
def _own_streams() -> Iterator[None]:
    """Write lines at once, for whoever watches a step, and have the process's own streams back at the end.

    An author's code may replace or close them; that must not decide about the exit code.
    """
    streams = (sys.stdout, sys.stderr)
    for stream in streams:
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(line_buffering=True)
    try:
        yield
    finally:
        # What is left behind is held on to: to collect it would be to flush it.
        _left_behind.extend((sys.stdout, sys.stderr))
        sys.stdout, sys.stderr = (_open_or_nothing(stream) for stream in streams)


_left_behind: list[TextIO | None] = []


def _open_or_nothing(stream: TextIO | None) -> TextIO:
    is_open = stream is not None and not stream.closed
    return cast(TextIO, stream if is_open else None)  # None is what Python itself has for a closed one
