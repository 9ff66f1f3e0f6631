"""Launched workers are processes of their own; those that die without a word are noticed."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Mapping

import pytest

from tests.server.commands import Usercode
from usercode_sdk.pipeline_run import PipelineRunStatus
from usercode_server.instance import PersistentInstance, open_instance
from usercode_server.launchers.base import LaunchedWorker, WorkerEnd
from usercode_server.launchers.choice import make_launcher
from usercode_server.launchers.errors import RunNotLaunchedError
from usercode_server.launchers.local import LocalRunLauncher
from usercode_server.launchers.watch import end_run_of_dead_worker
from usercode_server.runs.history import run_history
from usercode_server.settings import LauncherSettings, SettingsError
from usercode_server.storage.base import RunRecord

REPOSITORY = """
    import os, sys
    from usercode_sdk import pipeline, solid

    @solid(config_schema={"dies": bool})
    def one(context):
        if context.solid_config["dies"]:
            os.write(2, b"into the step's own output")
            os._exit(7)

    @pipeline
    def p():
        one()

    print("the worker's own output", flush=True)
"""


def launch(usercode: Usercode, instance: PersistentInstance, dies: bool) -> tuple[RunRecord, LaunchedWorker]:
    usercode.write(REPOSITORY)
    run_id = usercode.create_run("p", {"solids": {"one": {"config": {"dies": dies}}}})
    record = instance.store.get_run(run_id)
    assert record is not None
    return record, LocalRunLauncher({}).launch_run(record, instance)


def end_of(worker: LaunchedWorker) -> WorkerEnd:
    deadline = time.monotonic() + 60
    while (end := worker.ended()) is None:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return end


@pytest.fixture(autouse=True)
def _path(usercode: Usercode, monkeypatch: pytest.MonkeyPatch) -> None:
    """The launched worker has this process's environment."""
    monkeypatch.setenv("PYTHONPATH", usercode.environment["PYTHONPATH"])


def test_a_launched_run_is_executed_in_a_session_of_its_own(usercode: Usercode) -> None:
    with open_instance(str(usercode.home)) as instance:
        record, worker = launch(usercode, instance, dies=False)
        kinds = [event.type.value for event in instance.all_logs(record.run_id)]
        assert kinds[:2] == ["PIPELINE_STARTING", "ENGINE_EVENT"]
        pid = run_history(instance.all_logs(record.run_id)).workers[0].pid
        assert os.getsid(pid) == pid
        assert end_of(worker) == WorkerEnd("exit code 0", ("the worker's own output",))
        state = instance.store.get_state(record.run_id)
        assert state is not None
        assert state.status is PipelineRunStatus.SUCCESS
        workers = run_history(instance.all_logs(record.run_id)).workers
        assert [each.pid for each in workers] == [pid, pid]


def test_a_worker_that_dies_without_a_word_is_noticed(usercode: Usercode) -> None:
    with open_instance(str(usercode.home)) as instance:
        record, worker = launch(usercode, instance, dies=True)
        end = end_of(worker)
        assert end == WorkerEnd("exit code 7", ("the worker's own output",))
        end_run_of_dead_worker(instance, record, end)
        end_run_of_dead_worker(instance, record, end)
        events = instance.all_logs(record.run_id)
        assert [event.type.value for event in events[-2:]] == ["ENGINE_EVENT", "PIPELINE_FAILURE"]
        error = run_history(events).error
        assert error is not None
        assert error.message == (
            "The run worker ended without ending the run: exit code 7. It was executing the step 'one' "
            "(attempt 1). Its last output:\nthe worker's own output"
        )


def test_a_run_that_ended_stays_as_it_is(usercode: Usercode) -> None:
    with open_instance(str(usercode.home)) as instance:
        record, worker = launch(usercode, instance, dies=False)
        end = end_of(worker)
        before = instance.all_logs(record.run_id)
        end_run_of_dead_worker(instance, record, end)
        assert instance.all_logs(record.run_id) == before


def test_a_worker_that_can_not_be_started_fails_the_run(usercode: Usercode, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/nowhere/python")
    with open_instance(str(usercode.home)) as instance:
        with pytest.raises(RunNotLaunchedError, match="can't be started"):
            launch(usercode, instance, dies=False)
        assert [record.status for record in instance.store.list_runs()] == [PipelineRunStatus.FAILURE]


def test_a_killed_worker_is_described_by_its_signal(usercode: Usercode) -> None:
    with open_instance(str(usercode.home)) as instance:
        record, worker = launch(usercode, instance, dies=False)
        os.kill(run_history(instance.all_logs(record.run_id)).workers[0].pid, signal.SIGKILL)
        assert end_of(worker).how == "signal SIGKILL"


class OwnLauncher:
    """What a platform team writes."""

    def __init__(self, config: Mapping[str, object]) -> None:
        self.config = config

    def launch_run(self, record: RunRecord, instance: PersistentInstance) -> LaunchedWorker:
        raise NotImplementedError


def test_a_worker_that_dies_in_a_step_names_the_step(usercode: Usercode) -> None:
    usercode.write(
        """
        import os
        from usercode_sdk import pipeline, solid

        @solid
        def one(context):
            return 1

        @solid
        def gone(context, x):
            os._exit(7)

        @pipeline
        def dying():
            gone(one())
        """
    )
    run_id = usercode.create_run("dying")
    with open_instance(str(usercode.home)) as instance:
        record = instance.store.get_run(run_id)
        assert record is not None
        end = end_of(make_launcher(LauncherSettings()).launch_run(record, instance))
        end_run_of_dead_worker(instance, record, end)
        assert instance.all_logs(run_id)[-1].message == (
            "The run worker ended without ending the run: exit code 7. It was executing the step 'gone' (attempt 1)."
        )


def test_the_launcher_takes_no_config() -> None:
    with pytest.raises(RunNotLaunchedError) as caught:
        make_launcher(LauncherSettings(config={"token": "secret", "x": 1}))
    assert str(caught.value) == "LocalRunLauncher takes no config; usercode.yaml gives it token, x."


def test_an_own_launcher_is_a_class_that_the_settings_name() -> None:
    launcher = make_launcher(LauncherSettings(__name__, "OwnLauncher", {"x": 1}))
    assert isinstance(launcher, OwnLauncher)
    assert launcher.config == {"x": 1}


@pytest.mark.parametrize(
    ("module", "name", "said"),
    [
        ("json", "dumps", "it has no method launch_run"),
        ("os", "fsdecode", "does not take its config, with the entries token: TypeError"),
    ],
)
def test_what_is_no_launcher_is_a_clear_error(module: str, name: str, said: str) -> None:
    with pytest.raises(SettingsError, match=f"{name}' of '{module}' ") as caught:
        make_launcher(LauncherSettings(module, name, {"token": "secret"}))
    assert said in str(caught.value)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(("module", "name"), [("no_such_module", "X"), ("types", "NoSuchClass"), (".x", "X")])
def test_a_launcher_that_does_not_exist_is_a_clear_error(module: str, name: str) -> None:
    with pytest.raises(SettingsError, match=f"{name}' of '{module}' can't be loaded"):
        make_launcher(LauncherSettings(module, name))
