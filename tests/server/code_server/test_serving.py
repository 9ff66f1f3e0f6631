"""What clients are told by a server of good code."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest
from grpc_health.v1 import health_pb2
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase

from tests.server.code_server.servers import REPO, RunningServer, StartServer, raw_call, wait_until, write
from usercode_api.v1 import code_server_service_pb2 as pb
from usercode_api.v1.repository_pb2 import PIPELINE_VIEW_FULL
from usercode_api.v1.server_info_pb2 import LOAD_STATE_FAILED, LOAD_STATE_LOADED, LOAD_STATE_LOADING, ServerInfo
from usercode_server.client import CodeServerClient
from usercode_server.errors import (
    CodeChangedError,
    InvalidRequestError,
    NotFoundError,
    NotReadyError,
)

SERVICE = "usercode_api.v1.CodeServerService"


def test_repositories_and_pipelines_are_listed_by_name(client: CodeServerClient) -> None:
    served = client.list_repositories()
    assert [(one.name, one.pipeline_count) for one in served.repositories] == [("numbers", 2)]
    assert served.load_error is None
    pipelines = list(client.list_pipelines("numbers"))
    assert [(one.name, one.description, one.solid_count) for one in pipelines] == [
        ("adding", "Adds one.", 2),
        ("other", "", 2),
    ]
    assert [preset.name for preset in pipelines[0].presets] == ["default"]
    assert not pipelines[0].solids


def test_a_pipeline_has_its_whole_structure(client: CodeServerClient) -> None:
    pipeline = client.get_pipeline("other", "numbers")
    assert [(one.name, one.definition_name) for one in pipeline.solids] == [("start", "first"), ("again", "second")]
    assert [(one.name, one.description.strip()) for one in pipeline.solid_definitions] == [
        ("first", "The beginning."),
        ("second", ""),
    ]
    (fed,) = pipeline.solids[1].inputs
    assert (fed.name, [source.solid_name for source in fed.sources]) == ("number", ["start"])
    config = pipeline.config_types[pipeline.solid_definitions[0].config.type]
    assert [(field.name, field.is_required) for field in config.fields] == [("start", True), ("name", False)]
    assert dict(pipeline.solid_definitions[0].tags) == {"team": "data"}


def test_the_full_list_is_the_sum_of_the_pipelines(client: CodeServerClient) -> None:
    listed = list(client.list_pipelines("numbers", full=True))
    assert listed == [client.get_pipeline(name, "numbers") for name in ("adding", "other")]


def test_a_client_that_has_the_version_is_told_so(client: CodeServerClient) -> None:
    version = client.list_repositories().code_version
    repositories = client.call(
        "ListRepositories", pb.ListRepositoriesRequest(if_code_version=version), pb.ListRepositoriesResponse
    )
    assert repositories == pb.ListRepositoriesResponse(code_version=version, not_modified=True)
    pipelines = client.call(
        "ListPipelines",
        pb.ListPipelinesRequest(repository_name="numbers", if_code_version=version),
        pb.ListPipelinesResponse,
    )
    assert pipelines == pb.ListPipelinesResponse(code_version=version, not_modified=True)
    pipeline = client.call(
        "GetPipeline",
        pb.GetPipelineRequest(repository_name="numbers", pipeline_name="adding", if_code_version=version),
        pb.GetPipelineResponse,
    )
    assert pipeline == pb.GetPipelineResponse(code_version=version, not_modified=True)


def test_the_version_is_the_same_after_a_restart(
    client: CodeServerClient, start_server: StartServer, tmp_path: Path
) -> None:
    again = start_server("-f", str(tmp_path / "repo.py"), environment={"PYTHONHASHSEED": "7"})
    with again.client() as other:
        assert other.list_repositories().code_version == client.list_repositories().code_version
        assert other.server_info().server_id != client.server_info().server_id


def test_pages_hold_as_many_as_asked_for(client: CodeServerClient) -> None:
    request = pb.ListPipelinesRequest(repository_name="numbers", page_size=1, view=PIPELINE_VIEW_FULL)
    first = client.call("ListPipelines", request, pb.ListPipelinesResponse)
    assert [one.name for one in first.pipelines] == ["adding"]
    request.page_token = first.next_page_token
    second = client.call("ListPipelines", request, pb.ListPipelinesResponse)
    assert [one.name for one in second.pipelines] == ["other"]
    assert second.next_page_token == ""


@pytest.mark.parametrize("token", ["x", "\N{SNOWMAN}", "eA==", "e" * 10_000])
def test_a_token_that_is_none_is_refused(client: CodeServerClient, token: str) -> None:
    with pytest.raises(InvalidRequestError, match="page token"):
        client.call(
            "ListPipelines",
            pb.ListPipelinesRequest(repository_name="numbers", page_token=token),
            pb.ListPipelinesResponse,
        )


def test_a_token_of_another_list_is_refused(client: CodeServerClient) -> None:
    request = pb.ListPipelinesRequest(repository_name="numbers", page_size=1)
    token = client.call("ListPipelines", request, pb.ListPipelinesResponse).next_page_token
    with pytest.raises(InvalidRequestError, match="page token"):
        client.call(
            "GetPipeline",
            pb.GetPipelineRequest(repository_name="numbers", pipeline_name="adding", page_token=token),
            pb.GetPipelineResponse,
        )


def test_a_token_of_an_older_version_is_told_apart(client: CodeServerClient, tmp_path: Path) -> None:
    request = pb.ListPipelinesRequest(repository_name="numbers", page_size=1)
    request.page_token = client.call("ListPipelines", request, pb.ListPipelinesResponse).next_page_token
    write(tmp_path, REPO.replace("Adds one.", "Adds 1."))
    assert client.reload_code().is_changed
    with pytest.raises(CodeChangedError, match="first page"):
        client.call("ListPipelines", request, pb.ListPipelinesResponse)


def test_unknown_names_are_answered_with_the_nearest(client: CodeServerClient) -> None:
    with pytest.raises(NotFoundError, match=r"There is no repository 'nubers'\. Did you mean 'numbers'\?"):
        list(client.list_pipelines("nubers"))
    with pytest.raises(NotFoundError, match=r"no pipeline 'addin' in .* 'numbers'\. Did you mean 'adding'\?"):
        client.get_pipeline("addin", "numbers")


def test_the_server_tells_who_it_is(start_server: StartServer, tmp_path: Path) -> None:
    file = write(tmp_path, REPO)
    server = start_server("-f", str(file), environment={"DAGSTER_CURRENT_IMAGE": "registry/image:1"})
    with server.client() as client:
        version = client.list_repositories().code_version
        info = client.server_info()
        assert client.current_image() == "registry/image:1"
    assert info.load_state == LOAD_STATE_LOADED
    assert info.code_version == version
    assert (info.repository_count, info.pipeline_count) == (1, 2)
    assert (info.target.python_file, info.target.working_directory) == (str(file), str(tmp_path))
    assert info.current_image == "registry/image:1"
    assert info.python_version == ".".join(map(str, sys.version_info[:3]))
    assert info.usercode_version
    assert info.load_time.seconds > 1_600_000_000
    assert info.load_duration.ToTimedelta().total_seconds() > 0


def test_without_an_image_there_is_none(client: CodeServerClient) -> None:
    assert client.current_image() is None
    assert not client.server_info().HasField("current_image")


def test_health_is_known_overall_and_by_service_name(server: RunningServer) -> None:
    with grpc.insecure_channel(server.address) as channel:
        assert _health(channel, "") == _health(channel, SERVICE) == "SERVING"
        with pytest.raises(grpc.RpcError) as caught:
            _health(channel, "Nothing")
        assert caught.value.code() is grpc.StatusCode.NOT_FOUND


def test_reflection_lists_and_describes_the_service(server: RunningServer) -> None:
    with grpc.insecure_channel(server.address) as channel:
        database = ProtoReflectionDescriptorDatabase(channel)
        assert set(database.get_services()) >= {SERVICE, "grpc.health.v1.Health"}
        file = database.FindFileContainingSymbol(SERVICE)
        assert "ListPipelines" in [method.name for method in file.service[0].method]


def test_a_watcher_is_told_at_once_and_of_each_change(
    server: RunningServer, client: CodeServerClient, tmp_path: Path
) -> None:
    client.list_repositories()
    watched: Iterator[ServerInfo] = client.watch()
    before = next(watched)
    assert before.load_state == LOAD_STATE_LOADED
    write(tmp_path, "syntax error")
    server.send(signal.SIGHUP)
    broken = next(watched)
    assert broken.load_state == LOAD_STATE_FAILED
    assert broken.load_error.error_type == "SyntaxError"
    assert broken.code_version == before.code_version
    write(tmp_path, REPO.replace("Adds one.", "Adds 1."))
    server.send(signal.SIGHUP)
    after = next(watched)
    assert after.load_state == LOAD_STATE_LOADED
    assert not after.HasField("load_error")
    assert after.code_version != before.code_version


def test_watchers_take_no_threads_from_other_calls(server: RunningServer, client: CodeServerClient) -> None:
    client.list_repositories()
    streams = [client.watch() for _ in range(40)]
    infos = [next(stream) for stream in streams]
    assert len({info.server_id for info in infos}) == 1
    assert client.get_pipeline("adding").name == "adding"


def test_a_reload_without_a_change_keeps_the_version(client: CodeServerClient) -> None:
    version = client.list_repositories().code_version
    reply = client.reload_code()
    assert not reply.is_changed
    assert reply.server_info.code_version == version


def test_broken_code_leaves_the_last_good_listing_with_the_failure_beside_it(
    client: CodeServerClient, tmp_path: Path
) -> None:
    version = client.list_repositories().code_version
    write(tmp_path, "import nothing_of_that_name")
    reply = client.reload_code()
    assert reply.server_info.load_error.error_type == "ModuleNotFoundError"
    assert not reply.is_changed
    served = client.list_repositories()
    assert served.code_version == version
    assert served.load_error is not None and "nothing_of_that_name" in served.load_error.summary
    assert client.get_execution_plan("other", {"solids": {"start": {"config": {"start": 1}}}}).HasField("plan")


def test_calls_wait_for_the_first_load(start_server: StartServer, tmp_path: Path) -> None:
    write(tmp_path, "import os, time\nwhile not os.path.exists('go'):\n    time.sleep(0.01)\n", "slow.py")
    server = start_server("-f", str(write(tmp_path, "import slow\n" + _dedented(REPO))))
    with server.client() as client, grpc.insecure_channel(server.address) as channel:
        assert client.server_info().load_state == LOAD_STATE_LOADING
        assert _health(channel, "") == "SERVING"
        waiting = raw_call(channel, f"/{SERVICE}/ListRepositories").future(b"", timeout=60)
        assert not waiting.done()
        (tmp_path / "go").touch()
        reply = pb.ListRepositoriesResponse.FromString(waiting.result())
        assert [one.name for one in reply.repositories] == ["numbers"]


def test_too_many_waiting_calls_are_turned_away_and_health_stays(start_server: StartServer, tmp_path: Path) -> None:
    server = start_server("-n", "6", "-f", str(write(tmp_path, "import time\ntime.sleep(60)\n")))
    with grpc.insecure_channel(server.address) as channel:
        call = raw_call(channel, f"/{SERVICE}/ListRepositories")
        calls = [call.future(b"", timeout=30) for _ in range(8)]
        wait_until(lambda: sum(one.done() for one in calls) >= 6)
        refused = [one for one in calls if one.done()]
        assert {one.code() for one in refused} == {grpc.StatusCode.UNAVAILABLE}
        assert _health(channel, "") == "SERVING"
        for one in calls:
            one.cancel()


def test_a_server_on_a_socket(start_server: StartServer, tmp_path: Path) -> None:
    path = tmp_path / "server.sock"
    server = start_server("-f", str(write(tmp_path, REPO)), "-s", str(path))
    server.wait_for("^Serving")
    with CodeServerClient(f"unix:{path}") as client:
        assert [one.name for one in client.list_repositories().repositories] == ["numbers"]
    server.send(signal.SIGTERM)
    assert server.wait() == 0
    assert not path.exists()


def test_the_output_of_user_code_goes_to_standard_error(start_server: StartServer, tmp_path: Path) -> None:
    server = start_server("-f", str(write(tmp_path, "print('hello from the author')\n" + _dedented(REPO))))
    server.wait_for("^hello from the author$")
    assert server.close() == ""


def test_nobody_there_is_a_clear_error() -> None:
    with CodeServerClient("127.0.0.1:1", timeout=5) as client, pytest.raises(NotReadyError, match=r"127\.0\.0\.1:1"):
        client.server_info()


def test_a_lone_pipeline_is_a_repository(start_server: StartServer, tmp_path: Path) -> None:
    text = """
        from usercode_sdk import pipeline, solid

        @solid
        def alone():
            return 1

        @pipeline
        def only():
            alone()
    """
    server = start_server("-f", str(write(tmp_path, text)))
    with server.client() as client:
        assert [one.name for one in client.list_repositories().repositories] == ["__repository__only"]
        assert client.get_pipeline("only").solid_count == 1


def _health(channel: grpc.Channel, service: str) -> str:
    check = channel.unary_unary(
        "/grpc.health.v1.Health/Check",
        request_serializer=health_pb2.HealthCheckRequest.SerializeToString,
        response_deserializer=health_pb2.HealthCheckResponse.FromString,
    )
    reply = check(health_pb2.HealthCheckRequest(service=service), timeout=10)
    return health_pb2.HealthCheckResponse.ServingStatus.Name(reply.status)


def _dedented(text: str) -> str:
    import textwrap

    return textwrap.dedent(text)
