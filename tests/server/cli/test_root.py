"""The command's tree, its help, and how it ends."""

from __future__ import annotations

import json
import os
import subprocess

import pytest

from tests.server.commands import COMMAND, Usercode
from usercode_server.cli import main


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["--help"], ["api", "code", "run", "instance"]),
        (["-h"], ["api", "code", "run", "instance"]),
        (["api", "--help"], ["grpc", "health-check", "run-worker", "step-job"]),
        (["run", "-h"], ["launch", "list", "show", "logs", "cancel", "delete"]),
        (["instance", "--help"], ["info", "migrate", "prune"]),
    ],
)
def test_help_names_the_commands(arguments: list[str], named: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 0
    shown = [line.split()[0] for line in capsys.readouterr().out.partition("Commands:")[2].splitlines() if line]
    assert [name for name in shown if name in named] == named


@pytest.mark.parametrize(
    "arguments",
    [
        ["api", "run-worker"],
        ["api", "step-job"],
        ["run", "launch"],
        ["run", "list"],
        ["run", "show"],
        ["run", "logs"],
        ["run", "cancel"],
        ["run", "delete"],
        ["instance", "info"],
        ["instance", "migrate"],
        ["instance", "prune"],
    ],
)
def test_every_command_has_help(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*arguments, "--help"]) == 0
    assert capsys.readouterr().out.startswith(f"Usage: usercode {' '.join(arguments)} ")


def test_the_version_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("usercode ")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["rum"], "No such command 'rum'. Did you mean 'run'?"),
        (["run", "xyz"], "No such command 'xyz'. There are: launch, list, show, logs, cancel, delete."),
        (["run", "show"], "Missing argument 'ID'"),
        (["run", "list", "--limit", "0"], "--limit"),
        (["run", "list", "--tag", "novalue"], "'novalue' is not KEY=VALUE"),
        (["api", "run-worker"], "Missing option '--run-id'"),
        (["api", "step-job", "--run-id", "x", "--step-key", "y", "--attempt", "0"], "--attempt"),
    ],
)
def test_wrong_usage_ends_with_2_and_says_why(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert said in printed.err


def test_options_come_from_the_environment_too(usercode: Usercode) -> None:
    environment = {
        **usercode.environment,
        "USERCODE_RUN_SHOW_RUN_ID": "ignored",
        "USERCODE_API_RUN_WORKER_RUN_ID": "abc",
    }
    done = subprocess.run([*COMMAND, "api", "run-worker"], env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (1, "Error: No run has the id 'abc'. See `usercode run list`.\n")


def test_a_reader_that_leaves_early_is_no_error(usercode: Usercode) -> None:
    for number in range(3):
        usercode.create_run("p", run_id=f"run-{number:03}")
    read, write = os.pipe()
    command = [*COMMAND, "run", "list", "--limit", "3"]
    process = subprocess.Popen(command, env=usercode.environment, stdout=write, stderr=subprocess.PIPE, text=True)
    os.close(write)
    os.close(read)
    assert process.communicate(timeout=60)[1] == ""
    assert process.returncode == 1


def test_text_that_the_output_can_not_show_is_escaped(usercode: Usercode) -> None:
    run_id = usercode.create_run("p", {"a": "\ud800 ü"})
    environment = {**usercode.environment, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run([*COMMAND, "run", "show", run_id, "--json"], env=environment, capture_output=True, text=True)
    assert done.returncode == 0
    assert done.stdout.isascii()
    assert json.loads(done.stdout)["run_config"] == {"a": "\ud800 ü"}


def test_a_home_that_can_not_be_made_is_a_clear_error(usercode: Usercode) -> None:
    (usercode.folder / "file").write_text("")
    environment = {**usercode.environment, "USERCODE_HOME": str(usercode.folder / "file" / "home")}
    done = subprocess.run([*COMMAND, "run", "list"], env=environment, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.startswith("Error: The folder ")
    assert "Name another one in USERCODE_HOME." in done.stderr


def test_output_that_can_not_be_written_is_told_without_a_traceback(usercode: Usercode) -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [*COMMAND, "instance", "info"],
            env=usercode.environment,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
        )
    assert (done.returncode, done.stderr) == (1, "Error: The output can't be written: No space left on device.\n")
