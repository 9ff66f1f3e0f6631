"""``context``: what the function of a solid is given beside its inputs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NoReturn

from usercode_sdk.definitions.dependency import SolidHandle
from usercode_sdk.errors import DagsterInvariantViolationError
from usercode_sdk.execution.resources import Resources

if TYPE_CHECKING:
    from usercode_sdk.definitions.mode import ModeDefinition
    from usercode_sdk.definitions.node import Solid
    from usercode_sdk.definitions.pipeline import PipelineDefinition
    from usercode_sdk.definitions.solid import SolidDefinition
    from usercode_sdk.execution.log_manager import DagsterLogManager
    from usercode_sdk.execution.run_context import RunContext
    from usercode_sdk.instance import DagsterInstance
    from usercode_sdk.pipeline_run import PipelineRun
    from usercode_sdk.plan import Step


class SolidExecutionContext:
    """Config, resources, log and identity of one execution of a solid."""

    __slots__ = ("_run", "_step", "log", "resources", "retry_number", "solid_config")

    def __init__(self, run: RunContext, step: Step, log: DagsterLogManager, retry_number: int) -> None:
        self._run = run
        self._step = step
        self.log = log
        self.retry_number = retry_number
        """How often the step was tried before."""
        self.solid_config: Any = run.run_config.solid(step.solid_path).config
        self.resources: Resources = run.resources.only(step.definition.required_resource_keys)

    @property
    def run_id(self) -> str:
        return self._run.run.run_id

    @property
    def pipeline_run(self) -> PipelineRun:
        return self._run.run

    @property
    def run_config(self) -> Mapping[str, object]:
        """The run config as it was given."""
        return self._run.run_config.given

    @property
    def pipeline_def(self) -> PipelineDefinition:
        return self._run.pipeline

    @property
    def pipeline_name(self) -> str:
        return self._run.pipeline.name

    @property
    def mode_def(self) -> ModeDefinition:
        return self._run.run_config.mode

    @property
    def solid(self) -> Solid:
        """This use of the solid in its graph."""
        return self._step.solid

    @property
    def solid_def(self) -> SolidDefinition:
        return self._step.definition

    @property
    def solid_handle(self) -> SolidHandle:
        """The place of this solid in the pipeline."""
        return SolidHandle.from_path(self._step.solid_path)

    @property
    def step_key(self) -> str:
        return self._step.key

    @property
    def instance(self) -> DagsterInstance:
        return self._run.instance

    def has_tag(self, key: str) -> bool:
        """Whether the run has this tag."""
        return key in self._run.run.tags

    def get_tag(self, key: str) -> str | None:
        """The value of a tag of the run, or None."""
        return self._run.run.tags.get(key)

    @property
    def config(self) -> NoReturn:
        raise DagsterInvariantViolationError("context.config does not exist; read context.solid_config.")
