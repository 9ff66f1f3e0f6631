"""``usercode run logs``."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from usercode_server.cli.output import json_option, message

if TYPE_CHECKING:
    from usercode_sdk.events import Event
    from usercode_sdk.pipeline_run import PipelineRunStatus
    from usercode_server.compute_logs.base import LogEntry
    from usercode_server.instance import PersistentInstance
    from usercode_server.runs.follow import RunItem
    from usercode_server.storage.base import RunRecord

_INDENT = " " * 15


@click.command("logs")
@click.argument("run_id", metavar="ID")
@click.option("--follow", is_flag=True, help="Go on until the run ends; exit code 1 when it does not succeed.")
@click.option("--step", "step_key", metavar="KEY", help="Only of this step.")
@json_option
def logs(run_id: str, follow: bool, step_key: str | None, as_json: bool) -> int:
    """Print what happened in a run, what its steps logged and what they wrote to stdout and stderr."""
    from usercode_server.instance import open_instance
    from usercode_server.runs.find import find_run

    with open_instance() as instance:
        record = find_run(instance.store, run_id)
        # A run that is followed may come to the step yet.
        if step_key is not None and (record.status.is_finished or not follow):
            _check_step(instance, record, step_key)
        if follow:
            status = follow_and_print(instance, record, step_key=step_key, as_json=as_json)
            return 0 if status == "SUCCESS" else 1
        from usercode_server.runs.follow import RunReader

        print_items(RunReader(instance, record.run_id, step_key).read(to_the_end=True), as_json)
        return 0


def _check_step(instance: PersistentInstance, record: RunRecord, step_key: str) -> None:
    """Raises NotFoundError for a step that the run has nothing of."""
    from usercode_sdk.definitions.names import did_you_mean
    from usercode_server.errors import NotFoundError

    run_id = record.run_id
    known = dict.fromkeys(event.step_key for event in instance.all_logs(run_id) if event.step_key is not None)
    known |= dict.fromkeys(key for key, _attempt in instance.compute_logs.attempts(run_id))
    if step_key not in known:
        yet = "" if record.status.is_finished else " yet"
        hint = did_you_mean(step_key, known) if known else ""
        raise NotFoundError(f"The run {run_id} has nothing of a step {step_key!r}{yet}.{hint}")


def follow_and_print(
    instance: PersistentInstance, record: RunRecord, *, step_key: str | None = None, as_json: bool = False
) -> PipelineRunStatus | None:
    """Print what happens in a run until it ends or its worker is gone; the status it then has."""
    from usercode_server.runs.follow import RunReader, follow_run
    from usercode_server.runs.history import worker_is_gone

    def is_over() -> bool:
        status = reader.status()
        if status is None or not worker_is_gone(status, reader.workers):
            return False
        message(f"The worker of the run is gone, and did not end it. See `usercode run cancel {record.run_id}`.")
        return True

    reader = RunReader(instance, record.run_id, step_key)
    print_items(follow_run(reader, is_over), as_json)
    return reader.status()


def print_items(items: Iterable[RunItem], as_json: bool) -> None:
    """Print what happened in a run, each thing as it comes."""
    if as_json:
        _print_json_items(items)
        return
    for item in items:
        click.echo(line_of(item))
        sys.stdout.flush()


def _print_json_items(items: Iterable[RunItem]) -> None:
    """One JSON array, written element by element, so that a follower sees each at once."""
    from usercode_server.cli.output import json_text
    from usercode_server.cli.run_documents import item_document

    before = "["
    try:
        for item in items:
            text = json_text(item_document(item), indent=None)
            # Before it is written: who has seen it may interrupt at once.
            opening, before = before, ","
            click.echo(f"{opening}\n{text}", nl=False)
            sys.stdout.flush()
    except KeyboardInterrupt:
        click.echo("[]" if before == "[" else "\n]")  # who stops following has one document as well
        raise
    click.echo("[]" if before == "[" else "\n]")


def line_of(item: RunItem) -> str:
    """A thing that happened in a run, for people: one line, or more when it has more to say."""
    from usercode_sdk.events import Event

    kind, colour, text = _event_parts(item) if isinstance(item, Event) else _entry_parts(item)
    step = f"{item.step_key}  " if item.step_key else ""
    first, *rest = text.splitlines() or [""]
    head = f"{_clock(item.timestamp)}  {click.style(f'{kind:<23}', fg=colour)} {step}{first}".rstrip()
    return "\n".join([head, *(f"{_INDENT}{line}" for line in rest)])


def _event_parts(event: Event) -> tuple[str, str | None, str]:
    from usercode_server.runs.history import event_error

    error = event_error(event)
    message = event.message + _metadata(event)
    text = message if error is None else f"{message}\n{error.to_text().rstrip()}"
    return event.type.value, _event_colour(event), text


def _metadata(event: Event) -> str:
    from usercode_sdk.events import EngineEventData
    from usercode_server.cli.metadata_text import metadata_text

    entries = getattr(event.data, "metadata_entries", ())
    # What the platform notes of itself is in --json only.
    return f" ({metadata_text(entries)})" if entries and not isinstance(event.data, EngineEventData) else ""


def _event_colour(event: Event) -> str | None:
    name = event.type.value
    if event.is_error:
        return "red"
    if name.endswith("_SUCCESS"):
        return "green"
    return "yellow" if name in ("STEP_UP_FOR_RETRY", "STEP_SKIPPED", "PIPELINE_CANCELED") else "cyan"


def _entry_parts(entry: LogEntry) -> tuple[str, str | None, str]:
    if entry.level is None:
        return f"std{entry.stream}", "bright_black", entry.text
    from logging import ERROR, WARNING, getLevelName

    colour = "red" if entry.level >= ERROR else "yellow" if entry.level >= WARNING else None
    return str(getLevelName(entry.level)), colour, entry.text


def _clock(timestamp: float) -> str:
    from time import localtime, strftime

    return f"{strftime('%H:%M:%S', localtime(timestamp))}.{int(timestamp % 1 * 1000):03d}"
