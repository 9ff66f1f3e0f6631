"""How a server starts to listen, and how it stops."""

from __future__ import annotations

import signal
import socket
import threading
import time
from pathlib import Path

import grpc
import pytest
from grpc_health.v1 import health_pb2

from tests.server.code_server.servers import (
    REPO,
    RunningServer,
    StartServer,
    is_running,
    raw_call,
    raw_stream,
    wait_until,
    write,
)
from tests.server.code_server.test_evaluation import OBEDIENT, do
from tests.server.commands import Usercode
from usercode_api.v1 import code_server_service_pb2 as pb
from usercode_server.client import CodeServerClient
from usercode_server.errors import NotReadyError


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_the_server_and_its_child(server: RunningServer, number: signal.Signals) -> None:
    server.wait_for("^Loaded")
    (child,) = server.children()
    server.send(number)
    assert server.wait() == 0
    assert not is_running(child)


def test_a_call_stops_the_server(server: RunningServer, client: CodeServerClient) -> None:
    client.stop_server()
    assert server.wait() == 0


def test_calls_in_flight_finish(start_server: StartServer, tmp_path: Path) -> None:
    server = start_server("-f", str(write(tmp_path, OBEDIENT)))
    replies: list[pb.GetExecutionPlanResponse] = []
    with server.client() as client:
        client.list_repositories()
        call = threading.Thread(
            target=lambda: replies.append(
                client.get_execution_plan("obedient", do("open('busy', 'w'); time.sleep(1.5)"), "repo")
            )
        )
        call.start()
        wait_until((tmp_path / "busy").exists)
        server.send(signal.SIGTERM)
        call.join()
    assert [step.key for step in replies[0].plan.steps] == ["outer.inner"]
    assert server.wait() == 0


def test_health_turns_not_serving_and_new_calls_are_refused_while_calls_finish(
    start_server: StartServer, tmp_path: Path
) -> None:
    server = start_server("-f", str(write(tmp_path, OBEDIENT)))
    with server.client() as client, grpc.insecure_channel(server.address) as channel:
        client.list_repositories()
        watch = raw_stream(channel, "/grpc.health.v1.Health/Watch")
        statuses = [_status(next(watch))]
        call = threading.Thread(
            target=lambda: client.get_execution_plan("obedient", do("open('busy', 'w'); time.sleep(1.5)"), "repo")
        )
        call.start()
        wait_until((tmp_path / "busy").exists)
        server.send(signal.SIGTERM)
        statuses.append(_status(next(watch)))
        wait_until(lambda: refuses(server.address))
        call.join()
    assert statuses == [health_pb2.HealthCheckResponse.SERVING, health_pb2.HealthCheckResponse.NOT_SERVING]
    assert server.wait() == 0


def test_the_grace_time_is_a_limit(start_server: StartServer, tmp_path: Path) -> None:
    server = start_server("--grace", "0.5", "-f", str(write(tmp_path, OBEDIENT)))
    failures: list[Exception] = []
    with server.client() as client:
        client.list_repositories()

        def ask() -> None:
            try:
                client.get_execution_plan("obedient", do("open('busy', 'w'); time.sleep(60)"), "repo")
            except Exception as error:
                failures.append(error)

        call = threading.Thread(target=ask)
        call.start()
        wait_until((tmp_path / "busy").exists)
        server.send(signal.SIGTERM)
        assert server.wait(20) == 0
        call.join()
    assert [type(failure) for failure in failures] == [NotReadyError]


def test_open_streams_do_not_hold_up_the_end(server: RunningServer, client: CodeServerClient) -> None:
    server.wait_for("^Loaded")
    watched = client.watch()
    info = next(watched)
    with grpc.insecure_channel(server.address) as channel:
        health = raw_stream(channel, "/grpc.health.v1.Health/Watch")
        next(health)
        started = time.monotonic()
        server.send(signal.SIGTERM)
        assert server.wait() == 0
    assert time.monotonic() - started < 15
    # The load may have been told to the stream as well.
    assert all(again == info for again in watched)


def test_calls_that_wait_for_a_load_are_told_of_the_end(start_server: StartServer, tmp_path: Path) -> None:
    server = start_server("-f", str(write(tmp_path, "import time\ntime.sleep(60)\n")))
    with grpc.insecure_channel(server.address) as channel:
        call = raw_call(channel, f"/{SERVICE}/ListRepositories").future(b"", timeout=30)
        wait_until(lambda: bool(server.children()))
        time.sleep(0.3)
        server.send(signal.SIGTERM)
        error = call.exception()
    assert isinstance(error, grpc.RpcError)
    assert server.wait() == 0


def test_the_port_that_was_asked_for_is_taken(start_server: StartServer, tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = start_server("-f", str(write(tmp_path, REPO)), port=str(port))
    assert server.address == f"127.0.0.1:{port}"


def test_a_port_in_use_is_a_clear_error(server: RunningServer, start_server: StartServer, tmp_path: Path) -> None:
    port = server.address.rsplit(":")[-1]
    second = start_server("-f", str(tmp_path / "repo.py"), port=port)
    assert second.wait() == 1
    assert f"The server can't listen on 127.0.0.1:{port}" in second.said
    assert "Traceback" not in second.said
    assert len(second.said.splitlines()) == 1


def test_a_socket_in_use_is_a_clear_error(start_server: StartServer, tmp_path: Path) -> None:
    path = str(tmp_path / "s")
    first = start_server("-f", str(write(tmp_path, REPO)), "-s", path)
    first.wait_for("^Serving")
    second = start_server("-f", str(tmp_path / "repo.py"), "-s", path)
    assert second.wait() == 1
    assert "Another server listens" in second.said
    with CodeServerClient(f"unix:{path}") as client:
        assert client.server_info().server_id


def test_a_socket_left_behind_is_replaced(start_server: StartServer, tmp_path: Path) -> None:
    path = tmp_path / "s"
    first = start_server("-f", str(write(tmp_path, REPO)), "-s", str(path))
    first.wait_for("^Serving")
    first.send(signal.SIGKILL)
    first.wait()
    assert path.exists()
    start_server("-f", str(tmp_path / "repo.py"), "-s", str(path)).wait_for("^Serving")
    with CodeServerClient(f"unix:{path}") as client:
        assert client.server_info().server_id


def test_a_file_in_the_place_of_the_socket_is_kept(start_server: StartServer, tmp_path: Path) -> None:
    path = write(tmp_path, "precious", "s")
    server = start_server("-f", str(write(tmp_path, REPO)), "-s", str(path))
    assert server.wait() == 1
    assert "is no socket" in server.said
    assert path.read_text() == "precious"


def test_health_check_tells_by_its_exit_code(server: RunningServer, tmp_path: Path) -> None:
    port = server.address.rsplit(":")[-1]
    usercode = Usercode(tmp_path)
    serving = usercode.run("api", "health-check", "-p", port, check=0)
    assert serving.stdout == f"127.0.0.1:{port}: SERVING\n"
    server.close()
    silent = usercode.run("api", "health-check", "-p", port, "--timeout", "2", check=1)
    assert silent.stderr.startswith(f"127.0.0.1:{port}: no answer (")


@pytest.mark.parametrize("command", ["grpc", "health-check"])
@pytest.mark.parametrize("address", [(), ("-p", "0", "-s", "x")], ids=["neither", "both"])
def test_port_and_socket_exclude_each_other(command: str, address: tuple[str, ...], tmp_path: Path) -> None:
    target = ("-f", "repo.py") if command == "grpc" else ()
    refused = Usercode(tmp_path).run("api", command, *target, *address, check=2)
    assert "exactly one of -p/--port and -s/--socket" in refused.stderr


@pytest.mark.parametrize("prefix", ["USERCODE_API_GRPC", "DAGSTER_CLI_API_GRPC"])
def test_options_come_from_the_environment(prefix: str, tmp_path: Path) -> None:
    write(tmp_path, REPO, "code/repo.py")
    environment = {f"{prefix}_PYTHON_FILE": "code/repo.py", f"{prefix}_PORT": "0", f"{prefix}_ATTRIBUTE": "adding"}
    server = _server_from_environment(tmp_path, environment)
    try:
        with server.client() as client:
            assert [one.name for one in client.list_repositories().repositories] == ["__repository__adding"]
    finally:
        server.close()


def test_our_variables_come_before_the_solid_era_ones(tmp_path: Path) -> None:
    write(tmp_path, REPO)
    environment = {
        "USERCODE_API_GRPC_PYTHON_FILE": "repo.py",
        "DAGSTER_CLI_API_GRPC_PYTHON_FILE": "missing.py",
        "USERCODE_API_GRPC_PORT": "0",
        "DAGSTER_CLI_API_GRPC_PORT": "1",
    }
    server = _server_from_environment(tmp_path, environment)
    try:
        with server.client() as client:
            assert client.server_info().target.python_file == str(tmp_path / "repo.py")
    finally:
        server.close()


def test_a_port_that_kubernetes_sets_for_a_service_is_left_alone(tmp_path: Path) -> None:
    write(tmp_path, REPO)
    environment = {
        "USERCODE_API_GRPC_PYTHON_FILE": "repo.py",
        "USERCODE_API_GRPC_PORT": "tcp://10.0.0.1:3030",
        "DAGSTER_CLI_API_GRPC_PORT": "0",
    }
    server = _server_from_environment(tmp_path, environment)
    try:
        with server.client() as client:
            assert client.server_info().target.python_file == str(tmp_path / "repo.py")
    finally:
        server.close()


def refuses(address: str) -> bool:
    """Whether a new call is turned away."""
    with CodeServerClient(address, timeout=1) as client:
        try:
            client.server_info()
        except NotReadyError:
            return True
    return False


def _status(encoded: bytes) -> int:
    return health_pb2.HealthCheckResponse.FromString(encoded).status


def _server_from_environment(folder: Path, environment: dict[str, str]) -> RunningServer:
    return RunningServer(folder, environment=environment)


SERVICE = "usercode_api.v1.CodeServerService"
