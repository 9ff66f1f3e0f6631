"""The options that say where the author's code is."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import update_wrapper
from typing import NamedTuple, TypeVar

import click

from usercode_server.target import CodeTarget

R = TypeVar("R")


class CodeSource(NamedTuple):
    """Where to ask about the author's code: exactly one of a target to load and a server's address."""

    target: CodeTarget | None
    address: str | None


_OPTIONS = (
    (("-f", "--python-file"), "FILE", "A Python file that defines the pipelines."),
    (("-m", "--module-name"), "MODULE", "A module that defines the pipelines, by its import name."),
    (("--package-name",), "PACKAGE", "An installed package that defines the pipelines."),
    (("-a", "--attribute"), "NAME", "Which repository, pipeline, or function returning one, to take."),
    (("-d", "--working-directory"), "DIR", "The folder that imports start from; default the current one."),
)


def code_target_options(
    env_prefixes: Sequence[str] = (),
) -> Callable[[Callable[..., R]], Callable[..., R]]:
    """Add ``-f -m --package-name -a -d``; the command gets ``target``, a CodeTarget.

    Each option is also read from ``<PREFIX>_PYTHON_FILE`` and so on, for each of ``env_prefixes``
    in order, and from the automatic variable of the command.
    """

    def decorate(function: Callable[..., R]) -> Callable[..., R]:
        def command(**values: object) -> R:
            target = _target(values)
            if target is None:
                raise click.UsageError("Say where the code is: -f FILE, -m MODULE or --package-name PACKAGE.")
            return function(target=target, **values)

        return _with_options(update_wrapper(command, function), env_prefixes)

    return decorate


def code_source_options(function: Callable[..., R]) -> Callable[..., R]:
    """Add the options of code_target_options and ``--grpc``; the command gets ``source``, a CodeSource."""

    def command(address: str | None, **values: object) -> R:
        target = _target(values)
        if (target is None) == (address is None):
            raise click.UsageError(
                "Say where the code is, in one way: --grpc HOST:PORT, -f FILE, -m MODULE or --package-name PACKAGE."
            )
        return function(source=CodeSource(target, address), **values)

    with_target = _with_options(update_wrapper(command, function), ())
    option = click.option(
        "--grpc",
        "address",
        metavar="HOST:PORT",
        callback=_checked_address,
        help="The address of a running code server.",
    )
    return option(with_target)


def _checked_address(_context: click.Context, _option: click.Parameter, address: str | None) -> str | None:
    if address is None or address.startswith("unix:"):
        return address
    found = re.fullmatch(r"(?:\[[^\[\]\s]+\]|[^\[\]:/\s]+):(\d{1,5})", address, re.ASCII)
    if found is None or not 0 < int(found[1]) < 65536:
        raise click.UsageError(f"Expected HOST:PORT, got {address!r}. An example of --grpc: 127.0.0.1:3030.")
    return address


def _with_options(command: Callable[..., R], env_prefixes: Sequence[str]) -> Callable[..., R]:
    for names, metavar, help_text in reversed(_OPTIONS):
        variable = names[-1].removeprefix("--").replace("-", "_").upper()
        envvar = [f"{prefix}_{variable}" for prefix in env_prefixes]
        command = click.option(*names, metavar=metavar, help=help_text, envvar=envvar or None)(command)
    return command


def _target(values: dict[str, object]) -> CodeTarget | None:
    """Take the options of a target out of ``values`` and make the target; None when none was given."""
    python_file, module_name, package_name, attribute, working_directory = (
        _text(values.pop(name))
        for name in ("python_file", "module_name", "package_name", "attribute", "working_directory")
    )
    given = [place for place in (python_file, module_name, package_name) if place is not None]
    if len(given) > 1:
        raise click.UsageError("Give only one of -f FILE, -m MODULE and --package-name PACKAGE.")
    if not given:
        if attribute is not None or working_directory is not None:
            raise click.UsageError("-a and -d need one of -f FILE, -m MODULE and --package-name PACKAGE.")
        return None
    return CodeTarget(
        python_file=python_file,
        module_name=module_name,
        package_name=package_name,
        attribute=attribute,
        working_directory=working_directory,
    )


def _text(value: object) -> str | None:
    return None if value is None else str(value)
