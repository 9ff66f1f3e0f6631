"""Malformed, hostile and huge requests: each gets a status, the server stays, its memory does not grow."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.server.code_server.servers import REPO, RunningServer, raw_call, write
from usercode_api.v1 import code_server_service_pb2 as pb
from usercode_server.client import CodeServerClient
from usercode_server.errors import InvalidRequestError, TooLargeError
from usercode_server.wire.fields import field

SERVICE = pb.DESCRIPTOR.services_by_name["CodeServerService"]
# Reloading takes a while each time, and stopping ends the test.
METHODS = sorted(
    name
    for name, method in SERVICE.methods_by_name.items()
    if name not in ("ReloadCode", "StopServer") and not method.server_streaming
)
REQUESTS = {name: getattr(pb, f"{name}Request") for name in METHODS}
ALLOWED = {
    grpc.StatusCode.OK,
    grpc.StatusCode.INVALID_ARGUMENT,
    grpc.StatusCode.NOT_FOUND,
    grpc.StatusCode.ABORTED,
}
MEGABYTE = 1024 * 1024


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """One server for all these requests: it has to stand them all."""
    folder = tmp_path_factory.mktemp("fuzzed")
    server = RunningServer(folder, "-f", str(write(folder, REPO)), "-p", "0")
    with server.client() as client:
        client.list_repositories()
    yield server
    with server.client() as client:
        assert [one.name for one in client.list_pipelines("numbers")] == ["adding", "other"]
    server.close()
    assert "Traceback" not in server.said


@pytest.fixture(scope="module")
def channel(server: RunningServer) -> Iterator[grpc.Channel]:
    with grpc.insecure_channel(server.address) as channel:
        yield channel


def status_of(channel: grpc.Channel, method: str, request: bytes) -> grpc.StatusCode:
    """The status that the request gets."""
    call = raw_call(channel, f"/{SERVICE.full_name}/{method}")
    try:
        call(request, timeout=30)
    except grpc.RpcError as error:
        code = error.code()
        assert isinstance(code, grpc.StatusCode)
        return code
    return grpc.StatusCode.OK


fuzzing = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.parametrize("method", METHODS)
@fuzzing
@given(request=st.binary(max_size=200))
def test_any_bytes_get_a_status(channel: grpc.Channel, method: str, request: bytes) -> None:
    assert status_of(channel, method, request) in ALLOWED


@st.composite
def requests(draw: st.DrawFn, method: str) -> bytes:
    """A well-formed request whose fields hold anything, often the right names."""
    message = REQUESTS[method]()
    for descriptor in message.DESCRIPTOR.fields:
        if descriptor.type == descriptor.TYPE_STRING and descriptor.name != "step_keys" and draw(st.booleans()):
            text = draw(st.sampled_from(["numbers", "adding", "default", ""]) | st.text(max_size=50))
            setattr(message, descriptor.name, text.encode("utf-8", "replace").decode())
        elif descriptor.type in (descriptor.TYPE_UINT32, descriptor.TYPE_ENUM) and draw(st.booleans()):
            setattr(message, descriptor.name, draw(st.integers(0, 2**31 - 1)))
    encoded: bytes = message.SerializeToString()
    cut = draw(st.integers(0, len(encoded)))
    return encoded + encoded[:cut]


@pytest.mark.parametrize("method", METHODS)
@fuzzing
@given(data=st.data())
def test_any_fields_get_a_status(channel: grpc.Channel, method: str, data: st.DataObject) -> None:
    assert status_of(channel, method, data.draw(requests(method))) in ALLOWED


def test_a_request_beyond_4_mb_is_too_large(server: RunningServer) -> None:
    with server.client() as client, pytest.raises(TooLargeError):
        client.validate_run_config("adding", {"solids": "x" * (5 * MEGABYTE)}, "numbers")


def test_a_request_just_below_4_mb_is_answered(server: RunningServer) -> None:
    with server.client() as client:
        reply = client.validate_run_config("adding", {"solids": "x" * (3 * MEGABYTE)}, "numbers")
    assert len(reply.faults) == 1
    assert reply.ByteSize() < 4 * MEGABYTE


def test_a_config_with_very_many_faults_has_a_bounded_answer(server: RunningServer) -> None:
    with server.client() as client:
        reply = client.validate_run_config("adding", {f"unknown{n}": n for n in range(50_000)}, "numbers")
    assert len(reply.faults) == 1_000


def test_a_deeply_nested_config_is_refused_by_the_client(server: RunningServer) -> None:
    nested: dict[str, object] = {}
    for _ in range(1_000):
        nested = {"a": nested}
    with server.client() as client, pytest.raises(InvalidRequestError, match="nested deeper"):
        client.validate_run_config("adding", nested, "numbers")


@pytest.mark.parametrize("depth", [31, 90, 10_000])
def test_a_deeply_nested_request_gets_a_status(channel: grpc.Channel, depth: int) -> None:
    value = b""
    for _ in range(depth):
        # A Value that holds a list of one Value.
        value = field(7, field(1, value))
    request = pb.ValidateRunConfigRequest(repository_name="numbers", pipeline_name="adding").SerializeToString()
    request += field(4, field(1, field(1, b"solids") + field(2, value)))
    assert status_of(channel, "ValidateRunConfig", request) in ALLOWED


def test_a_key_that_can_be_none_gets_a_status(channel: grpc.Channel) -> None:
    key = field(7, field(1, field(8, b"")))
    request = pb.ValidateRunConfigRequest(repository_name="numbers", pipeline_name="adding").SerializeToString()
    request += field(4, field(1, field(3, key)))
    assert status_of(channel, "ValidateRunConfig", request) == grpc.StatusCode.INVALID_ARGUMENT


def test_an_unknown_method_is_unimplemented(channel: grpc.Channel) -> None:
    assert status_of(channel, "NoSuchMethod", b"") == grpc.StatusCode.UNIMPLEMENTED


def test_a_huge_name_gets_a_short_message(server: RunningServer) -> None:
    with server.client() as client, pytest.raises(Exception, match=r"There is no repository.*\(cut\)") as caught:
        list(client.list_pipelines("n" * MEGABYTE))
    assert len(str(caught.value)) < 2_000


def test_memory_stays_flat(server: RunningServer) -> None:
    with server.client() as client:
        _hammer(client, 300)
        before = _memory(server)
        _hammer(client, 700)
    assert _memory(server) - before < 8 * MEGABYTE


def _hammer(client: CodeServerClient, times: int) -> None:
    large = "x" * 20_000
    for number in range(times):
        client.validate_run_config("adding", {"solids": large + str(number)}, "numbers")
        client.get_execution_plan(
            "adding", {"solids": {"first": {"config": {"start": 1, "name": large + str(number)}}}}, "numbers"
        )
        with pytest.raises(InvalidRequestError):
            client.call("ListRepositories", pb.ListRepositoriesRequest(page_token=large), pb.ListRepositoriesResponse)


def _memory(server: RunningServer) -> int:
    """The bytes that the server and its child take."""
    pids = [server.pid, *server.children()]
    return sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096 for pid in pids)
