"""``usercode code``: looking at an author's pipelines, on a running server or straight from the code."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from usercode_server.cli.output import json_option, message, print_json, table
from usercode_server.cli.targets import CodeSource, code_source_options

if TYPE_CHECKING:
    from usercode_api.v1.code_server_service_pb2 import GetExecutionPlanResponse
    from usercode_api.v1.error_info_pb2 import ErrorInfo
    from usercode_api.v1.execution_plan_pb2 import ExecutionPlan, StepInput
    from usercode_api.v1.pipeline_pb2 import Pipeline
    from usercode_server.client import CodeClient

_repository_option = click.option(
    "-r", "--repository", metavar="NAME", help="The repository, where several have the pipeline."
)


@click.group()
def code() -> None:
    """Look at the pipelines of a repository."""


def open_client(source: CodeSource) -> CodeClient:
    """The client for what the command line names: a running server, or the code itself."""
    if source.address is not None:
        from usercode_server.client import CodeServerClient

        return CodeServerClient(source.address)
    from usercode_server.local_client import LocalCodeClient

    assert source.target is not None
    return LocalCodeClient(source.target)


@code.command("list")
@code_source_options
@json_option
def list_(source: CodeSource, as_json: bool) -> int:
    """List the repositories and their pipelines."""
    with open_client(source) as client:
        served = client.list_repositories()
        pipelines = {one.name: list(client.list_pipelines(one.name)) for one in served.repositories}
    if as_json:
        from usercode_server.cli.json_form import json_form

        print_json(
            {
                "code_version": served.code_version,
                "repositories": [
                    {
                        "name": one.name,
                        "description": one.description,
                        "pipelines": [_summary(each) for each in pipelines[one.name]],
                    }
                    for one in served.repositories
                ],
                "load_error": None if served.load_error is None else json_form(served.load_error),
            }
        )
    else:
        for one in served.repositories:
            click.echo(f"{one.name}  ({_count(len(pipelines[one.name]), 'pipeline')})")
            click.echo(table(["  PIPELINE", "SOLIDS", "DESCRIPTION"], [_row(each) for each in pipelines[one.name]]))
    if served.load_error is not None and not as_json:
        _tell_broken(served.load_error)
    return 1 if served.load_error is not None else 0


@code.command()
@click.argument("pipeline")
@_repository_option
@code_source_options
@json_option
def show(pipeline: str, repository: str | None, source: CodeSource, as_json: bool) -> int:
    """Draw a pipeline's graph, and list its solids, modes and presets."""
    with open_client(source) as client:
        found = client.get_pipeline(pipeline, repository)
    if as_json:
        from usercode_server.cli.json_form import json_form

        print_json(json_form(found))
    else:
        from usercode_server.cli.pipeline_text import pipeline_text

        click.echo(pipeline_text(found))
    return 1 if found.HasField("error") else 0


@code.command()
@click.argument("pipeline")
@_repository_option
@click.option("--mode", help="The mode; may be left out when there is only one.")
@click.option("--preset", help="The preset to take mode and run config from.")
@click.option("--config", "configs", multiple=True, metavar="FILE", help="YAML, merged over the preset's; repeatable.")
@click.option("--steps", metavar="KEY,KEY", help="Only these steps.")
@code_source_options
@json_option
def plan(
    pipeline: str,
    repository: str | None,
    mode: str | None,
    preset: str | None,
    configs: tuple[str, ...],
    steps: str | None,
    source: CodeSource,
    as_json: bool,
) -> int:
    """List the steps that a run would execute, in order."""
    from usercode_server.cli.run_config import run_request

    with open_client(source) as client:
        repository = client.repository_of(pipeline, repository)
        request = run_request(client.get_pipeline(pipeline, repository), preset, configs, mode)
        reply = client.get_execution_plan(
            pipeline,
            request.run_config,
            repository,
            mode=request.mode,
            step_keys=[key.strip() for key in steps.split(",")] if steps else (),
        )
    if as_json:
        from usercode_server.cli.json_form import json_form

        print_json(json_form(reply))
    elif reply.HasField("error"):
        _print_error(reply.error)
    elif reply.faults:
        _print_faults(pipeline, reply)
    else:
        click.echo(_plan_text(reply.plan))
    return 1 if reply.faults or reply.HasField("error") else 0


@code.command()
@code_source_options
@json_option
def errors(source: CodeSource, as_json: bool) -> int:
    """Show why code could not be loaded.

    Exit code 1 when the latest code, or one of its pipelines, could not be; 0 when there are no errors.
    """
    with open_client(source) as client:
        served = client.list_repositories()
        found = {} if served.load_error is None else {"": served.load_error}
        for repository in served.repositories:
            for pipeline in client.list_pipelines(repository.name):
                if pipeline.HasField("error"):
                    found[f"{repository.name}.{pipeline.name}"] = pipeline.error
    if as_json:
        from usercode_server.cli.json_form import json_form

        print_json([{"pipeline": place, "error": json_form(error)} for place, error in found.items()])
    else:
        for error in found.values():
            _print_error(error)
        if not found:
            message("No errors.")
    return 1 if found else 0


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun if number == 1 else noun + 's'}"


def _summary(pipeline: Pipeline) -> dict[str, object]:
    from usercode_server.cli.json_form import json_form

    return {
        "name": pipeline.name,
        "description": pipeline.description,
        "solid_count": pipeline.solid_count,
        "modes": [mode.name for mode in pipeline.modes],
        "presets": [preset.name for preset in pipeline.presets],
        "tags": dict(pipeline.tags),
        "error": json_form(pipeline.error) if pipeline.HasField("error") else None,
    }


def _row(pipeline: Pipeline) -> list[str]:
    if pipeline.HasField("error"):
        return [f"  {pipeline.name}", "-", pipeline.error.summary.splitlines()[0]]
    lines = pipeline.description.strip().splitlines()
    return [f"  {pipeline.name}", f"{pipeline.solid_count:,}", lines[0] if lines else ""]


def _tell_broken(error: ErrorInfo) -> None:
    from usercode_server.wire.error_text import says_more

    message(f"The latest code is broken: {error.summary}")
    if says_more(error):
        message(f"`usercode code errors` has the {'traceback' if error.stack else 'whole message'}.")


def _print_error(error: ErrorInfo) -> None:
    from usercode_server.wire.error_text import error_text

    click.echo(error_text(error), nl=False)


def _print_faults(pipeline: str, reply: GetExecutionPlanResponse) -> None:
    message(f"The run config does not fit the pipeline {pipeline!r}:")
    for number, fault in enumerate(reply.faults, 1):
        message(f"  {number}. {fault.message}")


def _plan_text(plan: ExecutionPlan) -> str:
    rows = [
        [str(number), step.key, ", ".join(_input_text(one) for one in step.inputs)]
        for number, step in enumerate(plan.steps, 1)
    ]
    return table(["#", "STEP", "INPUTS"], rows)


def _input_text(step_input: StepInput) -> str:
    from usercode_api.v1.execution_plan_pb2 import StepInputSource

    if not step_input.outputs:
        kind = StepInputSource.Name(step_input.source).removeprefix("STEP_INPUT_SOURCE_").lower()
        return f"{step_input.name} ({kind})"
    sources = [f"{one.step_key}.{one.output_name}" if one.output_name else one.step_key for one in step_input.outputs]
    return f"{step_input.name} ← {', '.join(sources)}"
