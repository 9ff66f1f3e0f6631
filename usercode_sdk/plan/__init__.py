"""From a pipeline, a mode and a run config to the steps to execute."""

from __future__ import annotations

from usercode_sdk.plan.execution_plan import ExecutionPlan, create_execution_plan, plan_for
from usercode_sdk.plan.step import Step, StepInput, StepOutput, StepOutputHandle

__all__ = [
    "ExecutionPlan",
    "Step",
    "StepInput",
    "StepOutput",
    "StepOutputHandle",
    "create_execution_plan",
    "plan_for",
]
