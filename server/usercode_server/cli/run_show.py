"""``usercode run show``."""

from __future__ import annotations

from typing import Any

import click

from usercode_server.cli.metadata_text import metadata_text
from usercode_server.cli.output import duration, json_option, local_time, print_json, table
from usercode_server.cli.run_documents import run_document
from usercode_server.runs.history import RunHistory, StepHistory, run_history, with_abandoned, worker_is_gone
from usercode_server.storage.base import RunRecord


@click.command("show")
@click.argument("run_id", metavar="ID")
@json_option
def show(run_id: str, as_json: bool) -> None:
    """Show one run: its status, its steps, and why they failed."""
    from usercode_server.instance import open_instance
    from usercode_server.runs.find import find_run

    with open_instance() as instance:
        record = find_run(instance.store, run_id)
        history = run_history(instance.all_logs(record.run_id))
        history = with_abandoned(history, instance.compute_logs.attempts(record.run_id))
    if as_json:
        print_json(_document(record, history))
    else:
        click.echo(_text(record, history))


def _document(record: RunRecord, history: RunHistory) -> dict[str, Any]:
    steps = [
        {
            "step_key": step.step_key,
            "status": step.status,
            "attempts": step.attempts,
            "started_at": step.started_at,
            "ended_at": step.ended_at,
            "error": None if step.error is None else step.error.to_text(),
        }
        for step in history.steps
    ]
    error = None if history.error is None else history.error.to_text()
    return {
        **run_document(record),
        "steps": steps,
        "error": error,
        "is_worker_gone": worker_is_gone(record.status, history.workers),
    }


def _text(record: RunRecord, history: RunHistory) -> str:
    parts = [_facts(record, history)]
    if history.steps:
        headings = ("Step", "Status", "Attempts", "Duration")
        parts.append(table(headings, [_row(step, record) for step in history.steps]))
    for step in history.steps:
        if step.error is not None:
            parts.append(f"Step {step.step_key}, attempt {step.attempts}:\n\n{step.error.to_text().rstrip()}")
        if step.metadata_entries:
            parts.append(f"Metadata: {metadata_text(step.metadata_entries)}")
    if history.error is not None:
        parts.append(f"The run:\n\n{history.error.to_text().rstrip()}")
    return "\n\n".join(parts)


def _facts(record: RunRecord, history: RunHistory) -> str:
    run = record.pipeline_run
    repository = "" if record.repository_name is None else f", repository {record.repository_name}"
    facts = [
        ("Run", run.run_id),
        ("Pipeline", f"{run.pipeline_name}{repository}"),
        (
            "Status",
            run.status.value + (" (its worker is gone)" if worker_is_gone(record.status, history.workers) else ""),
        ),
        ("Mode", run.mode),
        ("Code", "" if record.target is None else record.target.describe()),
        ("Image", record.image or ""),
        ("Tags", ", ".join(f"{key}={value}" for key, value in run.tags.items())),
        ("Created", local_time(record.created_at)),
        ("Duration", _took(record.started_at, record.ended_at)),
    ]
    return "\n".join(f"{name:<9} {value}" for name, value in facts if value)


def _row(step: StepHistory, record: RunRecord) -> tuple[str, ...]:
    cut_off = record.status.is_finished and step.status == "RUNNING"
    status = "NOT ENDED" if cut_off else step.status.replace("NOT_EXECUTED", "NOT EXECUTED")
    return step.step_key, status, str(step.attempts or ""), _took(step.started_at, step.ended_at)


def _took(started_at: float | None, ended_at: float | None) -> str:
    return "" if started_at is None or ended_at is None else duration(ended_at - started_at)
