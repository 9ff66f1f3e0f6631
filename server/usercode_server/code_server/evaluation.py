"""Evaluates, in the child, the calls that need the author's code.

A failure of that code becomes data in the reply; a wrong name or argument becomes the status of the call.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from google.protobuf.message import DecodeError

from usercode_api.v1 import code_server_service_pb2 as pb
from usercode_api.v1.code_process_pb2 import Evaluation, EvaluationOutcome
from usercode_sdk import PipelineDefinition, RepositoryDefinition
from usercode_sdk.config.faults import FAILED_POST_PROCESSING
from usercode_sdk.definitions.composite import CompositeSolidDefinition
from usercode_sdk.error_info import error_info
from usercode_sdk.errors import (
    DagsterExecutionStepNotFoundError,
    DagsterInvalidConfigError,
    DagsterInvariantViolationError,
)
from usercode_sdk.plan import ExecutionPlan, create_execution_plan
from usercode_sdk.run_config import check_run_config, run_config_schema
from usercode_server.errors import (
    InvalidRequestError,
    NotFoundError,
    PipelineNotFoundError,
    RepositoryNotFoundError,
    UserCodeError,
    status_name,
)
from usercode_server.wire.config import ConfigTypes, to_faults
from usercode_server.wire.error_info import to_error_info
from usercode_server.wire.fields import field, parts
from usercode_server.wire.plan import encode_steps
from usercode_server.wire.values import from_map

Repositories: TypeAlias = Mapping[str, RepositoryDefinition]
Request: TypeAlias = pb.GetRunConfigSchemaRequest | pb.ValidateRunConfigRequest | pb.GetExecutionPlanRequest
Response: TypeAlias = pb.GetRunConfigSchemaResponse | pb.ValidateRunConfigResponse | pb.GetExecutionPlanResponse

_PLAN = pb.GetExecutionPlanResponse.DESCRIPTOR.fields_by_name["plan"].number
_CONFIG_TYPE = pb.GetRunConfigSchemaResponse.DESCRIPTOR.fields_by_name["config_types"].number


def evaluate(repositories: Repositories, evaluation: Evaluation) -> EvaluationOutcome:
    """The outcome of one call; never raises for anything that the author's code does."""
    try:
        return _METHODS[evaluation.method](repositories, evaluation.request)
    except UserCodeError as error:
        return EvaluationOutcome(status=status_name(error), status_message=str(error))
    except DecodeError:
        return EvaluationOutcome(status="INVALID_ARGUMENT", status_message="The request can't be decoded.")


def _run_config_schema(repositories: Repositories, request_bytes: bytes) -> EvaluationOutcome:
    request = pb.GetRunConfigSchemaRequest.FromString(request_bytes)
    try:
        pipeline = _pipeline(repositories, request)
        types = ConfigTypes()
        root = types.field(run_config_schema(pipeline, _mode(pipeline, request.mode)))
    except BaseException as error:
        return _failed(pb.GetRunConfigSchemaResponse, error)
    head = pb.GetRunConfigSchemaResponse(run_config=root).SerializeToString()
    pages = parts([head, *(field(_CONFIG_TYPE, each) for each in types.encoded)])
    return EvaluationOutcome(pages=pages, is_reusable=True)


def _validate_run_config(repositories: Repositories, request_bytes: bytes) -> EvaluationOutcome:
    request = pb.ValidateRunConfigRequest.FromString(request_bytes)
    run_config = from_map(request.run_config)
    try:
        pipeline = _pipeline(repositories, request)
        mode = _mode(pipeline, request.mode)
        result = check_run_config(pipeline, run_config, mode, resolve_sources=False)
        return _outcome(pb.ValidateRunConfigResponse(faults=to_faults(result.faults)))
    except BaseException as error:
        return _failed(pb.ValidateRunConfigResponse, error)


def _execution_plan(repositories: Repositories, request_bytes: bytes) -> EvaluationOutcome:
    request = pb.GetExecutionPlanRequest.FromString(request_bytes)
    run_config = from_map(request.run_config)
    try:
        pipeline = _pipeline(repositories, request)
        plan = _plan(pipeline, request, run_config)
    except DagsterExecutionStepNotFoundError as error:
        raise InvalidRequestError(str(error)) from error
    except DagsterInvalidConfigError as error:
        return _outcome(pb.GetExecutionPlanResponse(faults=to_faults(error.errors)))
    except BaseException as error:
        return _failed(pb.GetExecutionPlanResponse, error)
    pages = [field(_PLAN, part) for part in parts(encode_steps(plan))]
    return EvaluationOutcome(pages=pages, is_reusable=not _asks_functions(pipeline))


_METHODS: Mapping[str, Callable[[Repositories, bytes], EvaluationOutcome]] = {
    "GetRunConfigSchema": _run_config_schema,
    "ValidateRunConfig": _validate_run_config,
    "GetExecutionPlan": _execution_plan,
}


def _pipeline(repositories: Repositories, request: Request) -> PipelineDefinition:
    repository = repositories.get(request.repository_name)
    if repository is None:
        raise RepositoryNotFoundError(request.repository_name, repositories)
    if not repository.has_pipeline(request.pipeline_name):
        raise PipelineNotFoundError(request.pipeline_name, repository.pipeline_names, repository.name)
    return repository.get_pipeline(request.pipeline_name)


def _mode(pipeline: PipelineDefinition, name: str) -> str:
    try:
        return pipeline.get_mode_definition(name or None).name
    except DagsterInvariantViolationError as error:
        raise (NotFoundError if name else InvalidRequestError)(str(error)) from error


def _plan(
    pipeline: PipelineDefinition, request: pb.GetExecutionPlanRequest, run_config: dict[str, object]
) -> ExecutionPlan:
    """The plan, whether or not the environment variables that the run config names are set here.

    They belong to the run, and don't change the steps. But config functions of the author's expect what the variables
    hold, so those that can be had are handed to them.
    """
    mode = _mode(pipeline, request.mode)
    step_keys = list(request.step_keys) or None
    try:
        return create_execution_plan(pipeline, run_config, mode, step_keys)
    except DagsterInvalidConfigError as error:
        if all(fault.reason != FAILED_POST_PROCESSING for fault in error.errors):
            raise
    return create_execution_plan(pipeline, run_config, mode, step_keys, resolve_sources=False)


def _asks_functions(pipeline: PipelineDefinition) -> bool:
    """Whether functions of the author's make parts of the run config."""
    return any(
        definition.is_configured
        or (isinstance(definition, CompositeSolidDefinition) and definition.config_mapping is not None)
        for definition in pipeline.solid_definitions()
    )


def _outcome(response: Response) -> EvaluationOutcome:
    return EvaluationOutcome(pages=[response.SerializeToString()])


def _failed(response: type[Response], error: BaseException) -> EvaluationOutcome:
    if isinstance(error, UserCodeError):
        raise error
    info = error_info(error)
    summary = f"The author's code failed: {info.error_type}: {info.message}"
    return _outcome(response(error=to_error_info(info, summary)))
