"""Calls to our code server, as the bytes that go over the wire."""

from __future__ import annotations

from typing import NamedTuple

from benchmarks.generate import pipeline_name
from benchmarks.servers import Server
from usercode_api.v1 import code_server_service_pb2 as pb
from usercode_api.v1.repository_pb2 import PIPELINE_VIEW_FULL, PIPELINE_VIEW_SUMMARY, PipelineView

_SERVICE = "/usercode_api.v1.CodeServerService"
GET_SERVER_INFO = f"{_SERVICE}/GetServerInfo"
LIST_PIPELINES = f"{_SERVICE}/ListPipelines"
GET_PIPELINE = f"{_SERVICE}/GetPipeline"
GET_EXECUTION_PLAN = f"{_SERVICE}/GetExecutionPlan"

REPOSITORY = "generated"


class Exchange(NamedTuple):
    """One call and the answer to it."""

    method: str
    request: bytes
    reply: bytes


def first_listing(server: Server) -> int:
    """List the names of the pipelines, which waits until they are loaded; how many came on the first page."""
    request = pb.ListPipelinesRequest(repository_name=REPOSITORY, view=PIPELINE_VIEW_SUMMARY)
    reply = server.call(LIST_PIPELINES)(request.SerializeToString())
    return len(pb.ListPipelinesResponse.FromString(reply).pipelines)


def whole_listing(server: Server, view: PipelineView = PIPELINE_VIEW_FULL) -> list[Exchange]:
    """Every page of the listing with the structure of every pipeline."""
    exchanges: list[Exchange] = []
    token = ""
    while True:
        request = pb.ListPipelinesRequest(repository_name=REPOSITORY, view=view, page_token=token)
        exchange = _exchange(server, LIST_PIPELINES, request.SerializeToString())
        exchanges.append(exchange)
        token = pb.ListPipelinesResponse.FromString(exchange.reply).next_page_token
        if not token:
            return exchanges


def structure(server: Server, number: int = 0) -> list[Exchange]:
    """Every page of the structure of one pipeline."""
    exchanges: list[Exchange] = []
    token = ""
    while True:
        request = pb.GetPipelineRequest(
            repository_name=REPOSITORY, pipeline_name=pipeline_name(number), page_token=token
        )
        exchange = _exchange(server, GET_PIPELINE, request.SerializeToString())
        exchanges.append(exchange)
        token = pb.GetPipelineResponse.FromString(exchange.reply).next_page_token
        if not token:
            return exchanges


def execution_plan(server: Server, number: int = 0) -> list[Exchange]:
    """Every page of the execution plan of one pipeline, with the default run config."""
    exchanges: list[Exchange] = []
    token = ""
    while True:
        request = pb.GetExecutionPlanRequest(
            repository_name=REPOSITORY, pipeline_name=pipeline_name(number), page_token=token
        )
        exchange = _exchange(server, GET_EXECUTION_PLAN, request.SerializeToString())
        exchanges.append(exchange)
        reply = pb.GetExecutionPlanResponse.FromString(exchange.reply)
        if reply.faults or reply.HasField("error"):
            raise ValueError(f"There is no plan: {reply}")
        token = reply.next_page_token
        if not token:
            return exchanges


def _exchange(server: Server, method: str, request: bytes) -> Exchange:
    return Exchange(method, request, server.call(method)(request))
