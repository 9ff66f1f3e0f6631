"""What every step of one run shares: pipeline, plan, config, resources, log and instance."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping

from usercode_sdk.definitions.io_manager import IOManager
from usercode_sdk.definitions.outputs import DEFAULT_IO_MANAGER_KEY
from usercode_sdk.definitions.pipeline import PipelineDefinition
from usercode_sdk.definitions.resource import ResourceDefinition
from usercode_sdk.errors import DagsterInvariantViolationError, DagsterUserCodeExecutionError
from usercode_sdk.events import Event, EventData, EventType
from usercode_sdk.execution.init_contexts import InitLoggerContext, InitResourceContext
from usercode_sdk.execution.log_manager import ConsoleLogger, DagsterLogManager, LineLogger, level_number
from usercode_sdk.execution.resources import Resources, ResourceStack, needed_first
from usercode_sdk.execution.user_code import UserCode
from usercode_sdk.instance import DagsterInstance
from usercode_sdk.pipeline_run import PipelineRun
from usercode_sdk.plan import ExecutionPlan, Step, StepOutputHandle, plan_for
from usercode_sdk.run_config import RunConfig, resolve_run_config, solid_resource_keys


class RunContext:
    """One run in this process.

    Raises DagsterInvalidConfigError with every fault when the run's config does not fit.
    """

    def __init__(
        self,
        pipeline: PipelineDefinition,
        run: PipelineRun,
        instance: DagsterInstance,
        captured_outputs: dict[StepOutputHandle, object] | None = None,
    ) -> None:
        self.pipeline = pipeline
        self.run = run
        self.instance = instance
        self.run_config: RunConfig = resolve_run_config(pipeline, run.run_config, run.mode)
        self.full_plan: ExecutionPlan = plan_for(pipeline, self.run_config)
        keys = run.step_keys_to_execute
        self.plan = self.full_plan if keys is None else self.full_plan.subset(keys)
        self.captured_outputs = captured_outputs
        self.log = DagsterLogManager(run.run_id, pipeline.name, self._loggers(), instance.record_log)
        self.resource_defs = _with_default_io_manager(self.run_config, instance)
        self.resources = ResourceStack(self.resource_defs)
        self._io_managers: dict[str, IOManager] = {}
        self.retries_enabled = "disabled" not in _mapping(self.run_config.executor_config.get("retries"))

    def event(
        self,
        type_: EventType,
        message: str,
        data: EventData | None = None,
        step_key: str | None = None,
        attempt: int = 0,
    ) -> Event:
        """An event of this run, happening now."""
        return Event(type_, self.run.run_id, self.pipeline.name, message, time.time(), step_key, attempt, data)

    def resource_keys_for(self, steps: Iterable[Step]) -> list[str]:
        """The resources needed to execute these steps, loading their inputs included, each after those it needs."""
        keys: set[str] = set()
        seen: set[int] = set()
        for step in steps:
            if id(step.definition) not in seen:
                seen.add(id(step.definition))
                keys |= solid_resource_keys(step.definition)
            for one in step.inputs:
                keys.update(self.io_manager_key(handle) for handle in one.sources)
        return needed_first(keys, self.resource_defs)

    def make_resources(self, keys: Iterable[str]) -> None:
        """Makes these resources, given in the order of :meth:`resource_keys_for`."""
        self.resources.make(keys, self._init_resource_context)

    def io_manager_key(self, handle: StepOutputHandle) -> str:
        """The resource that stores and loads this output."""
        definition = self.full_plan.get_step(handle.step_key).definition
        return definition.output_dict[handle.output_name].io_manager_key

    def io_manager(self, key: str) -> IOManager:
        """The IO manager made for this key; raises DagsterInvariantViolationError when the resource is none."""
        known = self._io_managers.get(key)
        if known is not None:
            return known
        manager = self.resources.values[key]
        # By its methods: authors' managers need not derive from ours.
        if callable(getattr(manager, "handle_output", None)) and callable(getattr(manager, "load_input", None)):
            self._io_managers[key] = manager  # type: ignore[assignment]  # it has the methods, as just tested
            return self._io_managers[key]
        raise DagsterInvariantViolationError(
            f"Resource {key!r} stores outputs, but it is of type {type(manager).__name__}, which is no IO manager. "
            "Give one made with @io_manager."
        )

    def config_of_resource(self, key: str) -> object:
        """The config given for a resource."""
        return self.run_config.resources.get(key)

    def resources_of(self, key: str) -> Resources:
        """The resources that the resource of this key requires."""
        return self.resources.only(self.resource_defs[key].required_resource_keys)

    def _init_resource_context(
        self, key: str, definition: ResourceDefinition, resources: Resources
    ) -> InitResourceContext:
        config = self.run_config.resources.get(key)
        if definition is not self.run_config.mode.resource_defs.get(key):
            config = definition.resolve_config(None)
        return InitResourceContext(config, resources, definition, self.instance, self.run, self.log, self.pipeline)

    def _loggers(self) -> list[LineLogger]:
        """The loggers that the run config asks for; else the console, unless the instance shows lines itself."""
        asked = self.run_config.loggers
        if asked:
            return [self._made_logger(name, config) for name, config in asked.items()]
        return [] if self.instance.shows_log_lines else [ConsoleLogger()]

    def _made_logger(self, name: str, config: object) -> LineLogger:
        definition = self.run_config.mode.loggers.get(name)
        if definition is None:
            console = _mapping(config)
            level = level_number(str(console.get("log_level", "INFO")), f"Logger {name!r}")
            return ConsoleLogger(str(console.get("name", "dagster")), level)
        context = InitLoggerContext(definition.resolve_config(config), definition, self.pipeline, self.run.run_id)
        with UserCode(lambda error: DagsterUserCodeExecutionError(f"Making logger {name!r} failed.", error)):
            return definition.logger_fn(context)


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _with_default_io_manager(run_config: RunConfig, instance: DagsterInstance) -> Mapping[str, ResourceDefinition]:
    definitions: dict[str, ResourceDefinition] = dict(run_config.mode.resource_defs)
    if DEFAULT_IO_MANAGER_KEY in definitions and run_config.storage_base_dir is None:
        return definitions
    from usercode_sdk.io import fs_io_manager, mem_io_manager

    if run_config.storage_base_dir is not None:
        definitions[DEFAULT_IO_MANAGER_KEY] = fs_io_manager.configured({"base_dir": run_config.storage_base_dir})
    elif instance.is_persistent and not run_config.keeps_in_memory:
        definitions[DEFAULT_IO_MANAGER_KEY] = fs_io_manager
    else:
        definitions[DEFAULT_IO_MANAGER_KEY] = mem_io_manager
    return definitions
