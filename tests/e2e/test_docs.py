"""The documentation is true: its files run as they are printed, and its commands print what the page says."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from pathlib import Path
from threading import Timer

import pytest

from tests.e2e.doc_page import masked, pattern_of, steps_of

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "docs").glob("*.md"))
FOLDER = "/home/me/project"
"""Where the pages' reader works."""
END = "=== the command has ended ==="


class Shell:
    """A reader's terminal, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._run_ids: dict[str, str] = {}
        self._port = _free_port()
        path = os.pathsep.join([_commands_folder(folder), os.environ["PATH"]])
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith(("USERCODE_", "DAGSTER_"))
        }
        environment |= {"PATH": path, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONUTF8": "1"}
        environment |= {"USERCODE_HOME": str(folder.parent / "home"), "COLUMNS": "200", "TZ": "UTC"}
        self._process = subprocess.Popen(
            ["bash"], cwd=folder, env=environment, text=True, encoding="utf-8",
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip

    def type(self, command: str, told: str) -> str:
        """Type a command; what it printed, in the words of the page. ``told`` is what the page says that it prints."""
        assert self._process.stdin is not None and self._process.stdout is not None
        watchdog = Timer(120, self._process.kill)
        watchdog.start()
        self._process.stdin.write(f"{self._here(command)}\necho '{END}'\n")
        self._process.stdin.flush()
        printed = ""
        for line in self._process.stdout:
            printed += line
            if printed.endswith(f"{END}\n"):
                break
        watchdog.cancel()
        assert printed.endswith(f"{END}\n"), f"$ {command}\ndid not end. It printed:\n{printed}"
        printed = printed.removesuffix(f"{END}\n")
        self._learn_run_ids(told, printed)
        return printed.replace(str(self.folder), FOLDER).replace(f":{self._port}", ":3030")

    def close(self) -> None:
        """End the shell, and the servers that it left behind."""
        self._process.communicate("kill $(jobs -p) 2> /dev/null; wait\n", timeout=60)

    def _here(self, command: str) -> str:
        """The command with this machine's port, and the ids that the runs of the page have here."""
        for told, actual in self._run_ids.items():
            command = command.replace(f" {told[:4]}", f" {actual}")
        return command.replace("3030", str(self._port))

    def _learn_run_ids(self, told: str, printed: str) -> None:
        launched = r"Launched run (\S+) of"
        self._run_ids |= dict(zip(re.findall(launched, told), re.findall(launched, printed), strict=False))


def _commands_folder(folder: Path) -> str:
    commands = folder.parent / "bin"
    commands.mkdir()
    for name, arguments in {"usercode": " -P -m usercode_server", "python": ""}.items():
        (commands / name).write_text(f'#!/bin/sh\nexec "{sys.executable}"{arguments} "$@"\n')
        (commands / name).chmod(0o755)
    return str(commands)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_is_true(page: Path, tmp_path: Path) -> None:
    folder = tmp_path / "project"
    folder.mkdir()
    shell = Shell(folder)
    try:
        for step in steps_of(page):
            if step.file_name is not None:
                (folder / step.file_name).write_text(step.text, encoding="utf-8")
                continue
            printed = shell.type(step.text, step.output)
            assert re.fullmatch(pattern_of(step.output), masked(printed)), (
                f"$ {step.text}\nThe page says:\n{step.output}\nIt printed:\n{printed}"
            )
    finally:
        shell.close()


@pytest.mark.parametrize("page", [ROOT / "README.md", *PAGES], ids=lambda page: page.name)
def test_the_python_files_of_a_page_run(page: Path, tmp_path: Path) -> None:
    files = [step for step in steps_of(page) if step.file_name is not None]
    for step in files:
        (tmp_path / str(step.file_name)).write_text(step.text, encoding="utf-8")
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "PYTHONUTF8": "1"}
    for name in [step.file_name for step in files if str(step.file_name).endswith(".py")]:
        how = ["-m", "pytest", "-p", "no:cacheprovider"] if str(name).startswith("test_") else []
        command = [sys.executable, "-W", "error", *how, str(name)]
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, f"{name}:\n{done.stdout}{done.stderr}"


def test_every_page_is_linked_from_the_readme() -> None:
    linked = re.findall(r"\]\((docs/[^)]+\.md)\)", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert sorted(linked) == [f"docs/{page.name}" for page in PAGES]
