"""The steps of a pipeline in an order in which each comes after what it needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from usercode_sdk.definitions.names import did_you_mean
from usercode_sdk.definitions.pipeline import PipelineDefinition
from usercode_sdk.errors import DagsterExecutionStepNotFoundError
from usercode_sdk.plan.flatten import flatten
from usercode_sdk.plan.step import Step
from usercode_sdk.run_config import RunConfig, resolve_run_config


class ExecutionPlan:
    """The steps to execute, each after those it needs, and the steps that each one feeds.

    ``steps`` come in such an order already: that of :func:`~usercode_sdk.plan.flatten.flatten`.
    """

    def __init__(self, pipeline_name: str, steps: Iterable[Step]) -> None:
        self.pipeline_name = pipeline_name
        self.steps: dict[str, Step] = {step.key: step for step in steps}
        self.downstream: dict[str, list[str]] = {key: [] for key in self.steps}
        for key, step in self.steps.items():
            for upstream in step.depends_on:
                if upstream in self.downstream:
                    self.downstream[upstream].append(key)

    @property
    def step_keys(self) -> list[str]:
        """The keys of the steps, in order."""
        return list(self.steps)

    def get_step(self, key: str) -> Step:
        """The step of this key; raises DagsterExecutionStepNotFoundError when there is none."""
        try:
            return self.steps[key]
        except KeyError:
            raise self._not_found([key]) from None

    def subset(self, step_keys: Sequence[str]) -> ExecutionPlan:
        """The plan of these steps only; raises DagsterExecutionStepNotFoundError for unknown keys."""
        unknown = [key for key in step_keys if key not in self.steps]
        if unknown:
            raise self._not_found(unknown)
        chosen = set(step_keys)
        return ExecutionPlan(self.pipeline_name, [step for key, step in self.steps.items() if key in chosen])

    def _not_found(self, keys: list[str]) -> DagsterExecutionStepNotFoundError:
        names = ", ".join(map(repr, keys))
        return DagsterExecutionStepNotFoundError(
            f"Pipeline {self.pipeline_name!r} has no step {names}.{did_you_mean(keys[0], self.steps)}", keys
        )


def create_execution_plan(
    pipeline: PipelineDefinition,
    run_config: Mapping[str, object] | None = None,
    mode: str | None = None,
    step_keys: Sequence[str] | None = None,
    *,
    resolve_sources: bool = True,
) -> ExecutionPlan:
    """The plan of ``pipeline`` with a run config, of all steps or of those selected.

    ``resolve_sources=False`` leaves the environment out, for places where the run's variables are absent: they
    never change the steps, unless a config function of the author's looks at them. Raises DagsterInvalidConfigError
    with every fault of the run config.
    """
    plan = plan_for(pipeline, resolve_run_config(pipeline, run_config, mode, resolve_sources=resolve_sources))
    return plan if step_keys is None else plan.subset(step_keys)


def plan_for(pipeline: PipelineDefinition, run_config: RunConfig) -> ExecutionPlan:
    """The plan of ``pipeline`` with a run config that is already validated."""
    return ExecutionPlan(pipeline.name, flatten(pipeline, run_config))
