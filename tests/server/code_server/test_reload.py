"""Reloading: when a file changes, when it is asked for during a load, and what watchers hear."""

from __future__ import annotations

import resource
import signal
import time
from pathlib import Path
from threading import Event
from types import SimpleNamespace
from typing import cast

import grpc

from tests.server.code_server.servers import REPO, RunningServer, StartServer, write
from usercode_api.v1.code_server_service_pb2 import WatchServerInfoResponse
from usercode_api.v1.server_info_pb2 import ServerInfo
from usercode_server.client import CodeServerClient
from usercode_server.code_server.hosting import CodeHost
from usercode_server.code_server.watching import WatchStreams


def _pipelines(client: CodeServerClient) -> list[str]:
    return [pipeline.name for pipeline in client.list_pipelines("numbers")]


def _wait_for_pipelines(client: CodeServerClient, expected: list[str]) -> None:
    deadline = time.monotonic() + 30
    while _pipelines(client) != expected:
        assert time.monotonic() < deadline, f"{_pipelines(client)} is not {expected}"
        time.sleep(0.02)


def test_a_changed_file_is_loaded_anew(start_server: StartServer, tmp_path: Path) -> None:
    server = start_server("-f", str(write(tmp_path, REPO)), "--reload")
    with server.client() as client:
        assert _pipelines(client) == ["adding", "other"]
        write(tmp_path, REPO.replace("return [adding, other]", "return [adding]"))
        _wait_for_pipelines(client, ["adding"])


def test_a_changed_module_beside_the_file_is_loaded_anew(start_server: StartServer, tmp_path: Path) -> None:
    write(tmp_path, REPO, "parts.py")
    server = start_server("-f", str(write(tmp_path, "from parts import numbers\n")), "--reload")
    with server.client() as client:
        assert _pipelines(client) == ["adding", "other"]
        write(tmp_path, REPO.replace("return [adding, other]", "return [other]"), "parts.py")
        _wait_for_pipelines(client, ["other"])


def test_a_broken_edit_keeps_what_is_served_and_mends_itself(start_server: StartServer, tmp_path: Path) -> None:
    server = start_server("-f", str(write(tmp_path, REPO)), "--reload")
    with server.client() as client:
        assert _pipelines(client) == ["adding", "other"]
        write(tmp_path, "def broken(:\n")
        server.wait_for("What was loaded before is still served")
        assert _pipelines(client) == ["adding", "other"]
        assert client.server_info().load_error.error_type == "SyntaxError"
        write(tmp_path, REPO.replace("return [adding, other]", "return [adding]"))
        _wait_for_pipelines(client, ["adding"])
        assert not client.server_info().HasField("load_error")


def test_other_files_cause_no_reload(start_server: StartServer, tmp_path: Path) -> None:
    server = start_server("-f", str(write(tmp_path, REPO)), "--reload")
    with server.client() as client:
        assert _pipelines(client) == ["adding", "other"]
        write(tmp_path, "x = 1\n", "unrelated.py")
        write(tmp_path, REPO.replace("return [adding, other]", "return [adding]"))
        _wait_for_pipelines(client, ["adding"])
        assert server.said.count("Loaded 1 repository") == 2


def test_a_reload_asked_for_during_a_load_sees_the_code_as_it_is_then(
    start_server: StartServer, tmp_path: Path
) -> None:
    marker = tmp_path / "importing"
    slow = f"import pathlib, time\npathlib.Path({str(marker)!r}).touch()\ntime.sleep(1.5)\n"
    path = write(tmp_path, REPO)
    path.write_text(slow + path.read_text())
    server = start_server("-f", str(path))
    _wait_for_file(marker)
    write(tmp_path, REPO.replace("return [adding, other]", "return [adding]"))
    server.send(signal.SIGHUP)
    with server.client() as client:
        _wait_for_pipelines(client, ["adding"])


def test_a_reload_call_during_a_load_waits_for_the_code_as_it_is_then(
    start_server: StartServer, tmp_path: Path
) -> None:
    marker = tmp_path / "importing"
    slow = f"import pathlib, time\npathlib.Path({str(marker)!r}).touch()\ntime.sleep(1.5)\n"
    path = write(tmp_path, REPO)
    path.write_text(slow + path.read_text())
    server = start_server("-f", str(path))
    _wait_for_file(marker)
    write(tmp_path, REPO.replace("return [adding, other]", "return [adding]"))
    with server.client() as client:
        assert client.reload_code().server_info.pipeline_count == 1
        assert _pipelines(client) == ["adding"]


def _wait_for_file(path: Path) -> None:
    deadline = time.monotonic() + 30
    while not path.exists():
        assert time.monotonic() < deadline, f"{path.name} did not appear"
        time.sleep(0.01)


def test_a_watcher_never_hears_older_news_behind_newer() -> None:
    version = ["first"]
    host = SimpleNamespace(info=lambda: ServerInfo(code_version=version[0]))
    heard: list[str] = []
    first_is_sent, may_go_on, done = Event(), Event(), Event()

    def send(message: bytes | None) -> None:
        assert message is not None
        heard.append(WatchServerInfoResponse.FromString(message).server_info.code_version)
        if len(heard) == 1:
            first_is_sent.set()
            assert may_go_on.wait(10)
        else:
            done.set()

    streams = WatchStreams(cast(CodeHost, host))
    context = cast(grpc.ServicerContext, SimpleNamespace(add_callback=lambda _callback: True))
    streams.open(context, send)
    assert first_is_sent.wait(10)
    version[0] = "second"
    streams.tell_all()
    version[0] = "third"
    may_go_on.set()
    assert done.wait(10)
    assert heard == ["first", "third"]


def test_a_load_that_can_not_even_start_is_a_failed_load(server: RunningServer, client: CodeServerClient) -> None:
    assert _pipelines(client) == ["adding", "other"]
    assert client.server_info().pipeline_count == 2
    _, hard = resource.prlimit(server.pid, resource.RLIMIT_NOFILE)
    resource.prlimit(server.pid, resource.RLIMIT_NOFILE, (8, hard))
    info = client.reload_code().server_info
    assert info.load_error.error_type == "OSError"
    resource.prlimit(server.pid, resource.RLIMIT_NOFILE, (hard, hard))
    assert not client.reload_code().server_info.HasField("load_error")
