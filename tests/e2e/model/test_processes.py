"""Drawn pipelines executed by real processes, whole or a step each, do what the model says."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.model.covering import covering_pipelines
from tests.sdk.model.build import PIPELINE_NAME
from tests.sdk.model.observing import ready_steps, step_results, stored_outputs
from tests.sdk.model.profile import IS_LONG
from tests.sdk.model.semantics import Expected, StepResult, expected
from tests.sdk.model.shapes import Pipeline, run_config, to_json
from usercode_sdk import PipelineRun, PipelineRunStatus
from usercode_sdk.pipeline_run import new_run_id
from usercode_server.instance import PersistentInstance, open_instance
from usercode_server.storage.base import RunRecord
from usercode_server.target import CodeTarget

REPOSITORY_FILE = Path(__file__).with_name("repo.py")
ROOT = Path(__file__).parents[3]
COUNT = 40 if IS_LONG else 8
AT_ONCE = 2
"""How many step jobs run at the same time."""


@pytest.fixture(scope="module")
def chosen() -> list[Pipeline]:
    return covering_pipelines(COUNT, max_steps=6)


@pytest.fixture(params=range(COUNT))
def platform(request: pytest.FixtureRequest, chosen: list[Pipeline], tmp_path: Path) -> Iterator[Platform]:
    print(repr(chosen[request.param]))  # shown when the test fails
    with open_instance(str(tmp_path / "home")) as instance:
        yield Platform(chosen[request.param], tmp_path, instance)


def test_a_run_worker_does_what_the_model_says(platform: Platform) -> None:
    run_id = platform.create_run()
    worker = platform.start("run-worker", "--run-id", run_id)
    assert worker.communicate() == ("", "")
    assert worker.returncode == 0
    assert platform.steps_of(run_id) == platform.model.steps
    run = platform.instance.get_run_by_id(run_id)
    assert run is not None
    assert run.status is (PipelineRunStatus.SUCCESS if platform.model.run_succeeds else PipelineRunStatus.FAILURE)


def test_step_jobs_two_at_a_time_do_what_the_model_says(platform: Platform) -> None:
    run_id = platform.create_run()
    attempts = 0
    while ready := platform.ready(run_id):
        # The last of them: not the order in which one process executes them.
        jobs = [platform.start_step_job(run_id, key) for key in ready[-AT_ONCE:]]
        assert [(job.communicate(), job.returncode) for job in jobs] == [(("", ""), 0)] * len(jobs)
        attempts += len(jobs)
    assert platform.steps_of(run_id) == platform.model.steps
    assert attempts == sum(max(step.attempts, step.status == "skipped") for step in platform.model.steps.values())


def test_a_step_job_that_comes_too_early_or_too_late_says_so_and_changes_nothing(
    chosen: list[Pipeline], tmp_path: Path
) -> None:
    shape, key = next((shape, key) for shape in chosen for key in _waiting_steps(expected(shape)))
    with open_instance(str(tmp_path / "home")) as instance:
        platform = Platform(shape, tmp_path, instance)
        run_id = platform.create_run()
        early = platform.start_step_job(run_id, key)
        _, message = early.communicate()
        (first,) = platform.model.upstream[key]
        assert f"Step {key!r} is not ready: it waits for {first!r}" in message
        assert early.returncode == 1
        assert instance.all_logs(run_id) == []

        first_job = platform.start_step_job(run_id, first)
        assert (first_job.communicate(), first_job.returncode) == (("", ""), 0)
        before = instance.all_logs(run_id)
        late = platform.start_step_job(run_id, first)
        assert f"Step {first!r} of this run is over" in late.communicate()[1]
        assert late.returncode == 1
        assert instance.all_logs(run_id) == before


def _waiting_steps(model: Expected) -> Iterator[str]:
    """Steps that wait for one other, which waits for none and takes one attempt."""
    for key, upstream in model.upstream.items():
        if len(upstream) == 1 and all(model.steps[one].attempts == 1 and not model.upstream[one] for one in upstream):
            yield key


class Platform:
    """An instance in a folder, with a pipeline to run on it in processes."""

    def __init__(self, shape: Pipeline, folder: Path, instance: PersistentInstance) -> None:
        self.instance = instance
        self.model = expected(shape)
        self._run_config = run_config(shape)
        self._document = folder / "pipeline.json"
        self._document.write_bytes(to_json(shape))

    def create_run(self) -> str:
        """A new run in storage; its id."""
        run = PipelineRun(new_run_id(), PIPELINE_NAME, self._run_config, "default")
        target = CodeTarget(python_file=str(REPOSITORY_FILE), working_directory=str(ROOT))
        self.instance.store.create_run(RunRecord(run, target))
        return run.run_id

    def start_step_job(self, run_id: str, step_key: str) -> subprocess.Popen[str]:
        """A process that executes one attempt of a step."""
        return self.start("step-job", "--run-id", run_id, "--step-key", step_key)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """A process of the command line."""
        environment = {
            **os.environ,
            "USERCODE_HOME": self.instance.settings.home,
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "server")]),
            "USERCODE_TEST_PIPELINE": str(self._document),
        }
        command = [sys.executable, "-m", "usercode_server", "api", *arguments, "--no-echo"]
        return subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
        )

    def ready(self, run_id: str) -> list[str]:
        """The steps that may start now, by what is recorded."""
        return ready_steps(self.instance.all_logs(run_id), self.model)

    def steps_of(self, run_id: str) -> dict[str, StepResult]:
        """What came of the steps, by the events and values that are stored."""
        outputs = stored_outputs(Path(self.instance.storage_directory(), run_id), self.model)
        return step_results(self.instance.all_logs(run_id), self.model.steps, outputs)
