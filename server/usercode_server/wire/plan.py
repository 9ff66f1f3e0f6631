"""Execution plans as messages, in their encoded form."""

from __future__ import annotations

from collections.abc import Iterator

from usercode_api.v1 import execution_plan_pb2 as pb
from usercode_sdk.plan import ExecutionPlan, Step, StepInput, StepOutput
from usercode_server.wire.fields import field
from usercode_server.wire.retry_policy import to_retry_policy
from usercode_server.wire.text import valid_tags
from usercode_server.wire.usual import io_manager_key, output_name, type_name

_STEP = pb.ExecutionPlan.DESCRIPTOR.fields_by_name["steps"].number
_SOURCES = {
    "upstream": pb.STEP_INPUT_SOURCE_OUTPUTS,
    "config": pb.STEP_INPUT_SOURCE_CONFIG,
    "default": pb.STEP_INPUT_SOURCE_DEFAULT,
    "nothing": pb.STEP_INPUT_SOURCE_NOTHING,
}


def encode_steps(plan: ExecutionPlan) -> Iterator[bytes]:
    """The encoded fields of an ExecutionPlan message, one for each step in order."""
    for step in plan.steps.values():
        yield field(_STEP, to_step(step).SerializeToString(deterministic=True))


def to_step(step: Step) -> pb.Step:
    """The message for a step."""
    policy = step.retry_policy
    return pb.Step(
        key=step.key,
        solid_path=step.solid_path if len(step.solid_path) > 1 else (),
        tags=valid_tags(step.tags) if step.tags else None,
        inputs=[_input(one) for one in step.inputs],
        outputs=[_output(one) for one in step.outputs],
        retry_policy=None if policy is None else to_retry_policy(policy),
        required_resource_keys=sorted(step.required_resource_keys),
    )


def _input(step_input: StepInput) -> pb.StepInput:
    return pb.StepInput(
        name=step_input.name,
        type_name=type_name(step_input.type_name),
        source=_SOURCES[step_input.kind],
        is_fan_in=step_input.fan_in,
        outputs=[
            pb.StepOutputReference(step_key=one.step_key, output_name=output_name(one.output_name))
            for one in step_input.sources
        ],
    )


def _output(step_output: StepOutput) -> pb.StepOutput:
    return pb.StepOutput(
        name=output_name(step_output.name),
        type_name=type_name(step_output.type_name),
        is_optional=not step_output.is_required,
        io_manager_key=io_manager_key(step_output.io_manager_key),
    )
