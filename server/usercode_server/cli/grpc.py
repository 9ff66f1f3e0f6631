"""``usercode api grpc`` and ``usercode api health-check``: the code server and the question whether it is up."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

import click

from usercode_server.cli.targets import code_target_options

if TYPE_CHECKING:
    from usercode_server.loading import CodeTarget

R = TypeVar("R")

# The variables that solid-era deployments set; ours come first.
_GRPC_PREFIXES = ("USERCODE_API_GRPC", "DAGSTER_CLI_API_GRPC")
_HEALTH_PREFIXES = ("USERCODE_API_HEALTH_CHECK", "DAGSTER_CLI_API_GRPC_HEALTH_CHECK")
# -h is the host here, as in every deployment's command lines.
_HELP = {"help_option_names": ["--help"]}


def _variables(prefixes: tuple[str, ...], name: str) -> list[str]:
    return [f"{prefix}_{name}" for prefix in prefixes]


class _PortOption(click.Option):
    """Takes a port from the environment, unless it is an address.

    Kubernetes sets ``USERCODE_API_GRPC_PORT=tcp://...`` in its containers where a Service is named usercode-api-grpc.
    """

    def resolve_envvar_value(self, ctx: click.Context) -> str | None:
        assert isinstance(self.envvar, list)
        values = [os.environ.get(name, "") for name in self.envvar]
        return next((value for value in values if value and not value.startswith("tcp://")), None)


def _address_options(prefixes: tuple[str, ...]) -> Callable[[Callable[..., R]], Callable[..., R]]:
    options = [
        click.option(
            "-p",
            "--port",
            cls=_PortOption,
            type=click.IntRange(0, 65535),
            envvar=_variables(prefixes, "PORT"),
            help="The port.",
        ),
        click.option(
            "-s", "--socket", metavar="PATH", envvar=_variables(prefixes, "SOCKET"), help="A Unix socket instead."
        ),
        click.option(
            "-h",
            "--host",
            default="127.0.0.1",
            show_default=True,
            envvar=_variables(prefixes, "HOST"),
            help="The address of the port; 0.0.0.0 is every one of this machine.",
        ),
    ]

    def decorate(function: Callable[..., R]) -> Callable[..., R]:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


def _check_address(port: int | None, socket: str | None) -> None:
    if (port is None) == (socket is None):
        raise click.UsageError("Give exactly one of -p/--port and -s/--socket.")


@click.command(context_settings=_HELP)
@code_target_options(_GRPC_PREFIXES)
@_address_options(_GRPC_PREFIXES)
@click.option(
    "-n",
    "--max-workers",
    "--max_workers",
    type=click.IntRange(1),
    default=16,
    show_default=True,
    envvar=_variables(_GRPC_PREFIXES, "MAX_WORKERS"),
    help="Threads that answer calls.",
)
@click.option(
    "--load-timeout",
    type=click.FloatRange(0, min_open=True),
    default=300.0,
    show_default=True,
    help="Seconds that the code may take to be imported.",
)
@click.option(
    "--evaluation-timeout",
    type=click.FloatRange(0, min_open=True),
    default=60.0,
    show_default=True,
    help="Seconds that the code may take to answer a call.",
)
@click.option(
    "--grace",
    type=click.FloatRange(0),
    default=30.0,
    show_default=True,
    help="Seconds that calls in flight have to finish after SIGTERM.",
)
@click.option("--fail-on-load-error", is_flag=True, help="Exit with code 1 when the code can't be loaded.")
@click.option("--reload", is_flag=True, help="Load the code anew when a file that it was imported from changes.")
def grpc(
    target: CodeTarget,
    port: int | None,
    socket: str | None,
    host: str,
    max_workers: int,
    load_timeout: float,
    evaluation_timeout: float,
    grace: float,
    fail_on_load_error: bool,
    reload: bool,
) -> int:
    """Serve a repository over gRPC.

    The server listens at once and loads the code in a process of its own. It stays up when that
    fails, and tells its clients why. SIGHUP loads the code anew (--reload does so
    when a file changes), SIGTERM stops the server.
    """
    _check_address(port, socket)
    from usercode_server.code_server.control import Control
    from usercode_server.code_server.hosting import CodeHost

    control = Control()
    control.take_signals()
    code_host = CodeHost(target, control.put, load_timeout=load_timeout, evaluation_timeout=evaluation_timeout)
    # Before gRPC is imported: the child imports the author's code meanwhile, on another core.
    code_host.start_loading()
    # Else the C core writes pages of its own about a port that is in use.
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")
    try:
        from usercode_server.code_server.address import Address
        from usercode_server.code_server.front import Front, FrontOptions

        address = Address(host, port, socket)
        options = FrontOptions(max_workers, grace, fail_on_load_error, reload)
        return Front(code_host, control, address, options).run()
    finally:
        code_host.stop()


@click.command("health-check", context_settings=_HELP)
@_address_options(_HEALTH_PREFIXES)
@click.option(
    "--timeout",
    type=click.FloatRange(0, min_open=True),
    default=5.0,
    show_default=True,
    help="Seconds to wait for the answer.",
)
def health_check(port: int | None, socket: str | None, host: str, timeout: float) -> int:
    """Exit 0 when a code server is serving there, 1 when it is not."""
    _check_address(port, socket)
    from usercode_server.code_server.address import Address
    from usercode_server.code_server.health_check import serving_status

    address = Address(host, port, socket)
    status = serving_status(address, timeout)
    click.echo(f"{address}: {status}", err=status != "SERVING")
    return 0 if status == "SERVING" else 1
