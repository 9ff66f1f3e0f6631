"""`make demo` as a newcomer runs it, on the small preset; and as one who leaves early."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

from usercode_sdk.pipeline_run import PipelineRunStatus
from usercode_server.instance import open_instance

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples/example_project/example_repo/repo.py"


@pytest.fixture
def taken_port() -> Iterator[int]:
    """A port that somebody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def start_demo(folder: Path, *options: str) -> subprocess.Popen[str]:
    environment = os.environ | {"PYTHONPATH": f"{ROOT}:{ROOT / 'server'}", "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "scripts.demo", "--folder", str(folder), *options]
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def output_of(demo: subprocess.Popen[str]) -> str:
    """What the demo prints until it ends."""
    return demo.communicate(timeout=120)[0]


def processes_of(folder: Path) -> list[str]:
    """The command lines of the processes that work with the demo's storage."""
    variable = f"USERCODE_HOME={folder / 'home'}".encode()
    found = []
    for process in Path("/proc").iterdir():
        try:
            if process.name.isdigit() and variable in (process / "environ").read_bytes().split(b"\0"):
                found.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:
            continue
    return found


def run_statuses(folder: Path) -> list[PipelineRunStatus]:
    with open_instance(str(folder / "home")) as instance:
        return [record.status for record in instance.store.list_runs()]


def test_the_demo_tells_the_whole_story_and_leaves_only_files(tmp_path: Path, taken_port: int) -> None:
    demo = start_demo(tmp_path, "--preset", "sample", "--port", str(taken_port))
    output = output_of(demo)

    assert demo.returncode == 0, output
    port = int(re.findall(r"--port (\d+) &", output)[0])
    run_id = re.findall(r"Launched run (\S+) ", output)[0]
    file = os.path.relpath(EXAMPLE, tmp_path)
    assert f"Port {taken_port} is taken, so it is {port} here." in output
    assert [line[2:] for line in output.splitlines() if line.startswith("$ usercode")] == [
        f"usercode api grpc -f {file} --port {port} &",
        f"usercode code list --grpc 127.0.0.1:{port}",
        f"usercode code show census --grpc 127.0.0.1:{port}",
        f"usercode run launch census --preset sample --grpc 127.0.0.1:{port}",
        f"usercode run logs {run_id} --follow",
        f"usercode run show {run_id}",
        f"usercode run logs {run_id[:8]}",
        "usercode code plan census --preset default -f examples/example_project/example_repo/repo.py",
        "usercode run launch first_look -f examples/example_project/example_repo/repo.py --wait",
    ]
    assert re.findall(r"^\[(\d+/\d+)\] \S+ +PIPELINE_SUCCESS", output, re.MULTILINE) == ["15/15"]
    assert "● find_modules" in output
    assert output.endswith("\nNothing is left running.\n")

    report = tmp_path / "census_sample"
    tables = ["functions.csv", "imports.csv", "modules.csv", "packages.csv"]
    assert sorted(path.name for path in report.iterdir() if path.is_file()) == [
        *tables[:2],
        "largest_packages.svg",
        *tables[2:],
    ]
    assert ElementTree.parse(report / "largest_packages.svg").getroot().tag == "{http://www.w3.org/2000/svg}svg"
    assert run_statuses(tmp_path) == [PipelineRunStatus.SUCCESS]
    assert processes_of(tmp_path) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_demo_that_is_interrupted_cancels_its_run_and_stops_its_server(
    tmp_path: Path, number: signal.Signals
) -> None:
    demo = start_demo(tmp_path, "--preset", "default")
    assert demo.stdout is not None
    assert any("PIPELINE_START " in line for line in demo.stdout)  # which reads no further than that
    assert any("api grpc" in command for command in processes_of(tmp_path))

    demo.send_signal(number)
    output = output_of(demo)

    assert demo.returncode == 130, output
    assert "Interrupted" in output
    assert run_statuses(tmp_path) == [PipelineRunStatus.CANCELED]
    deadline = time.monotonic() + 10
    while processes_of(tmp_path) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert processes_of(tmp_path) == []


def test_a_command_that_fails_ends_the_demo_with_what_it_said(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file where the storage is to be")

    demo = start_demo(tmp_path, "--preset", "sample")
    output = output_of(demo)

    assert demo.returncode == 1
    assert f"The folder {str(tmp_path / 'home')!r}" in output
    assert "The demo failed." in output
    assert "Traceback" not in output
    assert processes_of(tmp_path) == []
