"""The example image: it serves, and the same image runs the workers."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from scripts.images import Engine
from tests.images.conftest import LOCKED_DOWN
from usercode_sdk.events import EventType
from usercode_sdk.pipeline_run import PipelineRun, PipelineRunStatus, new_run_id
from usercode_server.instance import open_instance
from usercode_server.storage.base import RunRecord
from usercode_server.target import CodeTarget

pytestmark = pytest.mark.images

REPOSITORY_FILE = "/example_project/example_repo/repo.py"
USER = 10001


def test_it_serves_the_example_to_clients_outside(
    podman: Engine, example_image: str, container: Callable[..., str], free_port: int
) -> None:
    server = _serve(podman, example_image, container, free_port)
    address = f"127.0.0.1:{free_port}"

    listed = _usercode("code", "list", "--grpc", address, "--json")

    (repository,) = json.loads(listed)["repositories"]
    assert repository["name"] == "example_repo"
    assert [each["name"] for each in repository["pipelines"]] == ["census", "first_look"]
    assert "census" in podman.call("exec", server, "usercode", "code", "list", "--grpc", address).stdout


def test_its_health_check_tells_a_serving_container_from_another(
    podman: Engine, example_image: str, container: Callable[..., str], free_port: int
) -> None:
    server = _serve(podman, example_image, container, free_port)
    (image,) = json.loads(podman.call("image", "inspect", example_image).stdout)
    kind, *check = image["Healthcheck"]["Test"]
    assert kind == "CMD"

    def exit_code(port: int) -> int:
        environment = f"--env=USERCODE_API_GRPC_PORT={port}"
        return podman.call("exec", environment, server, *check, check=False).returncode

    assert (exit_code(free_port), exit_code(1)) == (0, 1)


def test_a_stop_ends_it_with_exit_code_0(
    podman: Engine, example_image: str, container: Callable[..., str], free_port: int
) -> None:
    server = _serve(podman, example_image, container, free_port)

    podman.call("stop", "--time=60", server)

    state = podman.call("container", "inspect", "--format={{.State.ExitCode}} {{.State.Running}}", server)
    assert state.stdout.split() == ["0", "false"]


def test_a_run_worker_executes_the_census_and_leaves_its_report(podman: Engine, example_image: str, home: Path) -> None:
    run_config: dict[str, object] = {
        "solids": {"find_modules": {"config": {"letters": "hj"}}},
        "resources": {"report_folder": {"config": {"path": "/var/lib/usercode/report"}}},
    }
    run_id = _create_run(home, "census", run_config)

    _work(podman, example_image, home, "run-worker", "--run-id", run_id)

    assert _status(home, run_id) is PipelineRunStatus.SUCCESS
    assert sorted(path.name for path in (home / "report").iterdir() if path.is_file()) == [
        "functions.csv",
        "imports.csv",
        "largest_packages.svg",
        "modules.csv",
        "packages.csv",
    ]


def test_step_jobs_do_what_a_run_worker_does(podman: Engine, example_image: str, home: Path) -> None:
    whole, in_steps = (_create_run(home, "first_look", {}) for _ in range(2))

    _work(podman, example_image, home, "run-worker", "--run-id", whole)
    for step in ("list_module_names", "show_names"):
        _work(podman, example_image, home, "step-job", "--run-id", in_steps, "--step-key", step)

    assert _step_events(home, in_steps) == _step_events(home, whole)
    assert [name for name, step in _step_events(home, whole) if step == "show_names"][-1] == "STEP_SUCCESS"


def test_a_step_job_that_is_not_ready_says_so_and_fails(podman: Engine, example_image: str, home: Path) -> None:
    run_id = _create_run(home, "first_look", {})
    arguments = ["step-job", "--run-id", run_id, "--step-key", "show_names"]

    with pytest.raises(RuntimeError, match=r"ended with 1:\n.*list_module_names"):
        _work(podman, example_image, home, *arguments)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder for USERCODE_HOME that the containers and this process share."""
    folder = tmp_path / "home"
    with open_instance(str(folder)):
        pass
    _give_to_user(folder)
    return folder


def _serve(podman: Engine, image: str, container: Callable[..., str], port: int) -> str:
    """Start the server, wait until it is healthy, and return the container's id."""
    command = ["api", "grpc", "-f", REPOSITORY_FILE, "--port", str(port), "-h", "0.0.0.0"]
    server = container(image, *command)
    health_check = ["exec", server, "usercode", "api", "health-check", "-p", str(port)]
    deadline = time.monotonic() + 60
    while podman.call(*health_check, check=False).returncode != 0:
        if time.monotonic() > deadline:
            pytest.fail(podman.call("logs", server).stderr)
        time.sleep(0.2)
    return server


def _work(podman: Engine, image: str, home: Path, *arguments: str) -> None:
    volume = f"--volume={home}:/var/lib/usercode"
    podman.call("run", "--rm", *LOCKED_DOWN, volume, image, "api", *arguments)


def _create_run(home: Path, pipeline: str, run_config: dict[str, object]) -> str:
    run = PipelineRun(new_run_id(), pipeline, run_config, "default")
    with open_instance(str(home)) as instance:
        instance.store.create_run(RunRecord(run, CodeTarget(python_file=REPOSITORY_FILE), "example_repo"))
    _give_to_user(home)
    return run.run_id


def _status(home: Path, run_id: str) -> PipelineRunStatus:
    with open_instance(str(home)) as instance:
        run = instance.get_run_by_id(run_id)
        assert run is not None
        return run.status


def _step_events(home: Path, run_id: str) -> list[tuple[str, str]]:
    """What happened in the steps, apart from which process each ran in."""
    with open_instance(str(home)) as instance:
        return [
            (event.type.value, event.step_key)
            for event in instance.all_logs(run_id)
            if event.step_key is not None and event.type is not EventType.ENGINE_EVENT
        ]


def _give_to_user(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        shutil.chown(path, USER, USER)


def _usercode(*arguments: str) -> str:
    command = [sys.executable, "-m", "usercode_server", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout
