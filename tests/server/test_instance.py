"""The persistent instance, as an author's script and tests use it."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from tests.server.samples import a_run, an_event, step_events
from usercode_sdk.events import EventType
from usercode_sdk.execution.log_manager import LogLine
from usercode_sdk.pipeline_run import PipelineRunStatus
from usercode_server.instance import default_instance, open_instance
from usercode_server.process import process_of
from usercode_server.runs.history import run_history
from usercode_server.storage.errors import RunExistsError

_SCRIPT = """
    import sys
    from usercode_sdk import execute_pipeline, pipeline, solid
    from usercode_server.instance import default_instance

    @solid
    def one(context):
        print("printed")
        context.log.info("logged")
        return 1

    @pipeline
    def p():
        one()

    instance = default_instance(sys.argv[1])
    result = execute_pipeline(p, instance=instance)
    assert result.success
    assert result.output_for_solid("one") == 1
    assert [run.status.value for run in instance.get_runs()] == ["SUCCESS"]
    assert [line.message for line in instance.log_lines(result.run_id)] == ["logged"]
"""


def test_runs_events_and_lines_outlive_the_instance(tmp_path: Path) -> None:
    line = LogLine("run-1", "p", "a", 1, 30, "logged", 5.0)
    with open_instance(str(tmp_path)) as instance:
        instance.create_run(a_run())
        for event in step_events("a"):
            instance.record(event)
        instance.record_log(line)
        instance.record(an_event(EventType.STEP_START, step_key="b", attempt=1))
        assert len(instance.all_logs("run-1")) == 7
    with open_instance(str(tmp_path)) as again:
        assert again.get_runs() == [a_run()]
        assert again.get_run_by_id("run-1") == a_run()
        assert again.all_logs("run-1")[1:6] == step_events("a")
        assert again.log_lines("run-1") == [line]
        assert again.has_run("run-2") is False


def test_a_run_of_this_process_names_it(tmp_path: Path) -> None:
    with open_instance(str(tmp_path)) as instance:
        instance.create_run(a_run())
        assert run_history(instance.all_logs("run-1")).workers == (process_of(os.getpid()),)


def test_the_folders_are_their_owners_only(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        open_instance(str(tmp_path / "home")).close()
    finally:
        os.umask(before)
    folders = [tmp_path / "home", *(path for path in (tmp_path / "home").iterdir() if path.is_dir())]
    assert {path.name: oct(path.stat().st_mode & 0o777) for path in folders} == {
        "home": "0o700",
        "compute_logs": "0o700",
        "outputs": "0o700",
        "storage": "0o700",
    }


def test_a_run_is_created_once(tmp_path: Path) -> None:
    with open_instance(str(tmp_path)) as instance:
        instance.create_run(a_run())
        with pytest.raises(RunExistsError):
            instance.create_run(a_run())


def test_the_status_of_a_run_is_up_to_date(tmp_path: Path) -> None:
    with open_instance(str(tmp_path)) as instance:
        instance.create_run(a_run())
        instance.record(an_event(EventType.PIPELINE_START))
        run = instance.get_run_by_id("run-1")
        assert run is not None
        assert run.status is PipelineRunStatus.STARTED


def test_an_authors_script_leaves_its_run_and_still_prints(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(textwrap.dedent(_SCRIPT))
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, str(script), str(tmp_path / "home")], env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == "printed\n"
    assert done.stderr.endswith("INFO p one: logged\n")
    with open_instance(str(tmp_path / "home")) as instance:
        (record,) = instance.store.list_runs()
        assert (record.status, record.target) == (PipelineRunStatus.SUCCESS, None)
        assert instance.all_logs(record.run_id)[-1].type is EventType.PIPELINE_SUCCESS


def test_the_sdk_finds_the_platform_by_its_entry_point() -> None:
    import tomllib

    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())["project"]
    points = project["entry-points"]["usercode.instance"]
    assert points == {"default": f"{default_instance.__module__}:{default_instance.__qualname__}"}
