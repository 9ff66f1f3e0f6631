"""``usercode run ...``, from the launch of a run to its deletion."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from typing import Any

import pytest

from tests.server.commands import Usercode
from usercode_server.engine_events import engine_event
from usercode_server.instance import open_instance

REPOSITORY = """
    import os, sys, time
    from usercode_sdk import ModeDefinition, PresetDefinition, multiprocess_executor, pipeline, repository, solid

    @solid(config_schema={"name": str, "seconds": float}, tags={"dagster-celery/queue": "q"})
    def greet(context):
        print(f"hello {context.solid_config['name']}")
        context.log.warning("careful")
        os.system("echo from a child >&2")
        time.sleep(context.solid_config["seconds"])
        return context.solid_config["name"]

    @solid
    def shout(context, name: str):
        return name.upper()

    config = {"solids": {"greet": {"config": {"name": "preset", "seconds": 0.0}}}}

    @pipeline(
        mode_defs=[ModeDefinition("dev"), ModeDefinition("prod")],
        preset_defs=[PresetDefinition("default", config, mode="prod", tags={"level": "preset", "p": "preset"})],
        tags={"level": "pipeline", "team": "pipeline"},
    )
    def greeting():
        shout(greet())

    @solid
    def bad(context):
        raise ValueError("boom")

    @solid
    def dies(context):
        os._exit(9)

    @pipeline
    def failing():
        bad()

    @pipeline
    def dying():
        dies()

    @pipeline(
        preset_defs=[PresetDefinition("several", {"execution": {"multiprocess": {}}})],
    )
    def parallel():
        bad()

    @pipeline(mode_defs=[ModeDefinition(executor_defs=[multiprocess_executor])])
    def only_parallel():
        bad()

    @repository
    def repo():
        return [greeting, failing, dying, parallel, only_parallel]
"""
FILE = ("-f", "repo.py")


@pytest.fixture
def shell(usercode: Usercode) -> Usercode:
    usercode.write(REPOSITORY)
    return usercode


def document(shell: Usercode, *arguments: str, check: int = 0) -> Any:
    return json.loads(shell.run(*arguments, "--json", check=check).stdout)


def config(shell: Usercode, name: str, seconds: float = 0.0) -> str:
    text = f"solids:\n  greet:\n    config: {{name: {name}, seconds: {seconds}}}\n"
    return str(shell.write(text, f"{name}.yaml"))


def test_a_run_is_launched_and_waited_for(shell: Usercode) -> None:
    done = shell.run("run", "launch", "greeting", "--preset", "default", *FILE, "--wait")
    kinds = [line.split()[1] for line in done.stdout.splitlines()]
    assert kinds[0] == "PIPELINE_STARTING"
    assert kinds[-2:] == ["PIPELINE_SUCCESS", "ENGINE_EVENT"] or kinds[-1] == "PIPELINE_SUCCESS"
    assert [line.split("  ")[-1] for line in done.stdout.splitlines() if " stdout " in line] == ["hello preset"]
    assert done.stderr.splitlines()[-1].endswith("ended: SUCCESS.")


def test_what_is_launched_is_stored(shell: Usercode) -> None:
    launched = document(
        shell, "run", "launch", "greeting", "--preset", "default", "--tag", "p=call", "--tag", "x=y", *FILE, "--wait"
    )
    target = {
        "python_file": str(shell.folder / "repo.py"),
        "module_name": None,
        "package_name": None,
        "attribute": None,
        "working_directory": str(shell.folder),
    }
    expected = {
        "pipeline_name": "greeting",
        "repository_name": "repo",
        "status": "SUCCESS",
        "mode": "prod",
        "run_config": {"solids": {"greet": {"config": {"name": "preset", "seconds": 0.0}}}},
        "tags": {"level": "preset", "team": "pipeline", "p": "call", "x": "y"},
        "target": target,
        "image": None,
    }
    assert {key: launched[key] for key in expected} == expected


def test_files_give_the_run_config(shell: Usercode) -> None:
    launched = document(
        shell, "run", "launch", "greeting", "--mode", "dev", "--config", config(shell, "yaml"), *FILE, "--wait"
    )
    assert launched["mode"] == "dev"
    assert launched["run_config"] == {"solids": {"greet": {"config": {"name": "yaml", "seconds": 0.0}}}}
    assert launched["status"] == "SUCCESS"


def test_without_waiting_the_run_goes_on_by_itself(shell: Usercode) -> None:
    run_id = document(shell, "run", "launch", "greeting", "--preset", "default", *FILE)["run_id"]
    done = shell.run("run", "logs", run_id, "--follow")
    assert "PIPELINE_SUCCESS" in done.stdout
    assert shell.status(run_id) == "SUCCESS"


def test_a_failed_run_ends_with_1_and_shows_the_authors_traceback(shell: Usercode) -> None:
    done = shell.run("run", "launch", "failing", *FILE, "--wait", check=1)
    assert "ValueError: boom" in done.stdout
    assert done.stderr.splitlines()[-1].endswith("ended: FAILURE.")


def test_a_worker_that_dies_without_a_word_fails_the_run(shell: Usercode) -> None:
    done = shell.run("run", "launch", "dying", *FILE, "--wait", check=1)
    assert "The run worker ended without ending the run: exit code 9." in done.stdout
    assert document(shell, "run", "list")[0]["status"] == "FAILURE"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["greetin", *FILE], ["There is no pipeline 'greetin'", "Did you mean 'greeting'?"]),
        (["greeting", "--preset", "defalt", *FILE], ["'defalt'", "'default'"]),
        (["greeting", "--mode", "test", *FILE], ["'test'", "'dev'"]),
        (["greeting", *FILE], ["mode", "'dev'", "'prod'"]),
        (["greeting", "--preset", "default", "--mode", "dev", *FILE], ["is for the mode 'prod'"]),
        (["parallel", "--preset", "several", *FILE], ["'multiprocess', which is not available here", "'in_process'"]),
        (["only_parallel", *FILE], ["'multiprocess', which is not available here", "in_process_executor"]),
        (["greeting", "--mode", "dev", "--config", "none.yaml", *FILE], ["none.yaml"]),
        (["greeting", "-r", "rep", *FILE], ["'rep'", "'repo'"]),
        (["greeting", "-f", "gone.py"], ["gone.py", "does not exist"]),
        (["greeting", "-f", "broken.py"], ["broken.py", "line 1", "SyntaxError"]),
        (["greeting", "--grpc", "127.0.0.1:1"], ["127.0.0.1:1", "can't be reached"]),
        (["greeting", "--preset", "default", "--tag", "dagster/priority=high", *FILE], ["dagster/priority"]),
    ],
)
def test_what_is_not_right_is_refused_before_anything_is_stored(
    shell: Usercode, arguments: list[str], said: list[str]
) -> None:
    shell.write("def broken(:\n", "broken.py")
    done = shell.run("run", "launch", *arguments, check=1)
    assert done.stdout == ""
    assert [part for part in said if part not in done.stderr] == [], done.stderr
    assert "usercode_server" not in done.stderr
    assert document(shell, "run", "list") == []


def test_a_file_that_does_not_exist_is_told_once(shell: Usercode) -> None:
    path = str(shell.folder / "gone.py")
    assert shell.run("run", "launch", "greeting", "-f", "gone.py", check=1).stderr == (
        f"Error: The code can't be loaded from {path}: FileNotFoundError: The file {path!r} does not exist. "
        "Check -f/--python-file.\n"
    )


def test_every_fault_of_the_run_config_is_told(shell: Usercode) -> None:
    shell.write("solids:\n  greet:\n    config: {name: 1, secondz: 1}\n  other: {}\n", "bad.yaml")
    done = shell.run("run", "launch", "greeting", "--mode", "dev", "--config", "bad.yaml", *FILE, check=1)
    assert 'Did you mean "seconds"?' in done.stderr
    assert [line[:4] for line in done.stderr.splitlines()[1:]] == ["  1.", "  2.", "  3.", "  4."]
    assert document(shell, "run", "list") == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["launch", "greeting"],
        ["launch", "greeting", *FILE, "-m", "repo"],
        ["launch", *FILE],
        ["launch", "p", "--tag", "x", *FILE],
    ],
)
def test_wrong_usage_ends_with_2(shell: Usercode, arguments: list[str]) -> None:
    assert shell.run("run", *arguments, check=2).stdout == ""


def test_runs_are_listed_and_filtered(shell: Usercode) -> None:
    first = shell.create_run("failing", tags={"team": "a"})
    second = shell.create_run("greeting")
    shell.run("api", "run-worker", "--run-id", first)

    def ids(*arguments: str) -> list[str]:
        return [run["run_id"] for run in document(shell, "run", "list", *arguments)]

    assert ids() == [second, first]
    assert ids("--status", "failure") == [first]
    assert ids("--status", "FAILURE", "--status", "NOT_STARTED") == [second, first]
    assert ids("--pipeline", "greeting") == [second]
    assert ids("--tag", "team=a") == [first]
    assert ids("--limit", "1") == [second]
    assert ids("--before", second) == [first]
    lines = shell.run("run", "list").stdout.splitlines()
    assert lines[0].split() == ["Run", "Pipeline", "Status", "Created", "Duration"]
    assert [line.split()[:3] for line in lines[1:]] == [
        [second, "greeting", "NOT_STARTED"],
        [first, "failing", "FAILURE"],
    ]


def test_an_empty_list_says_so_on_stderr(shell: Usercode) -> None:
    done = shell.run("run", "list")
    assert (done.stdout, done.stderr) == ("", "There are no runs yet.\n")


def test_a_run_is_shown_with_its_steps_and_failure(shell: Usercode) -> None:
    run_id = shell.create_run("failing", tags={"team": "a"})
    shell.run("api", "run-worker", "--run-id", run_id)
    text = shell.run("run", "show", run_id).stdout
    assert [line for line in text.splitlines() if line.startswith(("Run ", "Pipeline ", "Status ", "Tags "))] == [
        f"Run       {run_id}",
        "Pipeline  failing",
        "Status    FAILURE",
        "Tags      team=a",
    ]
    assert "bad   FAILURE  1" in text
    assert "Step bad, attempt 1:" in text
    assert 'raise ValueError("boom")' in text
    shown = document(shell, "run", "show", run_id)
    assert [(step["step_key"], step["status"], step["attempts"]) for step in shown["steps"]] == [("bad", "FAILURE", 1)]


def test_logs_merge_events_log_lines_and_output(shell: Usercode) -> None:
    run_id = document(shell, "run", "launch", "greeting", "--preset", "default", *FILE, "--wait")["run_id"]
    items = document(shell, "run", "logs", run_id, "--step", "greet")
    assert [(item["type"], item["message"]) for item in items if item["type"] in ("LOG", "OUTPUT")] == [
        ("OUTPUT", "hello preset"),
        ("LOG", "careful"),
        ("OUTPUT", "from a child"),
    ]
    assert [item["type"] for item in items][:4] == ["LOGS_CAPTURED", "STEP_START", "OUTPUT", "LOG"]
    times = [item["timestamp"] for item in items]
    assert times == sorted(times)
    assert {item["step_key"] for item in items} == {"greet"}
    text = shell.run("run", "logs", run_id).stdout
    assert "\x1b[" not in text
    assert [line.split()[1] for line in text.splitlines() if line.split()[2] == "greet"][:4] == [
        "LOGS_CAPTURED",
        "STEP_START",
        "stdout",
        "WARNING",
    ]


def test_logs_of_an_unknown_step_are_an_error_that_names_the_nearest(shell: Usercode) -> None:
    run_id = shell.create_run("failing")
    said = f"Error: The run {run_id} has nothing of a step 'bda'"
    assert shell.run("run", "logs", run_id, "--step", "bda", check=1).stderr == f"{said} yet.\n"
    shell.run("api", "run-worker", "--run-id", run_id)
    for follow in ([], ["--follow"]):
        done = shell.run("run", "logs", run_id, "--step", "bda", *follow, check=1)
        assert (done.stdout, done.stderr) == ("", f"{said}. Did you mean 'bad'?\n")


def test_a_step_that_is_followed_may_come_later(shell: Usercode) -> None:
    run_id = shell.create_run("failing")
    follower = shell.start("run", "logs", run_id, "--follow", "--step", "bad")
    shell.run("api", "run-worker", "--run-id", run_id)
    said, _ = follower.communicate(timeout=60)
    assert "STEP_FAILURE" in said


TELLING = """
    from usercode_sdk import AssetMaterialization, EventMetadata, ExpectationResult, Failure, Output, pipeline, solid

    @solid
    def write(context):
        yield AssetMaterialization("table", metadata={"path": EventMetadata.path("/data/t"), "rows": 3})
        yield ExpectationResult(True, label="full", metadata={"share": 0.5, "parts": ["a", "b"]})
        yield Output(1)

    @solid
    def check(context, number):
        raise Failure("Too few", metadata={"missing": 2, "advice": "look\\n  again"})

    @solid
    def report(context, number):
        return number

    @solid
    def mail(context, number):
        return number

    @pipeline
    def telling():
        mail(report(check(write())))
"""


def test_metadata_is_in_the_lines_of_the_log(shell: Usercode) -> None:
    shell.write(TELLING, "telling.py")
    run_id = shell.create_run("telling", file="telling.py")
    shell.run("api", "run-worker", "--run-id", run_id)
    lines = shell.run("run", "logs", run_id).stdout.splitlines()
    ends = {line.split()[1]: line[line.rindex(" (") :] for line in lines if line.endswith(")") and " (" in line}
    assert ends["ASSET_MATERIALIZATION"] == " (path: /data/t, rows: 3)"
    assert ends["STEP_EXPECTATION_RESULT"] == ' (share: 0.5, parts: ["a", "b"])'
    assert ends["STEP_FAILURE"] == " (missing: 2, advice: look again)"
    assert ends["HANDLED_OUTPUT"] == f" (path: {shell.home}/outputs/{run_id}/write/result)"
    assert [line for line in lines if "ENGINE_EVENT" in line and ": " in line and "(pid: " not in line] == []


def test_a_failed_run_is_shown_with_metadata_and_the_steps_that_never_ran(shell: Usercode) -> None:
    shell.write(TELLING, "telling.py")
    run_id = shell.create_run("telling", file="telling.py")
    shell.run("api", "run-worker", "--run-id", run_id)
    lines = shell.run("run", "show", run_id).stdout.splitlines()
    assert lines[-1] == "Metadata: missing: 2, advice: look again"
    assert [line.split()[:3] for line in lines if "NOT EXECUTED" in line] == [
        ["mail", "NOT", "EXECUTED"],
        ["report", "NOT", "EXECUTED"],
    ]
    steps = document(shell, "run", "show", run_id)["steps"]
    assert [(step["step_key"], step["status"]) for step in steps] == [
        ("write", "SUCCESS"),
        ("check", "FAILURE"),
        ("mail", "NOT_EXECUTED"),
        ("report", "NOT_EXECUTED"),
    ]


def test_a_follower_sees_a_step_while_it_runs(shell: Usercode) -> None:
    run_id = shell.create_run("greeting", {"solids": {"greet": {"config": {"name": "x", "seconds": 600.0}}}})
    # The stored mode of create_run is "default"; the pipeline has dev and prod.
    from usercode_server.instance import open_instance

    with open_instance(str(shell.home)) as instance:
        record = instance.store.get_run(run_id)
        assert record is not None
        instance.store.delete_run(run_id)
        instance.store.create_run(record._replace(pipeline_run=record.pipeline_run._replace(mode="dev")))
    follower = shell.start("run", "logs", run_id, "--follow")
    worker = shell.start("api", "run-worker", "--run-id", run_id)
    assert follower.stdout is not None
    for line in follower.stdout:
        if "hello x" in line:
            break
    assert shell.status(run_id) == "STARTED"
    worker.send_signal(signal.SIGTERM)
    rest, _ = follower.communicate(timeout=60)
    worker.communicate(timeout=60)
    assert "PIPELINE_CANCELED" in rest
    assert follower.returncode == 1


def test_a_follower_leaves_a_run_whose_worker_is_gone(shell: Usercode) -> None:
    run_id = shell.create_run("dying")
    shell.run("api", "run-worker", "--run-id", run_id, check=9)
    done = shell.run("run", "logs", run_id, "--follow", check=1)
    assert "STEP_START" not in done.stderr
    assert "The worker of the run is gone" in done.stderr
    assert "(its worker is gone)" in shell.run("run", "show", run_id).stdout


def test_a_run_is_canceled(shell: Usercode) -> None:
    slow = config(shell, "slow", 600.0)
    run_id = document(shell, "run", "launch", "greeting", "--mode", "dev", "--config", slow, *FILE)["run_id"]
    deadline = time.monotonic() + 60
    while ("STEP_START", "greet") not in shell.events(run_id):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert document(shell, "run", "cancel", run_id[:8]) == {"run_id": run_id, "status": "CANCELED"}
    kinds = [kind for kind, _ in shell.events(run_id)]
    assert ("STEP_FAILURE" in kinds, kinds.count("PIPELINE_CANCELING"), kinds.count("PIPELINE_CANCELED")) == (
        True,
        1,
        1,
    )
    assert "has ended already" in shell.run("run", "cancel", run_id, check=1).stderr


def test_a_run_without_a_worker_is_canceled_at_once(shell: Usercode) -> None:
    waiting = shell.create_run("greeting")
    assert document(shell, "run", "cancel", waiting)["status"] == "CANCELED"
    orphan = shell.create_run("dying")
    shell.run("api", "run-worker", "--run-id", orphan, check=9)
    assert document(shell, "run", "cancel", orphan)["status"] == "CANCELED"
    assert [kind for kind, _ in shell.events(orphan)][-2:] == ["PIPELINE_CANCELING", "PIPELINE_CANCELED"]


def test_a_run_of_another_machine_is_not_canceled_from_here(shell: Usercode) -> None:
    from usercode_sdk.events import EventType
    from usercode_server.engine_events import PROCESS_LABEL, engine_event, run_event
    from usercode_server.instance import open_instance

    run_id = shell.create_run("greeting")
    with open_instance(str(shell.home)) as instance:
        run = instance.get_run_by_id(run_id)
        assert run is not None
        instance.record(engine_event(run, "started", {PROCESS_LABEL: "12@elsewhere@34"}))
        instance.record(run_event(run, EventType.PIPELINE_START, "started"))
    said = shell.run("run", "cancel", run_id, check=1).stderr
    assert "executed by process 12 of another machine" in said
    assert shell.status(run_id) == "STARTED"
    assert "Stop it with" in shell.run("run", "delete", run_id, check=1).stderr
    assert shell.status(run_id) == "STARTED"
    shell.run("run", "delete", run_id, "--force")


def test_a_run_in_its_authors_own_process_is_not_canceled_from_here(shell: Usercode) -> None:
    shell.write(
        """
        import sys, time
        from usercode_sdk import DagsterInstance, execute_pipeline, pipeline, solid

        @solid
        def slow(context):
            print("begun", flush=True)
            time.sleep(600)

        @pipeline
        def p():
            slow()

        execute_pipeline(p, instance=DagsterInstance.get())
        """,
        "script.py",
    )
    script = subprocess.Popen(
        [sys.executable, "script.py"], env=shell.environment, cwd=shell.folder, stdout=subprocess.PIPE, text=True
    )
    try:
        assert script.stdout is not None
        assert script.stdout.readline() == "begun\n"
        (run,) = document(shell, "run", "list")
        said = shell.run("run", "cancel", run["run_id"], check=1).stderr
        assert f"is executed by process {script.pid}, its author's own" in said
        assert (shell.status(run["run_id"]), script.poll()) == ("STARTED", None)
    finally:
        script.kill()
        script.communicate(timeout=60)
    assert document(shell, "run", "cancel", run["run_id"])["status"] == "CANCELED"


def test_a_deleted_run_leaves_nothing_behind(shell: Usercode) -> None:
    run_id = document(shell, "run", "launch", "greeting", "--preset", "default", *FILE, "--wait")["run_id"]
    folders = [shell.home / "outputs" / run_id, shell.home / "compute_logs" / run_id]
    assert all(folder.is_dir() for folder in folders)
    assert document(shell, "run", "delete", run_id) == {"run_id": run_id, "deleted": True}
    assert not any(folder.exists() for folder in folders)
    assert f"No run has the id '{run_id}'" in shell.run("run", "show", run_id, check=1).stderr


def test_a_run_is_named_by_the_beginning_of_its_id(shell: Usercode) -> None:
    for run_id in ("aa1", "aa2", "b"):
        shell.create_run("greeting", run_id=run_id)
    assert document(shell, "run", "show", "aa1")["run_id"] == "aa1"
    assert document(shell, "run", "show", "b")["run_id"] == "b"
    said = shell.run("run", "show", "aa", check=1).stderr
    assert said == "Error: Several runs have ids that begin with 'aa': aa1, aa2. Give more of the id.\n"
    assert shell.run("run", "show", "", check=1).stderr == ("Error: No run has the id ''. See `usercode run list`.\n")


def test_a_run_is_launched_from_a_server(shell: Usercode) -> None:
    from tests.server.commands import COMMAND

    socket = shell.folder / "s"
    server = subprocess.Popen(
        [*COMMAND, "api", "grpc", *FILE, "-s", str(socket)],
        env={**shell.environment, "DAGSTER_CURRENT_IMAGE": "registry/image:7"},
        cwd=shell.folder,
        stderr=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + 60
        while not socket.exists():
            assert time.monotonic() < deadline
            time.sleep(0.05)
        launched = document(
            shell, "run", "launch", "greeting", "--preset", "default", "--grpc", f"unix:{socket}", "--wait"
        )
    finally:
        server.terminate()
        server.wait(60)
    assert (launched["status"], launched["image"]) == ("SUCCESS", "registry/image:7")
    assert launched["target"]["python_file"] == str(shell.folder / "repo.py")


def test_who_stops_following_in_json_has_one_document(shell: Usercode) -> None:
    run_id = shell.create_run("greeting")
    with open_instance(str(shell.home)) as instance:
        run = instance.get_run_by_id(run_id)
        assert run is not None
        instance.store.append_events(run_id, [engine_event(run, "Something was noted.")])
    follower = shell.start("run", "logs", run_id, "--follow", "--json")
    assert follower.stdout is not None
    begun = os.read(follower.stdout.fileno(), 1 << 16).decode()
    follower.send_signal(signal.SIGINT)
    rest, _ = follower.communicate(timeout=60)
    assert follower.returncode == 130
    assert [each["message"] for each in json.loads(begun + rest)] == ["Something was noted."]
