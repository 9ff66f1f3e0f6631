"""CodeServerService: each call decoded, looked up and encoded. What is looked up is ready bytes where it can be."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import BoundedSemaphore
from typing import Protocol, TypeAlias

from usercode_api.v1 import code_server_service_pb2 as pb
from usercode_api.v1.repository_pb2 import PIPELINE_VIEW_FULL, Repository
from usercode_server.code_server.hosting import CodeHost, Load
from usercode_server.code_server.listing import ListedRepository, Listing, PageToken, page_end, page_start
from usercode_server.code_server.process import UserCodeFailedError
from usercode_server.code_server.replies import Replies, reply_key
from usercode_server.errors import (
    CodeBrokenError,
    CodeChangedError,
    NotReadyError,
    PipelineNotFoundError,
    RepositoryNotFoundError,
)
from usercode_server.wire.fields import text_field

EvaluatedRequest: TypeAlias = pb.GetRunConfigSchemaRequest | pb.ValidateRunConfigRequest | pb.GetExecutionPlanRequest


class Context(Protocol):
    """What the service needs to know of a call; gRPC's ServicerContext is one."""

    def time_remaining(self) -> float | None:
        """Seconds until the client's deadline; None when it has none."""
        ...

    def add_callback(self, callback: Callable[[], None]) -> bool:
        """Have the callback run after the call has ended."""
        ...


# The same in every reply that has pages; a test holds it.
TOKEN_FIELD, VERSION_FIELD = 2, 3
_LONGEST_WAIT = 86_400.0


class CodeServerService:
    """The calls of the service over one CodeHost.

    At most ``waiting_calls`` calls at a time may wait for the author's code; more are turned away, so that
    health, info and listings always find a free thread.
    """

    def __init__(self, host: CodeHost, request_stop: Callable[[], None], waiting_calls: int) -> None:
        self._host = host
        self._request_stop = request_stop
        self._waiting_calls = BoundedSemaphore(waiting_calls)
        self._replies = Replies()

    def get_server_info(self, _: pb.GetServerInfoRequest, context: Context) -> bytes:
        return pb.GetServerInfoResponse(server_info=self._host.info()).SerializeToString()

    def get_current_image(self, _: pb.GetCurrentImageRequest, context: Context) -> bytes:
        image = os.environ.get("DAGSTER_CURRENT_IMAGE")
        return pb.GetCurrentImageResponse(current_image=image).SerializeToString()

    def list_repositories(self, request: pb.ListRepositoriesRequest, context: Context) -> bytes:
        load = self._first_load(context)
        listing = load.listing or Listing("", {})
        response = pb.ListRepositoriesResponse(code_version=listing.code_version, load_error=load.error)
        if request.if_code_version and request.if_code_version == listing.code_version:
            response.not_modified = True
            return response.SerializeToString()
        entries = [
            Repository(name=each.name, description=each.description, pipeline_count=len(each.pipelines))
            for each in listing.repositories.values()
        ]
        scope = "ListRepositories"
        start = page_start(request.page_token, listing.code_version, scope, len(entries))
        end = page_end(lambda place: entries[place].ByteSize(), start, len(entries), request.page_size)
        response.repositories.extend(entries[start:end])
        if end < len(entries):
            response.next_page_token = PageToken(listing.code_version, scope, end).to_text()
        return response.SerializeToString()

    def list_pipelines(self, request: pb.ListPipelinesRequest, context: Context) -> bytes:
        listing = self._listing(context)
        repository = _repository(listing, request.repository_name)
        version = listing.code_version
        if request.if_code_version == version:
            return pb.ListPipelinesResponse(code_version=version, not_modified=True).SerializeToString()
        view = "FULL" if request.view == PIPELINE_VIEW_FULL else "SUMMARY"
        scope = f"ListPipelines/{repository.name}/{view}"
        start = page_start(request.page_token, version, scope, len(repository.pipelines))
        # A page of the usual size is put together once; of other sizes there may be any number.
        if request.page_size:
            return _pipelines_page(repository, version, scope, start, request.page_size)
        key = reply_key(version, scope, b"%d" % start)
        pages = self._replies.get(key)
        if pages is None:
            pages = [_pipelines_page(repository, version, scope, start, 0)]
            self._replies.keep(key, pages)
        return pages[0]

    def get_pipeline(self, request: pb.GetPipelineRequest, context: Context) -> bytes:
        listing = self._listing(context)
        repository = _repository(listing, request.repository_name)
        pipeline = repository.pipelines.get(request.pipeline_name)
        if pipeline is None:
            raise PipelineNotFoundError(request.pipeline_name, repository.pipelines, repository.name)
        version = listing.code_version
        if request.if_code_version == version:
            return pb.GetPipelineResponse(code_version=version, not_modified=True).SerializeToString()
        scope = f"GetPipeline/{repository.name}/{pipeline.name}"
        return _page(pipeline.pages, request.page_token, version, scope)

    def get_run_config_schema(self, request: pb.GetRunConfigSchemaRequest, context: Context) -> bytes:
        return self._evaluated("GetRunConfigSchema", request, request.page_token, context)

    def validate_run_config(self, request: pb.ValidateRunConfigRequest, context: Context) -> bytes:
        return self._evaluated("ValidateRunConfig", request, "", context)

    def get_execution_plan(self, request: pb.GetExecutionPlanRequest, context: Context) -> bytes:
        return self._evaluated("GetExecutionPlan", request, request.page_token, context)

    def reload_code(self, _: pb.ReloadCodeRequest, context: Context) -> bytes:
        before = self._host.load.listing
        with self._waiting():
            load = self._host.wait_for_load(self._host.reload(), _time_left(context))
        is_changed = load.listing is not None and (before is None or load.listing.code_version != before.code_version)
        return pb.ReloadCodeResponse(server_info=self._host.info(), is_changed=is_changed).SerializeToString()

    def stop_server(self, _: pb.StopServerRequest, context: Context) -> bytes:
        context.add_callback(self._request_stop)
        return pb.StopServerResponse().SerializeToString()

    def _first_load(self, context: Context) -> Load:
        load = self._host.load
        if load.number:
            return load
        with self._waiting():
            return self._host.wait_for_load(1, _time_left(context))

    def _listing(self, context: Context) -> Listing:
        load = self._first_load(context)
        if load.listing is None:
            reason = load.error.summary if load.error is not None else ""
            raise CodeBrokenError(f"Nothing is served: the code can't be loaded. {reason}")
        return load.listing

    def _evaluated(self, method: str, request: EvaluatedRequest, token: str, context: Context) -> bytes:
        """One page of what the child answers."""
        version = self._listing(context).code_version
        if token:
            request.ClearField("page_token")
        encoded = request.SerializeToString(deterministic=True)
        key = reply_key(version, method, encoded)
        if token:
            PageToken.from_text(token).check(version, key)
        try:
            pages = self._kept(key, token) or self._ask(method, encoded, key, version)
        except UserCodeFailedError as failure:
            response = getattr(pb, f"{method}Response")
            return _reply(response(error=failure.error).SerializeToString(), "", version)
        return _page(pages, token, version, key)

    def _ask(self, method: str, request: bytes, key: str, code_version: str) -> Sequence[bytes]:
        with self._waiting():
            outcome = self._host.evaluate(method, request)
        if self._host.code_version != code_version:
            raise CodeChangedError("The code was reloaded while it was asked.")
        pages = list(outcome.pages)
        if outcome.is_reusable:
            self._replies.keep(key, pages)
        elif len(pages) > 1:
            self._replies.keep(_for_later_pages(key), pages)
        return pages

    def _kept(self, key: str, token: str) -> Sequence[bytes] | None:
        """The answer to the same call before; one that the author's functions made is for that call's own pages."""
        return self._replies.get(key) or (self._replies.get(_for_later_pages(key)) if token else None)

    @contextmanager
    def _waiting(self) -> Iterator[None]:
        if not self._waiting_calls.acquire(blocking=False):
            raise NotReadyError("Too many calls are waiting for the author's code. Ask again later.")
        try:
            yield
        finally:
            self._waiting_calls.release()


def method_name(rpc: str) -> str:
    """The name of the method of CodeServerService that answers this call: ``get_pipeline`` for ``GetPipeline``."""
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in rpc).lstrip("_")


def _pipelines_page(repository: ListedRepository, version: str, scope: str, start: int, page_size: int) -> bytes:
    """The reply with the pipelines from ``start`` on, as many as fit."""
    is_full = scope.endswith("/FULL")
    entries = [one.full if is_full else one.summary for one in repository.pipelines.values()]
    end = page_end(lambda place: len(entries[place]), start, len(entries), page_size)
    token = PageToken(version, scope, end).to_text() if end < len(entries) else ""
    return _reply(b"".join(entries[start:end]), token, version)


def _page(pages: Sequence[bytes], token: str, version: str, scope: str) -> bytes:
    """The reply with the page that the token asks for, out of ready ones."""
    place = page_start(token, version, scope, len(pages))
    is_last = place + 1 == len(pages)
    return _reply(pages[place], "" if is_last else PageToken(version, scope, place + 1).to_text(), version)


def _reply(content: bytes, token: str, version: str) -> bytes:
    return b"".join((content, text_field(TOKEN_FIELD, token), text_field(VERSION_FIELD, version)))


def _repository(listing: Listing, name: str) -> ListedRepository:
    repository = listing.repositories.get(name)
    if repository is None:
        raise RepositoryNotFoundError(name, listing.repositories)
    return repository


def _time_left(context: Context) -> float:
    remaining = context.time_remaining()
    return _LONGEST_WAIT if remaining is None else min(remaining, _LONGEST_WAIT)


def _for_later_pages(key: str) -> str:
    return f"{key} of one call"
