"""``usercode run``: launch runs and look at them."""

from __future__ import annotations

from usercode_server.cli.lazy_group import LazyGroup

run = LazyGroup(
    "run",
    {
        "launch": ("usercode_server.cli.run_launch:launch", "Start a run of a pipeline."),
        "list": ("usercode_server.cli.run_list:list_runs", "List runs, newest first."),
        "show": ("usercode_server.cli.run_show:show", "Show one run: its status, steps and failures."),
        "logs": ("usercode_server.cli.run_logs:logs", "Print what happened in a run, and what its steps wrote."),
        "cancel": ("usercode_server.cli.run_end:cancel", "Stop a run."),
        "delete": ("usercode_server.cli.run_end:delete", "Remove a run with all that is stored of it."),
    },
    help="Launch runs and look at them. A run is named by its id, or by the beginning of it.",
)
