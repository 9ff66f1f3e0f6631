"""The step job, as the process it is: one attempt of one step, from storage alone."""

from __future__ import annotations

import itertools
import signal
import time

import pytest

from tests.server.commands import Usercode
from usercode_server.instance import open_instance

REPOSITORY = """
    import os, time
    from usercode_sdk import (
        InputDefinition, ModeDefinition, Nothing, Output, OutputDefinition, RetryRequested, fs_io_manager,
        mem_io_manager, pipeline, repository, solid,
    )

    stored = ModeDefinition(resource_defs={"io_manager": fs_io_manager})

    @solid
    def left(context):
        print("left runs")
        return 2

    @solid
    def right(context):
        return 3

    @solid
    def product(context, a, b):
        context.log.info(f"product {a * b}")
        return a * b

    @pipeline(mode_defs=[stored])
    def diamond():
        product(left(), right())

    optional = [OutputDefinition(name=name, is_required=False) for name in ("yes", "no")]

    @solid(output_defs=optional)
    def choose(context):
        yield Output(1, "yes")

    @solid
    def taken(context, x):
        return x

    @solid
    def not_taken(context, x):
        return x

    @pipeline(mode_defs=[stored])
    def choice():
        yes, no = choose()
        taken(yes)
        not_taken(no)

    @solid
    def flaky(context):
        if context.retry_number < 1:
            raise RetryRequested(max_retries=1)
        return 1

    @solid
    def bad(context):
        raise ValueError("boom")

    @solid
    def slow(context):
        print("waiting", flush=True)
        time.sleep(60)

    @solid
    def gone(context):
        os._exit(7)

    @solid
    def interrupted(context):
        raise KeyboardInterrupt

    @pipeline(mode_defs=[stored])
    def troubles():
        flaky(), bad(), slow(), gone(), interrupted()

    @pipeline(mode_defs=[ModeDefinition(resource_defs={"io_manager": mem_io_manager})])
    def in_memory():
        taken(left())

    @pipeline
    def default_storage():
        taken(left())

    @repository
    def repo():
        return [diamond, choice, troubles, in_memory, default_storage]
"""


@pytest.fixture
def worker(usercode: Usercode) -> Usercode:
    usercode.write(REPOSITORY)
    return usercode


def step(worker: Usercode, run_id: str, key: str, *options: str, check: int = 0) -> str:
    """Execute a step and return what its process said on stderr."""
    done = worker.run("api", "step-job", "--no-echo", "--run-id", run_id, "--step-key", key, *options, check=check)
    assert "Traceback" not in done.stderr
    return done.stderr


def events_of(worker: Usercode, run_id: str, key: str) -> list[str]:
    return [kind for kind, step_key in worker.events(run_id) if step_key == key and kind != "ENGINE_EVENT"]


def output_of(worker: Usercode, run_id: str, key: str) -> object:
    import pickle

    path = worker.home / "outputs" / run_id / key / "result"
    return pickle.loads(path.read_bytes())


def test_steps_in_any_legal_order_do_what_a_run_worker_does(worker: Usercode) -> None:
    whole = worker.create_run("diamond")
    worker.run("api", "run-worker", "--no-echo", "--run-id", whole)
    for order in (("left", "right"), ("right", "left")):
        run_id = worker.create_run("diamond")
        for key in (*order, "product"):
            step(worker, run_id, key)
        for key in ("left", "right", "product"):
            assert events_of(worker, run_id, key) == events_of(worker, whole, key)
            assert output_of(worker, run_id, key) == output_of(worker, whole, key)
    assert output_of(worker, whole, "product") == 6


def test_steps_side_by_side_do_as_well(worker: Usercode) -> None:
    run_id = worker.create_run("diamond")
    jobs = [worker.start("api", "step-job", "--run-id", run_id, "--step-key", key) for key in ("left", "right")]
    assert [(job.communicate(timeout=60)[1], job.returncode) for job in jobs] == [("", 0)] * 2
    step(worker, run_id, "product")
    assert output_of(worker, run_id, "product") == 6


def test_a_step_that_is_not_ready_says_what_it_waits_for(worker: Usercode) -> None:
    run_id = worker.create_run("diamond")
    step(worker, run_id, "right")
    assert "waits for 'left'" in step(worker, run_id, "product", check=1)
    assert events_of(worker, run_id, "product") == []


def test_a_step_is_executed_once(worker: Usercode) -> None:
    run_id = worker.create_run("diamond")
    step(worker, run_id, "left")
    before = worker.events(run_id)
    assert "'left' of this run is over" in step(worker, run_id, "left", check=1)
    assert worker.events(run_id) == before


def test_of_two_jobs_for_one_step_one_executes_it(worker: Usercode) -> None:
    run_id = worker.create_run("diamond")
    jobs = [worker.start("api", "step-job", "--run-id", run_id, "--step-key", "left") for _ in range(3)]
    ended = [(process.communicate(timeout=60)[1], process.returncode) for process in jobs]
    assert sorted(code for _, code in ended) == [0, 1, 1], ended
    refused = [err for err, code in ended if code == 1]
    assert all(err.startswith("Error: ") and "'left'" in err and err.count("\n") == 1 for err in refused), refused
    kinds = events_of(worker, run_id, "left")
    assert (kinds.count("STEP_START"), kinds.count("STEP_SUCCESS")) == (1, 1)


def test_a_step_under_way_is_left_alone_until_its_process_is_gone(worker: Usercode) -> None:
    run_id = worker.create_run("troubles")
    process = worker.start("api", "step-job", "--run-id", run_id, "--step-key", "slow")
    deadline = time.monotonic() + 60
    while "STEP_START" not in events_of(worker, run_id, "slow"):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert f"is being executed by process {process.pid}." in step(worker, run_id, "slow", check=1)
    process.kill()
    process.communicate(timeout=60)
    again = worker.start("api", "step-job", "--run-id", run_id, "--step-key", "slow")
    while "STEP_RESTARTED" not in events_of(worker, run_id, "slow"):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    again.kill()
    again.communicate(timeout=60)


def test_a_step_that_ends_its_process_has_a_start(worker: Usercode) -> None:
    run_id = worker.create_run("troubles")
    step(worker, run_id, "gone", check=7)
    assert events_of(worker, run_id, "gone") == ["LOGS_CAPTURED", "STEP_START"]


def test_a_keyboard_interrupt_in_a_step_is_its_failure(worker: Usercode) -> None:
    run_id = worker.create_run("troubles")
    step(worker, run_id, "interrupted")
    assert events_of(worker, run_id, "interrupted")[-1] == "STEP_FAILURE"


def test_an_unknown_step_names_those_that_exist(worker: Usercode) -> None:
    run_id = worker.create_run("diamond")
    said = step(worker, run_id, "lefft", check=1)
    assert all(name in said for name in ("'lefft'", "'left'"))


def test_a_step_without_its_input_is_skipped(worker: Usercode) -> None:
    run_id = worker.create_run("choice")
    for key in ("choose", "taken", "not_taken"):
        step(worker, run_id, key)
    assert events_of(worker, run_id, "not_taken") == ["STEP_SKIPPED"]
    assert events_of(worker, run_id, "taken")[-1] == "STEP_SUCCESS"


def test_a_failed_attempt_and_one_to_be_retried_are_jobs_done(worker: Usercode) -> None:
    run_id = worker.create_run("troubles")
    step(worker, run_id, "bad")
    step(worker, run_id, "flaky")
    step(worker, run_id, "flaky", "--attempt", "2")
    assert events_of(worker, run_id, "bad")[-1] == "STEP_FAILURE"
    kinds = events_of(worker, run_id, "flaky")
    assert [
        kind for kind in kinds if kind in ("STEP_START", "STEP_UP_FOR_RETRY", "STEP_RESTARTED", "STEP_SUCCESS")
    ] == [
        "STEP_START",
        "STEP_UP_FOR_RETRY",
        "STEP_RESTARTED",
        "STEP_SUCCESS",
    ]


def test_a_step_told_to_stop_fails(worker: Usercode) -> None:
    run_id = worker.create_run("troubles")
    process = worker.start("api", "step-job", "--run-id", run_id, "--step-key", "slow")
    deadline = time.monotonic() + 60
    while "STEP_START" not in events_of(worker, run_id, "slow"):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    assert process.returncode == 0
    assert events_of(worker, run_id, "slow")[-1] == "STEP_FAILURE"


def test_a_pipeline_without_an_io_manager_stores_its_values(worker: Usercode) -> None:
    run_id = worker.create_run("default_storage")
    step(worker, run_id, "left")
    step(worker, run_id, "taken")
    assert output_of(worker, run_id, "taken") == 2


def test_values_in_memory_can_not_cross_processes(worker: Usercode) -> None:
    run_id = worker.create_run("in_memory")
    said = step(worker, run_id, "left", check=1)
    assert "memory" in said


@pytest.mark.parametrize("run_id", ["none", ""])
def test_an_unknown_run_is_refused(worker: Usercode, run_id: str) -> None:
    assert f"No run has the id {run_id!r}." in step(worker, run_id, "left", check=1)


def test_a_step_of_a_finished_run_is_refused(worker: Usercode) -> None:
    run_id = worker.create_run("diamond")
    worker.run("run", "cancel", run_id)
    assert "ended with the status CANCELED" in step(worker, run_id, "left", check=1)
    assert events_of(worker, run_id, "left") == []


def test_code_that_does_not_load_is_told_and_noted(worker: Usercode) -> None:
    run_id = worker.create_run("diamond", file="gone.py")
    assert "does not exist" in step(worker, run_id, "left", check=1)
    assert worker.events(run_id) == [("ENGINE_EVENT", "left")]


def test_output_of_all_steps_can_be_read_together(worker: Usercode) -> None:
    run_id = worker.create_run("diamond")
    for key in ("left", "right", "product"):
        step(worker, run_id, key)
    with open_instance(str(worker.home)) as instance:
        entries = list(instance.compute_logs.reader(run_id).read(to_the_end=True))
    assert [(entry.step_key, entry.text) for entry in entries] == [("left", "left runs"), ("product", "product 6")]
    assert all(one.timestamp <= other.timestamp for one, other in itertools.pairwise(entries))
