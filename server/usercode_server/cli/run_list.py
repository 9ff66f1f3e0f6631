"""``usercode run list``."""

from __future__ import annotations

import click

from usercode_server.cli.output import duration, json_option, local_time, message, print_json, table
from usercode_server.cli.run_documents import run_document
from usercode_server.cli.tags import tag_option
from usercode_server.storage.base import RunRecord

_STATUSES = ("QUEUED", "NOT_STARTED", "STARTING", "STARTED", "SUCCESS", "FAILURE", "CANCELING", "CANCELED")


@click.command("list")
@click.option(
    "--status", multiple=True, type=click.Choice(_STATUSES, case_sensitive=False), help="Only of this status."
)
@click.option("--pipeline", metavar="NAME", help="Only of this pipeline.")
@tag_option("Only with this tag; repeatable.")
@click.option("--limit", type=click.IntRange(min=1), default=25, show_default=True, help="At most so many.")
@click.option("--before", metavar="ID", help="Only runs older than this one: the next page of a list.")
@json_option
def list_runs(
    status: tuple[str, ...],
    pipeline: str | None,
    tags: dict[str, str],
    limit: int,
    before: str | None,
    as_json: bool,
) -> None:
    """List runs, newest first."""
    from usercode_sdk.pipeline_run import PipelineRunStatus
    from usercode_server.instance import open_instance
    from usercode_server.runs.find import find_run
    from usercode_server.storage.base import RunFilter

    run_filter = RunFilter([PipelineRunStatus(name.upper()) for name in status], pipeline, tags)
    with open_instance() as instance:
        last = None if before is None else find_run(instance.store, before).run_id
        records = instance.store.list_runs(run_filter, limit, last)
    if as_json:
        print_json([run_document(record) for record in records])
    elif records:
        click.echo(table(("Run", "Pipeline", "Status", "Created", "Duration"), [_row(each) for each in records]))
    else:
        message("There are no such runs." if status or pipeline or tags or before else "There are no runs yet.")


def _row(record: RunRecord) -> tuple[str, ...]:
    took = ""
    if record.started_at is not None and record.ended_at is not None:
        took = duration(record.ended_at - record.started_at)
    run = record.pipeline_run
    return run.run_id, run.pipeline_name, run.status.value, local_time(record.created_at), took
