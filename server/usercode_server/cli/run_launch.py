"""``usercode run launch``: ask the code whether a run is right, store it, start its worker."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from usercode_server.cli.code import open_client
from usercode_server.cli.output import json_option, message, print_json
from usercode_server.cli.tags import tag_option
from usercode_server.cli.targets import CodeSource, code_source_options
from usercode_server.errors import CodeBrokenError, InvalidRequestError
from usercode_server.target import CodeTarget

if TYPE_CHECKING:
    from usercode_api.v1.code_server_service_pb2 import ValidateRunConfigResponse
    from usercode_api.v1.pipeline_pb2 import Pipeline
    from usercode_api.v1.server_info_pb2 import CodeTarget as CodeTargetMessage
    from usercode_sdk.pipeline_run import PipelineRun
    from usercode_server.cli.run_config import RunRequest
    from usercode_server.client import CodeClient
    from usercode_server.instance import PersistentInstance
    from usercode_server.launchers.base import LaunchedWorker
    from usercode_server.storage.base import RunRecord


_IN_PROCESS, _MULTIPROCESS = "in_process", "multiprocess"


class RunRefusedError(InvalidRequestError):
    """The run does not fit the pipeline: it is not stored."""


@click.command("launch")
@click.argument("pipeline")
@click.option("-r", "--repository", metavar="NAME", help="The repository, where several have the pipeline.")
@click.option("--mode", metavar="NAME", help="The mode; may be left out when there is only one.")
@click.option("--preset", metavar="NAME", help="The preset to take mode, run config and tags from.")
@click.option(
    "--config",
    "configs",
    multiple=True,
    metavar="FILE",
    help="Run config in YAML, merged over the preset's; repeatable.",
)
@tag_option("A tag of the run, over those of the preset and the pipeline; repeatable.")
@click.option(
    "--wait", is_flag=True, help="Show what happens until the run ends; exit code 1 when it does not succeed."
)
@code_source_options
@json_option
def launch(
    pipeline: str,
    repository: str | None,
    mode: str | None,
    preset: str | None,
    configs: tuple[str, ...],
    tags: dict[str, str],
    wait: bool,
    source: CodeSource,
    as_json: bool,
) -> int:
    """Start a run of PIPELINE in a process of its own.

    The run is checked first; when anything is wrong, all of it is said and nothing is stored.
    """
    with open_client(source) as client:
        record = _checked_run(client, pipeline, repository, mode, preset, configs, tags)
    from usercode_server.instance import open_instance
    from usercode_server.launchers.choice import make_launcher

    with open_instance() as instance:
        launcher = make_launcher(instance.settings.run_launcher)
        record = instance.store.create_run(record)
        worker = launcher.launch_run(record, instance)
        if not wait:
            return _print_launched(record, as_json)
        if not as_json:
            message(f"Launched run {record.run_id} of pipeline {pipeline}.")
        return _wait(instance, record, worker, as_json)


def _checked_run(
    client: CodeClient,
    pipeline_name: str,
    repository: str | None,
    mode: str | None,
    preset: str | None,
    configs: tuple[str, ...],
    tags: dict[str, str],
) -> RunRecord:
    """A run of the pipeline that its code has nothing against. Raises UserCodeError or DagsterError."""
    from usercode_server.cli.run_config import run_request
    from usercode_server.storage.base import RunRecord

    repository = _repository_of(client, pipeline_name, repository)
    pipeline = client.get_pipeline(pipeline_name, repository)
    _check_pipeline(pipeline)
    request = run_request(pipeline, preset, configs, mode)
    reply = client.validate_run_config(pipeline_name, request.run_config, repository, mode=request.mode)
    _check_validation(pipeline_name, reply)
    _check_executor(pipeline, request)
    run = _new_run(pipeline, request, tags)
    info = client.server_info()
    image = info.current_image if info.HasField("current_image") else None
    return RunRecord(run, _target(info.target), repository, image)


def _repository_of(client: CodeClient, pipeline_name: str, repository: str | None) -> str:
    try:
        return client.repository_of(pipeline_name, repository)
    except CodeBrokenError as error:
        from usercode_server.wire.error_text import error_text

        load_error = client.list_repositories().load_error
        raise error if load_error is None else CodeBrokenError(error_text(load_error).rstrip()) from None


def _check_pipeline(pipeline: Pipeline) -> None:
    if pipeline.HasField("error"):
        from usercode_server.wire.error_text import error_text

        raise CodeBrokenError(error_text(pipeline.error).rstrip())


def _check_validation(pipeline_name: str, reply: ValidateRunConfigResponse) -> None:
    if reply.HasField("error"):
        from usercode_server.wire.error_text import error_text

        raise RunRefusedError(error_text(reply.error).rstrip())
    if reply.faults:
        faults = [f"  {number}. {fault.message}" for number, fault in enumerate(reply.faults, 1)]
        raise RunRefusedError("\n".join([f"The run config does not fit the pipeline {pipeline_name!r}:", *faults]))


def _check_executor(pipeline: Pipeline, request: RunRequest) -> None:
    """Refuse the executor that no worker has. One that is configured under another name is left to the worker."""
    mode = next(one for one in pipeline.modes if one.name == _mode_name(pipeline, request))
    available = [executor.name for executor in mode.executors]
    execution = request.run_config.get("execution")
    if isinstance(execution, dict) and execution:
        (asked_for,) = execution
        advice = "Leave 'execution' out of the run config, or use 'in_process'."
    else:
        asked_for = _IN_PROCESS if _IN_PROCESS in available else available[0]
        advice = "Give the mode an in_process_executor."
    if asked_for == _MULTIPROCESS:
        raise RunRefusedError(
            f"The run would be executed by {asked_for!r}, which is not available here. Runs execute their steps one "
            f"after the other, in the process of their worker. {advice}"
        )


def _mode_name(pipeline: Pipeline, request: RunRequest) -> str:
    return request.mode or pipeline.modes[0].name


def _new_run(pipeline: Pipeline, request: RunRequest, tags: dict[str, str]) -> PipelineRun:
    from typing import cast

    from usercode_sdk.pipeline_run import PipelineRun, new_run_id
    from usercode_sdk.tags import validate_tags

    return PipelineRun(
        new_run_id(),
        pipeline.name,
        cast("dict[str, object]", request.run_config),
        _mode_name(pipeline, request),
        tags={**pipeline.tags, **request.tags, **validate_tags(tags, "this run")},
    )


def _target(message: CodeTargetMessage) -> CodeTarget:
    place = message.WhichOneof("place")
    return CodeTarget(
        python_file=message.python_file if place == "python_file" else None,
        module_name=message.module_name if place == "module_name" else None,
        package_name=message.package_name if place == "package_name" else None,
        attribute=message.attribute or None,
        working_directory=message.working_directory or None,
    )


def _print_launched(record: RunRecord, as_json: bool) -> int:
    if as_json:
        print_json({"run_id": record.run_id, "pipeline_name": record.pipeline_run.pipeline_name})
    else:
        click.echo(f"Launched run {record.run_id} of pipeline {record.pipeline_run.pipeline_name}.")
        message(f"Follow it with `usercode run logs {record.run_id} --follow`.")
    return 0


def _wait(instance: PersistentInstance, record: RunRecord, worker: LaunchedWorker, as_json: bool) -> int:
    from usercode_server.cli.run_documents import run_document
    from usercode_server.cli.run_logs import print_items
    from usercode_server.launchers.watch import end_run_of_dead_worker
    from usercode_server.runs.follow import RunReader, follow_run

    def is_over() -> bool:
        end = worker.ended()
        if end is not None:
            end_run_of_dead_worker(instance, record, end)
        return False

    reader = RunReader(instance, record.run_id)
    items = follow_run(reader, is_over)
    try:
        if not as_json:
            print_items(items, as_json=False)
        for _ in items:
            pass
    except KeyboardInterrupt:
        message(f"The run goes on. Stop it with `usercode run cancel {record.run_id}`.")
        raise
    ended = instance.store.get_run(record.run_id)
    status = "deleted" if ended is None else ended.status.value
    if as_json and ended is not None:
        print_json(run_document(ended))
    else:
        message(f"The run {record.run_id} ended: {status}.")
    return 0 if status == "SUCCESS" else 1
