"""Code that breaks, hangs or crashes while it is loaded: it breaks only itself."""

from __future__ import annotations

import re
import signal
from pathlib import Path
from typing import NamedTuple

import grpc
import pytest
from grpc_health.v1 import health_pb2

from tests.server.code_server.servers import REPO, StartServer, is_running, raw_call, wait_until, write
from usercode_api.v1.error_info_pb2 import ErrorInfo
from usercode_server.errors import CodeBrokenError

CYCLE = """
    from usercode_sdk import DependencyDefinition, PipelineDefinition, lambda_solid

    @lambda_solid
    def a(x):
        return x

    @lambda_solid
    def b(x):
        return x

    p = PipelineDefinition(
        [a, b], "p", dependencies={"a": {"x": DependencyDefinition("b")}, "b": {"x": DependencyDefinition("a")}}
    )
"""
TWO_PIPELINES = """
    from usercode_sdk import pipeline, solid

    @solid
    def s():
        return 1

    @pipeline
    def one():
        s()

    @pipeline
    def two():
        s()
"""
TWO_REPOSITORIES_OF_ONE_NAME = """
    from usercode_sdk import repository

    @repository(name="same")
    def first():
        return []

    @repository(name="same")
    def second():
        return []
"""

OTHER_BYTES = r"""
    import os, stat, time

    for descriptor in range(3, 60):
        try:
            is_socket = stat.S_ISSOCK(os.fstat(descriptor).st_mode)
        except OSError:
            continue
        if is_socket:
            os.write(descriptor, b"\0\0\0\4\xff\xff\xff\xff")
    time.sleep(1000)
"""


class Broken(NamedTuple):
    """Code that can't be loaded, and what must be said of it."""

    code: str
    error_type: str
    says: str
    frame: str | None = None
    """Part of the traceback: where in the author's code it happened."""


BROKEN = {
    "syntax error": Broken("def broken(:\n    pass\n", "SyntaxError", "line 1 of"),
    "import error": Broken(
        "import nothing_here\n", "ModuleNotFoundError", "-d/--working-directory", "line 1, in <module>"
    ),
    "exception": Broken(
        "def f():\n    raise ValueError('no good')\n\n\nf()\n", "ValueError", "ValueError: no good", "line 2, in f"
    ),
    "no definitions": Broken("x = 1\n", "usercode_sdk.errors.DagsterInvariantViolationError", "@repository"),
    "two pipelines": Broken(TWO_PIPELINES, "usercode_sdk.errors.DagsterInvariantViolationError", "'one', 'two'"),
    "one name twice": Broken(
        TWO_REPOSITORIES_OF_ONE_NAME, "usercode_sdk.errors.DagsterInvariantViolationError", "'same'"
    ),
    "cycle": Broken(CYCLE, "usercode_sdk.errors.DagsterInvalidDefinitionError", "cycle", "in <module>"),
    "exit": Broken("import sys\nsys.exit(3)\n", "SystemExit", "__main__", "line 2, in <module>"),
    "interrupt": Broken("raise KeyboardInterrupt\n", "KeyboardInterrupt", "KeyboardInterrupt", "line 1, in <module>"),
    "hard exit": Broken(
        "import os\nprint('last words', flush=True)\nos._exit(7)\n", "ProcessExit", "ended with exit code 7"
    ),
    "abort": Broken("import os\ndef f():\n    os.abort()\nf()\n", "ProcessCrash", "SIGABRT", "line 3, in f"),
    "segmentation fault": Broken(
        "import ctypes\ndef f():\n    ctypes.string_at(0)\nf()\n", "ProcessCrash", "SIGSEGV", "line 3, in f"
    ),
    "killed": Broken(
        "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n", "ProcessCrash", "was ended by SIGKILL"
    ),
    "base exception": Broken(
        "class Mine(BaseException):\n    pass\nraise Mine('odd')\n", "repo.Mine", "Mine: odd", "line 3, in <module>"
    ),
    "recursion": Broken("def f():\n    f()\nf()\n", "RecursionError", "recursion", "line 2, in f"),
    "other bytes on the channel": Broken(OTHER_BYTES, "ProcessFailure", "while its code was loaded"),
    "closed descriptors": Broken("import os\nos.closerange(3, 256)\n" + "x = 1\n", "ProcessExit", "exit code 1"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_code_is_told_and_the_server_stays(name: str, start_server: StartServer, tmp_path: Path) -> None:
    code, error_type, says, frame = BROKEN[name]
    server = start_server("-f", str(write(tmp_path, code)))
    with server.client() as client, grpc.insecure_channel(server.address) as channel:
        served = client.list_repositories()
        assert served.repositories == []
        error = served.load_error
        assert error is not None
        assert error.error_type == error_type
        assert says in error.summary
        assert frame is None or frame in "".join(error.stack)
        assert all("usercode_server" not in each and "importlib" not in each for each in error.stack)
        with pytest.raises(CodeBrokenError, match="can't be loaded"):
            list(client.list_pipelines("any"))
        health = raw_call(channel, "/grpc.health.v1.Health/Check")
        assert health_pb2.HealthCheckResponse.FromString(health(b"", timeout=5)).status == 1
    # The reply may come before the main thread has said it.
    server.wait_for(re.escape(error.summary.splitlines()[0]))


def test_the_last_lines_of_a_crash_are_kept(start_server: StartServer, tmp_path: Path) -> None:
    error = _load_error(start_server, write(tmp_path, BROKEN["hard exit"].code))
    assert error.message.endswith("Its last output:\nlast words")


def test_code_that_hangs_is_ended_and_the_place_is_told(start_server: StartServer, tmp_path: Path) -> None:
    code = "def forever():\n    while True:\n        pass\n\n\nforever()\n"
    error = _load_error(start_server, write(tmp_path, code), "--load-timeout", "1")
    assert error.error_type == "LoadTimeout"
    assert error.summary.endswith("was not loaded within 1 seconds.")
    assert "in forever" in error.stack[-1]
    assert "line 6, in <module>" in error.stack[0]


def test_code_that_blocks_all_threads_is_ended(start_server: StartServer, tmp_path: Path) -> None:
    code = "import ctypes\nctypes.PyDLL(None).sleep(100)\n"
    error = _load_error(start_server, write(tmp_path, code), "--load-timeout", "1")
    assert error.error_type == "LoadTimeout"


def test_code_that_forks_is_served_once(start_server: StartServer, tmp_path: Path) -> None:
    code = "import os\nif os.fork() == 0:\n    print('copy', flush=True)\n"
    server = start_server("-f", str(write(tmp_path, code + _dedented(REPO))))
    with server.client() as client:
        assert [one.name for one in client.list_repositories().repositories] == ["numbers"]
        assert client.get_execution_plan("other", {"solids": {"start": {"config": {"start": 1}}}}).HasField("plan")


def test_a_file_opened_in_place_of_the_channel_is_not_written_to(start_server: StartServer, tmp_path: Path) -> None:
    code = """
        import os
        os.closerange(3, 256)
        files = [open(f"file{n}", "w") for n in range(60)]
    """
    _load_error(start_server, write(tmp_path, code))
    assert {path.read_text() for path in tmp_path.glob("file*")} == {""}


def test_code_that_prints_without_end_is_no_burden(start_server: StartServer, tmp_path: Path) -> None:
    code = "import os\nfor _ in range(2000):\n    os.write(1, b'x' * 1000 + b'\\n')\n"
    server = start_server("-f", str(write(tmp_path, code + _dedented(REPO))))
    with server.client() as client:
        assert [one.name for one in client.list_repositories().repositories] == ["numbers"]


def test_a_broken_pipeline_breaks_no_other(start_server: StartServer, tmp_path: Path) -> None:
    code = """
        from usercode_sdk import pipeline, repository, solid

        @solid
        def s():
            return 1

        @pipeline
        def good():
            s()

        def make_bad():
            raise ValueError("not today")

        def stop():
            raise KeyboardInterrupt

        @repository
        def mixed():
            return {"pipelines": {"good": lambda: good, "bad": make_bad, "stops": stop}}
    """
    server = start_server("-f", str(write(tmp_path, code)))
    with server.client() as client:
        bad, good, stops = client.list_pipelines("mixed")
        assert (good.name, good.solid_count, good.HasField("error")) == ("good", 1, False)
        assert (bad.name, bad.error.error_type) == ("bad", "ValueError")
        assert "in make_bad" in bad.error.stack[-1]
        assert (stops.name, stops.error.error_type) == ("stops", "KeyboardInterrupt")
        assert client.get_execution_plan("good", {}).HasField("plan")
        assert client.get_execution_plan("bad", {}).error.error_type == "ValueError"


def test_fail_on_load_error_exits_with_1_and_says_why(start_server: StartServer, tmp_path: Path) -> None:
    server = start_server("--fail-on-load-error", "-f", str(write(tmp_path, BROKEN["exception"].code)))
    assert server.wait() == 1
    assert "ValueError: no good" in server.said
    assert 'repo.py", line 2, in f' in server.said


def test_good_code_does_not_fail_on_load_error(start_server: StartServer, tmp_path: Path) -> None:
    server = start_server("--fail-on-load-error", "-f", str(write(tmp_path, REPO)))
    server.wait_for("^Loaded 1 repository with 2 pipelines")
    with server.client() as client:
        assert client.server_info().pipeline_count == 2


def test_a_broken_reload_does_not_end_a_server_that_fails_on_load_errors(
    start_server: StartServer, tmp_path: Path
) -> None:
    server = start_server("--fail-on-load-error", "-f", str(write(tmp_path, REPO)))
    with server.client() as client:
        client.list_repositories()
        write(tmp_path, "1 +")
        assert client.reload_code().server_info.load_error.error_type == "SyntaxError"
        assert client.list_repositories().repositories != []


@pytest.mark.parametrize(
    "code",
    [
        "import time\ntime.sleep(1000)\n",
        "while True:\n    pass\n",
        "import ctypes\nctypes.PyDLL(None).sleep(1000)\n",
        "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\ntime.sleep(1000)\n",
    ],
    ids=["sleeping", "busy", "holding the interpreter", "ignoring signals"],
)
def test_no_child_outlives_a_killed_server(code: str, start_server: StartServer, tmp_path: Path) -> None:
    server = start_server("-f", str(write(tmp_path, "print('loading', flush=True)\n" + code)))
    server.wait_for("^loading$")
    (child,) = server.children()
    server.send(signal.SIGKILL)
    server.wait()
    wait_until(lambda: not is_running(child))


def test_no_idle_child_outlives_a_killed_server(start_server: StartServer, tmp_path: Path) -> None:
    server = start_server("-f", str(write(tmp_path, REPO)))
    server.wait_for("^Loaded")
    (child,) = server.children()
    server.send(signal.SIGKILL)
    server.wait()
    wait_until(lambda: not is_running(child))


def test_processes_that_the_code_started_do_not_outlive_a_killed_server(
    start_server: StartServer, tmp_path: Path
) -> None:
    code = """
        import os, subprocess, time
        if os.fork() == 0:
            time.sleep(1000)
            os._exit(0)
        sleeper = subprocess.Popen(["sleep", "1000"])
    """
    server = start_server("-f", str(write(tmp_path, _dedented(code) + _dedented(REPO))))
    server.wait_for("^Loaded")
    (child,) = server.children()
    started = [int(pid) for pid in Path(f"/proc/{child}/task/{child}/children").read_text().split()]
    assert len(started) == 2
    server.send(signal.SIGKILL)
    server.wait()
    wait_until(lambda: not any(map(is_running, [child, *started])))


def _load_error(start_server: StartServer, file: Path, *arguments: str) -> ErrorInfo:
    server = start_server(*arguments, "-f", str(file))
    with server.client() as client:
        error = client.list_repositories().load_error
    assert error is not None
    return error


def _dedented(text: str) -> str:
    from textwrap import dedent

    return dedent(text)
