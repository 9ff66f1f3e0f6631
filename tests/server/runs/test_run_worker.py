"""The run worker, as the process it is: whatever the author's code does, the run ends with a reason."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.server.commands import Usercode
from usercode_sdk.events import EventType
from usercode_sdk.pipeline_run import PipelineRun
from usercode_server.instance import open_instance
from usercode_server.runs.history import event_error
from usercode_server.storage.base import RunRecord

REPOSITORY = """
    import os, sys, time
    from usercode_sdk import Field, ModeDefinition, fs_io_manager, pipeline, repository, resource, solid

    @solid
    def one(context):
        print("printed by one")
        context.log.info("logged by one")
        return 1

    @solid
    def two(context, x: int):
        return x + 1

    @solid
    def bad(context):
        raise ValueError("boom")

    class Unspeakable(Exception):
        def __str__(self):
            sys.exit(4)

    class Reserved(Exception):
        @property
        def __cause__(self):
            raise ValueError("no cause for you")

    class Stream:
        def write(self, text):
            raise RuntimeError("no writing")
        flush = write

    @solid(config_schema={"how": str})
    def ends_badly(context):
        how = context.solid_config["how"]
        if how == "exit":
            sys.exit(3)
        if how == "kill":
            os.kill(os.getpid(), 9)
        if how == "fork" and os.fork() == 0:
            raise ValueError("in the child")
        if how == "fork":
            os.wait()
        if how == "interrupt":
            raise KeyboardInterrupt
        if how == "message":
            raise Unspeakable
        if how == "cause":
            raise Reserved("said")
        if how == "streams":
            sys.stdout, sys.stderr = Stream(), Stream()
        if how == "close":
            sys.stdout.close()
            sys.stderr.close()

    @resource
    def noted(init_context):
        try:
            yield "resource"
        finally:
            print("torn down", file=sys.stderr, flush=True)

    @solid(required_resource_keys={"noted"}, config_schema={"until": Field(str, default_value="never")})
    def slow(context):
        print("waiting", flush=True)
        ends_at = time.monotonic() + 60
        while time.monotonic() < ends_at and not os.path.exists(context.solid_config["until"]):
            time.sleep(0.02)

    stored = ModeDefinition(resource_defs={"io_manager": fs_io_manager, "noted": noted})

    @pipeline(mode_defs=[stored])
    def good():
        two(one())

    @pipeline(mode_defs=[stored])
    def failing():
        two(bad())

    @pipeline(mode_defs=[stored])
    def dying():
        ends_badly()

    @pipeline(mode_defs=[stored])
    def waiting():
        slow()

    @repository
    def repo():
        return [good, failing, dying, waiting]
"""


@pytest.fixture
def worker(usercode: Usercode) -> Usercode:
    usercode.write(REPOSITORY)
    return usercode


def wait_for(worker: Usercode, run_id: str, event_type: str) -> None:
    deadline = time.monotonic() + 60
    while event_type not in [kind for kind, _ in worker.events(run_id)]:
        assert time.monotonic() < deadline, worker.events(run_id)
        time.sleep(0.05)


def last_error(worker: Usercode, run_id: str, event_type: EventType) -> str:
    with open_instance(str(worker.home)) as instance:
        errors = [event_error(event) for event in instance.all_logs(run_id) if event.type is event_type]
    assert errors
    assert errors[-1] is not None
    return errors[-1].to_text()


def test_a_run_succeeds_and_everything_is_recorded_in_order(worker: Usercode) -> None:
    run_id = worker.create_run("good")
    done = worker.run("api", "run-worker", "--run-id", run_id)
    assert worker.status(run_id) == "SUCCESS"
    assert worker.events(run_id) == [
        ("ENGINE_EVENT", None),
        ("PIPELINE_START", None),
        ("ENGINE_EVENT", None),
        ("ENGINE_EVENT", None),
        ("ENGINE_EVENT", None),
        ("LOGS_CAPTURED", "one"),
        ("STEP_START", "one"),
        ("STEP_OUTPUT", "one"),
        ("HANDLED_OUTPUT", "one"),
        ("STEP_SUCCESS", "one"),
        ("LOGS_CAPTURED", "two"),
        ("STEP_START", "two"),
        ("LOADED_INPUT", "two"),
        ("STEP_INPUT", "two"),
        ("STEP_OUTPUT", "two"),
        ("HANDLED_OUTPUT", "two"),
        ("STEP_SUCCESS", "two"),
        ("ENGINE_EVENT", None),
        ("PIPELINE_SUCCESS", None),
        ("ENGINE_EVENT", None),
    ]
    assert done.stdout == "printed by one\n"
    assert done.stderr.endswith("INFO good one: logged by one\n")


def test_a_failed_run_is_a_job_done(worker: Usercode) -> None:
    run_id = worker.create_run("failing")
    worker.run("api", "run-worker", "--run-id", run_id)
    assert worker.status(run_id) == "FAILURE"
    assert "raise ValueError" in last_error(worker, run_id, EventType.STEP_FAILURE)


def test_no_echo_keeps_the_processes_own_output_empty(worker: Usercode) -> None:
    run_id = worker.create_run("good")
    done = worker.run("api", "run-worker", "--run-id", run_id, "--no-echo")
    assert (done.stdout, done.stderr) == ("", "")


@pytest.mark.parametrize(
    ("file", "text", "error"),
    [
        ("gone.py", None, "does not exist"),
        ("broken.py", "import nothing_of_this_name", "nothing_of_this_name"),
        ("broken.py", "def f(:", "SyntaxError"),
        ("broken.py", "import sys; sys.exit(5)", "SystemExit"),
        (
            "other.py",
            "from repo import one\nfrom usercode_sdk import pipeline\n@pipeline\ndef other():\n    one()\n",
            "'good'",
        ),
    ],
)
def test_code_that_does_not_load_ends_the_run_with_the_reason(
    worker: Usercode, file: str, text: str | None, error: str
) -> None:
    if text is not None:
        (worker.folder / file).write_text(text)
    run_id = worker.create_run("good", file=file)
    worker.run("api", "run-worker", "--run-id", run_id)
    assert worker.status(run_id) == "FAILURE"
    assert [kind for kind, _ in worker.events(run_id)] == [
        "ENGINE_EVENT",
        "ENGINE_EVENT",
        "PIPELINE_FAILURE",
        "ENGINE_EVENT",
    ]
    assert error in last_error(worker, run_id, EventType.PIPELINE_FAILURE)


def test_a_run_config_that_does_not_fit_ends_the_run_with_the_reason(worker: Usercode) -> None:
    run_id = worker.create_run("dying", {"solids": {"ends_badly": {"config": {"hoow": "x"}}}})
    worker.run("api", "run-worker", "--run-id", run_id)
    assert worker.status(run_id) == "FAILURE"
    assert 'Did you mean "how"?' in last_error(worker, run_id, EventType.PIPELINE_FAILURE)


def test_sys_exit_in_a_solid_fails_its_step(worker: Usercode) -> None:
    run_id = worker.create_run("dying", {"solids": {"ends_badly": {"config": {"how": "exit"}}}})
    worker.run("api", "run-worker", "--run-id", run_id)
    assert worker.status(run_id) == "FAILURE"
    assert "SystemExit: 3" in last_error(worker, run_id, EventType.STEP_FAILURE)


@pytest.mark.parametrize(
    ("how", "status", "error"),
    [
        ("interrupt", "CANCELED", "KeyboardInterrupt"),
        ("message", "FAILURE", "Unspeakable: <the exception's message could not be made>"),
        ("cause", "FAILURE", "Reserved: said"),
    ],
)
def test_an_exception_that_resists_is_the_end_of_its_step(worker: Usercode, how: str, status: str, error: str) -> None:
    run_id = worker.create_run("dying", {"solids": {"ends_badly": {"config": {"how": how}}}})
    worker.run("api", "run-worker", "--run-id", run_id)
    assert worker.status(run_id) == status
    assert error in last_error(worker, run_id, EventType.STEP_FAILURE)


@pytest.mark.parametrize("how", ["streams", "close"])
def test_streams_that_a_step_replaces_or_closes_cost_nothing(worker: Usercode, how: str) -> None:
    run_id = worker.create_run("dying", {"solids": {"ends_badly": {"config": {"how": how}}}})
    done = worker.run("api", "run-worker", "--run-id", run_id)
    assert (worker.status(run_id), done.stdout, done.stderr) == ("SUCCESS", "", "")


def test_a_fork_that_escapes_from_a_solid_does_not_write_into_the_run(worker: Usercode) -> None:
    run_id = worker.create_run("dying", {"solids": {"ends_badly": {"config": {"how": "fork"}}}})
    worker.run("api", "run-worker", "--run-id", run_id)
    kinds = [kind for kind, _ in worker.events(run_id)]
    assert kinds.count("STEP_SUCCESS") == 1
    assert kinds.count("STEP_FAILURE") == 0
    assert worker.status(run_id) == "SUCCESS"


def test_a_killed_worker_leaves_a_readable_history(worker: Usercode) -> None:
    run_id = worker.create_run("dying", {"solids": {"ends_badly": {"config": {"how": "kill"}}}})
    assert worker.run("api", "run-worker", "--run-id", run_id, check=None).returncode == -9
    assert worker.status(run_id) == "STARTED"
    assert worker.events(run_id)[:2] == [("ENGINE_EVENT", None), ("PIPELINE_START", None)]
    shown = json.loads(worker.run("run", "show", run_id, "--json").stdout)
    assert shown["is_worker_gone"] is True
    refused = worker.run("api", "run-worker", "--run-id", run_id, check=1).stderr
    assert f"its worker is gone. End it with `usercode run cancel {run_id}`" in refused


def test_a_run_deleted_while_it_runs_leaves_nothing(worker: Usercode) -> None:
    go = worker.folder / "go"
    run_id = worker.create_run("waiting", {"solids": {"slow": {"config": {"until": str(go)}}}})
    process = worker.start("api", "run-worker", "--run-id", run_id)
    wait_for(worker, run_id, "STEP_START")
    worker.run("run", "delete", run_id, "--force")
    go.touch()
    _, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert f"No run has the id '{run_id}'." in err
    assert not (worker.home / "outputs" / run_id).exists()
    assert not (worker.home / "compute_logs" / run_id).exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_told_to_stop_tears_down_and_cancels(worker: Usercode, number: signal.Signals) -> None:
    run_id = worker.create_run("waiting")
    process = worker.start("api", "run-worker", "--run-id", run_id)
    wait_for(worker, run_id, "STEP_START")
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (0, "waiting\n")
    assert "torn down" in err
    assert worker.status(run_id) == "CANCELED"
    assert worker.events(run_id)[-3:] == [
        ("STEP_FAILURE", "slow"),
        ("PIPELINE_CANCELED", None),
        ("ENGINE_EVENT", None),
    ]


def test_a_worker_told_to_stop_while_it_loads_cancels(worker: Usercode) -> None:
    worker.write("import time\nprint('loading', flush=True)\ntime.sleep(60)\n", "sleepy.py")
    run_id = worker.create_run("good", file="sleepy.py")
    process = worker.start("api", "run-worker", "--run-id", run_id)
    assert process.stdout is not None
    assert process.stdout.readline() == "loading\n"
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    assert process.returncode == 0
    assert worker.status(run_id) == "CANCELED"


def test_a_run_is_executed_once(worker: Usercode) -> None:
    run_id = worker.create_run("good")
    workers = [worker.start("api", "run-worker", "--run-id", run_id) for _ in range(3)]
    ended = [(process.communicate(timeout=60), process.returncode) for process in workers]
    codes = sorted(code for _, code in ended)
    assert codes == [0, 1, 1], ended
    for (_, err), code in ended:
        assert code == 0 or "Traceback" not in err
    kinds = [kind for kind, _ in worker.events(run_id)]
    assert (kinds.count("PIPELINE_START"), kinds.count("STEP_SUCCESS"), kinds.count("PIPELINE_SUCCESS")) == (1, 2, 1)


@pytest.mark.parametrize(
    ("prepare", "said"),
    [
        ("unknown", "No run has the id 'none'."),
        ("ended", "has ended already, with the status SUCCESS"),
        ("no code", "storage does not know its code"),
    ],
)
def test_a_run_that_is_not_to_be_executed_is_refused(worker: Usercode, prepare: str, said: str) -> None:
    run_id = "none"
    if prepare == "ended":
        run_id = worker.create_run("good")
        worker.run("api", "run-worker", "--run-id", run_id)
    if prepare == "no code":
        run_id = "lone"
        with open_instance(str(worker.home)) as instance:
            instance.store.create_run(RunRecord(PipelineRun(run_id, "good", {}, "default")))
    done = worker.run("api", "run-worker", "--run-id", run_id, check=1)
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_worker_does_not_import_what_only_the_terminal_needs(worker: Usercode) -> None:
    run_id = worker.create_run("good")
    modules = worker.folder / "modules.py"
    modules.write_text(
        "import sys\nfrom usercode_server.cli import main\n"
        f"code = main(['api', 'run-worker', '--no-echo', '--run-id', {run_id!r}])\n"
        "print(sorted(m for m in sys.modules if m.partition('.')[0] in "
        "{'rich', 'grpc', 'yaml', 'google', 'pydantic', 'asyncio', 'subprocess', 'usercode_api'}))\n"
    )
    import sys

    done = subprocess.run(
        [sys.executable, str(modules)], env=worker.environment, capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"


def test_runs_of_one_home_can_be_executed_side_by_side(worker: Usercode, tmp_path: Path) -> None:
    runs = [worker.create_run("good") for _ in range(4)]
    workers = [worker.start("api", "run-worker", "--run-id", run_id) for run_id in runs]
    assert [(process.communicate(timeout=60)[1][:0], process.returncode) for process in workers] == [("", 0)] * 4
    assert [worker.status(run_id) for run_id in runs] == ["SUCCESS"] * 4
