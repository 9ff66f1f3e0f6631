"""``usercode run cancel`` and ``usercode run delete``."""

from __future__ import annotations

import click

from usercode_server.cli.output import json_option, message, print_json

_LIVING = ("STARTING", "STARTED", "CANCELING")


@click.command("cancel")
@click.argument("run_id", metavar="ID")
@click.option(
    "--wait", type=click.FloatRange(min=0), default=10.0, show_default=True, metavar="SECONDS", help="For its end."
)
@json_option
def cancel(run_id: str, wait: float, as_json: bool) -> int:
    """Stop a run: its worker tears down its resources and ends it as CANCELED.

    Exit code 0 when the run has ended, 1 when it has not within the time.
    """
    from usercode_server.instance import open_instance
    from usercode_server.runs.cancel import cancel_run
    from usercode_server.runs.find import find_run

    with open_instance() as instance:
        record = find_run(instance.store, run_id)
        status = cancel_run(instance, record, wait)
    if as_json:
        print_json({"run_id": record.run_id, "status": status.value})
    else:
        click.echo(f"The run {record.run_id} is {status.value}.")
    return 0 if status.is_finished else 1


@click.command("delete")
@click.argument("run_id", metavar="ID")
@click.option("--force", is_flag=True, help="Also when its worker may still work.")
@json_option
def delete(run_id: str, force: bool, as_json: bool) -> int:
    """Remove a run with its events, its logs and the outputs that are stored in the instance's folder."""
    from usercode_server.instance import open_instance
    from usercode_server.runs.find import find_run

    with open_instance() as instance:
        record = find_run(instance.store, run_id)
        if record.status.value in _LIVING and not force:
            message(
                f"The run {record.run_id} is {record.status.value}. Stop it with `usercode run cancel`, or add --force."
            )
            return 1
        instance.delete_run(record.run_id)
    if as_json:
        print_json({"run_id": record.run_id, "deleted": True})
    else:
        click.echo(f"The run {record.run_id} is deleted.")
    return 0
