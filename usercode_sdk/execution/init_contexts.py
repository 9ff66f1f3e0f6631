"""What the functions that make resources, IO managers and loggers are given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from usercode_sdk.definitions.logger import LoggerDefinition
    from usercode_sdk.definitions.pipeline import PipelineDefinition
    from usercode_sdk.definitions.resource import ResourceDefinition
    from usercode_sdk.execution.log_manager import DagsterLogManager
    from usercode_sdk.execution.resources import Resources
    from usercode_sdk.instance import DagsterInstance
    from usercode_sdk.pipeline_run import PipelineRun


class InitResourceContext:
    """What a resource function is given."""

    def __init__(
        self,
        resource_config: Any,
        resources: Resources,
        resource_def: ResourceDefinition | None = None,
        instance: DagsterInstance | None = None,
        pipeline_run: PipelineRun | None = None,
        log_manager: DagsterLogManager | None = None,
        pipeline_def: PipelineDefinition | None = None,
    ) -> None:
        self.resource_config = resource_config
        self.resources = resources
        self.resource_def = resource_def
        self.instance = instance
        self.pipeline_run = pipeline_run
        self.log_manager = log_manager
        self.pipeline_def_for_backwards_compat = pipeline_def

    @property
    def log(self) -> DagsterLogManager | None:
        """The run's log."""
        return self.log_manager

    @property
    def run_id(self) -> str | None:
        """The id of the run, if there is one."""
        return None if self.pipeline_run is None else self.pipeline_run.run_id


class InitLoggerContext:
    """What a logger function is given."""

    def __init__(
        self,
        logger_config: Any,
        logger_def: LoggerDefinition | None = None,
        pipeline_def: PipelineDefinition | None = None,
        run_id: str | None = None,
    ) -> None:
        self.logger_config = logger_config
        self.logger_def = logger_def
        self.pipeline_def = pipeline_def
        self.run_id = run_id
