"""``usercode instance``: the storage of runs."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from usercode_server.cli.output import json_option, local_time, print_json

if TYPE_CHECKING:
    from usercode_server.instance import PersistentInstance

_DAY = 86_400.0


@click.group("instance")
def instance() -> None:
    """Look after the storage of runs, in the folder that USERCODE_HOME names."""


@instance.command("info")
@json_option
def info(as_json: bool) -> None:
    """Show where runs are stored, and how many there are."""
    from usercode_server.instance import open_instance

    with open_instance() as opened:
        document = _info(opened)
    if as_json:
        print_json(document)
        return
    counts = document.pop("runs_by_status")
    assert isinstance(counts, dict)
    for name, value in document.items():
        click.echo(f"{name.replace('_', ' '):<19} {value}")
    click.echo(f"{'runs':<19} " + (", ".join(f"{n} {status}" for status, n in counts.items()) or "none"))


@instance.command("migrate")
@json_option
def migrate(as_json: bool) -> None:
    """Bring the tables of the storage up to date. An SQLite file is so by being opened."""
    from usercode_server.instance import open_instance

    with open_instance() as opened:
        changes = opened.store.migrated
        version = opened.store.schema_version
    if as_json:
        print_json({"schema_version": version, "changes": changes})
    elif changes:
        click.echo(f"Brought the tables to version {version}: {', '.join(changes)}.")
    else:
        click.echo(f"The tables are up to date, at version {version}.")


@instance.command("prune")
@click.option("--older-than", type=click.FloatRange(min=0), required=True, metavar="DAYS", help="Their least age.")
@click.option("--dry-run", is_flag=True, help="Only list what would be removed.")
@json_option
def prune(older_than: float, dry_run: bool, as_json: bool) -> None:
    """Remove old runs with their logs and outputs.

    Only runs that have ended and were created more than DAYS days ago are removed.
    """
    from time import time

    from usercode_server.instance import open_instance
    from usercode_server.storage.base import FINISHED, RunFilter

    with open_instance() as opened:
        records = opened.store.list_runs(RunFilter(FINISHED, created_before=time() - older_than * _DAY))
        if not dry_run:
            for record in records:
                opened.delete_run(record.run_id)
            opened.store.compact()
    if as_json:
        print_json({"runs": [record.run_id for record in records], "removed": not dry_run})
        return
    for record in records:
        click.echo(f"{record.run_id}  {record.pipeline_run.pipeline_name}  {local_time(record.created_at)}")
    click.echo(f"{'Would remove' if dry_run else 'Removed'} {len(records)} run{'' if len(records) == 1 else 's'}.")


def _info(opened: PersistentInstance) -> dict[str, object]:
    from usercode_server.settings import FILE_NAME

    settings = opened.settings
    config = os.path.join(settings.home, FILE_NAME)
    return {
        "home": settings.home,
        "settings": config if os.path.exists(config) else f"no {FILE_NAME}: the defaults",
        "storage": opened.store.place,
        "schema_version": opened.store.schema_version,
        "storage_bytes": opened.store.size(),
        "compute_logs": settings.compute_logs_folder,
        "run_launcher": f"{settings.run_launcher.module}.{settings.run_launcher.class_name}",
        "events": opened.store.count_events(),
        "runs_by_status": {status.value: count for status, count in opened.store.count_runs().items()},
    }
