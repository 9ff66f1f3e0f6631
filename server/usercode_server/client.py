"""The one client of the code server: command line, workers, web and daemon use it.

``CodeServerClient`` talks to a running server; :class:`~usercode_server.local_client.LocalCodeClient` offers the
same without one. Pages are put together here, so callers see whole lists, pipelines and plans; statuses become the
exceptions of :mod:`usercode_server.errors`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, NamedTuple, Self, TypeVar

from google.protobuf.message import Message

from usercode_api.v1 import code_server_service_pb2 as pb
from usercode_api.v1.error_info_pb2 import ErrorInfo
from usercode_api.v1.pipeline_pb2 import Pipeline
from usercode_api.v1.repository_pb2 import PIPELINE_VIEW_FULL, PIPELINE_VIEW_SUMMARY, Repository
from usercode_api.v1.server_info_pb2 import ServerInfo
from usercode_server.errors import (
    CodeBrokenError,
    CodeChangedError,
    UserCodeError,
    error_for_status,
    repository_of_pipeline,
)
from usercode_server.wire.values import to_map

if TYPE_CHECKING:
    import grpc

ResponseT = TypeVar("ResponseT", bound=Message)

DEFAULT_TIMEOUT = 60.0
_SERVICE = pb.DESCRIPTOR.services_by_name["CodeServerService"].full_name
_TRIES_WHILE_CODE_CHANGES = 5


class Repositories(NamedTuple):
    """The repositories that are served, and why the latest code is not, if it is not."""

    code_version: str
    repositories: list[Repository]
    load_error: ErrorInfo | None


class CodeClient(ABC):
    """What can be asked about one author's code. A context manager."""

    @abstractmethod
    def call(self, method: str, request: Message, response_class: type[ResponseT]) -> ResponseT:
        """One call; raises an exception of usercode_server.errors when it fails."""

    @abstractmethod
    def close(self) -> None:
        """Let go of the server."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def server_info(self) -> ServerInfo:
        """Who the server is, and how its code stands."""
        return self.call("GetServerInfo", pb.GetServerInfoRequest(), pb.GetServerInfoResponse).server_info

    def current_image(self) -> str | None:
        """The image that the server runs in; None when it is not known."""
        reply = self.call("GetCurrentImage", pb.GetCurrentImageRequest(), pb.GetCurrentImageResponse)
        return reply.current_image if reply.HasField("current_image") else None

    def list_repositories(self) -> Repositories:
        """All repositories by name; waits for the first load."""
        repositories: list[Repository] = []
        for reply in self._pages("ListRepositories", pb.ListRepositoriesRequest(), pb.ListRepositoriesResponse):
            repositories.extend(reply.repositories)
        error = reply.load_error if reply.HasField("load_error") else None
        return Repositories(reply.code_version, repositories, error)

    def list_pipelines(self, repository_name: str, *, full: bool = False) -> Iterator[Pipeline]:
        """The pipelines of a repository by name: summaries, or with ``full`` their whole structure."""
        view = PIPELINE_VIEW_FULL if full else PIPELINE_VIEW_SUMMARY
        request = pb.ListPipelinesRequest(repository_name=repository_name, view=view)
        for reply in self._pages("ListPipelines", request, pb.ListPipelinesResponse):
            for pipeline in reply.pipelines:
                whole = not pipeline.structure_omitted
                yield pipeline if whole else self.get_pipeline(pipeline.name, repository_name)

    def get_pipeline(self, pipeline_name: str, repository_name: str | None = None) -> Pipeline:
        """One pipeline with its whole structure; the repository may be left out where only one has it."""
        repository_name = self.repository_of(pipeline_name, repository_name)
        request = pb.GetPipelineRequest(repository_name=repository_name, pipeline_name=pipeline_name)
        pipeline = Pipeline()
        for reply in self._pages("GetPipeline", request, pb.GetPipelineResponse):
            pipeline.MergeFrom(reply.pipeline)
        return pipeline

    def get_run_config_schema(
        self, pipeline_name: str, repository_name: str | None = None, *, mode: str = ""
    ) -> pb.GetRunConfigSchemaResponse:
        """The schema of the run config of a pipeline in a mode."""
        repository_name = self.repository_of(pipeline_name, repository_name)
        request = pb.GetRunConfigSchemaRequest(repository_name=repository_name, pipeline_name=pipeline_name, mode=mode)
        return self._merged("GetRunConfigSchema", request, pb.GetRunConfigSchemaResponse)

    def validate_run_config(
        self,
        pipeline_name: str,
        run_config: Mapping[Any, object],
        repository_name: str | None = None,
        *,
        mode: str = "",
    ) -> pb.ValidateRunConfigResponse:
        """Every fault of a run config."""
        repository_name = self.repository_of(pipeline_name, repository_name)
        request = pb.ValidateRunConfigRequest(
            repository_name=repository_name,
            pipeline_name=pipeline_name,
            mode=mode,
            run_config=to_map(run_config),
        )
        return self.call("ValidateRunConfig", request, pb.ValidateRunConfigResponse)

    def get_execution_plan(
        self,
        pipeline_name: str,
        run_config: Mapping[Any, object],
        repository_name: str | None = None,
        *,
        mode: str = "",
        step_keys: Sequence[str] = (),
    ) -> pb.GetExecutionPlanResponse:
        """The steps of a run, or the faults of its run config."""
        repository_name = self.repository_of(pipeline_name, repository_name)
        request = pb.GetExecutionPlanRequest(
            repository_name=repository_name,
            pipeline_name=pipeline_name,
            mode=mode,
            run_config=to_map(run_config),
            step_keys=step_keys,
        )
        return self._merged("GetExecutionPlan", request, pb.GetExecutionPlanResponse)

    def reload_code(self) -> pb.ReloadCodeResponse:
        """Load the code anew; waits for the outcome."""
        return self.call("ReloadCode", pb.ReloadCodeRequest(), pb.ReloadCodeResponse)

    def repository_of(self, pipeline_name: str, repository_name: str | None = None) -> str:
        """The name of the repository that has the pipeline.

        Raises PipelineNotFoundError or AmbiguousPipelineError, and CodeBrokenError when nothing is served.
        """
        if repository_name is not None:
            return repository_name
        served = self.list_repositories()
        if len(served.repositories) == 1:
            return served.repositories[0].name
        if not served.repositories and served.load_error is not None:
            raise CodeBrokenError(served.load_error.summary)
        names = {
            repository.name: [pipeline.name for pipeline in self.list_pipelines(repository.name)]
            for repository in served.repositories
        }
        return repository_of_pipeline(pipeline_name, names)

    def _merged(self, method: str, request: Message, response_class: type[ResponseT]) -> ResponseT:
        whole = response_class()
        for reply in self._pages(method, request, response_class):
            whole.MergeFrom(reply)
        whole.ClearField("next_page_token")
        return whole

    def _pages(self, method: str, request: Message, response_class: type[ResponseT]) -> list[ResponseT]:
        """All pages of one answer; asks again from the first when the code changes in between."""
        for tries_left in reversed(range(_TRIES_WHILE_CODE_CHANGES)):
            try:
                return self._pages_once(method, request, response_class)
            except CodeChangedError:
                if not tries_left:
                    raise
        raise AssertionError("the last try returns or raises")

    def _pages_once(self, method: str, request: Message, response_class: type[ResponseT]) -> list[ResponseT]:
        pages: list[ResponseT] = []
        token = ""
        while token or not pages:
            setattr(request, "page_token", token)  # noqa: B010  # every paged request has the field
            pages.append(self.call(method, request, response_class))
            token = getattr(pages[-1], "next_page_token")  # noqa: B009  # likewise
        return pages


class CodeServerClient(CodeClient):
    """Asks a running code server at ``HOST:PORT`` or ``unix:PATH``. ``timeout`` is for each call, in seconds."""

    def __init__(self, address: str, *, timeout: float = DEFAULT_TIMEOUT) -> None:
        import grpc

        self.address = address
        self._timeout = timeout
        # A proxy that the environment names for web traffic must not come between: as for health checks.
        self._channel: grpc.Channel = grpc.insecure_channel(address, options=[("grpc.enable_http_proxy", 0)])

    def call(self, method: str, request: Message, response_class: type[ResponseT]) -> ResponseT:
        import grpc

        call = self._channel.unary_unary(
            f"/{_SERVICE}/{method}",
            request_serializer=type(request).SerializeToString,
            response_deserializer=response_class.FromString,
        )
        try:
            reply: ResponseT = call(request, timeout=self._timeout)
            return reply
        except grpc.RpcError as error:
            raise self._error(error) from None

    def watch(self) -> Iterator[ServerInfo]:
        """The server's info now and after each change, until the server stops."""
        import grpc

        call = self._channel.unary_stream(
            f"/{_SERVICE}/WatchServerInfo",
            request_serializer=pb.WatchServerInfoRequest.SerializeToString,
            response_deserializer=pb.WatchServerInfoResponse.FromString,
        )
        try:
            for reply in call(pb.WatchServerInfoRequest()):
                yield reply.server_info
        except grpc.RpcError as error:
            raise self._error(error) from None

    def stop_server(self) -> None:
        """Ask the server to stop."""
        self.call("StopServer", pb.StopServerRequest(), pb.StopServerResponse)

    def close(self) -> None:
        """Close the connection."""
        self._channel.close()

    def _error(self, error: grpc.RpcError) -> UserCodeError:
        status, details = error.code().name, error.details() or ""
        if status == "CANCELLED":
            # What gRPC makes of a call that reaches a server, or is still under way, when that stops.
            status, details = "UNAVAILABLE", f"The code server at {self.address} ended the call: it is stopping."
        elif status == "UNAVAILABLE" and "connect" in details:
            details = f"The code server at {self.address} can't be reached. Is `usercode api grpc` running there?"
        elif status == "UNAVAILABLE" and "resol" in details:
            details = f"The code server at {self.address} can't be reached: no host of this name is found."
        if status == "UNIMPLEMENTED":
            details = f"What answers at {self.address} is no code server of this version."
        return error_for_status(status, details)
