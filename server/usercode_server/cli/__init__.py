"""The ``usercode`` command: the tree of its commands, and how failures end it.

Each command's module is imported only when that command is asked for, so that a worker does not
pay for what the terminal commands need. Exit codes: 0 done, 1 the work failed, 2 wrong usage.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from errno import ENOSPC

import click

from usercode_server.cli.lazy_group import LazyGroup

_API = LazyGroup(
    "api",
    {
        "grpc": ("usercode_server.cli.grpc:grpc", "Serve a repository over gRPC."),
        "health-check": ("usercode_server.cli.grpc:health_check", "Exit 0 when a code server is serving."),
        "run-worker": ("usercode_server.cli.workers:run_worker", "Execute a run that is in storage."),
        "step-job": ("usercode_server.cli.workers:step_job", "Execute one step of a run that is in storage."),
    },
    help="Entry points of the platform's own processes.",
)

root = LazyGroup(
    "usercode",
    {
        "api": (_API, "Entry points of the platform's own processes."),
        "code": ("usercode_server.cli.code:code", "Look at the pipelines of a repository."),
        "run": ("usercode_server.cli.run:run", "Launch runs and look at them."),
        "instance": ("usercode_server.cli.instance:instance", "Look after the storage of runs."),
    },
    help="Run @solid and @pipeline repositories, every run and step in a process of its own.",
    context_settings={"help_option_names": ["-h", "--help"], "auto_envvar_prefix": "USERCODE"},
)


def _print_version(context: click.Context, _: click.Parameter, asked: bool) -> None:
    if asked and not context.resilient_parsing:
        from usercode_server import version

        click.echo(f"usercode {version()}")
        context.exit()


root.params.append(
    click.Option(
        ["--version"],
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=_print_version,
        help="Show the version and exit.",
    )
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code; ``arguments`` default to the process's own."""
    _accept_any_text()
    try:
        result = root.main(
            args=None if arguments is None else list(arguments), prog_name="usercode", standalone_mode=False
        )
        _flush_output()
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except SystemExit as error:
        return error.code if isinstance(error.code, int) else 1
    except (click.Abort, KeyboardInterrupt):
        return 130
    except BrokenPipeError:
        return _end_quietly()  # click itself does the same for what breaks while a command runs
    except OSError as error:
        if error.errno != ENOSPC:
            raise
        click.echo(f"Error: The output can't be written: {error.strerror}.", err=True)
        return _end_quietly()
    except Exception as error:
        if not _is_for_the_user(error):
            raise
        click.echo(f"Error: {error}", err=True)
        return 1
    return result if isinstance(result, int) else 0


def _accept_any_text() -> None:
    """Print characters that have no form in the output's encoding, such as lone surrogates, as escapes."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def _flush_output() -> None:
    """Write what is buffered now, so that a reader who left is noticed here."""
    if sys.stdout is not None:
        sys.stdout.flush()


def _is_for_the_user(error: Exception) -> bool:
    """Whether the message of ``error`` says all, so that a traceback would only hide it."""
    return any(
        isinstance(error, base)
        for module, name in (
            ("usercode_sdk.errors", "DagsterError"),
            ("usercode_server.errors", "UserCodeError"),
        )
        if (base := getattr(sys.modules.get(module), name, None)) is not None
    )


def _end_quietly() -> int:
    """The reader of our output left, as in ``usercode run list | head``: what is still buffered can't be written."""
    import os

    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 1
