"""Very many pipelines, and a very large one, over the wire with the stock message limit."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.server.code_server.servers import StartServer, write
from usercode_api.v1 import code_server_service_pb2 as pb
from usercode_api.v1.repository_pb2 import PIPELINE_VIEW_FULL
from usercode_server.client import CodeServerClient
from usercode_server.errors import CodeChangedError, InvalidRequestError

PART = 1_000_000
ALLOWANCE = 1_000
STEPS = 10_000

LARGE_PIPELINE = f"""
    from usercode_sdk import pipeline, repository, solid


    @solid(config_schema={{"x": int}}, description="A solid among many.")
    def s(context, value: int = 0) -> int:
        return value


    @pipeline
    def large():
        value = s.alias("step_0")()
        for number in range(1, {STEPS}):
            value = s.alias(f"step_{{number}}").tag({{"number": str(number)}})(value)


    @pipeline
    def small():
        s()


    @repository
    def repo():
        return [large, small]
"""
CONFIG = {"solids": {f"step_{number}": {"config": {"x": number}} for number in range(STEPS)}}

MANY_PIPELINES = """
    from usercode_sdk import PipelineDefinition, repository, solid


    def make(number):
        @solid(name=f"solid_{number}", description="Described at length. " * 100, config_schema={"x": int})
        def one(context):
            return number

        return PipelineDefinition([one], f"pipeline_{number:04}")


    @repository
    def repo():
        return [make(number) for number in range(2_000)]
"""


def test_a_pipeline_of_10_000_solids_is_put_together_from_pages(start_server: StartServer, tmp_path: Path) -> None:
    with start_server("-f", str(write(tmp_path, LARGE_PIPELINE))).client(timeout=120) as client:
        request = pb.GetPipelineRequest(repository_name="repo", pipeline_name="large")
        reply = client.call("GetPipeline", request, pb.GetPipelineResponse)
        while reply.next_page_token:
            assert reply.ByteSize() < PART + ALLOWANCE
            request.page_token = reply.next_page_token
            reply = client.call("GetPipeline", request, pb.GetPipelineResponse)
        pipeline = client.get_pipeline("large", "repo")
        assert [solid.name for solid in pipeline.solids] == [f"step_{number}" for number in range(STEPS)]
        assert pipeline.solids[-1].inputs[0].sources[0].solid_name == f"step_{STEPS - 2}"
        assert len(pipeline.solid_definitions) == 1

        listed = list(client.list_pipelines("repo", full=True))
        assert [(one.name, len(one.solids)) for one in listed] == [("large", STEPS), ("small", 1)]

        plan = client.get_execution_plan("large", CONFIG, "repo").plan
        assert [step.key for step in plan.steps] == [f"step_{number}" for number in range(STEPS)]
        _check_plan_pages(client)


def _check_plan_pages(client: CodeServerClient) -> None:
    from usercode_server.wire.values import to_map

    request = pb.GetExecutionPlanRequest(repository_name="repo", pipeline_name="large", run_config=to_map(CONFIG))
    first = client.call("GetExecutionPlan", request, pb.GetExecutionPlanResponse)
    if not first.next_page_token:
        return
    assert first.ByteSize() < PART + ALLOWANCE
    request.page_token = first.next_page_token
    second = client.call("GetExecutionPlan", request, pb.GetExecutionPlanResponse)
    assert second.plan.steps[0].key == f"step_{len(first.plan.steps)}"
    request.pipeline_name = "small"
    with pytest.raises(InvalidRequestError, match="page token"):
        client.call("GetExecutionPlan", request, pb.GetExecutionPlanResponse)


def test_a_listing_larger_than_a_message_comes_in_pages(start_server: StartServer, tmp_path: Path) -> None:
    with start_server("-f", str(write(tmp_path, MANY_PIPELINES))).client(timeout=120) as client:
        assert [one.pipeline_count for one in client.list_repositories().repositories] == [2_000]
        sizes = []
        request = pb.ListPipelinesRequest(repository_name="repo", view=PIPELINE_VIEW_FULL)
        reply = client.call("ListPipelines", request, pb.ListPipelinesResponse)
        sizes.append(reply.ByteSize())
        while reply.next_page_token:
            request.page_token = reply.next_page_token
            reply = client.call("ListPipelines", request, pb.ListPipelinesResponse)
            sizes.append(reply.ByteSize())
        assert sum(sizes) > 4 * 1024 * 1024
        assert max(sizes) < PART + ALLOWANCE
        names = [one.name for one in client.list_pipelines("repo", full=True)]
        assert names == [f"pipeline_{number:04}" for number in range(2_000)]


def test_a_solid_too_large_for_a_reply_breaks_its_pipeline_only(start_server: StartServer, tmp_path: Path) -> None:
    code = """
        from usercode_sdk import pipeline, repository, solid

        @solid(tags={"huge": "x" * 5_000_000})
        def huge():
            return 1

        @solid
        def s():
            return 1

        @pipeline
        def bad():
            huge()

        @pipeline
        def good():
            s()

        @repository
        def repo():
            return [bad, good]
    """
    with start_server("-f", str(write(tmp_path, code))).client() as client:
        bad, good = client.list_pipelines("repo", full=True)
    assert "5,000,0" in bad.error.summary
    assert not good.HasField("error")


def test_a_reload_between_two_pages_starts_over(start_server: StartServer, tmp_path: Path) -> None:
    with start_server("-f", str(write(tmp_path, MANY_PIPELINES))).client(timeout=120) as client:
        request = pb.ListPipelinesRequest(repository_name="repo", page_size=5)
        request.page_token = client.call("ListPipelines", request, pb.ListPipelinesResponse).next_page_token
        write(tmp_path, MANY_PIPELINES.replace("2_000", "10"))
        client.reload_code()
        with pytest.raises(CodeChangedError):
            client.call("ListPipelines", request, pb.ListPipelinesResponse)
        assert len(list(client.list_pipelines("repo"))) == 10
