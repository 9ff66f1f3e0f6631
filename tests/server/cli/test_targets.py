"""The options that say where the code is."""

from __future__ import annotations

import click
import pytest
from click.testing import CliRunner

from usercode_server.cli.targets import CodeSource, code_source_options, code_target_options
from usercode_server.target import CodeTarget


@click.command()
@code_target_options(["NEW", "OLD"])
def with_target(target: CodeTarget) -> None:
    click.echo(repr(target))


@click.command()
@code_source_options
@click.option("--other")
def with_source(source: CodeSource, other: str | None) -> None:
    click.echo(repr((source, other)))


@pytest.mark.parametrize(
    ("arguments", "target"),
    [
        (["-f", "r.py"], CodeTarget(python_file="r.py")),
        (["-m", "a.b", "-a", "repo"], CodeTarget(module_name="a.b", attribute="repo")),
        (["--package-name", "p", "-d", "/w"], CodeTarget(package_name="p", working_directory="/w")),
        (["--python-file", "r.py", "--working-directory", "w"], CodeTarget(python_file="r.py", working_directory="w")),
    ],
)
def test_a_target_is_made_of_its_options(arguments: list[str], target: CodeTarget) -> None:
    assert CliRunner().invoke(with_target, arguments).output == f"{target!r}\n"
    assert CliRunner().invoke(with_source, arguments).output == f"{(CodeSource(target, None), None)!r}\n"


def test_a_server_may_stand_for_a_target() -> None:
    for address in ("host:1", "127.0.0.1:65535", "[::1]:3030", "unix:/a/socket"):
        found = CliRunner().invoke(with_source, ["--grpc", address, "--other", "x"]).output
        assert found == f"{(CodeSource(None, address), 'x')!r}\n"


def test_options_come_from_the_environment_in_order() -> None:
    environment = {"OLD_PYTHON_FILE": "old.py", "OLD_ATTRIBUTE": "a", "NEW_PYTHON_FILE": "new.py"}
    found = CliRunner().invoke(with_target, [], env=environment).output
    assert found == f"{CodeTarget(python_file='new.py', attribute='a')!r}\n"


@pytest.mark.parametrize("address", ["", "127.0.0.1", "localhost:abc", "http://host:1", "host:0", "host:65536", "::1"])
def test_an_address_without_host_and_port_is_wrong_usage(address: str) -> None:
    result = CliRunner().invoke(with_source, ["--grpc", address])
    assert result.exit_code == 2
    assert f"Expected HOST:PORT, got {address!r}." in result.output


@pytest.mark.parametrize(
    ("command", "arguments", "said"),
    [
        (with_target, [], "Say where the code is: -f FILE, -m MODULE or --package-name PACKAGE."),
        (with_target, ["-f", "r.py", "-m", "m"], "Give only one of -f FILE, -m MODULE"),
        (with_target, ["-a", "repo"], "-a and -d need one of"),
        (with_source, [], "in one way: --grpc HOST:PORT, -f FILE"),
        (with_source, ["--grpc", "host:1", "-f", "r.py"], "in one way: --grpc HOST:PORT, -f FILE"),
    ],
)
def test_contradictions_are_wrong_usage(command: click.Command, arguments: list[str], said: str) -> None:
    result = CliRunner().invoke(command, arguments)
    assert result.exit_code == 2
    assert said in result.output
